"""Code for other kernels: what `#if` says of the version, with the C preprocessor as the judge."""

import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memdesc.source.mask import mask
from memdesc.source.versions import code, resolve

NOW = (6, 1, 192)


def _kept(text: str, version: tuple[int, ...] = NOW) -> list[str]:
    raw = text.encode()
    found = resolve(mask(raw), version)
    assert len(found) == len(raw)
    assert found.count(b"\n") == raw.count(b"\n")
    return found.decode().split()


@pytest.mark.parametrize(
    ("condition", "first", "second"),
    [
        ("LINUX_VERSION_CODE >= KERNEL_VERSION(5, 15, 0)", True, False),
        ("LINUX_VERSION_CODE < KERNEL_VERSION(5, 15, 0)", False, True),
        ("(LINUX_VERSION_CODE >= KERNEL_VERSION(5,15,0) && LINUX_VERSION_CODE < KERNEL_VERSION(6,2,0))", True, False),
        ("KERNEL_VERSION(6, 1, 192) == LINUX_VERSION_CODE", True, False),
        ("KERNEL_VERSION(6, 1, 300) > LINUX_VERSION_CODE", True, False),
        ("LINUX_VERSION_CODE > 0x060100 && LINUX_VERSION_CODE != 393216UL", True, False),
        ("!(LINUX_VERSION_CODE >= KERNEL_VERSION(5, 15, 0))", False, True),
        ("LINUX_VERSION_CODE >= KERNEL_VERSION(5, 15, 0) || defined(RHEL_RELEASE_CODE)", True, False),
        ("LINUX_VERSION_CODE < KERNEL_VERSION(5, 15, 0) && defined(CONFIG_X)", False, True),
        ("LINUX_VERSION_CODE >= KERNEL_VERSION(5, 15, 0) && defined(CONFIG_X)", True, True),
        ("LINUX_VERSION_CODE < KERNEL_VERSION(5, 15, 0) || RHEL_CODE >= RHEL_VERSION(9, 1)", True, True),
        ("LINUX_VERSION_CODE < \\\n KERNEL_VERSION(5, 15, 0)", False, True),
        ("LINUX_VERSION_CODE >= KERNEL_VERSION(5, 15", True, True),
        ("LINUX_VERSION_CODE", True, False),
        ("MY_VERSION >= KERNEL_VERSION(5, 15, 0)", True, True),
    ],
)  # fmt: skip
def test_conditions(condition: str, first: bool, second: bool) -> None:
    """A branch goes where the version alone decides it; what does not parse, or asks more, keeps both."""
    kept = _kept(f"\n#if {condition}\nfirst\n#else\nsecond\n#endif\nlast\n")
    assert ("first" in kept, "second" in kept) == (first, second)
    assert "last" in kept


def test_a_branch_alone_loses_its_directives() -> None:
    """What is compiled in any case is under no condition."""
    assert _kept("#if LINUX_VERSION_CODE > 5\na\n#endif\n") == ["a"]
    assert _kept("#if LINUX_VERSION_CODE < 5\na\n#endif\nb\n") == ["b"]


def test_chains() -> None:
    """Directives that stay are those of a whole chain."""
    text = "#if LINUX_VERSION_CODE < 5\na\n#elif defined(X)\nb\n#elif LINUX_VERSION_CODE > 5\nc\n#else\nd\n#endif\n"
    assert _kept(text) == ["#if", "defined(X)", "b", "#else", "c", "#endif"]


def test_comments_and_strings() -> None:
    """What stands in a comment or a string is no directive."""
    text = '/*\n#if LINUX_VERSION_CODE < 5\n*/\na = "\\\n#if LINUX_VERSION_CODE < 5\\\n";\n'
    assert resolve(mask(text.encode()), NOW) == mask(text.encode())


@pytest.mark.parametrize(
    "text", ["#endif\n", "#else\n", "#if LINUX_VERSION_CODE < 5\nx\n", "#elif 1\n#endif\n"]
)
def test_without_a_partner(text: str) -> None:
    """An unbalanced file is left as it is."""
    assert resolve(text.encode() + b"/* LINUX_VERSION_CODE */", NOW).startswith(text.encode())


def test_deep_conditions() -> None:
    """Conditions nested beyond reason are not decided, and take no stack."""
    for deep in ("(" * 5000, "!" * 5000, "(" * 900, "KERNEL_VERSION(" * 100):
        assert "a" in _kept(f"#if {deep} LINUX_VERSION_CODE\na\n#endif\n")


_atoms = st.sampled_from(
    [
        "LINUX_VERSION_CODE",
        "KERNEL_VERSION(5,4,0)",
        "KERNEL_VERSION(6,1,192)",
        "defined(A)",
        "A",
        "B",
        "3",
        "0x60000",
    ]
)
_conditions = st.recursive(
    _atoms,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["&&", "||", "<", ">=", "==", "!="]), inner),
        st.builds("!{}".format, inner),
        st.builds("LINUX_VERSION_CODE >= {} && {}".format, _atoms, inner),
    ),
    max_leaves=6,
)
_texts = st.recursive(
    st.integers(0, 99).map("t{}\n".format),
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("#if {}\n{}#endif\n".format, _conditions, inner),
        st.builds("#ifdef A\n{}#elif {}\n{}#else\n{}#endif\n".format, inner, _conditions, inner, inner),
        st.builds(
            "#if {}\n{}#elif {}\n{}#elif B\n{}#endif\n".format, _conditions, inner, _conditions, inner, inner
        ),
        st.builds("# if {}\n{}#  else\n{}#endif\n".format, _conditions, inner, inner),
    ),
    max_leaves=8,
)


def _compiled(text: str, defined: list[str]) -> list[str]:
    head = f"#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + (c))\n#define LINUX_VERSION_CODE {code(NOW)}\n"
    words = ["cpp", "-P", "-undef", "-w", *(f"-D{name}" for name in defined), "-"]
    ended = subprocess.run(words, input=head + text, capture_output=True, text=True, check=True)
    return ended.stdout.split()


@pytest.mark.skipif(not shutil.which("cpp"), reason="cpp is not installed")
@settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
@given(_texts, st.sampled_from([[], ["A=1"], ["B=7"], ["A=0", "B=0"], ["A=400000", "B=1"]]))
def test_the_preprocessor_agrees(text: str, defined: list[str]) -> None:
    """Whatever other macros are: what the version leaves out, the preprocessor leaves out; nothing else goes."""
    resolved = resolve(text.encode(), NOW).decode()
    assert _compiled(resolved, defined) == _compiled(text, defined)
