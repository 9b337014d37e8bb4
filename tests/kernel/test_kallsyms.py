"""Symbols out of tables as the kernel packs them."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memdesc.errors import InputError
from memdesc.kernel.kallsyms import Symbols, read_symbols
from memdesc.kernel.paging import Paging
from memdesc.kernel.vmcoreinfo import Vmcoreinfo, parse

BASE = 0xFFFF_FFFF_8100_0000
PAIRS = ("in", "it", "_s", "te", "Tin", "dslab", "_stext")
"""Tokens of more than one letter, as scripts/kallsyms would find them."""


class Fake(Paging):
    """Virtual memory that is one piece of bytes."""

    def __init__(self, raw: bytes) -> None:
        object.__setattr__(self, "raw", raw)

    def read(self, address: int, size: int) -> bytes:
        """See Paging.read()."""
        raw: bytes = object.__getattribute__(self, "raw")
        if not BASE <= address <= address + size <= BASE + len(raw):
            raise InputError("fake", f"has nothing mapped at kernel address {address:#x}")
        return raw[address - BASE : address - BASE + size]


Fake.__slots__ = ()  # type: ignore[attr-defined]


def packed(symbols: list[tuple[str, int]], percpu: bool) -> tuple[bytes, Vmcoreinfo]:
    """Return memory with a kallsyms table of (type and name, address), and a VMCOREINFO that says where it is."""
    tokens = [chr(code) if 32 < code < 127 else "?" * 40 for code in range(256)]
    for code, pair in enumerate(PAIRS, 200):
        tokens[code] = pair
    names = b""
    for name, _address in symbols:
        codes, rest = b"", name
        while rest:
            code = max((c for c, t in enumerate(tokens) if rest.startswith(t)), key=lambda c: len(tokens[c]))
            codes += bytes((code,))
            rest = rest[len(tokens[code]) :]
        size = len(codes)
        names += (bytes((size,)) if size < 128 else bytes((size & 0x7F | 0x80, size >> 7))) + codes
    table, index = b"", []
    for token in tokens:
        index.append(len(table))
        table += token.encode() + b"\0"
    offsets = []
    for _name, address in symbols:
        if not percpu:
            offsets.append(address - BASE)
        else:
            offsets.append(address if address < 1 << 31 else BASE - 1 - address)
    parts = {
        "offsets": struct.pack(f"<{len(offsets)}i", *offsets),
        "relative_base": struct.pack("<Q", BASE),
        "num_syms": struct.pack("<I", len(symbols)),
        "names": names,
        "token_table": table,
        "token_index": struct.pack("<256H", *index),
    }
    raw, says = b"", ["OSRELEASE=1"]
    for what, some in parts.items():
        says.append(f"SYMBOL(kallsyms_{what})={BASE + len(raw):x}")
        raw += some + bytes(-len(some) % 8)
    known = {name[1:]: address for name, address in symbols}
    says.append(f"SYMBOL(_stext)={known['_stext']:x}")
    return raw + bytes(8192), parse("\n".join(says).encode(), "test")


def table(symbols: list[tuple[str, int]], percpu: bool = False) -> Symbols:
    """Return the symbols read from such a table."""
    raw, info = packed(symbols, percpu)
    return read_symbols(Fake(raw), info)


names = st.text("abinstexyz_0189", min_size=1, max_size=140)


@given(st.dictionaries(names, st.integers(0, 1 << 30), max_size=8), st.booleans())
@settings(max_examples=25, deadline=None)
def test_every_symbol_is_found(found: dict[str, int], percpu: bool) -> None:
    """By name its address, whichever way its name is packed; a name that is not there is not found."""
    found.pop("_stext", None)
    symbols = [("T_stext", BASE), *((f"t{name}", BASE + offset) for name, offset in found.items())]
    held = table(symbols, percpu)
    assert held.why == ""
    assert held.find(found) == {name: BASE + offset for name, offset in found.items()}
    assert held.find(["not-there", ""]) == {}


def test_percpu_symbols_are_offsets() -> None:
    """Where per-CPU symbols are absolute, they are what they are, and others count down from the base."""
    held = table([("T_stext", BASE), ("Acached_stacks", 0x1FF00), ("tinit", BASE + 5000)], percpu=True)
    assert held.find(["cached_stacks", "init"]) == {"cached_stacks": 0x1FF00, "init": BASE + 5000}


def test_the_symbol_at_an_address() -> None:
    """It is the last that starts at or before it."""
    held = table([("T_stext", BASE), ("tinit", BASE + 100), ("tslab", BASE + 200)])
    assert [held.name_at(BASE + at) for at in (0, 99, 100, 250)] == ["_stext", "_stext", "init", "slab"]
    assert held.name_at(5) == ""


def test_tables_that_cannot_be_read() -> None:
    """Without a table, or with one that contradicts VMCOREINFO, what VMCOREINFO says is all there is."""
    raw, info = packed([("T_stext", BASE), ("tinit", BASE + 8)], False)
    bad = read_symbols(Fake(raw), parse(b"SYMBOL(init)=ff\n", "test"))
    assert "has no SYMBOL(kallsyms_names)" in bad.why
    assert bad.find(["init", "slab"]) == {"init": 0xFF}
    info.symbols["_stext"] += 8
    assert "do not agree" in read_symbols(Fake(raw), info).why
    info.symbols["_stext"] -= 8
    for name in "names", "num_syms", "offsets", "token_table", "token_index":
        kept = info.symbols[f"kallsyms_{name}"]
        info.symbols[f"kallsyms_{name}"] = 0x1000
        assert "cannot be read" in read_symbols(Fake(raw), info).why
        info.symbols[f"kallsyms_{name}"] = kept


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_damaged_tables(data: st.DataObject) -> None:
    """Bytes changed anywhere: symbols, or a reason; never anything else."""
    raw, info = packed([("T_stext", BASE), *((f"tinit{n}", BASE + n) for n in range(30))], False)
    changed = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 20))):
        changed[data.draw(st.integers(0, len(raw) - 8193))] = data.draw(st.integers(0, 255))
    held = read_symbols(Fake(bytes(changed)), info)
    assert set(held.find(["init3", "init29"])) <= {"init3", "init29"}


def test_settings_of_vmcoreinfo() -> None:
    """Each form of a line goes to its table; what is in no form is left out."""
    info = parse(
        b"OSRELEASE=6.1\nBUILD-ID=ab\nSYMBOL(a)=ff\nNUMBER(b)=-5\nNUMBER(c)=0x10\nOFFSET(page.flags)=8\n"
        b"SIZE(page)=64\nLENGTH(d)=3\n\xff\xfe\nNUMBER(e)=what\nnonsense\n", "test",
    )  # fmt: skip
    assert (info.release, info.build_id) == ("6.1", "ab")
    assert info.symbols == {"a": 0xFF}
    assert info.numbers == {"b": -5, "c": 16}
    assert (info.offsets, info.sizes, info.lengths) == ({"page.flags": 8}, {"page": 64}, {"d": 3})
    with pytest.raises(InputError, match=r"without SYMBOL\(b\)"):
        info.symbol("b", "dump")
