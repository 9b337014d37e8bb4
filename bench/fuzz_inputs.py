"""Small valid inputs, which the fuzzers of bench/fuzz.py damage."""

import gzip
import io
import json
import lzma
import random
import re
import struct
import sys
from pathlib import Path

import numpy as np

import scaling
from memdesc.machine.trace.events import COLUMNS
from memdesc.machine.trace.file import FORMAT, Head, Sample, Tail, Trace, Writer
from memdesc.machine.trace.population import Runs

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

# The tests' own helpers are found only by the path above.
import fake_dump  # noqa: E402
from btf import Builder  # noqa: E402
from fake_dump import PAGE, page_tables  # noqa: E402

RECORDED = "tests/machine/traces/debian-6.12.trace"


def btf() -> list[bytes]:
    """Return the BTF of a few structs, of either byte order."""
    out = []
    for end in "<>":
        made = Builder(end)
        long, integer = made.integer("unsigned long", 8), made.integer("int", 4)
        array = made.add(3, "", 0, (integer, long, 4))
        pointer = made.add(2, "", long)
        inner = made.record(5, "", 16, [("a", long, 0), ("b", pointer, 0), ("c", array, 0)])
        made.add(6, "pageflags", 4, (made.name("PG_locked"), 0, made.name("PG_slab"), 9), 2)
        for name in ("page", "folio", "slab", "ptdesc"):
            members = [
                ("flags", long, 0),
                ("mapping", pointer, 64),
                ("", inner, 128),
                ("_refcount", integer, 256),
            ]
            made.record(4, name, 64, members)
        out.append(made.bytes())
    return out


def headers() -> list[bytes]:
    """Return designs: the small headers of the tests, and structs with what a type may be made of."""
    found = [path.read_bytes() for path in sorted((ROOT / "tests/layout/headers").glob("*.h"))]
    return [*found, *_HEADERS]


_HEADERS = (
    b"struct page { unsigned long flags; union { struct { void *mapping; long n; }; int m[4]; }; int _refcount; };\n",
    b"#define N 3\n#if N > 2 && defined(CONFIG_X)\nstruct slab { long flags; char name[N << 1]; };\n#endif\n",
    b"enum pageflags { PG_locked, PG_slab = 1 << 3, __NR_PAGEFLAGS };\ntypedef unsigned int u32;\n"
    b"struct net_page { u32 flags : 3, rest : 29; u32 pp[__NR_PAGEFLAGS]; } __attribute__((aligned(16)));\n",
)


def sources() -> list[bytes]:
    """Return functions of the cases, each with what its file declares before, and shapes that grow fast, in small."""
    out = []
    for path in sorted((ROOT / "tests/c/cases").glob("*.c")):
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(), flags=re.S)
        parts = re.split(r"\n(?=[^\s}#].*\n\{)", text)
        out += [f"{parts[0].strip()}\n\n{part.strip()}\n".encode() for part in parts[1:]]
    return out + [(scaling.HEAD + make(250)).encode() for make in scaling.SHAPES.values()]


def baseline() -> list[bytes]:
    """Return a baseline of four findings."""
    row = {"id": "F:1", "rule": "slab-page-sent", "file": "mm/a.c", "function": "f", "expression": "p"}
    return [b"".join(json.dumps({**row, "id": f"F:{number}"}).encode() + b"\n" for number in range(4))]


NOTE = (
    b"OSRELEASE=6.12.1\nPAGESIZE=4096\nSYMBOL(init_uts_ns)=ffffffff82000000\nSYMBOL(swapper_pg_dir)=ffffffff80001000\n"
    b"NUMBER(phys_base)=0\nKERNELOFFSET=0\nSIZE(page)=64\nOFFSET(page.flags)=0\nNUMBER(pgtable_l5_enabled)=0\n"
    b"SYMBOL(mem_section)=ffffffff82000100\nLENGTH(mem_section)=2\nNUMBER(SECTION_SIZE_BITS)=18\n"
)
_MEMMAP = 0xFFFF_EA00_0000_0000
_FRAMES = 64


def kernel_types() -> bytes:
    """Return the BTF of the kernel whose memory kernel_pages() are."""
    made = Builder()
    long, integer = made.integer("unsigned long", 8), made.integer("int", 4)
    pointer = made.add(2, "", long)
    kind = made.record(5, "", 4, [("page_type", integer, 0), ("_mapcount", integer, 0)])
    members = [
        ("flags", long, 0), ("compound_head", long, 64), ("mapping", pointer, 192), ("private", long, 320),
        ("", kind, 384), ("_refcount", integer, 416), ("memcg_data", long, 448),
    ]  # fmt: skip
    made.record(4, "page", 64, members)
    made.record(4, "folio", 128, [*members, ("_flags_1", long, 512), ("_entire_mapcount", integer, 832)])
    made.record(4, "slab", 64, [("flags", long, 0), ("slab_cache", pointer, 64)])
    made.record(4, "mem_section", 2048, [("section_mem_map", long, 0)])
    _enum(made, "pageflags", PG_locked=0, PG_referenced=2, PG_lru=5, PG_head=6, PG_hugetlb=8, PG_reserved=13)
    _enum(made, "pagetype", PGTY_buddy=0xF0, PGTY_table=0xF2, PGTY_slab=0xF5, PGTY_zsmalloc=0xF6)
    return made.bytes()


def _enum(made: Builder, name: str, **values: int) -> None:
    cells = (cell for each, value in values.items() for cell in (made.name(each), value))
    made.add(6, name, 4, tuple(cells), len(values))


def kernel_pages() -> dict[int, bytes]:
    """Return memory by physical address, with page tables and the descriptors of a few dozen pages."""
    pages = page_tables({0xFFFFFFFF82000000: 0x20000, _MEMMAP: 0x21000, 0xFFFF888000022000: 0x22000})
    image = bytearray(PAGE)
    image[0x100:0x108] = (0xFFFF_8880_0002_2000).to_bytes(8, "little")
    section = bytearray(PAGE)
    section[:8] = (_MEMMAP | 6).to_bytes(8, "little")
    rows = []
    for frame in range(_FRAMES):
        flags, head, mapping, private, kind, count = _PAGES[frame % len(_PAGES)]
        if head:
            head = _MEMMAP + 64 * (frame - head) + 1
        rows.append(struct.pack("<QQQQQQIiQ", flags, head, 0, mapping, 0, private, kind, count, 0))
    return {**pages, 0x20000: bytes(image), 0x21000: b"".join(rows), 0x22000: bytes(section)}


_PAGES = (
    (1 << 13, 0, 0, 0, 0xFFFFFFFF, 1),
    (0, 0, 0, 0, 0xF5000000, 1),
    (1 << 5, 0, 0xFFFF888000001001, 0, 3, 4),
    (1 << 5, 0, 0xFFFF888000001000, 7, 0xFFFFFFFF, 2),
    (0, 0, 0, 2, 0xF0000000, 0),
    (0, 0, 0, 0, 0xFFFFFFFF, 0),
    (0, 0, 0, 0, 0xFFFFFFFF, 0),
    (0, 0, 0, 0, 0xFFFFFFFF, 0),
    (1 << 6, 0, 0, 0, 0xF5000000, 1),
    (1, 1, 0, 0, 0xFFFFFFFF, 0),
    (0, 0, 0, 0, 0xF2000000, 1),
)
"""Rows of flags, how far the head is before it, mapping, private, page_type and count of references."""


def cores() -> list[bytes]:
    """Return ELF cores: of a kernel whose pages can be counted, and of nothing."""
    return [fake_dump.elf_core(kernel_pages(), NOTE), fake_dump.elf_core({0x1000: bytes(64)}, NOTE)]


def kdumps() -> list[bytes]:
    """Return compressed dumps, packed or not, flattened or not."""
    frames = {address // PAGE: page for address, page in kernel_pages().items()}
    small = fake_dump.kdump({1: bytes(PAGE)}, NOTE)
    packed = fake_dump.kdump(frames, NOTE)
    return [packed, fake_dump.kdump(frames, NOTE, 0), fake_dump.flattened(packed, [4096, 5000]), small]


def images() -> list[bytes]:
    """Return what carries BTF as kernels do: ELF files and packed ones."""
    out = []
    for wide, end, raw in zip((2, 2, 1), "<><", (*btf(), btf()[0]), strict=True):
        names = b"\0.BTF\0.shstrtab\0.notes\0"
        note = struct.pack(end + "III", 4, 8, 3) + b"GNU\0" + bytes(range(8))
        parts, at = [names, raw, note], 64 if wide == 2 else 52
        sections = struct.pack(end + ("IIQQQQIIQQ" if wide == 2 else "IIIIIIIIII"), *[0] * 10)
        for name, kind, part in zip((6, 1, 16), (3, 1, 7), parts, strict=True):
            sections += struct.pack(
                end + ("IIQQQQIIQQ" if wide == 2 else "IIIIIIIIII"),
                name,
                kind,
                0,
                0,
                at,
                len(part),
                0,
                0,
                1,
                0,
            )
            at += len(part)
        ident = b"\x7fELF" + bytes((wide, 1 if end == "<" else 2, 1)) + bytes(9)
        form = end + ("HHIQQQIHHHHHH" if wide == 2 else "HHIIIIIHHHHHH")
        size = 64 if wide == 2 else 52
        head = ident + struct.pack(form, 2, 62, 1, 0, 0, at, 0, size, 0, 0, 64 if wide == 2 else 40, 4, 1)
        out.append(head + b"".join(parts) + sections)
    return [*out, gzip.compress(out[0]), lzma.compress(out[0])]


def traces() -> list[bytes]:
    """Return small traces with all frames and operations; the stacks are those of a recorded one."""
    stacks = next(frame for frame in Trace(ROOT / RECORDED) if isinstance(frame, list))
    return [_trace(4096, 120, stacks), _trace(512, 20, stacks[::16])]


def _trace(pages: int, count: int, stacks: list[tuple[str, ...]]) -> bytes:
    random_, stream = random.Random(1), io.BytesIO()
    writer = Writer(stream, Head(FORMAT, "6.12.0", "x86_64", 4096, pages, 2, ("kmem/mm_page_alloc",)))
    rows = [(16, 0, 32), (1, 0, 64), (1, 3, 16), (4, 1, 32), (7, 0, 64), (17, 4, 4)]
    rows.append((31, 0, pages - sum(blocks << order for _, order, blocks in rows)))
    code, order, blocks = (np.array(column) for column in zip(*rows, strict=True))
    writer.population(Runs(0, 1, 5, code.astype(np.uint8), order.astype(np.uint8), blocks.astype(np.uint32)))
    writer.stacks(stacks)
    for number in range(3):
        events = np.zeros(count, COLUMNS)
        events["time"] = np.arange(count) * 1000 + number * 200_000 + 10
        events["op"] = [random_.choice((1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8)) for _ in range(count)]
        events["order"] = [random_.choice((0, 0, 0, 1, 2, 3)) for _ in range(count)]
        events["pfn"] = [random_.randrange(pages) >> each << each for each in events["order"].tolist()]
        events["stack"] = [random_.randrange(len(stacks) + 1) for _ in range(count)]
        events["index"] = [random_.randrange(20) for _ in range(count)]
        events["object"] = [random_.randrange(5) for _ in range(count)]
        writer.events(events)
        counters = {"nr_free_pages": 3, "nr_file_pages": 7, "pgmigrate_success": number}
        at = number * 200_000
        writer.sample(Sample(at, at + 90_000, counters, {"VmallocUsed": 8}, 5, {"file": 4, "slab": 1}))
    writer.tail(Tail(3 * count, 700_000, 1, 2, 3))
    return stream.getvalue()
