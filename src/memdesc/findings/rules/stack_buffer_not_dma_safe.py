"""The rule stack-buffer-not-dma-safe."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="stack-buffer-not-dma-safe",
    summary="a local variable in a buffer documented as DMA-safe",
    demands=("dma-safe", "dma-sent"),
    arrives=Kind.STACK,
    level=Level.WARNING,
    impact=Impact.MEMORY,
    false_positives="a controller whose driver copies, or does programmed I/O",
    since="0.1",
    sources=(
        "include/linux/spi/spi.h",
        "Documentation/core-api/dma-api-howto.rst",
        'a89bfc5d9a07 ("tinydrm/mipi-dbi: Use dma-safe buffers for all SPI transfers")',
    ),
    by_file=True,
)
