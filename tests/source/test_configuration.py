"""What the Kconfig files of a tree say of stacks and of coherent memory."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import tree
from memdesc.source.configuration import SHIPPED, Configuration, Question, read

_TREE = {
    "arch/arm64/Kconfig": b"config ARM64\n\tdef_bool y\n\tselect HAVE_ARCH_VMAP_STACK\n\tselect DMA_DIRECT_REMAP\n",
    "arch/x86/Kconfig": b"config X86\n\tdef_bool y\n\tselect HAVE_ARCH_VMAP_STACK\t\tif X86_64\n",
    "arch/hexagon/Kconfig": b"# select HAVE_ARCH_VMAP_STACK\nconfig HEXAGON\n\tdef_bool y\n",
    "arch/arm/Kconfig": b"config ARM\n\tbool\n",
    "arch/arm/mm/dma-mapping.c": b"\tptr = dma_common_contiguous_remap(page, size, prot, caller);\n",
    "drivers/iommu/Kconfig": b"config IOMMU_DMA\n\tdef_bool ARM64 || X86 || VAX\n\tselect IOMMU_API\n",
}
_ARCHITECTURES = ("arm", "arm64", "hexagon", "x86")


def _read(tree: dict[str, bytes]) -> Configuration:
    return read(lambda path: tree.get(path, b""), _ARCHITECTURES)


def test_selected() -> None:
    """An architecture counts when it selects the option, with a condition or without; a comment selects nothing."""
    found = _read(_TREE)
    assert found.vmap_stack == ("arm64", "x86")
    assert found.remapped == ("arm", "arm64")
    assert found.behind_iommu == ("arm64", "x86")


def test_nobody() -> None:
    """A kernel whose stacks all lie in the linear map has no architecture for which the question is yes."""
    old = {path: text.replace(b"HAVE_ARCH_VMAP_STACK", b"HAVE_KPROBES") for path, text in _TREE.items()}
    assert _read(old).architectures(Question.VMAP_STACK) == ()


def test_part_of_a_kernel() -> None:
    """A tree without any Kconfig of an architecture says nothing, and what is shipped holds."""
    assert _read({}) is SHIPPED
    assert read(lambda _: b"", ()) is SHIPPED


def test_says() -> None:
    """The condition names the architectures."""
    found = _read(_TREE)
    assert found.says(Question.VMAP_STACK) == "with CONFIG_VMAP_STACK (arm64, x86)"
    assert found.says(Question.REMAPPED_COHERENT) == (
        "where coherent memory is remapped (arm, arm64), or behind an IOMMU (arm64, x86)"
    )


@pytest.mark.real
def test_shipped_is_current() -> None:
    """What is shipped is what Linux 6.12 says, but for its SPI core: a lone file is held to what spi.h documents."""
    root = tree("6.12")

    def text(path: str) -> bytes:
        file = Path(root, path)
        return file.read_bytes() if file.is_file() else b""

    found = read(text, [e.name for e in os.scandir(root / "arch") if e.is_dir()])
    assert found == replace(SHIPPED, spi_by_page=True)
