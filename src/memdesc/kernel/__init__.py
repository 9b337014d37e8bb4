"""Real memory, live or from a dump: what each page is, typed handles of pages, the census.

from memdesc.kernel import open_live
memory = open_live()                     # as root
page = memory.page(0x12345)              # a Slab, a Folio, a NetPage, ...
"""

from memdesc.kernel.dump import open_dump
from memdesc.kernel.live import open_live

__all__ = ["open_dump", "open_live"]
