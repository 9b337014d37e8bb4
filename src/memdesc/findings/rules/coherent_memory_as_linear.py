"""The rule coherent-memory-as-linear."""

from memdesc.findings.model import Impact, Level, Question, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="coherent-memory-as-linear",
    summary="memory of dma_alloc_coherent() where linear map memory is needed",
    demands=("use",),
    arrives=Kind.COHERENT,
    level=Level.WARNING,
    impact=Impact.CRASH,
    false_positives="a driver of a device that is only built into machines whose coherent memory is not remapped",
    since="0.2",
    sources=(
        "Documentation/core-api/dma-api.rst",
        "dma_common_contiguous_remap(), kernel/dma/remap.c",
    ),
    by_file=True,
    depends=Question.REMAPPED_COHERENT,
)
