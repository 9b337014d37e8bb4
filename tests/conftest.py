"""Fixtures that many tests share."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from memdesc.findings.model import Finding, Impact, Interpretation, Level, Report, Rule
from memdesc.kinds import CAPABILITIES, Kind
from memdesc.records import Statistics, Step, Unread

CHECKOUT = Path(__file__).parents[1]
settings.register_profile("unhurried", deadline=None)  # a busy machine is no failure
settings.load_profile("unhurried")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the cache of the person who runs it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def memdesc(tmp_path: Path) -> Run:
    """Run the command as a user does, in a process of its own in an empty folder."""

    def run(*words: str | Path, **kept: object) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "NO_COLOR": "1", **kept.pop("environment", {})}  # type: ignore[dict-item]
        return subprocess.run(
            [sys.executable, "-m", "memdesc", *map(str, words)],
            capture_output=True,
            text=True,
            timeout=float(kept.pop("timeout", 120)),  # type: ignore[arg-type]
            env=environment,
            check=False,
            **{"cwd": tmp_path, **kept},  # type: ignore[call-overload]
        )

    return run


@pytest.fixture
def rule() -> Rule:
    """A rule as the registry would hold it."""
    return Rule(
        name="slab-page-sent",
        summary="slab memory reaches the network's page references",
        demands=("sendable",),
        arrives=Kind.SLAB,
        level=Level.ERROR,
        impact=Impact.MEMORY,
        false_positives="a guard in a caller that was not linked",
        since="0.1",
        sources=("sendpage_ok(), include/linux/net.h",),
        interpretation=Interpretation.OTTAWA,
    )


@pytest.fixture
def finding() -> Finding:
    """A finding with a trace of two steps through two functions."""
    return Finding(
        rule="slab-page-sent",
        level=Level.ERROR,
        file="net/own/tx.c",
        line=9,
        column=7,
        function="push",
        expression="tx->page",
        arrives=Kind.SLAB,
        accepts=CAPABILITIES["sendable"].kinds,
        message="slab memory from kmalloc() reaches kernel_sendpage(), which takes a reference on its page",
        sink="kernel_sendpage",
        source="kmalloc",
        trace=(
            Step("net/own/tx.c", 4, 12, "fill", "\tvoid *p = kmalloc(n, GFP_KERNEL);", "gives slab memory"),
            Step("net/own/tx.c", 9, 7, "push", "\trv = kernel_sendpage(s, tx->page, 0, n, 0);", "sent here"),
        ),
    )  # fmt: skip


@pytest.fixture
def report(finding: Finding) -> Report:
    """A report of one finding from a tree of three files, one of them unread."""
    statistics = Statistics(
        files=3,
        files_read=2,
        functions=12,
        functions_read=11,
        unread=(Unread("net/own/big.c", "", "larger than 32 MiB"),),
        cache_hits=1,
        seconds={"read": 0.5, "solve": 0.25},
        peak_memory_bytes=64 << 20,
        nodes=100,
        edges=200,
        functions_defined=40,
    )
    return Report("/src/linux", "6.1.0", (finding,), statistics)


def _unpack(archive: Path, target: Path) -> None:
    """Unpack what memdesc reads of `archive` below `target` once, however many processes ask."""
    target.mkdir(exist_ok=True)
    name = archive.name.removesuffix(".tar.xz")
    with (target / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (target / name / ".all").exists():
            return
        shutil.rmtree(target / name, ignore_errors=True)
        unpack = [
            "tar",
            "-xf",
            archive,
            "-C",
            target,
            "--wildcards",
            "*.c",
            "*.h",
            "*/Makefile",
            "*/Kbuild",
            "*/Kconfig*",
        ]
        subprocess.run(unpack, check=True)
        (target / name / ".all").touch()


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
