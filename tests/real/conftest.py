"""Whole kernel trees, for the marked tests."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


def _unpack(archive: Path, target: Path) -> None:
    """Unpack the C files of `archive` below `target` once, however many processes ask."""
    target.mkdir(exist_ok=True)
    name = archive.name.removesuffix(".tar.xz")
    with (target / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (target / name / ".whole").exists():
            return
        shutil.rmtree(target / name, ignore_errors=True)
        unpack = ["tar", "-xf", archive, "-C", target, "--wildcards", "*.c", "*.h", "*/Makefile", "*/Kbuild"]
        subprocess.run(unpack, check=True)
        (target / name / ".whole").touch()


def tree(version: str) -> Path:
    """Return the tree of a kernel: $MEMDESC_LINUX_6_1, or the Debian package linux-source-6.1."""
    given = os.environ.get("MEMDESC_LINUX_" + version.replace(".", "_"))
    if given:
        return Path(given)
    unpacked = Path(f"/usr/src/linux-source-{version}")
    if (unpacked / "Makefile").exists():
        return unpacked
    archive = unpacked.with_name(unpacked.name + ".tar.xz")
    if not archive.exists():
        pytest.skip(f"needs the package linux-source-{version}")
    _unpack(archive, CHECKOUT / ".demo")
    return CHECKOUT / ".demo" / unpacked.name


@pytest.fixture(scope="session", params=os.environ.get("MEMDESC_KERNELS_CHECKED", "6.1").split())
def kernel(request: pytest.FixtureRequest) -> Path:
    """The tree of a kernel.

    A whole tree takes minutes, so one is the rule; $MEMDESC_KERNELS_CHECKED="6.1 6.12" asks for more.
    """
    return tree(request.param)


@pytest.fixture(scope="session")
def kernels() -> tuple[Path, Path]:
    """The trees of 6.1 and 6.12."""
    return tree("6.1"), tree("6.12")
