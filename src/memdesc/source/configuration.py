"""What the configuration of a kernel decides about addresses, read from its Kconfig files by presence.

`read()` is the entrance. Where the kernel's stacks lie, and where coherent memory is mapped anew, differs by
architecture and by version. Both stand in the tree as text: an architecture *selects* an option. A lone file
has no tree; for it there is `SHIPPED`, what Linux 6.12 says of architectures, and no word of drivers.

Source: CONFIG_VMAP_STACK in arch/Kconfig (since 4.9); CONFIG_DMA_DIRECT_REMAP in kernel/dma/Kconfig and its
users in kernel/dma/direct.c; dma_common_contiguous_remap() in kernel/dma/remap.c (before 4.21 in
drivers/base/dma-mapping.c); iommu_dma_alloc() in drivers/iommu/dma-iommu.c; spi_map_buf() in drivers/spi/spi.c.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from memdesc.records import Question as Question

Text = Callable[[str], bytes]
"""Gives the bytes of a file of a tree by its path, empty when there is none."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the architectures of a kernel do.

    Attributes: vmap_stack: architectures (folders of arch/) whose stacks may lie in vmalloc space. remapped:
    those that map coherent memory anew, so that its address is not of the linear map. behind_iommu: those on
    which it is mapped anew for a device behind an IOMMU. image_apart: those that tell symbols
    of the image from addresses of the linear map. modules: whether the code in question may be a module, whose data
    lies in vmalloc space everywhere. spi_by_page: whether the SPI core maps memory of vmalloc()
    space, where stacks may lie, page by page.
    """

    vmap_stack: tuple[str, ...]
    remapped: tuple[str, ...]
    behind_iommu: tuple[str, ...]
    image_apart: tuple[str, ...] = ()
    modules: bool = True
    spi_by_page: bool = False

    def architectures(self, question: Question) -> tuple[str, ...]:
        """Return the architectures on which the answer to `question` can be yes."""
        if question is Question.VMAP_STACK:
            return self.vmap_stack
        if question is Question.IMAGE_APART:
            return self.image_apart
        return tuple(sorted({*self.remapped, *self.behind_iommu}))

    def possible(self, question: Question) -> bool:
        """Return whether the answer to `question` can be yes anywhere."""
        return bool(self.architectures(question)) or (question is Question.IMAGE_APART and self.modules)

    def of(self, architectures: frozenset[str], module: bool) -> "Configuration":
        """Return what holds for code that is built for some architectures only, and as a module or not."""
        kept = (
            tuple(name for name in names if name in architectures)
            for names in (self.vmap_stack, self.remapped, self.behind_iommu, self.image_apart)
        )
        stacks, remapped, iommu, image = kept
        return replace(
            self, vmap_stack=stacks, remapped=remapped, behind_iommu=iommu, image_apart=image, modules=module
        )

    def says(self, question: Question) -> str:
        """Return the condition as the end of a sentence: "with CONFIG_VMAP_STACK (arm64, x86)"."""
        if question is Question.VMAP_STACK:
            return f"with CONFIG_VMAP_STACK ({', '.join(self.vmap_stack)})"
        parts = []
        if question is Question.IMAGE_APART:
            parts += ["in a module"] * self.modules
            if self.image_apart:
                parts.append(f"where the image is mapped apart ({', '.join(self.image_apart)})")
            return ", or ".join(parts)
        if self.remapped:
            parts.append(f"where coherent memory is remapped ({', '.join(self.remapped)})")
        if self.behind_iommu:
            parts.append(f"behind an IOMMU ({', '.join(self.behind_iommu)})")
        return ", or ".join(parts)


SHIPPED = Configuration(
    ("arm", "arm64", "riscv", "s390", "um", "x86"),
    ("arc", "arm", "arm64", "csky", "m68k", "microblaze", "riscv", "sh", "sparc"),
    ("arm64", "s390", "x86"),
    ("arm", "arm64", "csky", "mips", "riscv", "x86"),
)
"""Linux 6.12. A test reads it from a tree of that version."""

_VMAP_STACK = re.compile(rb"^\s*select\s+HAVE_ARCH_VMAP_STACK\b", re.M)
_REMAP = re.compile(rb"^\s*select\s+DMA_(?:DIRECT_)?REMAP\b", re.M)
_OWN_REMAP = re.compile(rb"\bdma_common_(?:contiguous|pages)_remap\s*\(")
_IOMMU_DMA = re.compile(rb"^config IOMMU_DMA\n(?:[ \t]+[^\n]*\n)*?[ \t]+def_bool ([^\n]+)", re.M)
_SELECTS_IOMMU_DMA = re.compile(rb"^\s*select\s+IOMMU_DMA\b", re.M)
_SYMBOLS = re.compile(rb"^\s*#\s*define\s+__pa_symbol\(", re.M)
_SYMBOL = re.compile(r"[A-Z][A-Z0-9_]*")
_IOMMU_KCONFIGS = {
    "drivers/iommu/amd/Kconfig": "x86",
    "drivers/iommu/intel/Kconfig": "x86",
}
"""Kconfig of IOMMU drivers that select IOMMU_DMA themselves (5.5 to 5.18), and whose architecture they are."""


def read(text: Text, architectures: Iterable[str]) -> Configuration:
    """Return what a tree says.

    Args: text: reads the tree. architectures: the folders of its arch/; SHIPPED is returned when there are none,
    since such a tree is only a part of a kernel.
    """
    names = sorted(architectures)
    kconfigs = {name: text(f"arch/{name}/Kconfig") for name in names}
    if not any(kconfigs.values()):
        return SHIPPED
    stacks = [name for name in names if _VMAP_STACK.search(kconfigs[name])]
    remapped = [
        name
        for name in names
        if _REMAP.search(kconfigs[name]) or _OWN_REMAP.search(text(f"arch/{name}/mm/dma-mapping.c"))
    ]
    iommu = {name for name in names if _SELECTS_IOMMU_DMA.search(kconfigs[name])}
    common = text("drivers/iommu/Kconfig")
    by_symbol = _IOMMU_DMA.search(common)
    if by_symbol:
        iommu |= {s.lower() for s in _SYMBOL.findall(by_symbol[1].decode("ascii", "replace"))} & set(names)
    iommu |= {
        name
        for path, name in _IOMMU_KCONFIGS.items()
        if name in names and _SELECTS_IOMMU_DMA.search(text(path))
    }
    image = [
        name
        for name in names
        if any(_SYMBOLS.search(text(f"arch/{name}/include/asm/{header}.h")) for header in ("page", "memory"))
    ]
    spi = text("drivers/spi/spi.c")
    by_page = b"is_vmalloc_addr(" in spi and b"vmalloc_to_page(" in spi
    return Configuration(tuple(stacks), tuple(remapped), tuple(sorted(iommu)), tuple(image), True, by_page)
