"""Words of /proc/kpageflags as kinds, and as runs of blocks."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from memdesc.kinds import Kind
from memdesc.machine.trace.population import (
    ANON,
    BUDDY,
    HEAD,
    HOLE,
    LRU,
    NOPAGE,
    PGTABLE,
    RESERVED,
    SLAB,
    TAIL,
    classify,
    code_of,
    counts,
    encode,
    parse_counters,
    parse_free,
)  # fmt: skip

WORD = st.sampled_from(
    [
        0,
        BUDDY,
        SLAB,
        SLAB | ANON,
        LRU,
        LRU | ANON,
        PGTABLE,
        RESERVED,
        NOPAGE,
        HEAD | LRU,
        TAIL | LRU,
        TAIL,
        HEAD | SLAB,
    ]
)


def test_what_the_flags_say() -> None:
    """A slab page is one whatever else is said of it; tails are what their heads are."""
    words = [0, BUDDY, SLAB | ANON, LRU, LRU | ANON, PGTABLE, RESERVED, NOPAGE, HEAD | SLAB, TAIL, TAIL]
    kinds = [Kind.NONE, Kind.FREE, Kind.SLAB, Kind.FILE, Kind.ANON, Kind.TABLE, Kind.RESERVED]
    expected = [*(code_of(kind) for kind in kinds), HOLE, *[code_of(Kind.SLAB)] * 3]
    assert classify(np.array(words, np.uint64)).tolist() == expected
    assert classify(np.array([TAIL], np.uint64), carried=7).tolist() == [7]


@given(st.lists(WORD, min_size=1, max_size=70), st.sampled_from([0, 8, 64]))
def test_runs_cover_every_page_once(words: list[int], pfn: int) -> None:
    """Whatever the words, runs give back each page's kind, and blocks are aligned powers of two."""
    flags = np.array(words, np.uint64)
    runs = encode(flags, pfn, 1, 2)
    codes: list[int] = []
    for start, code, order, blocks in runs:
        assert start == pfn + len(codes)
        assert start % (1 << order) == 0
        codes += [code] * (blocks << order)
    assert codes == classify(flags).tolist()
    assert runs.pages == len(words)
    assert runs.present == sum(code != HOLE for code in codes)


def test_a_compound_page_is_one_block() -> None:
    """Head and tails together, where size and place allow it."""
    flags = np.array([HEAD | LRU, TAIL, TAIL, TAIL, LRU, LRU], np.uint64)
    assert [run[2:] for run in encode(flags, 4, 0, 0)] == [(2, 1), (0, 2)]
    assert [run[2:] for run in encode(flags, 6, 0, 0)] == [(0, 6)]


def test_counts_leave_holes_out() -> None:
    """Pages by name."""
    assert counts(classify(np.array([SLAB, NOPAGE, 0, BUDDY], np.uint64))) == {
        "unknown": 1,
        "slab": 1,
        "free": 1,
    }


def test_counters_of_proc() -> None:
    """The forms of vmstat, meminfo and zoneinfo."""
    assert parse_counters("nr_free_pages 7\nMemTotal:  12 kB\nodd\n") == {"nr_free_pages": 7, "MemTotal": 12}
    zones = "Node 0\n  pages free     100\n        boost 0\n  pagesets\n    cpu: 0\n"
    zones += "      count:    5\n      count: 6\n"
    assert parse_free(zones) == 111
