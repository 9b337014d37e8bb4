"""Types read from real kernels equal what bpftool reads from them, and reading is fast enough to be free."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from memdesc.layout import design, image, read_btf
from memdesc.layout.abi import ABIS
from memdesc.layout.hazards import check
from memdesc.layout.model import Enum, Struct

pytestmark = pytest.mark.real

# Members of struct page that vendors add to kernels of their own; no release of Linux has them.
_VENDOR = frozenset(("buddy_since",))
_RUNNING = Path("/sys/kernel/btf/vmlinux")


def _kernels() -> list[Path]:
    """Return the running kernel's BTF, and the kernels in $MEMDESC_KERNELS (see setup.sh) and /boot."""
    found = [_RUNNING] if _RUNNING.exists() else []
    for folder in (os.environ.get("MEMDESC_KERNELS"), "/boot"):
        if folder:
            found += sorted(Path(folder).glob("vmlinuz-*"))
    return found


KERNELS = _kernels()


@pytest.fixture(params=KERNELS, ids=lambda path: path.name)
def kernel(request: pytest.FixtureRequest) -> Path:
    """Give each kernel that the machine has."""
    path = request.param
    assert isinstance(path, Path)
    return path


def test_some_kernel_is_here() -> None:
    """The other tests of this file have something to test."""
    if not KERNELS:
        pytest.skip("no kernel with BTF is here: run tests/layout/setup.sh and set MEMDESC_KERNELS")
    assert all(path.exists() for path in KERNELS)


def test_every_struct_equals_bpftools(kernel: Path, tmp_path: Path) -> None:
    """Every struct and union has bpftool's size, and every member its name, type, offset and width."""
    tool = shutil.which("bpftool") or shutil.which("bpftool", path="/usr/sbin")
    if tool is None:
        pytest.skip("bpftool is not installed")
    raw = tmp_path / "btf"
    raw.write_bytes(image.open_image(kernel).btf)
    done = subprocess.run([tool, "-j", "btf", "dump", "file", str(raw)], capture_output=True, check=True)
    theirs = {t["id"]: t for t in json.loads(done.stdout)["types"]}
    types = read_btf.read(kernel)
    count = members = 0
    for number, struct in types.all_structs():
        other = theirs[number]
        name = "" if other["name"] == "(anon)" else other["name"]
        assert (struct.name, struct.size, struct.keyword) == (name, other["size"], other["kind"].lower())
        assert len(struct.members) == len(other["members"])
        for ours, their in zip(struct.members, other["members"], strict=True):
            theirs_name = "" if their["name"] == "(anon)" else their["name"]
            width = their.get("bitfield_size", 0) or None
            assert (ours.name, ours.bit_offset, ours.bit_size) == (
                theirs_name,
                their["bits_offset"],
                width,
            ), name
            assert ours.type is types.type(their["type_id"])
            members += 1
        count += 1
    assert count == sum(t["kind"] in ("STRUCT", "UNION") for t in theirs.values())
    assert members > 10_000


def test_every_enum_equals_bpftools(kernel: Path, tmp_path: Path) -> None:
    """Every enumeration has bpftool's values."""
    tool = shutil.which("bpftool") or shutil.which("bpftool", path="/usr/sbin")
    if tool is None:
        pytest.skip("bpftool is not installed")
    raw = tmp_path / "btf"
    raw.write_bytes(image.open_image(kernel).btf)
    done = subprocess.run([tool, "-j", "btf", "dump", "file", str(raw)], capture_output=True, check=True)
    types = read_btf.read(kernel)
    count = 0
    for other in json.loads(done.stdout)["types"]:
        if other["kind"] not in ("ENUM", "ENUM64"):
            continue
        ours = types.type(other["id"])
        assert isinstance(ours, Enum)
        # bpftool sign-extends 32-bit values whether or not the enumeration is signed.
        mask = (1 << ours.size * 8) - 1
        assert [(v["name"], v["val"] & mask) for v in other["values"]] == [
            (n, v & mask) for n, v in ours.values
        ]
        count += 1
    assert count > 500


def test_reading_is_fast(kernel: Path) -> None:
    """All types take under 2 s, the page types alone under 0.5 s, unpacking of the image included."""
    start = time.perf_counter()
    types = read_btf.read(kernel)
    for name in ("page", "folio", "slab", "ptdesc", "zpdesc", "netmem_desc"):
        if (found := types.find(name)) is not None:
            assert found.leaves()
    pages = time.perf_counter() - start
    for _, struct in types.all_structs():
        assert isinstance(struct, Struct)
    everything = time.perf_counter() - start
    assert pages < 0.5
    assert everything < 2


def test_shipped_design_equals_the_kernel(kernel: Path) -> None:
    """The shipped design of a kernel's series places every member where that kernel has it."""
    types = read_btf.read(kernel)
    if types.enumerator("PGTY_large_kmalloc") is not None:
        name = "linux-6.18"
    elif types.enumerator("PGTY_slab") is not None:
        name = "linux-6.12"
    else:
        name = "linux-6.1"
    shipped = design.load(name, ABIS["x86_64"])
    compared = 0
    for struct in (shipped.page, *(d.struct for d in shipped.descriptors if not d.arm)):
        theirs = types.find(f"struct {struct.name}")
        if theirs is None:
            continue
        assert struct.size == theirs.size, struct.name
        for field in theirs.leaves():
            ours = struct.find(field.path)
            # Locks are left whole: what is inside depends on lock debugging.
            if field.path.rpartition(".")[2] in _VENDOR or ".rlock." in field.path:
                continue
            if ours is None:
                pytest.fail(f"{name} lacks {struct.name}.{field.path}")
            if ours is not None:
                assert (ours.bit_offset, ours.bit_size) == (field.bit_offset, field.bit_size), field.path
                compared += 1
    assert compared > 60


def test_slab_reads_as_anonymous_on_a_running_6_18() -> None:
    """The check finds what the running kernel's /proc/kpageflags gets wrong: slab pages read as ANON."""
    if not _RUNNING.exists():
        pytest.skip("no BTF of a running kernel")
    loaded = design.load(_RUNNING)
    slab = loaded.descriptor("slab")
    if slab is None or slab.struct.find("slabs") is None or loaded.page.find("mapping") is None:
        pytest.skip("the running kernel's struct slab keeps no count where mapping lies")
    if slab.struct.offset("slabs") != loaded.page.offset("mapping"):
        pytest.skip("the running kernel's struct slab keeps no count where mapping lies")
    report = check(loaded)
    found = {(f.rule, f.descriptor): f for f in report.hazards}
    anon = found["anon-bit", "slab"]
    assert "slabs" in anon.says
    assert "slab_list.prev" in anon.says
    assert "stable_page_flags()" in anon.says
    assert ("ksm-bits", "slab") in found
    assert not any(f.rule == "tail-mapping" for f in report.hazards)
