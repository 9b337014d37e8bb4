"""Dumps that are not what they should be: one clear line and status 2, or a partial answer marked as one."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from conftest import Run
from damage import Copy
from guest import Guest, find_kernel, read_physical
from memdesc.errors import InputError
from memdesc.kernel.dump import DumpSource, open_dump
from memdesc.kernel.objects import IMAGE
from memdesc.kernel.population import Page
from memdesc.kernel.verify import check
from memdesc.kernel.vmcore import open_physical
from memdesc.kernel.vmcoreinfo import candidates

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("guests")]


@pytest.fixture(scope="module")
def copy(guest: Guest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """A copy of the guest's dump that may be damaged."""
    made = Copy(guest.dump, tmp_path_factory.mktemp("copy"))
    yield made
    made.path.unlink()


def refused(memdesc: Run, *words: str | Path) -> str:
    """Return the line with which a census of a dump is refused."""
    ended = memdesc("census", *words)
    assert ended.returncode == 2, ended.stdout[-500:]
    assert ended.stdout == ""
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 1, ended.stderr
    return lines[0]


def test_another_kernel(guest: Guest, copy: Copy, memdesc: Run) -> None:
    """A vmlinuz whose build id differs is refused, and both are named."""
    other = find_kernel("6.1" if guest.kernel.series == "6.12" else "6.12", guest.kernel.root.parent)
    line = refused(memdesc, "--dump", copy.path, "--kernel", other.vmlinuz)
    assert "is another kernel than the dump's" in line
    assert "build id" in line


def test_another_kernels_btf(copy: Copy, tmp_path: Path) -> None:
    """Bare BTF has no build id: it is compared with the BTF in the dump."""
    found = copy.source.kernel.symbols.find(("__start_BTF", "__stop_BTF"))
    start, stop = found["__start_BTF"], found["__stop_BTF"]
    raw = copy.source.kernel.paging.read(start, stop - start)
    path = tmp_path / "btf"
    path.write_bytes(raw)
    assert "BTF" not in (open_dump(copy.path, path).source.about().release)
    # The same with the last byte of a name changed.
    at = raw.rindex(b"\0", 0, len(raw) - 1) - 1
    path.write_bytes(raw[:at] + bytes((raw[at] ^ 1,)) + raw[at + 1 :])
    with pytest.raises(InputError, match="is the BTF of another kernel"):
        open_dump(copy.path, path)


def test_no_kernel_file(copy: Copy, memdesc: Run, tmp_path: Path) -> None:
    """A kernel that is not there, or is none."""
    assert "none: no such file" in refused(memdesc, "--dump", copy.path, "--kernel", tmp_path / "none")
    (tmp_path / "text").write_text("no kernel\n" * 100)
    assert "neither BTF" in refused(memdesc, "--dump", copy.path, "--kernel", tmp_path / "text")


def test_no_vmcoreinfo(copy: Copy, memdesc: Run) -> None:
    """Without the note, and with the pages of VMCOREINFO wiped, no kernel can be found."""
    memory = copy.source.kernel.paging.memory
    pages = [
        span.start + number * 4096
        for span in memory.spans()
        for number in range(len(span) // 4096)
        if bytes(memory.read(span.start + number * 4096, 10)) == b"OSRELEASE="
    ]
    assert pages
    with copy.written(*((at, b"nothing=") for at in pages)) as path:
        raw = bytearray(path.read_bytes()[: 1 << 20])
        name = raw.find(b"VMCOREINFO\0")
        before = bytes(raw[name : name + 10]) if name >= 0 else b""
        if before:
            _patch(path, name, b"VMCOREINF-")
        try:
            assert "has no VMCOREINFO" in refused(memdesc, "--dump", path)
        finally:
            if before:
                _patch(path, name, before)
    assert next(candidates(memory)).release == copy.source.info.release


def _patch(path: Path, at: int, raw: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(raw)


def test_a_stale_copy_of_vmcoreinfo(copy: Copy) -> None:
    """A page that looks like VMCOREINFO and leads nowhere is passed over."""
    found = copy.source.read(0, 1 << 16).kind
    free = int(np.flatnonzero(found == Page.FREE)[-1])
    text = (
        b"OSRELEASE=9.9.9\nPAGESIZE=4096\nSYMBOL(swapper_pg_dir)=ffffffff80000000\nSYMBOL(init_uts_ns)=1\n\0"
    )
    low = next(int(each) for each in np.flatnonzero(found == Page.FREE))
    with copy.written((low * 4096, text), (free * 4096, text)) as path:
        assert open_dump(path).source.about().release == copy.source.info.release


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_truncated(guest: Guest, memdesc: Run, tmp_path: Path, share: float) -> None:
    """Without the end of memory, where the kernel keeps its page descriptors here, nothing can be said."""
    path = tmp_path / "short.elf"
    _cut(guest.dump, path, int(guest.dump.stat().st_size * share))
    assert "before the memory that its headers announce" in refused(memdesc, "--dump", path)
    path.unlink()


def test_truncated_a_little(guest: Guest, memdesc: Run, tmp_path: Path) -> None:
    """Where what is gone is not needed, the answer is whole and says that the file is not."""
    path = tmp_path / "short.elf"
    _cut(guest.dump, path, guest.dump.stat().st_size - 100_000)
    ended = memdesc("census", "--dump", path, "--format", "json")
    assert ended.returncode == 0, ended.stderr
    assert '"partial": [\n    "the file ends 9998' in ended.stdout
    path.unlink()


def _cut(path: Path, to: Path, size: int) -> None:
    with path.open("rb") as file, to.open("wb") as out:
        while size:
            raw = file.read(min(size, 1 << 22))
            out.write(raw)
            size -= len(raw)


def test_truncated_kdump(guest: Guest, memdesc: Run, tmp_path: Path) -> None:
    """A compressed dump that ends early says so too."""
    raw = guest.compressed.read_bytes()
    path = tmp_path / "short.kdump"
    for share in 0.3, 0.95:
        path.write_bytes(raw[: int(len(raw) * share)])
        ended = memdesc("census", "--dump", path, "--format", "json")
        assert ended.returncode in (0, 2)
        assert len(ended.stderr.strip().splitlines()) <= 1
        if ended.returncode == 0:
            assert "cut short" in ended.stdout or "the file ends" in ended.stdout


def test_a_page_table_that_points_nowhere(copy: Copy, memdesc: Run) -> None:
    """The top table's entries lead to memory that there is not."""
    paging = copy.source.kernel.paging
    nowhere = (0x7FFF_FFFF_F000 | 0x63).to_bytes(8, "little")
    with copy.written((paging.root + 2048, nowhere * 256)) as path:
        assert "has nothing mapped at kernel address" in refused(memdesc, "--dump", path)


def test_part_of_the_memory_map_is_gone(copy: Copy) -> None:
    """An entry of the memory map's table leads nowhere: its pages are unknown, and the census says how many."""
    paging = copy.source.kernel.paging
    table, address = paging.root, copy.source.memmap.vmemmap + (32768 * 2) * 64
    for level in range(paging.levels, 2, -1):
        entries = paging.table(table)
        assert entries is not None
        table = int(entries[address >> 12 + 9 * (level - 1) & 511]) & 0xF_FFFF_FFFF_F000
    entry = table + 8 * (address >> 21 & 511)
    was = int.from_bytes(read_physical(copy.path, entry, 8), "little")
    with copy.written((entry, (was & 0xFFF | 0x7FFF_FFE0_0000).to_bytes(8, "little"))) as path:
        memory = open_dump(path)
        (span,) = memory.source.ranges()
        found = memory.source.read(0, len(span))
        assert set(found.kind[65536:98304].tolist()) == {Page.UNKNOWN}
        assert Page.FREE in found.kind[:65536]
        memory.source.read(0, len(span))  # reading it again is not counted again
        assert any("32768 descriptors" in why for why in memory.source.about().partial)
        assert any("32768 descriptors" in why for why in check(memory).partial)
        assert memory.descriptors is not None
        with pytest.raises(InputError, match="descriptor"):
            memory.descriptors.page_structs(70000)


def test_lists_that_do_not_end(copy: Copy) -> None:
    """A list of caches or tasks that leads nowhere costs what it would have told, and nothing else."""
    kernel = copy.source.kernel
    for symbol, what in (("slab_caches", "slab caches"), ("init_task", "kernel stacks")):
        at = kernel.symbol(symbol) + (kernel.offset("task_struct", "tasks") if symbol == "init_task" else 0)
        with copy.damaged((at, (0xFF11_0000_0000_0008).to_bytes(8, "little"))) as memory:
            missing = {each.what for each in memory.source.about().missing}
            assert what in missing
            (span,) = memory.source.ranges()
            kinds = memory.source.read(0, len(span)).kind
            assert (kinds == Page.SLAB).sum() == (copy.source.read(0, len(span)).kind == Page.SLAB).sum()


def test_without_symbols(guest: Guest, copy: Copy) -> None:
    """Where kallsyms cannot be read, descriptors still tell what they tell, with a kernel's file for layouts."""
    at = copy.source.info.symbols["kallsyms_token_index"]
    address = copy.source.kernel.paging.physical(at)
    with copy.written((address, bytes(512))) as path:
        with pytest.raises(InputError, match="--kernel"):
            open_dump(path)
        memory = open_dump(path, guest.kernel.vmlinuz)
        assert isinstance(memory.source, DumpSource)
        assert any(each.what == "symbols" for each in memory.source.about().missing)
        (span,) = memory.source.ranges()
        assert (memory.source.read(0, len(span)).kind == Page.FREE).sum() > 50000


def test_secrets_stay_in_the_dump(guest: Guest, memdesc: Run, tmp_path: Path) -> None:
    """Nothing of what pages hold is in any report: the workload's bytes, the text of its buffers."""
    for form in "text", "json", "html":
        out = tmp_path / f"census.{form}"
        ended = memdesc("census", "--dump", guest.dump, "--format", form, "--output", out)
        assert ended.returncode == 0, ended.stderr
        raw = out.read_bytes()
        assert b"ZZZZZZZZ" not in raw  # what the merged pages are full of
        assert b"file-with-a-name" not in raw
        assert b"slabinfo - version" not in raw


def test_a_name_in_a_users_page(copy: Copy, guest: Guest, memdesc: Run) -> None:
    """A damaged pointer to a cache's name leads into a process's memory: nothing of that is shown."""
    kernel = copy.source.kernel
    page = int.from_bytes(guest.sections["frames-ksm"][:8], "little")
    assert read_physical(guest.dump, page * 4096, 8) == b"ZZZZZZZZ"
    virtual = kernel.word(kernel.symbol("page_offset_base")) + page * 4096
    cache = int(copy.source.all_caches.at[20]) + kernel.offset("kmem_cache", "name")
    address = kernel.paging.physical(cache)
    with copy.written((address, virtual.to_bytes(8, "little"))) as path:
        ended = memdesc("census", "--dump", path, "--by", "cache", "--format", "json")
    assert ended.returncode == 0, ended.stderr
    assert "where there is memory of another kind" in ended.stdout
    assert "ZZZZ" not in ended.stdout + ended.stderr
    with copy.written((address, virtual.to_bytes(8, "little"))) as path:
        caches, healthy = open_dump(path).source.caches(), copy.source.caches()
    assert [each for each in caches if each not in healthy] == [caches[20]]


def test_names_where_none_are(copy: Copy) -> None:
    """A damaged pointer to a cache's name leads to free pages, page tables, packets, or into an object of slab."""
    kernel = copy.source.kernel
    base = kernel.word(kernel.symbol("page_offset_base"))
    (span,) = copy.source.ranges()
    kinds = copy.source.read(0, len(span)).kind
    good = copy.source.caches()
    cache = int(copy.source.all_caches.at[20]) + kernel.offset("kmem_cache", "name")
    address = kernel.paging.physical(cache)
    name = kernel.word(cache)
    seen = {Page(int(kind)) for kind in set(kinds.tolist())}
    places = [
        base + int((kinds == kind).argmax()) * 4096 for kind in seen - {Page.SLAB, Page.RESERVED, Page.ABSENT}
    ]
    assert len(places) > 5
    for virtual in (*places, name + 1, base + int((kinds == Page.SLAB).argmax()) * 4096 + 3):
        with copy.written((address, virtual.to_bytes(8, "little"))) as path:
            caches = open_dump(path).source.caches()
        assert [each.name for each in caches if each not in good] in (
            [f"(cache at {int(copy.source.all_caches.at[20]):#x})"],
            [good[20].name[1:]],  # of a literal in the image, which has no alignment
        )


def test_a_name_is_a_whole_object_of_slab(copy: Copy) -> None:
    """Text within an object, or at the start of a large one, is no copy of a name, however printable it is."""
    kernel = copy.source.kernel
    good = copy.source.caches()
    at = [int(each) for each in copy.source.all_caches.at]
    member = kernel.offset("kmem_cache", "name")
    address = kernel.paging.physical(at[20] + member)
    links = kernel.offset("task_struct", "tasks")
    task = kernel.word(kernel.symbol("init_task") + links) - links
    for virtual in (task, task + 64, at[21] + 8):
        text = kernel.paging.physical(virtual), b"correct horse\0"
        with copy.written((address, virtual.to_bytes(8, "little")), text) as path:
            assert open_dump(path).source.caches()[20].name == f"(cache at {at[20]:#x})"
    copies = [each.name for each, cache in zip(good, at, strict=True) if kernel.word(cache + member) < IMAGE]
    assert copies  # these are shown all the same
    assert not [name for name in copies if name.startswith("(")]


def test_the_copy_is_whole_again(copy: Copy) -> None:
    """Damage was undone: these tests did not run on each other's."""
    again = shutil.copyfile(copy.path, copy.path.with_suffix(".again"))
    try:
        assert open_dump(again).source.caches() == copy.source.caches()
    finally:
        Path(again).unlink()


def test_what_is_no_file(tmp_path: Path) -> None:
    """A FIFO is not waited for, and a device that never ends is not read."""
    os.mkfifo(tmp_path / "dump")
    for path in (tmp_path / "dump", Path("/dev/zero"), tmp_path):
        with pytest.raises(InputError, match="a regular file was expected"):
            open_physical(path)
