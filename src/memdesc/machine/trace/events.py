"""Which events of the kernel a trace is made of, and what becomes of them: one row each.

The columns of a trace are the fields of `COLUMNS`; what `object` and `index` hold depends on the operation.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Op(IntEnum):
    """What happened to pages; the numbers are those in trace files."""

    ALLOCATE = 1  # 2**order pages at pfn; stack says who asked
    FREE = 2  # 2**order pages at pfn
    CACHE_ADD = 3  # folio at pfn to file `object` at page `index`
    CACHE_DELETE = 4
    POOL_HOLD = 5  # page at pfn to page pool `object`
    POOL_RELEASE = 6
    AREA_ALLOCATE = 7  # `index` pages of vmalloc space, area `object`; stack says for whom
    AREA_FREE = 8


COLUMNS: np.dtype[Any] = np.dtype(
    [
        ("time", "<u8"),  # nanoseconds since the trace began
        ("pfn", "<u8"),
        ("index", "<u8"),
        ("object", "<u4"),  # 0 for none
        ("stack", "<u4"),  # number of a stack of the trace, 0 for none
        ("pid", "<u4"),
        ("op", "u1"),
        ("order", "u1"),
    ]
)
"""One event of a trace."""

Events = NDArray[np.void]
"""An array of COLUMNS."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An event of the kernel. path: below events/ in tracefs. stack: its stack is needed to tell the kind.

    fields: the names of pfn, order, object and index in its format; "" for what it has not. required: there
    is no trace without it. since: the release that has it.
    """

    path: str
    op: Op
    pfn: str = ""
    order: str = ""
    object: tuple[str, ...] = ()
    index: str = ""
    stack: bool = False
    required: bool = False
    since: str = ""


EVENTS: tuple[Wanted, ...] = (
    Wanted("kmem/mm_page_alloc", Op.ALLOCATE, pfn="pfn", order="order", stack=True, required=True),
    Wanted("kmem/mm_page_free", Op.FREE, pfn="pfn", order="order", required=True),
    Wanted(
        "filemap/mm_filemap_add_to_page_cache", Op.CACHE_ADD, pfn="pfn", order="order",
        object=("s_dev", "i_ino"), index="index", required=True,
    ),
    Wanted(
        "filemap/mm_filemap_delete_from_page_cache", Op.CACHE_DELETE, pfn="pfn", order="order",
        object=("s_dev", "i_ino"), index="index", required=True,
    ),
    Wanted("page_pool/page_pool_state_hold", Op.POOL_HOLD, pfn="pfn", object=("pool",)),
    Wanted("page_pool/page_pool_state_release", Op.POOL_RELEASE, pfn="pfn", object=("pool",)),
    Wanted("vmalloc/alloc_vmap_area", Op.AREA_ALLOCATE, object=("addr",), index="size", stack=True, since="6.2"),
    Wanted("vmalloc/free_vmap_area_noflush", Op.AREA_FREE, object=("va_start",), since="6.2"),
)  # fmt: skip
"""mm_page_free is in every way a page takes back to the allocator (free_pages_prepare(), mm/page_alloc.c), so
that mm_page_free_batched and mm_page_pcpu_drain say nothing new. mm_page_alloc is not in alloc_pages_bulk():
page pools and vmalloc(), which use it most, have events of their own."""
