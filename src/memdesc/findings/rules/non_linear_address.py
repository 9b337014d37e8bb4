"""The rule non-linear-address."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="non-linear-address",
    summary="memory outside the linear map where an address of it is needed",
    demands=("use",),
    arrives=Kind.VMALLOC | Kind.USER | Kind.IO | Kind.PERCPU | Kind.KMAP,
    level=Level.ERROR,
    impact=Impact.CRASH,
    false_positives="a flag beside the buffer that says where it came from",
    since="0.1",
    sources=(
        "__virt_to_phys(), arch/*/mm/physaddr.c",
        "Documentation/core-api/dma-api-howto.rst",
    ),
)
