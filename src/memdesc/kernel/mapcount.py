"""How often each page is mapped to user space, from descriptors.

Source: page_mapcount() and __page_mapcount(), include/linux/mm.h and mm/util.c until 6.10;
folio_precise_page_mapcount(), fs/proc/internal.h since (03aa577f8a11).
"""

import numpy as np
from numpy.typing import NDArray

from memdesc.kernel.decode import Decoded, Descriptors, flag
from memdesc.kernel.population import FOLIOS


def mapcounts(pages: Descriptors, decoded: Decoded) -> NDArray[np.int32]:
    """Return how often each page is mapped; 0 where its word holds a type or something else than a count."""
    form = pages.form
    own = pages.column(form.mapcount).astype(np.int32) + np.int32(1)
    own[form.any_type(pages.column(form.type).astype(np.uint32))] = 0
    word = form.entire_mapcount
    if word is None:
        return np.where(own < 0, np.int32(0), own)
    compound = flag(pages, "head") & np.isin(decoded.kind, FOLIOS) & (decoded.head == np.arange(len(pages)))
    places = np.flatnonzero(compound)
    places = places[places + word.page < len(pages)]
    whole = np.zeros(len(pages), np.int32)
    whole[places] = pages.column(word)[places + word.page].astype(np.int32) + np.int32(1)
    if "double_map" in form.bits:
        # Until 6.2 a huge page mapped both as a whole and in parts counts one more in every part (d8dd5e979d09).
        flags = pages.column(form.flags)[np.minimum(places + 1, len(pages) - 1)].astype(np.uint64)
        twice = (flags >> np.uint64(form.bits["double_map"])) & np.uint64(1)
        whole[places] -= twice.astype(np.int32)
    inside = decoded.head >= 0
    own[inside] += whole[decoded.head[inside]]
    return np.where(own < 0, np.int32(0), own)
