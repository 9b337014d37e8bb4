"""Members of structs as a file declares them: type, pointer depth, array; anonymous members are direct."""

import re

from memdesc.source.added import once
from memdesc.source.items import Item, Source
from memdesc.source.signatures import load

Member = tuple[str, int, bool]

_OPEN = re.compile(r"\b(?:struct|union)\s*(?:\w+\s*)?(?:__packed\s*|__attribute__\s*\(\(.*?\)\)\s*)*\{")
_CLOSE = re.compile(r"\}\s*(\w*)(?:\s*\[[^\]]*\])*")
_DIRECTIVE = re.compile(r"^[ \t]*#.*$", re.M)
_POINTED = re.compile(r"\(\s*\*+\s*(?:const\s+)?(\w+)(?:\[[^\]]*\])?\s*\)\s*\(")
_DECLARED = re.compile(
    r"^(?:(?:const|volatile|static|__rcu|__user|__iomem|__percpu|unsigned|signed|struct|union|enum)\b\s*)*"
    r"(\w+)((?:\s|\*|\b(?:const|volatile|__rcu|__user|__iomem|__percpu|__force|int|long|__bitwise|__private)\b)*)(.*)$",
    re.S,
)
_ONE = re.compile(r"^\s*((?:\*|\s|const\b|__rcu\b)*)(\w+)\s*((?:\[[^\]]*\])*)")
_NAME = re.compile(
    r"(?:typedef\s+)?(?:const\s+)?(?:struct|union)\s+(?:\w+\s*\(\([^)]*\)\)\s*)?(\w+)?[^{;]*\{", re.S
)
_TYPEDEF = re.compile(r"\}[^;{}]*?(\w+)\s*;\s*$")
_ALIAS = re.compile(r"^\s*typedef\s+(?:const\s+)?(?:struct|union)\s+(\w+)\s*(\**)\s*(\w+)\s*;", re.S)


def members(body: str) -> dict[str, Member]:
    """Return the members between the braces of a struct's definition."""
    body = _DIRECTIVE.sub("", body)
    while True:
        flat = _OPEN.sub(" ; ", body)
        if flat == body:
            break
        body = flat
    body = _CLOSE.sub(";", body)
    found: dict[str, Member] = {}
    for part in body.split(";"):
        part = part.strip()
        if not part:
            continue
        pointed = _POINTED.search(part)
        if pointed:
            found[pointed[1]] = ("", 1, False)
            continue
        match = _DECLARED.match(part)
        if not match or not match[3]:
            continue
        depth = match[2].count("*")
        for piece in match[3].split(","):
            one = _ONE.match(piece)
            if one and not one[2].isdigit():
                found[one[2]] = (match[1], depth + one[1].count("*"), bool(one[3]))
            depth = 0
    return found


def structs(source: Source) -> tuple[dict[str, dict[str, Member]], dict[str, str]]:
    """Return (tag -> members, typedef -> tag) of all structs that a file defines."""
    found: dict[str, dict[str, Member]] = {}
    typedefs: dict[str, str] = {}
    for item in source.items:
        if item.role == "struct":
            _struct(source, item, found, typedefs)
        elif item.role == "object" and source.masked.startswith(b"typedef", item.start):
            match = _ALIAS.match(source.masked[item.start : item.end].decode("utf-8", "replace"))
            if match and not match[2]:
                typedefs[match[3]] = match[1]
    return found, typedefs


def _struct(
    source: Source, item: Item, found: dict[str, dict[str, Member]], typedefs: dict[str, str]
) -> None:
    text = source.masked[item.start : item.end].decode("utf-8", "replace")
    opening = text.find("{")
    closing = text.rfind("}")
    if opening < 0 or closing < opening or re.match(r"\s*(?:typedef\s+)?enum\b", text):
        return
    name = _NAME.match(text.lstrip())
    tag = (name[1] if name else "") or ""
    alias = _TYPEDEF.search(text) if text.lstrip().startswith("typedef") else None
    tag = tag or (alias[1] if alias else "") or item.name
    if not tag:
        return
    if alias and alias[1] != tag:
        typedefs[alias[1]] = tag
    found[tag] = members(text[opening + 1 : closing])


@once
def described() -> dict[str, dict[str, Member]]:
    """Return the members of the structs that the signatures describe: these need no declaration."""
    found: dict[str, dict[str, Member]] = {}
    for member in load().members:
        base = member.ctype.replace("const", "").replace("struct", "").replace("*", "").split()
        found.setdefault(member.struct, {})[member.name] = (
            base[-1] if base else "",
            member.ctype.count("*"),
            member.array,
        )
    return found


@once
def elements() -> dict[str, frozenset[str]]:
    """Return member -> the structs that are containers of which it is the element (`bv_page` of bio_vec)."""
    found: dict[str, set[str]] = {}
    for member in load().members:
        if member.element and not member.array and member.ctype.count("*") < 2:
            found.setdefault(member.name, set()).add(member.struct)
    return {name: frozenset(tags) for name, tags in found.items()}
