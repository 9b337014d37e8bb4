"""What the shipped kernels' struct pages decide, without reading their designs.

designs/decided.json holds `decide.decided()` of each; scripts/decided writes it, and a test fails when it is not
current.
"""

import json
from importlib.resources import files

from memdesc.kinds import BY_NAME, Kind, Layout

FILE = "decided.json"


def shipped(version: tuple[int, ...] | None) -> Layout:
    """Return what the newest shipped kernel that is not newer than `version` decides, else the oldest.

    Args: version: None means the newest.
    """
    known = json.loads((files("memdesc.layout") / "designs" / FILE).read_text("utf-8"))
    names = {tuple(map(int, name.removeprefix("linux-").split("."))): name for name in known}
    best = max((v for v in names if version is None or v <= version), default=min(names))
    lacks = {word: _kinds(kinds) for word, kinds in known[names[best]].items()}
    return Layout(f"the shipped design {names[best]}", lacks)


def _kinds(names: list[str]) -> Kind:
    total = Kind.NONE
    for name in names:
        total |= BY_NAME[name]
    return total


def text(layouts: list[Layout]) -> str:
    """Return what the file says of `layouts`, a word a line."""
    rows = [
        f'\t"{layout.name}": {{\n'
        + ",\n".join(f'\t\t"{word}": {json.dumps(kinds.names)}' for word, kinds in layout.lacks.items())
        + "\n\t}"
        for layout in layouts
    ]
    return "{\n" + ",\n".join(rows) + "\n}\n"
