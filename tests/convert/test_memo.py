"""What was compiled before is not compiled again, unless something that decides the result has changed."""

import shutil
from pathlib import Path

import pytest

from memdesc.convert import compiling
from memdesc.convert.compiling import Reading, Shop
from memdesc.convert.memo import Memo

gcc = pytest.mark.skipif(not shutil.which("gcc"), reason="needs gcc")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A tree of one file and one header, with what kbuild would have left."""
    tree, build, work = (tmp_path / name for name in ("tree", "build", "work"))
    for folder in (tree / "a", build / "a", work):
        folder.mkdir(parents=True)
    (tree / "a/a.h").write_text("#define ONE 1\n")
    (tree / "a/a.c").write_text('#include "a.h"\nint f(void) { return ONE; }\n')
    (build / "a/a.o").touch()
    (build / "a/.a.o.cmd").write_text(
        f"savedcmd_a/a.o := gcc -O2 -Wall -c -o a/a.o {tree}/a/a.c\n\nsource_a/a.o := {tree}/a/a.c\n\n"
        f"deps_a/a.o := \\\n    $(wildcard include/config/A) \\\n  {tree}/a/a.h \\\n\na/a.o: $(deps_a/a.o)\n"
    )
    return Shop(tree, build, work, 1, Memo(build))


def _again(shop: Shop) -> Shop:
    """The same build folder, as another run finds it."""
    return Shop(shop.root, shop.build, shop.work, 1, Memo(shop.build))


def _compiles(shop: Shop, texts: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, *more: str) -> int:
    """How often a program is run."""
    runs = []
    real = compiling.subprocess.run

    def run(words: list[str], **rest: object) -> object:
        runs.append(words)
        return real(words, **rest)  # type: ignore[call-overload]

    with monkeypatch.context() as patched:
        patched.setattr(compiling.subprocess, "run", run)
        command = shop.objects(["a/a.c"])["a/a.c"]
        done = shop.compile("a/a.c", command, shop.shadow(texts), more)
        assert done == shop.compile("a/a.c", command, shop.shadow(texts), more)
    return len(runs)


@gcc
def test_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same text with the same options is compiled once, also by the next run."""
    text = {"a/a.c": b'#include "a.h"\nint f(void) { return 2; }\n'}
    assert _compiles(shop, text, monkeypatch) == 1
    assert _compiles(_again(shop), text, monkeypatch) == 0
    assert _compiles(_again(shop), text, monkeypatch, "-O1") == 1


@gcc
@pytest.mark.parametrize(
    "texts",
    [
        {"a/a.c": b'#include "a.h"\nint f(void) { return ONE + 1; }\n'},
        {"a/a.h": b"#define ONE 3\n"},
        {"a/new.h": b"#define TWO 2\n"},
    ],
    ids=["text", "header", "new header"],
)
def test_changed(texts: dict[str, bytes], shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the file itself or one that it includes says decides."""
    assert _compiles(shop, {"a/a.c": (shop.root / "a/a.c").read_bytes()}, monkeypatch) == 1
    assert _compiles(_again(shop), texts, monkeypatch) == 1


@gcc
def test_header_of_the_tree_changed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree that is another one now is compiled again."""
    assert _compiles(shop, {}, monkeypatch) == 1
    (shop.root / "a/a.h").write_text("#define ONE 4\n")
    assert _compiles(_again(shop), {}, monkeypatch) == 1


@gcc
def test_errors_and_functions(shop: Shop) -> None:
    """What was said and what was read of the object are kept, and belong to the reading."""
    command = shop.objects(["a/a.c"])["a/a.c"]
    bad = {"a/a.c": b"int f(void) { return nothing; }\n"}
    first = shop.compile("a/a.c", command, shop.shadow(bad))
    assert not first.done
    assert any("nothing" in line for line in first.said)
    assert _again(shop).compile("a/a.c", command, shop.shadow(bad)) == first
    for name in ("one", "other"):
        reading = Reading(lambda _, name=name: {"f": [name]}, name.encode())  # type: ignore[misc]
        for each in (shop, _again(shop)):
            assert each.compile("a/a.c", command, shop.before, reading=reading).functions == {"f": [name]}


@pytest.mark.parametrize("data", [b"", b"no zlib", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_unreadable(data: bytes, tmp_path: Path) -> None:
    """An entry that cannot be read is as if it were not there."""
    memo = Memo(tmp_path)
    key = memo.key(["a"], [b"b"])
    assert memo.get(key) is None
    memo.put(key, (True, ("said",), {"f": ["ret"]}))
    assert memo.get(key) == (True, ("said",), {"f": ["ret"]})
    (entry,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    entry.write_bytes(data)
    assert memo.get(key) is None


def test_names_are_apart() -> None:
    """Contents that differ in where they are divided have different names."""
    assert Memo.key(["a"], [b"bc", b"d"]) != Memo.key(["a"], [b"b", b"cd"])
