"""The reader of C: what it understands, and one clear line at file:line:column for what it does not."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memdesc.errors import InputError
from memdesc.layout.abi import ABIS
from memdesc.layout.model import Enum, Struct, Typedef, strip
from memdesc.layout.read_c import Header, read, read_text

X86 = ABIS["x86_64"]


def parse(text: str, abi: str = "x86_64", **config: bool) -> Header:
    """Return what `text` declares."""
    return read_text(text, "t.h", ABIS[abi], config)


def places(text: str, name: str = "a", abi: str = "x86_64") -> dict[str, int]:
    """Return path -> byte offset of the leaves of one struct."""
    return {f.path: f.offset for f in parse(text, abi).types.struct(name).leaves()}


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("struct a { int x;\n", "1:10", "this '{' is not closed"),
        ("struct a { foo_t x; };", "1:12", "unknown type 'foo_t'"),
        ("struct a {\n\tint y;\n\tstruct a x;\n};", "3:11", "struct a contains itself as 'x'"),
        ("typedef struct a a;\nstruct a { a x; };", "2:14", "contains itself"),
        ("struct a { int x[0]; };", "1:17", "array 'x' has no elements"),
        ("struct a { int x[-1]; };", "1:17", "array 'x' has -1 elements"),
        ("struct a { int x[1 / 0]; };", "1:20", "division by zero"),
        ("struct a { int x[n]; };", "1:18", "'n' is not a constant"),
        ("struct a { int x[]; int y; };", "1:21", "'x' has no size and must come last"),
        ("struct a { int x[]; };", "1:16", "the only member"),
        ("struct a { int x : 33; };", "1:16", "bit-field 'x' has 33 bits, its type 'int' 32"),
        ("struct a { _Bool x : 2; };", "1:18", "bit-field 'x' has 2 bits"),
        ("struct a { int x : 0; };", "1:16", "bit-field 'x' has no bits"),
        ("struct a { float x : 3; };", "1:18", "which is no integer"),
        ("struct a { void x; };", "1:17", "'x' is void"),
        ("struct a { struct b x; };", "1:21", "'x' has type 'struct b', which is not declared"),
        ("struct a { int f(void); };", "1:16", "'f' is a function"),
        ("struct a { int x; int x; };", "1:23", "member 'x' is declared twice"),
        ("struct a { int x; struct { int x; }; };", "1:19", "member 'x' is declared twice"),
        ("struct a { int x; };\nstruct a { int y; };", "2:1", "declared twice; first at t.h:1:1"),
        ("struct a { int x };", "1:18", "expected ';' after the member, got '}'"),
        ("struct a {\n\t...\n};", "2:2", "'...' leaves members out; write them down"),
        ("struct a { int; };", "1:12", "'int' declares no member here"),
        ("struct a { long char x; };", "1:12", "is no type"),
        ("strct a { int x; };", "1:1", "unknown type 'strct'"),
        ("struct a { int x; } struct b { int y; };", "1:21", "expected a name, got 'struct'"),
        ("struct a { int x @ 4; };", "1:18", "expected ';'"),
        ("#if 1\nstruct a { int x; };", "1:1", "this #if has no #endif"),
        ("#endif", "1:1", "#endif without #if"),
        ("#else", "1:1", "#else without #if"),
        ("#if\n#endif", "1:1", "#if has no condition"),
        ("#error do not read this", "1:1", "#error do not read this"),
        ("struct a { /* no end", "1:12", "this comment does not end"),
        ("struct a { int x; char *y = \"no end; };", "1:29", "this string does not end"),
        ("struct \x01 {", "1:8", "has no place in C"),
        ("#define F(x) x\nstruct a { int F(y); };", "2:16", "takes arguments"),
        ("struct a { int x __attribute__((aligned(3))); };", "1:40", "3 is no alignment"),
        ("enum e { A = B };", "1:14", "'B' is not a constant"),
        ("enum e { };", "1:1", "no enumerators"),
        ("struct a { " + "struct { " * 100, "1:543", "nest more than 60 deep"),
        ("struct a { int x[" + "(" * 500 + "1" + ")" * 500 + "]; };", "1:68", "nests more than 100 deep"),
        ("typedef int;", "1:12", "expected a name"),
        ("struct a { int x; } y = { 1 };\n}", "2:1", "expected a declaration"),
    ],
)  # fmt: skip
def test_errors(text: str, place: str, why: str) -> None:
    """Each mistake is one line that starts with file:line:column."""
    with pytest.raises(InputError) as caught:
        parse(text)
    message = str(caught.value)
    assert message.startswith(f"t.h:{place}: ")
    assert why in message
    assert "\n" not in message


def test_no_int128_on_32_bits() -> None:
    """A type that the ABI lacks is an error there only."""
    assert parse("struct a { __int128 x; };").types.struct("a").size == 16
    with pytest.raises(InputError, match="i386 has no type '__int128'"):
        parse("struct a { __int128 x; };", "i386")


@settings(
    max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
@given(st.lists(st.sampled_from(
    ["struct", "a", "{", "}", ";", "int", "*", "x", "y", "[", "]", "3", "(", ")", ":", ",", "union",
     "enum", "=",
     "typedef", "__packed", "#if", "\n", "#endif", "unsigned", "/*", "*/", "__attribute__", "'", "sizeof"]
), max_size=30))  # fmt: skip
def test_any_text_is_read_or_refused(words: list[str]) -> None:
    """No text makes the reader fail in any other way than InputError."""
    text = " ".join(words)
    message = ""
    try:
        types = parse(text).types
        assert all(isinstance(types.find(name), Struct) for name in types.names())
    except InputError as error:
        message = str(error)
    assert not message or message.startswith("t.h:")


def test_names_from_the_kernel() -> None:
    """Basic types of the kernel need no declaration, and a declaration of one's own wins."""
    assert places("struct a { u8 x; atomic_t y; struct list_head z; };") == {
        "x": 0, "y": 4, "z.next": 8, "z.prev": 16,
    }  # fmt: skip
    own = "struct list_head { int one, two; }; struct a { u8 x; struct list_head z; };"
    assert places(own) == {"x": 0, "z.one": 4, "z.two": 8}


def test_dma_address_follows_the_configuration() -> None:
    """dma_addr_t has 64 bits on 32-bit machines only where the configuration says so."""
    text = "struct a { dma_addr_t x; };"
    assert parse(text, "arm").types.struct("a").size == 4
    assert parse(text, "arm", ARCH_DMA_ADDR_T_64BIT=True).types.struct("a").size == 8


def test_conditions() -> None:
    """#if, #elif, #ifdef and IS_ENABLED() choose members by configuration and ABI."""
    text = """
    struct a {
    #ifdef CONFIG_MEMCG
        long memcg;
    #elif defined(CONFIG_OTHER) || 0
        long other;
    #else
        long none;
    #endif
    #if IS_ENABLED(CONFIG_NUMA) && BITS_PER_LONG == 64
        int node;
    #endif
    #if 0
        this is not C '
    #endif
    };"""
    assert next(iter(parse(text).types.struct("a").fields())).path == "none"
    assert [f.path for f in parse(text, MEMCG=True, NUMA=True).types.struct("a").fields()] == [
        "memcg",
        "node",
    ]
    assert [f.path for f in parse(text, "i386", OTHER=True, NUMA=True).types.struct("a").fields()] == [
        "other"
    ]


def test_declarators() -> None:
    """Pointers, arrays and functions nest as C has them."""
    text = """
    #define COUNT (1 << 2)
    enum size { SMALL = sizeof(int), LARGE = SMALL * COUNT };
    typedef int pair[2];
    struct a {
        void (*handler)(struct a *self, int n);
        char *names[COUNT], letter;
        int (*row)[3];
        pair grid[LARGE / 8];
        DECLARE_BITMAP(bits, 65);
        const volatile unsigned long int __user *p;
        unsigned char tail[];
    };"""
    struct = parse(text).types.struct("a")
    spelled = {f.path: f.type.spelling for f in struct.leaves()}
    assert spelled == {
        "handler": "void (*)(struct a *, int)",
        "names": "char *[4]",
        "letter": "char",
        "row": "int (*)[3]",
        "grid": "pair[2]",
        "bits": "unsigned long[2]",
        "p": "const volatile unsigned long *",
        "tail": "unsigned char[0]",
    }
    assert (struct.offset("letter"), struct.offset("row"), struct.offset("bits")) == (40, 48, 72)
    assert struct.size == 96
    kind = parse(text).types.enum("size")
    assert isinstance(kind, Enum)
    assert kind.values == (("SMALL", 4), ("LARGE", 16))


def test_code_is_skipped() -> None:
    """Functions, variables and assertions between declarations say nothing about types."""
    text = """
    #include <linux/mm.h>
    static inline struct a *get(struct unknown *u) { return (struct a *)u; }
    extern int counter;
    struct a { int x; _Static_assert(sizeof(int) == 4, "int"); };
    static_assert(sizeof(struct a) == 4);
    EXPORT_SYMBOL(get);
    static const struct a table[] = { { 1 }, { .x = 2 } };
    int main(void) { struct b { int y; } b = { 1 }; return b.y; }
    """
    assert parse(text).types.names() == ("a",)


def test_comments_that_speak_to_memdesc() -> None:
    """A comment belongs to the member before it on its line, or to what follows it."""
    text = """
    /* memdesc: kind=slab, must=mappable */
    struct a {
        int x; /* memdesc: zero */
        /* memdesc: pad */
        int y;
        int z; /* @8 */ int w; // memdesc: from=-1
        int v; /* memdesc: expect slab -> mapping */
    };"""
    struct = parse(text).types.struct("a")
    assert struct.notes == ("kind=slab", "must=mappable")
    assert {f.path: f.member.notes for f in struct.leaves()} == {
        "x": ("zero",), "y": ("pad",), "z": ("@8",), "w": ("from=-1",), "v": (),
    }  # fmt: skip


def test_offset_comments_agree_with_the_layout() -> None:
    """The fixture below says where each member lies, and so does the reader."""
    text = """
    struct a {
        char c; /* @0 */
        long l; /* @8 */
        short s; /* @16 */
        union { int i; /* @20 */ char b; /* @20 */ };
        unsigned f : 3; /* @24:0 */
        unsigned g : 5; /* @24:3 */
    };"""
    for field in parse(text).types.struct("a").leaves():
        byte, _, bit = field.member.notes[0].removeprefix("@").partition(":")
        assert field.offset == int(byte), field.path
        if bit:
            assert field.bit_offset & 7 == int(bit), field.path


def test_model_queries() -> None:
    """Offset to members, member to offset, and what lies in a range of bits."""
    header = parse("struct in { int p, q; }; typedef struct { int n; } wrap_t;"
                   "struct a { long l; union { struct in s; void *v; }; wrap_t w; };")  # fmt: skip
    struct = header.types.struct("struct a")
    assert [f.path for f in struct.at(12)] == ["s.q", "v"]
    assert struct.at(99) == ()
    assert struct.find("s.q").offset == 12  # type: ignore[union-attr]
    assert struct.find("nothing") is None
    assert [f.path for f in struct.overlapping(64, 8)] == ["s.p", "v"]
    assert struct.field("w").leaf
    assert not struct.field("w.n").leaf
    assert struct.field("w").value(bytes(16) + b"\x05\0\0\0" + bytes(4), "little") == 5
    assert isinstance(struct.field("w").type, Typedef)
    assert isinstance(strip(struct.field("w").type), Struct)
    with pytest.raises(InputError, match=r"has no member 's\.r'; did you mean 's\."):
        struct.field("s.r")
    with pytest.raises(InputError, match="declares no struct or union 'b'"):
        header.types.struct("b")
    assert header.types.find("union a") is None


def test_unreadable_files(tmp_path) -> None:
    """A directory and a missing file are one line each."""
    for path in (tmp_path, tmp_path / "none.h"):
        with pytest.raises(InputError, match="cannot be read"):
            read(path, X86)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(~0UL >> 63) + 1", 2), ("~0U >> 31", 1), ("~0U + 2", 1), ("-1UL / (1UL << 60)", 15), ("(-1 > 0U) + 1", 2),
        ("~0UL % 16", 15), ("1U - 2 == 0xffffffffU", 1), ("(~0 >> 63) + 2", 1), ("~0UL << 63 >> 62", 2),
        ("(1UL << 31 << 1 >> 31) + 0", 2),
    ],
)  # fmt: skip
def test_unsigned_constants(text: str, value: int) -> None:
    """They count modulo the size of their type, as a compiler does."""
    header = read_text(f"struct page {{ char c[{text}]; }};\n", "a.h", ABIS["x86_64"])
    assert [struct.size for struct in header.types.structs.values()] == [value]
