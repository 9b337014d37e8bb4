"""The MAINTAINERS file: which entry a file of the tree belongs to.

Its form is told at its top and in scripts/get_maintainer.pl: an entry starts with its title; `F:` names a file, a
folder (with a slash at its end: all below it) or a pattern with `*` and `?`; `N:` is a regular expression for paths,
`X:` takes files out of the entry. A pattern without a slash at its end fits no files in folders deeper than its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

MAX_BYTES = 8 << 20
"""The file had 0.8 MB in Linux 6.12."""
NOBODY = "(no entry in MAINTAINERS)"
_TAG = re.compile(r"([A-Z]):\s*(.*)")
_WILD = re.compile(r"[*?\[]")
_MOST_PATTERN = 300


@dataclass(slots=True)
class _Entry:
    title: str
    excluded: list[re.Pattern[str]] = field(default_factory=list)


class Maintainers:
    """What a MAINTAINERS file says of paths.

    Where several entries name a file, the deepest path wins, and among these the longest. An entry that names it by
    a regular expression (`N:`) gets it where no other names a folder ("THE REST" names everything).
    """

    def __init__(self, text: str) -> None:
        self._exact: dict[str, list[_Entry]] = {}
        self._wild: list[tuple[str, re.Pattern[str], _Entry]] = []
        self._named: list[tuple[re.Pattern[str], _Entry]] = []
        for title, tags in _entries(text):
            entry = _Entry(title, [_pattern(value) for tag, value in tags if tag == "X"])
            for tag, value in tags:
                if tag == "F" and _WILD.search(value):
                    self._wild.append((value, _pattern(value), entry))
                elif tag == "F":
                    self._exact.setdefault(value, []).append(entry)
                elif tag == "N" and (named := _expression(value)) is not None:
                    self._named.append((named, entry))
        self.entry = lru_cache(maxsize=None)(self._entry)

    def _entry(self, path: str) -> str:
        best: tuple[int, int, str] | None = None
        for named, entry in self._naming(path):
            if any(out.match(path) for out in entry.excluded):
                continue
            rank = (named.rstrip("/").count("/"), len(named), entry.title)
            if best is None or rank[:2] > best[:2]:
                best = rank
        if best is not None and best[0]:
            return best[2]
        for expression, entry in self._named:
            if expression.search(path) and not any(out.match(path) for out in entry.excluded):
                return entry.title
        return best[2] if best is not None else NOBODY

    def _naming(self, path: str) -> Iterator[tuple[str, _Entry]]:
        parts = path.split("/")
        above = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
        for place in (*above, *(f"{folder}/" for folder in above[:-1])):
            # A folder that is named without its slash means what is below it, too.
            for entry in self._exact.get(place, ()):
                yield place, entry
        for value, pattern, entry in self._wild:
            if pattern.match(path):
                yield value, entry


def _entries(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each entry's title and its tags. A title is the last line without a tag before the first tag."""
    title, tags = "", list[tuple[str, str]]()
    for line in text.splitlines():
        found = _TAG.match(line)
        if found is not None:
            tags.append((found[1], found[2].strip()))
        elif line.strip():
            if tags and title:
                yield title, tags
            title, tags = line.strip(), []
    if tags and title:
        yield title, tags


def _pattern(value: str) -> re.Pattern[str]:
    """Return what fits the paths that a value of F: or X: names."""
    below = value.endswith("/")
    text = re.escape(value[:_MOST_PATTERN]).replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    return re.compile(text if below else rf"{text}(?:/.*)?$" if not _WILD.search(value) else rf"{text}$")


def _expression(value: str) -> re.Pattern[str] | None:
    """Return the expression of N:, None where Python does not understand it or it could take long.

    Whoever writes the file may write anything there: nested repetition is refused, since it can take for ever.
    """
    if len(value) > _MOST_PATTERN or re.search(r"[*+}]\)?[*+{]|\)[*+{]", value):
        return None
    try:
        return re.compile(value)
    except re.error:
        return None
