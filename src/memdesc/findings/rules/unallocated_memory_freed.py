"""The rule unallocated-memory-freed."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="unallocated-memory-freed",
    summary="memory that no allocator handed out is freed",
    demands=("free", "packet-buffer", "page-memory"),
    arrives=Kind.STACK | Kind.GLOBAL | Kind.USER,
    level=Level.WARNING,
    impact=Impact.MEMORY,
    false_positives="a comparison, before the call, with the address of the object that must not be freed",
    since="0.1",
    sources=("kfree(), mm/slub.c: a page that is neither slab nor large",),
)
