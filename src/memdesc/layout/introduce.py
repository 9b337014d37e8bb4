"""A descriptor of a design as a header of a kernel that does not have it yet: the struct, assertions, converters.

`header()` is the entrance. The struct is the design's own text, with its `#if`; what holds it over struct page are
assertions about the members that lie where the tree's struct page has a member of the same size.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from memdesc.errors import InputError
from memdesc.layout.design import SHIPPED
from memdesc.layout.image import content
from memdesc.layout.model import Struct, Type, strip

_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Match:
    """A member of struct page and one of the descriptor that lie at the same place and have the same size.

    Attributes: page, descriptor: their names. was, now: their types as C writes them, without typedefs. bits: they
    are bit-fields, of which no offset can be asked.
    """

    page: str
    descriptor: str
    was: str
    now: str
    bits: bool = False


def matches(page: Struct, descriptor: Struct) -> tuple[Match, ...]:
    """Return the pairs of members of struct page and a descriptor, in the order of the descriptor."""
    theirs = [f for f in page.fields() if "." not in f.path]
    found = []
    for mine in descriptor.fields():
        if "." in mine.path:
            continue
        found += [
            Match(other.path, mine.path, _spelt(other.type), _spelt(mine.type), mine.is_bit_field)
            for other in theirs
            if (other.bit_offset, other.bit_size, other.is_bit_field)
            == (mine.bit_offset, mine.bit_size, mine.is_bit_field)
        ]
    return tuple(found)


def _spelt(kind: Type) -> str:
    bare = strip(kind)
    return kind.spelling if isinstance(bare, Struct) else bare.spelling


def converters(tag: str) -> tuple[str, str]:
    """Return the names of what gives the descriptor of a page, and its page: as in the kernel, page_ptdesc() and
    ptdesc_page()."""
    return (f"page_to_{tag}", f"{tag}_to_page") if "page" in tag else (f"page_{tag}", f"{tag}_page")


def text_of(design: str) -> bytes:
    """Return the C text of a design. Raises: InputError: it is none."""
    if design in SHIPPED:
        return (files("memdesc.layout") / "designs" / f"{design}.h").read_bytes()
    data = content(Path(design))[:_MOST_BYTES]
    if b"\0" in data:
        raise InputError(design, "is no C text; a new type is taken from a header")
    return data


def header(design: str, tag: str, found: Sequence[Match], guard: str) -> bytes:
    """Return the header that brings `struct tag` of a design into a kernel.

    Args: found: what matches() gives. guard: the macro around it.
    Raises: InputError: the design's text has no such struct.
    """
    body = _declaration(text_of(design), tag, design)
    of, back = converters(tag)
    said = [
        "/* SPDX-License-Identifier: GPL-2.0 */",
        f"#ifndef {guard}",
        f"#define {guard}",
        "",
        "#include <linux/mm_types.h>",
        "",
        *_forward(body, tag),
        f"/* A page as the design {Path(design).stem} describes it. It lies over struct page. */",
        body,
        "",
        *_assertions(tag, found, body),
        *_converter(of, "page", tag),
        "",
        *_converter(back, tag, "page"),
        "",
        f"#endif /* {guard} */",
        "",
    ]
    return "\n".join(said).encode()


def _declaration(data: bytes, tag: str, design: str) -> str:
    """Return the text of a struct, without what a comment in it says to us."""
    text = re.sub(rb"[ \t]*/\*\s*memdesc:(?:[^*]|\*(?!/))*\*/", b"", data).decode("utf-8", "replace")
    match = re.search(rf"^struct {re.escape(tag)} \{{.*?^\}}[^;]*;", text, re.M | re.S)
    if match is None:
        raise InputError(design, f"does not spell `struct {tag} {{` at the start of a line")
    return match[0]


def _forward(body: str, tag: str) -> list[str]:
    """Return declarations of the structs that members point to: none in a header's scope may be the first."""
    named = dict.fromkeys(re.findall(r"\bstruct (\w+) \*", body))
    return [*(f"struct {name};" for name in named if name != tag), *([""] if named else [])]


def _assertions(tag: str, found: Sequence[Match], body: str) -> list[str]:
    out = []
    for mine in dict.fromkeys(match.descriptor for match in found if not match.bits):
        places = [match for match in found if match.descriptor == mine]
        plain = [m for m in places if "pad" not in m.page and not m.page.startswith("__")] or places
        best = next(
            (m for m in plain if m.page == mine), next((m for m in plain if m.was == m.now), plain[0])
        )
        around = _conditions(body, mine)
        if around is None or "pad" in mine:
            continue
        out += around
        out.append(
            f"_Static_assert(offsetof(struct page, {best.page}) == offsetof(struct {tag}, {mine}),\n"
            f'\t       "struct {tag} keeps {mine} where {best.page} is");'
        )
        out += ["#endif"] * len(around)
    size = f"_Static_assert(sizeof(struct {tag}) <= sizeof(struct page),\n\t       "
    return [*out, f'{size}"struct {tag} fits into struct page");', ""]


def _conditions(body: str, member: str) -> list[str] | None:
    """Return the `#if` lines around the declaration of a member; None where an #else makes it one of several."""
    stack: list[str] = []
    for line in body.split("\n"):
        word = re.match(r"\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b", line)
        if word and word[1].startswith("if"):
            stack.append(line)
        elif word and word[1] == "endif" and stack:
            stack.pop()
        elif word and stack:
            stack[-1] = ""
        elif re.search(rf"\b{member}\b\s*(?:\[[^]]*\]\s*)*[;,:]", line):
            return None if "" in stack else stack
    return None


def _converter(name: str, given: str, gives: str) -> Iterator[str]:
    """Yield a macro that makes a pointer to one struct of that to another."""
    parameter = given[0] if given[0] != gives[0] else "p"
    yield f"#define {name}({parameter})\t\t(_Generic(({parameter}),\t\t\t\t\\"
    yield f"\tconst struct {given} *:\t(const struct {gives} *)({parameter}),\t\\"
    yield f"\tstruct {given} *:\t\t(struct {gives} *)({parameter})))"
