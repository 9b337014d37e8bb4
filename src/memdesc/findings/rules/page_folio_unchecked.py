"""The rule page-folio-unchecked."""

from memdesc.findings.model import Impact, Interpretation, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="page-folio-unchecked",
    summary="page_folio() of a page that may belong to no folio, used without a test",
    demands=("newyork:in-folio",),
    arrives=(
        Kind.SLAB
        | Kind.LARGE
        | Kind.NET
        | Kind.TABLE
        | Kind.INSTALLED_TABLE
        | Kind.ZSMALLOC
        | Kind.VMALLOC
        | Kind.DRIVER
        | Kind.BLOCK
        | Kind.NONCOMP
        | Kind.EXACT
        | Kind.FRAG
        | Kind.FREE
        | Kind.RESERVED
        | Kind.OFFLINE
        | Kind.GUARD
        | Kind.MOVABLE
        | Kind.PERCPU
        | Kind.COHERENT
        | Kind.IO
        | Kind.KMAP
        | Kind.STACK
        | Kind.GLOBAL
        | Kind.USER
        | Kind.IOMMU
        | Kind.UNTYPED_TABLE
    ),
    level=Level.WARNING,
    impact=Impact.FUTURE,
    false_positives="a page that its owner knows to be a folio's in a way the source does not show",
    since="0.1",
    sources=("R1: Wilcox, linux-mm, 9 Jan 2026: page_folio() is to return NULL quietly",),
    interpretation=Interpretation.NEWYORK,
    owned=Kind.DRIVER | Kind.BLOCK | Kind.NONCOMP | Kind.EXACT | Kind.FRAG | Kind.RESERVED,
)
