"""The picture of physical memory."""

import numpy as np
import pytest

from memdesc.kernel import picture as module
from memdesc.kernel.picture import Painter
from memdesc.kernel.population import CHUNK_PAGES, Columns, Page


@pytest.mark.parametrize(("frames", "most"), [(CHUNK_PAGES, 64), (3 * CHUNK_PAGES + 100, 2), (1000, 1 << 18)])
def test_cells_have_the_commonest_kind(frames: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a chunk has many cells or a cell many chunks; absent frames count only where nothing else is."""
    monkeypatch.setattr(module, "MOST_CELLS", most)
    rng = np.random.default_rng(3)
    kinds = rng.choice(np.array([Page.FILE, Page.SLAB, Page.SLAB, Page.ABSENT], np.uint8), frames)
    painter = Painter((range(frames),))
    for first in range(0, frames, CHUNK_PAGES):
        part = kinds[first : first + CHUNK_PAGES]
        painter.add(Columns(first, part, np.zeros(len(part), np.uint8)))
    found = painter.picture()
    assert len(found.kind) == -(-frames // found.cell_pages) <= most
    for cell in range(len(found.kind)):
        mine = kinds[cell * found.cell_pages : (cell + 1) * found.cell_pages]
        numbers = np.bincount(mine, minlength=32)
        numbers[Page.ABSENT] = 0
        best = int(numbers.max())
        assert numbers[found.kind[cell]] == best or (best == 0 and found.kind[cell] == Page.ABSENT)
        assert found.share[cell] == best * 255 // found.cell_pages


def test_what_was_not_read_is_absent() -> None:
    """A hole between ranges has no colour."""
    painter = Painter((range(CHUNK_PAGES), range(3 * CHUNK_PAGES, 4 * CHUNK_PAGES)))
    kinds = np.full(CHUNK_PAGES, Page.FILE, np.uint8)
    for first in (0, 3 * CHUNK_PAGES):
        painter.add(Columns(first, kinds, np.zeros(CHUNK_PAGES, np.uint8)))
    found = painter.picture()
    quarter = len(found.kind) // 4
    assert set(found.kind[:quarter].tolist()) == {Page.FILE}
    assert set(found.kind[quarter : 3 * quarter].tolist()) == {Page.ABSENT}
