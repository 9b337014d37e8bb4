"""The rule buffer-not-dma-safe."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="buffer-not-dma-safe",
    summary="memory that no device may be given in a buffer documented as DMA-safe",
    demands=("dma-safe", "dma-sent"),
    arrives=Kind.GLOBAL | Kind.USER | Kind.IO | Kind.PERCPU,
    level=Level.NOTE,
    impact=Impact.MEMORY,
    false_positives="a controller whose driver copies, or does programmed I/O",
    since="0.1",
    sources=(
        "include/linux/spi/spi.h",
        "Documentation/i2c/dma-considerations.rst",
    ),
)
