"""Transfers: what speaks for a local variable that is given to the SPI core, though its documentation forbids it.

Source: spi_map_buf() in drivers/spi/spi.c maps vmalloc() space, where stacks may lie, page by page. The least lengths
for which drivers of controllers use DMA are DMA_MIN_BYTES in drivers/spi/spi-atmel.c (16), spi-davinci.c (16) and
spi-omap2-mcspi.c (160), BCM2835_SPI_DMA_MIN_LENGTH (96), or more than the FIFO holds (spi-imx.c, spi-rockchip.c,
spi-stm32.c, spi-mt65xx.c); Linux 6.1.
"""

import re
from collections.abc import Callable

from memdesc.findings.registry import base
from memdesc.inference.graph import Sink
from memdesc.inference.solve import Solution
from memdesc.inference.trace import Way
from memdesc.kinds import Kind
from memdesc.source.configuration import Configuration

SHORT = 16
"""Bytes from which on controllers use DMA, the least of those above."""
_SIZES = {
    **dict.fromkeys(("u8", "s8", "__u8", "__s8", "uint8_t", "int8_t", "char", "bool", "unsigned char"), 1),
    **dict.fromkeys(("u16", "s16", "__u16", "__le16", "__be16", "uint16_t", "int16_t", "short"), 2),
    **dict.fromkeys(("u32", "s32", "__u32", "__le32", "__be32", "uint32_t", "int32_t", "int", "unsigned"), 4),
    **dict.fromkeys(("u64", "s64", "__u64", "__le64", "__be64", "uint64_t", "int64_t"), 8),
    "signed char": 1,
    "unsigned short": 2,
    "unsigned int": 4,
    **dict.fromkeys(("long", "unsigned long", "size_t"), 8),
}
_USED = re.compile(r"\s*(?:\([^()]*\)\s*)*[(&*\s]*(\w+)")
_TYPE = r"((?:unsigned|signed)\s+)?(\w+)\s+(?:[^;{}]*,\s*)?"
_ELEMENTS = re.compile(r"\s*(\d+)\s*(?:([+*])\s*(\d+)\s*)?")


def excused(
    way: Way,
    sink: Sink,
    kind: Kind,
    configuration: Configuration,
    texts: Callable[[str], bytes],
    solution: Solution,
) -> str:
    """Return why a transfer from or to a local variable may do no harm, empty when nothing speaks for that."""
    word = base(sink.demand.word)
    if kind is not Kind.STACK or word not in ("dma-safe", "dma-sent") or not configuration.spi_by_page:
        return ""
    if word == "dma-sent":
        return (
            "the SPI core maps it page by page: it fails only where a controller's driver maps buffers itself"
        )
    linked = solution.graph.linked
    facts = linked.functions[int(linked.rows[way.row, 6])][1]
    text = texts(linked.paths[int(linked.rows[way.row, 7])])
    at = int(linked.rows[way.row, 4])
    size = declared(text[facts.start : facts.end].decode("latin-1"), text[at : at + 60].decode("latin-1"))
    if size and size < SHORT:
        return (
            f"it holds {size} bytes, and controllers transfer fewer than {SHORT} without DMA, but for a few"
        )
    return ""


def declared(function: str, used: str) -> int:
    """Return the bytes of the local variable that `used` begins with, as its function declares it; 0 if not known."""
    name = _USED.match(used)
    if name is None:
        return 0
    found = re.search(rf"(?:^|[;{{}}\n])\s*{_TYPE}{name[1]}\s*(\[[^\]]*\])?\s*(\[)?\s*[=;,]", function)
    if found is None or found[4]:
        return 0
    one = _SIZES.get(" ".join(filter(None, ((found[1] or "").strip(), found[2]))), 0)
    if not found[3]:
        return one
    elements = _ELEMENTS.fullmatch(found[3][1:-1])
    if elements is None:
        return 0
    first, second = int(elements[1]), int(elements[3] or 0)
    return one * (first * second if elements[2] == "*" else first + second)
