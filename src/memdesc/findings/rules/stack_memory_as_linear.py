"""The rule stack-memory-as-linear."""

from memdesc.findings.model import Impact, Level, Question, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="stack-memory-as-linear",
    summary="a local variable where linear map memory is needed",
    demands=("use",),
    arrives=Kind.STACK,
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="code that is only built for processors without CONFIG_VMAP_STACK",
    since="0.1",
    sources=(
        "Documentation/core-api/dma-api-howto.rst",
        "CONFIG_VMAP_STACK, arch/Kconfig",
    ),
    depends=Question.VMAP_STACK,
)
