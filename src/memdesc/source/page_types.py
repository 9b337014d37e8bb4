"""Page types that a tree declares: their tests and setters, as signatures.

PAGE_TYPE_OPS() and FOLIO_TYPE_OPS() in include/linux/page-flags.h define functions whose names no text spells. Which
there are differs by version, so they are read from the tree; what kind of memory a type marks is known by its name.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from memdesc.kinds import ANY, STATES, Kind
from memdesc.source.signatures import Demand, Signature, Signatures, Slot

HEADER = "include/linux/page-flags.h"
HUGE_HEADER = "include/linux/hugetlb.h"
_OPS = re.compile(r"^(PAGE|FOLIO)_(?:TYPE|MAPCOUNT)_OPS\((\w+)(?:, *(\w+))?(?:, *(\w+))?\)", re.M)
_HUGE_OPS = re.compile(r"^HPAGEFLAG\((\w+), *\w+\)", re.M)
_FRESH = Kind.DRIVER | Kind.BLOCK


def page_types(text: str, marks: Mapping[str, Kind]) -> Iterator[Signature]:
    """Yield the tests and setters that a kernel's page-flags.h defines by its macros.

    Args: text: of the header. marks: page type, as PGTY_ names it without the prefix -> kinds that carry it.
    """
    for match in _OPS.finditer(text):
        sort, first, second, third = match.groups()
        if first in ("uname", "lname"):
            continue  # the definition of the macro
        upper, lower = (first, second or first) if sort == "PAGE" else ("", first)
        kinds = marks.get(lower.lower(), Kind.NONE)
        if not kinds:
            continue
        folio = third or (lower if sort == "PAGE" else second or lower)
        for spelt, ctype in ((f"Page{upper}" if upper else "", "page"), (folio, "folio")):
            if spelt:
                yield from _functions(spelt, ctype, kinds)


def _functions(spelt: str, ctype: str, kinds: Kind) -> Iterator[Signature]:
    slot = Slot(ctype, f"struct {ctype} *")
    given = Slot("", "bool")
    if ctype == "page":
        test, make, end = spelt, f"__Set{spelt}", f"__Clear{spelt}"
    else:
        test, make, end = f"folio_test_{spelt}", f"__folio_set_{spelt}", f"__folio_clear_{spelt}"
    yield Signature(test, given, (replace(slot, guard=(kinds | STATES, ANY & ~kinds)),), HEADER)
    void = Slot("", "void")
    yield Signature(make, void, (replace(slot, becomes=kinds, source=_FRESH),), HEADER)
    wanted = Demand("|".join(kinds.names), kinds | _FRESH | STATES)
    yield Signature(end, void, (replace(slot, becomes=Kind.DRIVER, source=kinds, demands=(wanted,)),), HEADER)


def huge_flags(text: str) -> Iterator[Signature]:
    """Yield the functions that include/linux/hugetlb.h defines for flags that the head of a huge page keeps."""
    slot = Slot("page", "struct page *", descriptor="folio")
    for match in _HUGE_OPS.finditer(text):
        if match[1] != "uname":
            for verb, result in (("", "bool"), ("Set", "void"), ("Clear", "void")):
                yield Signature(f"{verb}HPage{match[1]}", Slot("", result), (slot,), HUGE_HEADER)


def with_types(signatures: Signatures, read: Callable[[str], bytes], marks: Mapping[str, Kind]) -> Signatures:
    """Return `signatures` with those that the macros of a tree define; what was told before stays.

    Args: read: gives the bytes of a file of the tree, empty when there is none.
    """
    functions = dict(signatures.functions)
    text, huge = (read(path).decode("utf-8", "replace") for path in (HEADER, HUGE_HEADER))
    for signature in (*page_types(text, marks), *huge_flags(huge)):
        functions.setdefault(signature.name, (signature,))
    return replace(signatures, functions=functions)
