"""Our reader of C places members where gcc and clang do, on every ABI."""

import struct
from collections.abc import Callable, Iterator
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memdesc.layout.abi import ABIS, Abi
from memdesc.layout.design import SHIPPED
from memdesc.layout.model import Array, Field, Struct, strip
from memdesc.layout.read_c import predefined, read_text

pytestmark = pytest.mark.real

_SCALARS = (
    "char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned int", "long",
    "unsigned long", "long long", "unsigned long long", "_Bool", "float", "double", "long double",
    "void *", "struct other *", "enum colour", "t8", "t64",
)  # fmt: skip
_BIT_TYPES = {
    "char": 8, "unsigned char": 8, "short": 16, "unsigned short": 16, "int": 32, "unsigned int": 32,
    "_Bool": 1, "long long": 64, "unsigned long long": 64, "unsigned long": 32, "enum colour": 3,
}  # fmt: skip
_PREFACE = """
enum colour { RED, GREEN = 5, BLUE };
typedef unsigned char t8;
typedef unsigned long long t64 __attribute__((aligned(8)));
"""
_ATTRIBUTES = ("", "", "", " __attribute__((packed))", " __attribute__((aligned(16)))",
               " __attribute__((packed, aligned(2)))")  # fmt: skip


@st.composite
def _members(draw: st.DrawFn, names: Iterator[int], depth: int) -> str:
    lines = []
    for _ in range(draw(st.integers(1, 6))):
        choice = draw(st.integers(0, 9 if depth < 3 else 7))
        name = f"m{next(names)}"
        if choice <= 2:
            aligned = draw(
                st.sampled_from(("", "", "", " __attribute__((aligned(8)))", " __attribute__((packed))"))
            )
            lines.append(f"{draw(st.sampled_from(_SCALARS))} {name}{aligned};")
        elif choice <= 3:
            counts = "".join(f"[{n}]" for n in draw(st.lists(st.integers(1, 4), min_size=1, max_size=2)))
            lines.append(f"{draw(st.sampled_from(_SCALARS))} {name}{counts};")
        elif choice <= 6:
            base = draw(st.sampled_from(sorted(_BIT_TYPES)))
            lines.append(f"{base} {name} : {draw(st.integers(1, _BIT_TYPES[base]))};")
        elif choice == 7:
            base = draw(st.sampled_from(("int", "char", "unsigned long long", "short")))
            width = draw(st.sampled_from((0, 0, 3, 7)))
            lines.append(f"{base} : {width};")
        else:
            keyword = draw(st.sampled_from(("struct", "union")))
            inner = draw(_members(names, depth + 1))
            attribute = draw(st.sampled_from(_ATTRIBUTES))
            lines.append(f"{keyword} {{ {inner} }}{attribute} {name if choice == 9 else ''};")
    return " ".join(lines)


def _counter() -> Iterator[int]:
    n = 0
    while True:
        yield n
        n += 1


@st.composite
def _headers(draw: st.DrawFn) -> str:
    names = _counter()
    text = _PREFACE
    for n in range(draw(st.integers(8, 16))):
        keyword = draw(st.sampled_from(("struct", "struct", "union")))
        body = draw(_members(names, 0))
        text += f"{keyword} s{n} {{ {body} }}{draw(st.sampled_from(_ATTRIBUTES))};\n"
    return text


def assertions(struct_: Struct) -> tuple[str, list[Field]]:
    """Return C that states what a compiler thinks of `struct_`, and the bit-fields that it initialises."""
    name, kind = struct_.name, struct_.spelling
    plain = [f for f in struct_.fields() if not f.is_bit_field]
    facts = [f"sizeof({kind})", f"_Alignof({kind})"]
    facts += [f"__builtin_offsetof({kind}, {f.path})" for f in plain]
    facts += [f"sizeof((({kind} *)0)->{f.path})" for f in plain]
    text = f"const unsigned long long facts_{name}[] = {{ {', '.join(facts)} }};\n"
    bits = [f for f in struct_.fields() if f.is_bit_field]
    for n, field in enumerate(bits):
        text += f"{kind} bits_{name}_{n} = {{ .{field.path} = -1 }};\n"
    return text, bits


def verify(
    text: str, abi: Abi, names: list[str], objects: Callable[[str], dict[str, bytes]],
    config: dict[str, bool] | None = None,
) -> int:  # fmt: skip
    """Compare our layout of the structs `names` in `text` with a compiler's; return how many facts agreed."""
    types = read_text(text, "random.h", abi, config).types
    program, structs = text, []
    for name in names:
        struct_ = types.struct(name)
        more, bits = assertions(struct_)
        program += more
        structs.append((struct_, bits))
    found = objects(program)
    end, checked = "<" if abi.byteorder == "little" else ">", 0
    for struct_, bits in structs:
        raw = found[f"facts_{struct_.name}"]
        theirs = list(struct.unpack(f"{end}{len(raw) // 8}Q", raw))
        plain = [f for f in struct_.fields() if not f.is_bit_field]
        ours = [struct_.size, struct_.align, *(f.offset for f in plain), *(f.size for f in plain)]
        assert ours == theirs, f"{abi.name}: {struct_}"
        checked += len(ours)
        for n, field in enumerate(bits):
            image = found[f"bits_{struct_.name}_{n}"]
            number = int.from_bytes(image, "big" if abi.byteorder == "big" else "little")
            size = len(image) * 8
            low = field.bit_offset if abi.byteorder == "little" else size - field.bit_end
            width = field.bit_size
            assert number == ((1 << width) - 1) << low, f"{abi.name}: {field} in {struct_}"
            checked += 1
    return checked


@pytest.mark.parametrize("judge", ["gcc", "clang"])
@pytest.mark.parametrize("abi", ABIS.values(), ids=lambda abi: abi.name)
def test_random_declarations(judge: str, abi: Abi, compiler) -> None:
    """Sizes, alignments, offsets and bits of some hundred random structs are the compiler's."""
    tool = compiler(judge, abi)
    count = 0

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(_headers())
    def run(text: str) -> None:
        nonlocal count
        names = [w.split()[1] for w in text.splitlines() if w.startswith(("struct s", "union s"))]
        count += verify(text, abi, names, tool.objects)

    run()
    assert count > 500


@pytest.mark.parametrize("judge", ["gcc", "clang"])
@pytest.mark.parametrize("abi", ABIS.values(), ids=lambda abi: abi.name)
@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_designs(name: str, judge: str, abi: Abi, compiler) -> None:
    """Every struct of every shipped design lies where the compilers put it, bit-fields included."""
    folder = files("memdesc.layout") / "designs"
    prelude, text = ((folder / f"{n}.h").read_text() for n in ("prelude", name))
    macros = predefined(abi, {"MEMCG": True})
    defines = "".join(
        f"#define {k} {v}\n" for k, v in macros.items() if not k.startswith("__") and not k.startswith("BITS")
    )
    names = list(read_text(text, name, abi, {"MEMCG": True}).types.names())
    tool = compiler(judge, abi)
    checked = verify(
        text, abi, names, lambda program: tool.objects(defines + prelude + program), {"MEMCG": True}
    )
    assert checked > 20


def test_arrays_of_structs_keep_their_element() -> None:
    """An array of structs is one member whose element is the struct."""
    types = read_text("struct a { struct { int x; } b[3]; };", "a.h", ABIS["x86_64"]).types
    kind = strip(types.struct("a").field("b").type)
    assert isinstance(kind, Array)
    assert kind.count == 3
