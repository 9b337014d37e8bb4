"""Solve: the history of page_pool's DMA address, as a wish, a refusal and an explanation."""

import sys
from pathlib import Path

import pytest

from memdesc.errors import InputError
from memdesc.layout import design
from memdesc.layout.abi import ABIS
from memdesc.layout.hazards import check
from memdesc.layout.solve import Answer, solve

pytest.importorskip("z3")

_APRIL = Path(__file__).parent / "solve" / "april-2021.h"
_PAGE = _APRIL.read_text().partition("struct pool_page")[0]


def _solve(
    tmp_path: Path,
    body: str,
    notes: str = "kind=net, solve, must=mappable|refcounted",
    page: str = _PAGE,
    **config: bool,
) -> Answer:
    path = tmp_path / "wish.h"
    path.write_text(f"{page}struct pool_page {{ /* memdesc: {notes} */\n{body}\n}};\n")
    return solve([design.load(path, abi, config) for abi in ABIS.values()])


def test_the_layout_of_the_time(tmp_path: Path) -> None:
    """dma_addr at the first word: it is misaligned on arm and powerpc."""
    answer = _solve(tmp_path, "dma_addr_t dma_addr; /* memdesc: at=lru.next */", MEMCG=False)
    assert not answer.sound
    assert answer.conflicts[0] == "the design says that dma_addr must start at lru.next"
    said = " ".join((*answer.conflicts, *answer.also))
    assert "on arm, powerpc: it is aligned to 8 bytes, and lru.next lies at byte 4" in said


def test_what_it_did_to_the_layout_of_the_time(tmp_path: Path) -> None:
    """It moved the union to byte 8, where its upper half lies over bit 0 of compound_head on powerpc only."""
    union = "} __attribute__((aligned(8)));\n	union {\n		atomic_t _mapcount;"
    page = _PAGE.replace("};\n	union {\n		atomic_t _mapcount;", union)
    assert page.count(union) == 1
    answer = _solve(tmp_path, "dma_addr_t dma_addr; /* memdesc: at=lru.next */", page=page, MEMCG=False)
    assert not answer.sound
    said = " ".join((*answer.conflicts, *answer.also))
    assert "aligned to 8 bytes" not in said
    assert (
        "dma_addr cannot start at lru.next on powerpc: dma_addr (a DMA address) would lie over compound_head"
        in said
    )


def test_the_first_cure(tmp_path: Path) -> None:
    """dma_addr at the second word and mapping: munmap() follows mapping through set_page_dirty()."""
    answer = _solve(tmp_path, "dma_addr_t dma_addr; /* memdesc: at=lru.prev */", MEMCG=False)
    assert not answer.sound
    said = " ".join(answer.conflicts)
    assert "munmap() calls set_page_dirty()" in said
    assert "must be mappable" in said


def test_over_flags(tmp_path: Path) -> None:
    """The third pair of words holds flags: a non-starter."""
    answer = _solve(tmp_path, "dma_addr_t dma_addr; /* memdesc: at=flags */")
    assert not answer.sound
    assert "page_zone()" in " ".join((*answer.conflicts, *answer.also))


def test_one_number_of_8_bytes_needs_pages_of_a_multiple_of_8(tmp_path: Path) -> None:
    """With MEMCG struct page has 36 bytes on arm, so no member may be aligned to 8."""
    answer = _solve(tmp_path, "dma_addr_t dma_addr;")
    assert not answer.sound
    assert "struct pages follow one another every 36" in " ".join(answer.conflicts)


@pytest.mark.parametrize(
    ("member", "memcg"), [("dma_addr_t dma_addr", False), ("unsigned long dma_addr[2]", True)]
)
def test_a_sound_place_is_found(tmp_path: Path, member: str, memcg: bool) -> None:
    """With magic and pool in the first words, the address lies over index and private, mapping stays free."""
    answer = _solve(
        tmp_path,
        f"unsigned long pp_magic; /* memdesc: at=lru.next */ struct page_pool *pp; {member};"
        "unsigned long _flags; /* memdesc: at=flags */",
        MEMCG=memcg,
    )
    assert answer.sound
    assert answer.conflicts == ()
    where = {p.member: p.slot for p in answer.placed}
    assert where == {"_flags": "flags", "pp_magic": "lru.next", "pp": "lru.prev", "dma_addr": "index"}
    path = tmp_path / "answer.h"
    path.write_text(_PAGE + answer.header)
    for abi in ABIS.values():
        loaded = design.load(path, abi, {"MEMCG": memcg})
        assert [f for f in check(loaded).hazards if f.descriptor == "pool_page"] == []
        pool, page = loaded.types.struct("pool_page"), loaded.page
        assert pool.offset("dma_addr") == page.offset("index")
        pad = [f for f in pool.leaves() if f.path.startswith("_pad")]
        assert pad[0].offset == page.offset("mapping")


def test_comments_narrow_the_places(tmp_path: Path) -> None:
    """over= and not= are obeyed, and contradictions between members are told."""
    answer = _solve(
        tmp_path, "struct kmem_cache *c; /* memdesc: over=lru.prev|private, not=private */", "kind=net, solve"
    )
    assert [p.slot for p in answer.placed] == ["lru.prev"]
    answer = _solve(
        tmp_path,
        "void *a; /* memdesc: at=private */ void *b; /* memdesc: at=private */",
        "kind=net, solve",
    )
    assert not answer.sound
    assert any("cannot share a word" in c for c in answer.conflicts)


def test_a_member_may_not_be_too_large(tmp_path: Path) -> None:
    """What is larger than struct page has no place at all."""
    answer = _solve(tmp_path, "unsigned long big[20];", "kind=net, solve")
    assert not answer.sound
    assert "past the end of struct page" in " ".join((*answer.conflicts, *answer.also))


def test_wishes_that_cannot_be_used(tmp_path: Path) -> None:
    """No marked struct, an unknown word, a bit-field: each is one clear line."""
    with pytest.raises(InputError, match="no struct has the comment"):
        _solve(tmp_path, "void *a;", "kind=net")
    with pytest.raises(InputError, match=r"struct page has no word 'nowhere'; it has flags, lru\.next"):
        _solve(tmp_path, "void *a; /* memdesc: at=nowhere */")
    with pytest.raises(InputError, match="needs a name and whole bytes"):
        _solve(tmp_path, "unsigned a : 3;")


def test_without_z3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has to be installed is said in one line."""
    monkeypatch.setitem(sys.modules, "z3", None)
    with pytest.raises(InputError, match=r"needs z3: pip install z3-solver"):
        _solve(tmp_path, "void *a;", "kind=net, solve")


def test_a_solution_keeps_the_qualifiers(tmp_path: Path) -> None:
    """What was const or a pointer to it is so in the header that is written."""
    body = "const struct pool *const pool; void (*const done)(const struct page *page);"
    answer = _solve(tmp_path, body, "kind=driver, solve", MEMCG=False)
    assert answer.sound
    assert "const struct pool *const pool;" in answer.header
    assert "void (*const done)(const struct page *);" in answer.header


def test_time_runs_out(tmp_path: Path) -> None:
    """Nineteen members for eighteen places cannot be searched through; that is said, and no answer is made up."""
    slots = ", ".join(f"a{number}" for number in range(17))
    members = " ".join(f"unsigned long m{number};" for number in range(19))
    path = tmp_path / "wish.h"
    path.write_text(
        f"struct page {{ unsigned long flags, {slots}; }};\nstruct w {{ /* memdesc: solve */ {members} }};\n"
    )
    with pytest.raises(InputError, match=r"neither a placement nor a contradiction was found in 0\.5 s"):
        solve([design.load(path)], 0.5)
