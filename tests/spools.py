"""Spools made by hand: a writer of ring buffers of its own, to judge the reader by."""

import struct
from dataclasses import dataclass, field
from pathlib import Path

COMMON = (
    "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
    "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
    "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
    "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
)
HEADER_PAGE = (
    "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
    "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
    "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
    "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n"
)
FIELDS = {
    "kmem/mm_page_alloc": (11, "<QI4xQi", (
        ("unsigned long pfn", 8, 8), ("unsigned int order", 16, 4), ("unsigned long gfp_flags", 24, 8),
        ("int migratetype", 32, 4),
    )),
    "kmem/mm_page_free": (12, "<QI", (("unsigned long pfn", 8, 8), ("unsigned int order", 16, 4))),
    "filemap/mm_filemap_add_to_page_cache": (13, "<QQQIB", (
        ("unsigned long pfn", 8, 8), ("unsigned long i_ino", 16, 8), ("unsigned long index", 24, 8),
        ("dev_t s_dev", 32, 4), ("unsigned char order", 36, 1),
    )),
    "filemap/mm_filemap_delete_from_page_cache": (14, "<QQQIB", (
        ("unsigned long pfn", 8, 8), ("unsigned long i_ino", 16, 8), ("unsigned long index", 24, 8),
        ("dev_t s_dev", 32, 4), ("unsigned char order", 36, 1),
    )),
    "vmalloc/alloc_vmap_area": (15, "<QQQQQi", (
        ("unsigned long addr", 8, 8), ("unsigned long size", 16, 8), ("unsigned long align", 24, 8),
        ("unsigned long vstart", 32, 8), ("unsigned long vend", 40, 8), ("int failed", 48, 4),
    )),
    "vmalloc/free_vmap_area_noflush": (16, "<QQQ", (
        ("unsigned long va_start", 8, 8), ("unsigned long nr_lazy", 16, 8), ("unsigned long nr_lazy_max", 24, 8),
    )),
    "ftrace/kernel_stack": (4, "", (("int size", 8, 4), ("unsigned long caller[8]", 16, 64))),
}  # fmt: skip
FUNCTIONS = {
    "allocate_slab": 0x1000, "do_anonymous_page": 0x2000, "filemap_alloc_folio_noprof": 0x3000,
    "pte_alloc_one": 0x4000, "do_syscall_64": 0x5000, "__vmalloc_node_range_noprof": 0x6000, "my_driver": 0x7000,
}  # fmt: skip


@dataclass
class Buffer:
    """The ring buffer of one CPU: records are given in the order of time."""

    time: int = 0
    blocks: list[bytes] = field(default_factory=list)
    _data: bytes = b""
    _begun: int = 0

    def record(self, time: int, payload: bytes, long: bool = False) -> None:
        """Add a record; `long` writes its length in a word of its own."""
        payload += bytes(-len(payload) % 4)
        delta = time - (self.time if self._data else time)
        if not self._data:
            self._begun = time
        out = b""
        if delta >= 1 << 27:
            out += struct.pack("<II", 30 | (delta & ((1 << 27) - 1)) << 5, delta >> 27)
            delta = 0
        if long or len(payload) > 112:
            out += struct.pack("<II", delta << 5, len(payload) + 4) + payload
        else:
            out += struct.pack("<I", len(payload) // 4 | delta << 5) + payload
        if len(self._data) + len(out) > 4080:
            self.flush()
            return self.record(time, payload, long)
        self._data += out
        self.time = time
        return None

    def flush(self, flags: int = 0) -> None:
        """End the sub-buffer."""
        if self._data:
            self.blocks.append(struct.pack("<QQ", self._begun, len(self._data) | flags) + self._data)
        self._data = b""

    def event(self, time: int, name: str, *values: int, pid: int = 1, flags: int = 0) -> None:
        """Add an event."""
        number, layout, _ = FIELDS[name]
        self.record(time, struct.pack("<HBBI", number, flags, 0, pid) + struct.pack(layout, *values))

    def stack(self, time: int, *functions: str, pid: int = 1, flags: int = 0) -> None:
        """Add a stack, innermost function first."""
        addresses = [FUNCTIONS[name] + 16 for name in functions]
        head = struct.pack("<HBBII4x", 4, flags, 0, pid, len(addresses))
        self.record(time, head + struct.pack(f"<{len(addresses)}Q", *addresses))


def write_spool(folder: Path, buffers: list[Buffer], origin: int = 0, end: int = 1 << 40) -> Path:
    """Write what `buffers` hold as a spool of a machine of 1,024 pages, all of them free at the beginning."""
    (folder / "formats").mkdir(parents=True)
    for name, (number, _, fields) in FIELDS.items():
        lines = [f"\tfield:{words};\toffset:{at};\tsize:{size};\tsigned:0;\n" for words, at, size in fields]
        text = f'name: {name.split("/")[1]}\nID: {number}\nformat:\n{COMMON}{"".join(lines)}\nprint fmt: ""\n'
        (folder / "formats" / name.replace("/", ".")).write_text(text)
    (folder / "release").write_text("6.99.0-test\n")
    (folder / "machine").write_text("x86_64\n")
    (folder / "header_page").write_text(HEADER_PAGE)
    (folder / "kallsyms").write_text("".join(f"{at:016x} T {name}\n" for name, at in FUNCTIONS.items()))
    (folder / "population.0").write_bytes(struct.pack("<Q", 1 << 10) * 1024)
    (folder / "marks").write_text(f"population.0 {origin} {origin}\ntrace {origin} {end}\n")
    for cpu, buffer in enumerate(buffers):
        buffer.flush()
        (folder / f"cpu{cpu}.raw").write_bytes(b"".join(buffer.blocks))
    return folder
