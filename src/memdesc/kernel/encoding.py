"""How a kernel keeps the types of its pages, and which pages its own reports get wrong: read off its layout."""

from dataclasses import dataclass

from memdesc.kernel.population import Misread, Page
from memdesc.layout.design import Design
from memdesc.layout.judge import judge
from memdesc.layout.model import Types
from memdesc.layout.probes import PROBES

_REPORTED = {"anon-bit": "anonymous", "ksm-bits": "KSM"}
_KINDS = {"slab": Page.SLAB, "net": Page.NET, "table": Page.TABLE, "zsmalloc": Page.ZSMALLOC}


@dataclass(frozen=True, slots=True)
class Encoding:
    """How types of pages are kept.

    Attributes: way: "bytes" (the top byte of page_type is a value of enum pagetype), "bits" (page_type with one
    cleared bit a type), or "" when the layout has neither. types: name ("slab") -> value or bit.
    """

    way: str
    types: dict[str, int]
    says: str


def encoding(types: Types) -> Encoding:
    """Return how `types` keeps the types of pages, by the presence of members and enumerators.

    Source: enum pagetype, include/linux/page-flags.h.
    """
    page = types.find("struct page")
    known = types.enum("pagetype")
    if page is None or page.find("page_type") is None:
        return Encoding("", {}, "the layout has no page types")
    values = (
        {}
        if known is None
        else {n.removeprefix("PGTY_"): v for n, v in known.values if n.startswith("PGTY_")}
    )
    if values and max(values.values()) <= 0xFF:
        listed = ", ".join(
            f"{name} {value:#x}" for name, value in values.items() if name != "mapcount_underflow"
        )
        return Encoding("bytes", values, f"the top byte of page_type is one of enum pagetype ({listed})")
    if values:
        return Encoding("bits", values, "a cleared bit of page_type for each type of enum pagetype")
    flag = "; slab is a page flag" if types.enumerator("PG_slab") is not None else ""
    return Encoding("bits", {}, f"a cleared bit of page_type for each type{flag}; enum pagetype is not there")


def misreads(design: Design) -> tuple[Misread, ...]:
    """Return which kinds of pages stable_page_flags() of this kernel reports as anonymous or KSM, and why.

    Source: the verdicts of the layout's probes anon-bit and ksm-bits (see memdesc layout check).
    """
    out = []
    for descriptor in design.descriptors:
        kind = next((_KINDS[name] for name in descriptor.kinds if name in _KINDS), None)
        if kind is None or descriptor.standalone:
            continue
        for probe in PROBES:
            if probe.name not in _REPORTED:
                continue
            for verdict in judge(probe, descriptor, design):
                if verdict.state != "hit" or verdict.tail:
                    continue
                kept = " and ".join(f"{cell.path} ({value.says})" for cell, value in verdict.hits)
                says = (
                    f"reported as {_REPORTED[probe.name]} as well: {probe.by} reads {verdict.anchor.path} "
                    f"(byte {verdict.anchor.offset}) of every page, and there struct {descriptor.name} keeps {kept}"
                )
                name = f"{descriptor.kinds[0]}-as-{'ksm' if probe.name == 'ksm-bits' else 'anon'}"
                out.append(Misread(name, kind, says))
    return tuple(out)
