"""All rules, found by folder: `rules/<name>.py` declares RULE, `rules/<name>.md` is its page."""

import importlib
from functools import lru_cache
from pathlib import Path

from memdesc.errors import InputError, meant
from memdesc.findings.model import Interpretation, Rule
from memdesc.kinds import CAPABILITIES, Kind

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


def rule(name: str, said_in: str = "") -> Rule:
    """Return the rule called `name`.

    Args: said_in: where that name was given, for the message. Raises: InputError: there is none.
    """
    found = rules().get(name)
    if found is None:
        hint = meant(name, rules()) or "; memdesc rule lists them"
        raise InputError(f"{said_in}: {name}" if said_in else name, f"no such rule{hint}")
    return found


def place(name: str) -> Path:
    """Return where the Markdown page of the rule called `name` lies."""
    return FOLDER / (name.replace("-", "_") + ".md")


def page(name: str) -> str:
    """Return the Markdown page of the rule called `name`."""
    return place(name).read_text("utf-8")


def remedy(name: str) -> str:
    """Return what to do about a breach of the rule called `name`, on one line: as its page says it."""
    section = page(name).partition("## What to do\n")[2].partition("\n## ")[0]
    return " ".join(section.split()).removesuffix(".")


def rule_for(
    word: str, action: str, kind: Kind, interpretation: Interpretation = Interpretation.OTTAWA
) -> Rule | None:
    """Return the rule that memory of `kind` breaks when it reaches a demand, None when there is none.

    A rule that names the demand's word goes before one that names the action alone. Of several kinds, the
    lowest bit counts. What only newyork demands breaks no rule under ottawa.

    Args: word: the demand as written (`sendable`, `lockable|tail`, `newyork:bare`). action: "use", "free",
    "member" or "convert". kind: what arrives and is not accepted.
    """
    if word.startswith("newyork:") and interpretation is not Interpretation.NEWYORK:
        return None
    kind = kind & -kind
    return _rule_for(base(word), action, kind)


def base(word: str) -> str:
    """Return the word by which rules select a demand: its capability, without kinds that are added to it."""
    prefix, colon, rest = word.rpartition(":")
    for part in rest.split("|"):
        if part.strip() in CAPABILITIES:
            return prefix + colon + part.strip()
    return word


@lru_cache(maxsize=4096)
def _rule_for(word: str, action: str, kind: Kind) -> Rule | None:
    for choice in candidates(word, action, kind):
        return choice
    return None


def candidates(word: str, action: str, kind: Kind) -> tuple[Rule, ...]:
    """Return the rules that claim `kind` at a demand: those that name its word, else those of its action."""
    named = tuple(r for r in rules().values() if word in r.demands and kind & r.arrives)
    if named or word.startswith("newyork:"):
        return named
    return tuple(r for r in rules().values() if action in r.demands and kind & r.arrives)
