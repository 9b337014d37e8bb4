"""The wrong call is a type error: for mypy, for pyright, and when it is made."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fake_machine import FakeDoor, of_array
from memdesc.errors import InputError
from memdesc.kernel import pages
from memdesc.kernel.flags import BIT
from memdesc.kernel.live import LiveSource
from memdesc.kernel.pages import CLASSES, Folio, Mappable, Memory, NetPage, PageHandle, Slab, UnknownPage
from memdesc.kernel.population import Page
from memdesc.kernel.typed import (
    folio_mapcount,
    folio_ref_count,
    page_pool_of,
    slab_objects,
    table_owner,
    user_mappings,
    zspage_of,
)
from memdesc.kinds import CAPABILITIES
from memdesc.layout import design as designs
from memdesc.layout.decide import decided
from memdesc.layout.model import Types

PROGRAM = Path(__file__).parent / "programs" / "calls.py"


def _expected() -> dict[int, str]:
    lines = PROGRAM.read_text("utf-8").splitlines()
    found = ((number, re.search(r"# refused: (\w+)$", line)) for number, line in enumerate(lines, 1))
    return {number: match[1] for number, match in found if match}


def _compare(said: dict[int, str]) -> None:
    expected = _expected()
    assert len(expected) > 10
    assert sorted(said) == sorted(expected)
    for line, name in expected.items():
        assert f'"{name}"' in said[line] or f"[{name}]" in said[line], said[line]


@pytest.mark.real
def test_mypy_refuses_the_wrong_calls(tmp_path: Path) -> None:
    """Each wrong call, by the name of what was given, and nothing else."""
    ended = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", f"--cache-dir={tmp_path}",
         "--config-file=", str(PROGRAM)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    found = re.findall(r"calls\.py:(\d+): error: (.*)", ended.stdout)
    assert len(found) == len(ended.stdout.splitlines()), ended.stdout + ended.stderr
    _compare({int(line): text for line, text in found})


@pytest.mark.real
def test_pyright_refuses_the_wrong_calls(tmp_path: Path) -> None:
    """So does pyright."""
    pytest.importorskip("pyright")
    (tmp_path / "pyrightconfig.json").write_text(
        json.dumps({"typeCheckingMode": "strict", "include": ["calls.py"]})
    )
    (tmp_path / "calls.py").write_text(PROGRAM.read_text("utf-8"))
    ended = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(tmp_path)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    if not ended.stdout.lstrip().startswith("{"):
        pytest.skip(f"pyright does not run here: {(ended.stderr or ended.stdout).strip()[-200:]}")
    report = json.loads(ended.stdout)
    assert report["summary"]["filesAnalyzed"] == 1
    _compare({d["range"]["start"]["line"] + 1: d["message"] for d in report["generalDiagnostics"]
              if d["severity"] == "error"})  # fmt: skip


class Bytes:
    """Descriptors made up member by member, in the layout of 6.18."""

    def __init__(self) -> None:
        self.types: Types = designs.load("linux-6.18").types
        self.memory = bytearray(64 * 16)
        self.objects: dict[int, bytes] = {}

    def set(self, pfn: int, name: str, path: str, value: int) -> None:
        """Write a number (not a bit-field) into a member of the descriptor of frame `pfn`."""
        field = self.types.struct(name).field(path)
        at = pfn * 64 + field.offset
        self.memory[at : at + field.size] = (value & (1 << field.size * 8) - 1).to_bytes(field.size, "little")

    def page_structs(self, pfn: int, count: int = 1) -> bytes:
        """See Descriptors.page_structs()."""
        return bytes(self.memory[pfn * 64 : (pfn + count) * 64])

    def string(self, address: int) -> str:
        """See Descriptors.string()."""
        return self.objects[address].decode()

    def read(self, address: int, size_bytes: int) -> bytes:
        """See Descriptors.read()."""
        return self.objects[address][:size_bytes]


FLAGS = ("slab head", "slab tail", "lru head", "tail", "pgtable", "", "buddy", "buddy")


@pytest.fixture
def memory() -> Memory:
    """A slab and a folio of two pages each, a page table, an unknown page, two free ones."""
    words = np.array([sum(BIT[name] for name in flags.split()) for flags in FLAGS], np.uint64)
    mapcounts = of_array(np.array([0, 0, 2, 1, 0, 0, 0, 0], np.uint64))
    door = FakeDoor(len(words), of_array(words), words={"proc/kpagecount": mapcounts})
    return Memory(LiveSource(door, designs.load("linux-6.18")), Bytes())


def test_pages_come_as_what_they_are(memory: Memory) -> None:
    """The handle of a tail is that of its block."""
    found = [memory.page(pfn) for pfn in range(len(FLAGS))]
    assert [type(page).__name__ for page in found] == [
        "Slab", "Slab", "Folio", "Folio", "PageTable", "UnknownPage", "FreePage", "FreePage",
    ]  # fmt: skip
    assert [(page.pfn, page.order) for page in found] == [
        (0, 1), (0, 1), (2, 1), (2, 1), (4, 0), (5, 0), (6, 1), (6, 1),
    ]  # fmt: skip
    with pytest.raises(InputError, match="no page frame"):
        memory.page(10**9)


def test_each_block_of_a_type(memory: Memory) -> None:
    """Once, at its first page."""
    assert [(type(page), page.pfn, page.order) for page in memory.each(Slab)] == [(Slab, 0, 1)]
    assert [page.pfn for page in memory.each(Folio)] == [2]
    assert [page.pfn for page in memory.each(PageHandle)] == [0, 2, 4, 5, 6]
    assert not list(memory.each(NetPage))


def test_members_are_read_through_the_layout(memory: Memory) -> None:
    """Of the struct that describes the page, wherever the layout has them."""
    bytes_ = memory.descriptors
    assert isinstance(bytes_, Bytes)
    slab, folio, table = memory.page(0), memory.page(3), memory.page(4)
    assert isinstance(slab, Slab)
    assert isinstance(folio, Folio)
    bytes_.set(0, "slab", "counters", 5 | 21 << 16 | 1 << 31)
    assert (slab.member("inuse"), slab.member("objects"), slab.member("frozen")) == (5, 21, 1)
    # The count of mappings of a large folio lies in its second struct page.
    bytes_.set(2, "folio", "_large_mapcount", 2)
    bytes_.set(2, "folio", "_refcount", 9)
    assert folio_mapcount(folio) == 3
    assert folio_ref_count(folio) == 9
    bytes_.set(4, "ptdesc", "pt_mm", 0xFFFF888000001000)
    assert isinstance(table, pages.PageTable)
    assert table_owner(table) == 0xFFFF888000001000
    with pytest.raises(InputError, match="has none of nonsense"):
        slab.member("nonsense")


def test_mappings_need_no_descriptor(memory: Memory) -> None:
    """They are counted page by page, live too."""
    folio = memory.page(2)
    assert isinstance(folio, Folio)
    assert user_mappings(folio) == 3


def test_a_live_machine_has_no_descriptors(memory: Memory) -> None:
    """It says so in a sentence."""
    slab = Memory(memory.source).page(0)
    assert isinstance(slab, Slab)
    with pytest.raises(InputError, match="cannot be read on a live machine"):
        slab_objects(slab)


@pytest.mark.parametrize(
    ("function", "takes"),
    [
        (slab_objects, "a Slab"), (folio_mapcount, "a Folio"), (folio_ref_count, "a Folio"),
        (page_pool_of, "a NetPage"), (table_owner, "a PageTable"), (zspage_of, "a ZsmallocPage"),
        (user_mappings, "a page that may be mapped"),
    ],
)  # fmt: skip
def test_the_wrong_call_is_refused_when_it_is_made(
    function: Callable[[object], object], takes: str, memory: Memory
) -> None:
    """With what was given, where it is, and what the function takes."""
    free = memory.page(6)
    with pytest.raises(
        TypeError, match=re.escape(f"{function.__name__}() takes {takes}, not a FreePage (pfn 0x6, free)")
    ):
        function(free)
    with pytest.raises(TypeError, match="not an int"):
        function(7)


@pytest.mark.parametrize("name", ["linux-6.1", "linux-6.12", "linux-6.18", "proposal-2021"])
def test_what_may_be_mapped_is_what_the_layout_says(name: str) -> None:
    """The union of types, the capability of kinds, and what a layout decides about it are one statement."""
    may = CAPABILITIES["mappable"].kinds & ~decided(designs.load(name)).lacks["mappable"]
    for kind in set(CLASSES.values()) - {pages.ReservedPage}:
        # Of the page behind a vmalloc address, and of one that two descriptors share, one way is enough.
        assert issubclass(kind, Mappable) == bool(kind.KINDS & may), kind
    assert not issubclass(UnknownPage, Mappable)


def test_a_layout_without_the_struct_is_no_crash(memory: Memory) -> None:
    """The shipped design has no struct kmem_cache: one line says so."""
    slab = memory.page(0)
    assert isinstance(slab, Slab)
    with pytest.raises(InputError, match="no struct or union 'kmem_cache'"):
        slab_objects(slab)


def test_handles_are_small_and_frozen(memory: Memory) -> None:
    """They are values, and cannot be changed."""
    net = NetPage(memory, 1, Page.NET, 0)
    assert net == NetPage(memory, 1, Page.NET, 0)
    with pytest.raises(AttributeError):
        net.pfn = 3  # type: ignore[misc]
    assert isinstance(net, PageHandle)
