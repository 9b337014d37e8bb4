"""The rule image-memory-as-linear."""

from memdesc.findings.model import Impact, Level, Question, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="image-memory-as-linear",
    summary="an object or function of the kernel image where linear map memory is needed",
    demands=("use",),
    arrives=Kind.GLOBAL,
    level=Level.WARNING,
    impact=Impact.WRONG,
    false_positives=(
        "code of an architecture that maps its image in the linear map, as x86 does for what is built in"
    ),
    since="0.1",
    sources=(
        "__pa_symbol(), include/linux/mm.h",
        "__virt_to_phys_nodebug(), arch/arm64/include/asm/memory.h",
    ),
    architectures=("arm64",),
    depends=Question.IMAGE_APART,
)
