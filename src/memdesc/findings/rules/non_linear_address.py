"""The rule non-linear-address."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="non-linear-address",
    summary="memory outside the linear map where an address of it is needed",
    demands=("use",),
    arrives=Kind.VMALLOC | Kind.USER | Kind.IO | Kind.PERCPU | Kind.COHERENT,
    level=Level.ERROR,
    impact=Impact.CRASH,
    false_positives=(
        "coherent memory on an architecture where it always lies in the linear map; a correlated "
        "flag that says where the buffer came from"
    ),
    since="0.1",
    sources=(
        "__virt_to_phys(), arch/*/mm/physaddr.c",
        "Documentation/core-api/dma-api-howto.rst",
    ),
)
