"""The check finds the layouts that broke in practice, lets their cures pass, and derives capabilities."""

import re
from pathlib import Path

import pytest

from memdesc.errors import InputError
from memdesc.kinds import Kind
from memdesc.layout import design
from memdesc.layout.abi import ABIS, Abi
from memdesc.layout.capabilities import kinds_granted
from memdesc.layout.hazards import Report, check, check_all

_HISTORY_OF_DMA = Path(__file__).parent / "history" / "dma-addr-bad.h"
_HISTORY = sorted((Path(__file__).parent / "history").glob("*.h"))


@pytest.mark.parametrize("path", _HISTORY, ids=lambda p: p.stem)
def test_history(path: Path) -> None:
    """Exactly the hazards that the file's comment expects are reported: none beside a cure."""
    text = path.read_text()
    expected = {tuple(line.split()) for line in re.findall(r"expect: (.+)", text)}
    assert bool(expected) != ("expect nothing" in text), "a file expects something or nothing"
    named = re.search(r"abi: (\w+)", text)
    report = check(design.load(path, ABIS[named[1] if named else "x86_64"]))
    assert {(f.rule, f.descriptor, f.member) for f in report.hazards} == expected
    for finding in report.hazards:
        assert finding.place.startswith(str(path))


@pytest.mark.parametrize(
    ("name", "passes"), [("arm", []), ("i386", []), ("powerpc", ["pfmemalloc-bit", "tail-bit"])]
)
def test_a_wide_dma_address_is_misread_by_its_upper_half_only(name: str, passes: list[str]) -> None:
    """Its lower half is aligned to a page; the upper one lies over compound_head on big-endian machines."""
    loaded = design.load(_HISTORY_OF_DMA, ABIS[name])
    head, address = loaded.page.field("compound_head"), loaded.page.field("dma_addr")
    assert address.bit_size == 2 * head.bit_size
    assert address.offset == head.offset
    first = head.offset + (head.bit_size // 8 - 1 if ABIS[name].byteorder == "big" else 0)
    last = address.offset + (address.bit_size // 8 - 1 if ABIS[name].byteorder == "big" else 0)
    # Bit 0 of compound_head is bit 0 of the address where their lowest bytes are one, and bit 32 elsewhere.
    assert abs(last - first) == (4 if passes else 0)
    found = {f.rule: f for f in check(loaded).hazards if f.member == "dma_addr"}
    assert sorted(found) == passes
    for finding in found.values():
        assert "its upper half, all of whose bits are bits of the address" in finding.says


def test_every_bad_layout_stands_beside_its_cure() -> None:
    """History comes in pairs."""
    names = {p.stem for p in _HISTORY}
    assert len(names) >= 12
    for name in names:
        other = name.replace("-bad", "-cured") if name.endswith("-bad") else name.replace("-cured", "-bad")
        assert other in names


def _granted(report: Report) -> set[tuple[str, str]]:
    return {(r.descriptor, r.capability) for r in report.rights if r.granted}


def test_the_proposal() -> None:
    """net_page is mappable; slab_page is not, for the two reasons the mail hints at; page tables are not."""
    report = check(design.load("proposal-2021"))
    assert report.hazards == ()
    granted = _granted(report)
    assert ("net_page", "mappable") in granted
    assert ("folio", "mappable") in granted
    assert ("driver_page", "mappable") in granted
    assert ("table_page", "mappable") not in granted
    why = next(r.reasons for r in report.rights if (r.descriptor, r.capability) == ("slab_page", "mappable"))
    assert why == ("slab_cache lies over folio.mapping", "active lies over folio._mapcount")


@pytest.mark.parametrize("abi", ABIS.values(), ids=lambda abi: abi.name)
def test_capabilities_do_not_depend_on_the_abi(abi) -> None:
    """What a type of the proposal may be used for is the same on every ABI."""
    assert _granted(check(design.load("proposal-2021", abi))) == _granted(check(design.load("proposal-2021")))


def test_linux_6_18() -> None:
    """struct slab keeps a count and list pointers where mapping lies."""
    report = check_all([design.load("linux-6.18", abi) for abi in ABIS.values()])
    found = {(f.rule, f.descriptor): f for f in report.hazards}
    assert set(found) == {("anon-bit", "slab"), ("ksm-bits", "slab")}
    assert "slabs (a number; no bit of it is promised)" in found["anon-bit", "slab"].says
    assert "slab_list.prev" in found["anon-bit", "slab"].says
    # A 4-byte count lies over the upper half of mapping on 64-bit big-endian machines.
    assert found["anon-bit", "slab"].abis == ("x86_64", "i386", "arm64", "arm", "riscv64", "powerpc")


HUGETLB_UNION = """	union {
		struct {
			unsigned long _flags_3;"""


@pytest.mark.parametrize("name", ["linux-6.12", "linux-6.18"])
@pytest.mark.parametrize("abi", ABIS.values(), ids=lambda abi: abi.name)
def test_hugetlb_may_overwrite_tail_mapping_where_the_kernel_lets_it(name: str, abi: Abi) -> None:
    """free_tail_page_prepare() does not compare the tails in which hugetlb keeps its members."""
    loaded = design.load(name, abi)
    folio = loaded.descriptor("folio")
    assert folio is not None
    lies = folio.struct.offset("_hugetlb_cgroup") - loaded.page.offset("mapping")
    assert lies in (2 * loaded.page.size, 3 * loaded.page.size)
    assert not {f for f in check(loaded).findings if f.rule == "tail-mapping"}


@pytest.mark.parametrize(
    ("before", "after", "member", "tail"),
    [
        (HUGETLB_UNION, "	struct page __page_gap;\n" + HUGETLB_UNION, "_hugetlb_cgroup", 4),
        ("void *_hugetlb_cgroup;", "void *_owner;", "_owner", 3),
        ("struct list_head _deferred_list;", "unsigned long _word, _owner;", "_owner", 2),
    ],
)
def test_other_tails_and_other_members_must_keep_tail_mapping(
    tmp_path: Path, before: str, after: str, member: str, tail: int
) -> None:
    """The exemption is for these members in these tails: a tail further, or another's member, is reported."""
    text = (Path(design.__file__).parent / "designs" / "linux-6.18.h").read_text()
    assert text.count(before) == 1
    report = _check_text(tmp_path, text.replace(before, after))
    found = {f.member: f for f in report.hazards if f.rule == "tail-mapping"}
    assert set(found) == {member}
    assert f"of tail page {tail})" in found[member].says


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("linux-6.1", "page.page_table"),
        ("linux-6.12", "ptdesc"),
        ("linux-6.18", "ptdesc"),
        ("proposal-2021", "table_page"),
    ],
)
def test_page_tables_are_never_mappable(name: str, table: str) -> None:
    """Whether an enumerator, a macro or the design's comment says so: page tables have a type."""
    rights = {(r.descriptor, r.capability): r for r in check(design.load(name)).rights}
    assert not rights[table, "mappable"].granted
    assert "_table) is written over _mapcount" in rights[table, "mappable"].reasons[0]


def test_frozen_slabs_are_not_refcounted() -> None:
    """A slab counts references in 6.12 and does not in 6.18: presence of a page type tells, not a version."""
    before = _granted(check(design.load("linux-6.12")))
    after = _granted(check(design.load("linux-6.18")))
    assert ("slab", "refcounted") in before
    assert ("slab", "refcounted") not in after


def test_capabilities_as_kinds() -> None:
    """What the inference gets: the kinds that may be mapped, decided by the layout."""
    loaded = design.load("proposal-2021")
    kinds = kinds_granted(loaded, check(loaded).rights)
    assert (
        kinds["mappable"]
        == Kind.FILE | Kind.ANON | Kind.NET | Kind.TAIL | Kind.DEVICE | Kind.DRIVER | Kind.VMALLOC
    )
    assert not kinds["refcounted"] & (Kind.TAIL | Kind.FREE)
    # net_iov describes net memory too, but is no page of the memory map: it does not count.
    newest = design.load("linux-6.18")
    assert not kinds_granted(newest, check(newest).rights)["mappable"] & (
        Kind.SLAB | Kind.TABLE | Kind.ZSMALLOC
    )


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    """A misspelt kind is an error at the struct's place, not a kind of its own."""
    with pytest.raises(InputError, match=r"design\.h:1:1: no kind is called 'slap'"):
        _check_text(tmp_path, "struct desc { /* memdesc: kind=slap */ unsigned long flags; };")


def test_separate_descriptors_leave_room_for_the_type() -> None:
    """A separate descriptor that is no multiple of 16 bytes is reported."""
    for name in ("memdesc-32", "memdesc-8"):
        report = check_all([design.load(name, abi) for abi in ABIS.values()])
        assert report.hazards == ()
        assert ("folio", "mappable") in _granted(report)
        assert ("slab", "mappable") not in _granted(report)


def _check_text(tmp_path: Path, text: str, abi: str = "x86_64") -> Report:
    path = tmp_path / "design.h"
    path.write_text(text)
    return check(design.load(path, ABIS[abi]))


@pytest.mark.parametrize(
    ("struct", "rule"),
    [
        ("struct slab { unsigned long flags; char big[100]; };", "does-not-fit"),
        ("struct slab { unsigned long flags; } __attribute__((aligned(128)));", "alignment"),
        ("struct slab { unsigned long flags; unsigned long _refcount; };", "misplaced"),
        ("struct slab { unsigned long flags; }; struct folio2 { unsigned long index; };"
         "struct desc { /* memdesc: kind=slab, separate */ int x; };", "memdesc-alignment"),
    ],
)  # fmt: skip
def test_structure(tmp_path: Path, struct: str, rule: str) -> None:
    """Descriptors that do not fit, align or agree on common members are reported."""
    report = _check_text(tmp_path, struct)
    assert report.page_from == "linux-6.18"
    assert rule in {f.rule for f in report.hazards}


def test_common_members(tmp_path: Path) -> None:
    """What the design declares common must be common."""
    text = """/* memdesc: common private */
    struct page { unsigned long flags; unsigned long private; };
    struct slab { unsigned long flags; unsigned long %s; };"""
    assert {f.rule for f in _check_text(tmp_path, text % "counters").hazards} == {"not-common"}
    assert _check_text(tmp_path, text % "private").hazards == ()


def test_comments_about_values(tmp_path: Path) -> None:
    """A member's comment decides what it holds."""
    text = """struct page { unsigned long flags; unsigned long compound_head; atomic_t _refcount; };
    struct desc { unsigned long flags; unsigned long word; /* memdesc: %s */ };"""
    for note in ("zero", "pad", "low_bits=2", "aligned=8", "pointer"):
        assert _check_text(tmp_path, text % note).hazards == (), note
    for note in ("count", "low_bits=0", "tagged"):
        assert {f.rule for f in _check_text(tmp_path, text % note).hazards} == {"tail-bit"}, note


@pytest.mark.parametrize(
    ("struct", "why"),
    [
        ("struct slab { /* memdesc: kinds=slab */ long flags; };", ":1:1: the comment says 'kinds=slab'"),
        ("struct slab { /* memdesc: must=mapable */ long flags; };", "no capability is called 'mapable'"),
        ("struct slab { long flags; /* memdesc: sentinal */ };", ":1:20: the comment says 'sentinal'"),
        ("struct slab { long flags; /* memdesc: low_bits=two */ };", "'two' is no number"),
        ("struct slab { long flags; /* memdesc: mask= */ };", "'' is no number"),
        ("struct slab { struct { long flags; /* memdesc: at */ }; };", "without a place; write at=NAME"),
    ],
)
def test_misspelt_comments_are_refused(tmp_path: Path, struct: str, why: str) -> None:
    """A word that nobody knows is an error at its place, not a fact that is silently lost."""
    with pytest.raises(InputError, match=re.escape(why)):
        _check_text(tmp_path, struct)


def test_stated_places(tmp_path: Path) -> None:
    """What a comment says of a member's place is compared with the layout, on every ABI."""
    text = """struct page { unsigned long flags; /* @0 */ unsigned long private; /* @8 */ };
    struct slab { unsigned long flags; unsigned a : 3; /* @%d:0 */ unsigned b : 5; /* @%d:%d */ };"""
    assert _check_text(tmp_path, text % (8, 8, 3)).hazards == ()
    wrong = _check_text(tmp_path, text % (8, 8, 4)).hazards
    assert [(f.rule, f.member) for f in wrong] == [("stated-place", "b")]
    narrow = _check_text(tmp_path, text % (4, 4, 3), "i386").hazards
    assert [(f.rule, f.descriptor, f.member) for f in narrow] == [("stated-place", "page", "private")]


def test_big_endian_looks_at_the_other_end(tmp_path: Path) -> None:
    """Bit 0 of a word lies in its last byte on a big-endian machine, and so does what shares it."""
    text = """struct page { unsigned long flags; unsigned long compound_head; };
    struct desc { unsigned long flags; unsigned int low; unsigned int high; };"""
    little = _check_text(tmp_path, text).hazards
    big = _check_text(tmp_path, text, "s390x").hazards
    assert [f.member for f in little] == ["low"]
    assert [f.member for f in big] == ["high"]
