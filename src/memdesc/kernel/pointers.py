"""Whether what a descriptor points to is what it should be: asked once for each pointer, not for each page."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError
from memdesc.kernel.decode import PP_SIGNATURE, Descriptors
from memdesc.kernel.memmap import MemMap
from memdesc.kernel.objects import Kernel

_KERNEL = 0xFF


@dataclass(slots=True)
class Pointers:
    """What pointers in descriptors lead to. most_order: the largest order of a free block."""

    kernel: Kernel
    memmap: MemMap
    most_order: int
    _good: dict[tuple[str, int], bool] = field(default_factory=dict)
    _pools: set[int] = field(default_factory=set)

    def bad(self, words: NDArray[np.uint64], at: NDArray[np.bool_], struct: str) -> NDArray[np.bool_]:
        """Return which of the pages in `at` have a word that is no pointer to a `struct` in good order."""
        out = np.zeros(len(at), np.bool_)
        values, which = np.unique(words[at], return_inverse=True)
        check = _CHECKS[struct]
        verdicts = []
        for value in values.tolist():
            key = (struct, value)
            if key not in self._good:
                try:
                    self._good[key] = value >> 56 == _KERNEL and check(self.kernel, value)
                except InputError:
                    self._good[key] = False
            verdicts.append(not self._good[key])
        out[at] = np.array(verdicts, np.bool_)[which]
        return out

    def member(self, pages: Descriptors, struct: str, path: str) -> NDArray[np.int64] | None:
        """Return the member at `path` of each descriptor taken as `struct`, None when there is no such member."""
        found = self.kernel.types.find(struct)
        found = found if found is not None and found.find(path) else self.kernel.types.find("page")
        member = found.find(path) if found is not None else None
        if member is None or member.bit_offset >> 3 >= pages.form.size:
            return None
        if not member.is_bit_field:
            dtype = member.dtype("little")
            size = (pages.form.size,)
            column = np.ndarray((len(pages),), dtype, pages.raw, member.offset, size)
            return column.astype(np.uint64).view(np.int64)
        start = member.bit_offset // 32 * 4
        column = np.ndarray((len(pages),), "<u4", pages.raw, start, (pages.form.size,))
        shift, mask = member.bit_offset - start * 8, (1 << member.bit_size) - 1
        return ((column.astype(np.uint64) >> np.uint64(shift)) & np.uint64(mask)).view(np.int64)

    def over_mapping(self, struct: str, path: str) -> bool:
        """Return whether the member at `path` of `struct` lies where struct page has mapping."""
        found = self.kernel.types.find(struct)
        member = found.find(path) if found is not None else None
        return member is not None and member.offset == self.memmap.form.mapping.offset

    def learn_pools(self, pages: Descriptors) -> None:
        """Take note of the pools that signed pages point to."""
        pool = self.member(pages, "page", "pp")
        if pages.form.pool is None or pool is None:
            return
        signed = (pages.column(pages.form.pool).astype(np.uint64) & ~np.uint64(3)) == np.uint64(PP_SIGNATURE)
        for value in np.unique(pool[signed].view(np.uint64)).tolist():
            if value >> 56 == _KERNEL:
                self._pools.add(value)

    def pools(self, pages: Descriptors) -> NDArray[np.bool_] | None:
        """Return which pages point to a pool that is known, None when descriptors have no such pointer."""
        pool = self.member(pages, "page", "pp")
        if pool is None:
            return None
        return np.isin(pool.view(np.uint64), np.array(sorted(self._pools), np.uint64))


def _address_space(kernel: Kernel, at: int) -> bool:
    host = kernel.number("address_space", "host", at)
    if kernel.number("address_space", "a_ops", at) >> 56 != _KERNEL:
        return False
    # The swap cache has no inode. Some filesystems have further address_spaces beside that of the inode.
    return not host or (host >> 56 == _KERNEL and kernel.number("inode", "i_mapping", host) >> 56 == _KERNEL)


def _anon_vma(kernel: Kernel, at: int) -> bool:
    root = kernel.number("anon_vma", "root", at)
    return root >> 56 == _KERNEL and kernel.number("anon_vma", "refcount.counter", at) > 0


def _page_pool(kernel: Kernel, at: int) -> bool:
    return bool(kernel.paging.read(at, 64))


_CHECKS: dict[str, Callable[[Kernel, int], bool]] = {
    "address_space": _address_space,
    "anon_vma": _anon_vma,
    "page_pool": _page_pool,
}
