"""All rules, found by folder: `rules/<name>.py` declares RULE, `rules/<name>.md` is its page."""

import importlib
from functools import lru_cache
from pathlib import Path

from memdesc.findings.model import Rule

FOLDER = Path(__file__).with_name("rules")


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """Return every rule by name, in the order of their names."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        if path.stem.startswith("_"):
            continue
        module = importlib.import_module(f"memdesc.findings.rules.{path.stem}")
        rule: Rule = module.RULE
        found[rule.name] = rule
    return dict(sorted(found.items()))


def page(name: str) -> str:
    """Return the Markdown page of the rule called `name`."""
    return FOLDER.joinpath(name.replace("-", "_") + ".md").read_text("utf-8")
