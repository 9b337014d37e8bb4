"""Exercises say what they are for and what they need."""

import subprocess
from pathlib import Path

import pytest

from memdesc.convert.exercise import chosen, read, shipped
from memdesc.errors import InputError

TREE = {
    "fs/foo/dir.c": b"int f;\n",
    "fs/foo/super.c": b'static struct file_system_type t = {\n\t.owner = THIS,\n\t.name = "foofs",\n};\n',
    "fs/bar/dir.c": b"int f;\n",
    "mm/zsmalloc.c": b"int f;\n",
    "mm/other.c": b'struct file_system_type t = { .name = "inner" };\n',
    "net/core/page_pool.c": b"int f;\n",
}


def _listed(folder: str) -> list[str]:
    return [path for path in TREE if path.rpartition("/")[0] == folder]


def test_one_for_each_folder() -> None:
    """A filesystem is mounted by the name that it registers, and its disk made by the program of that name."""
    found = chosen(["fs/foo/dir.c", "fs/foo/super.c", "mm/zsmalloc.c"], None, TREE.__getitem__, _listed)
    assert [(e.name, e.type) for e in found] == [("filesystem foofs", "foofs"), ("zram", "")]
    assert found[0].maker == ("mkfs.foofs",)
    assert b"TYPE=foofs" in found[0].environment
    assert any(line == "CONFIG_ZRAM=y" for line in found[1].config)


def test_none() -> None:
    """Code for which there is no exercise, or a filesystem without a name, is refused in one line."""
    with pytest.raises(InputError, match="--exercise FILE"):
        chosen(["net/core/page_pool.c"], None, TREE.__getitem__, _listed)
    with pytest.raises(InputError, match="registers no filesystem"):
        chosen(["fs/bar/dir.c"], None, TREE.__getitem__, _listed)


def test_of_the_user(tmp_path: Path) -> None:
    """A script of one's own is for all that is converted, and is run once."""
    script = tmp_path / "own"
    script.write_text("# memory: 100\nping -c 1 127.0.0.1\n")
    (found,) = chosen(["net/core/page_pool.c", "fs/bar/dir.c"], script, TREE.__getitem__, _listed)
    assert (found.memory, found.image, found.maker) == (100, 0, ())
    assert found.script == script.read_bytes()


@pytest.mark.parametrize(
    "said", ["memory: all", "memory: 1", "image: 0 mkfs.x", "image: 9999999 x", "config: CONFIG_X=$(reboot)"]
)
def test_refused(said: str) -> None:
    """What is no size, and no line of a configuration."""
    with pytest.raises(InputError):
        read("x", f"# {said}\n".encode())


@pytest.mark.parametrize("each", shipped(), ids=lambda each: each.name)
def test_shipped(tmp_path: Path, each: object) -> None:
    """What comes with memdesc says what it is for, and is a script."""
    (one,) = [e for e in shipped() if e == each]
    assert one.patterns
    script = tmp_path / "script"
    script.write_bytes(one.script)
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
