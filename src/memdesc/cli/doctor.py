"""`memdesc doctor`: what of this machine memdesc needs, what is missing, and for which command."""

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from memdesc import __version__
from memdesc.cli import choice, output
from memdesc.cli.exit_status import ExitStatus
from memdesc.escape import visible
from memdesc.source import kernel
from memdesc.source.cache import folder
from memdesc.source.cache_place import secured

_PACKAGES = (
    ("google-re2", "re2", True, "all that reads code"),
    ("numpy", "numpy", True, "all that reads code or memory"),
    ("tree-sitter", "tree_sitter", True, "all that reads code"),
    ("tree-sitter-c", "tree_sitter_c", True, "all that reads code"),
    ("z3-solver", "z3", False, "layout solve"),
    ("pyarrow", "pyarrow", False, "census --format parquet"),
    ("zstandard", "zstandard", False, "layout and census of images and dumps that zstd compresses"),
    ("lz4", "lz4", False, "layout and census of images that LZ4 compresses"),
    ("pygls", "pygls", False, "lsp: it speaks the protocol of editors"),
)
"""(distribution, module, whether it is always needed, what for)."""
_PROGRAMS = (
    ("git", "check --patch REV"),
    ("make", "kbuild"),
    ("gcc", "convert --verify build"),
    ("objdump", "convert --verify identical"),
    ("qemu-system-x86_64", "convert --verify boot"),
    ("busybox", "convert --verify boot"),
)
_PLACES = (
    ("/sys/kernel/btf/vmlinux", "layout of the running kernel, census"),
    ("/proc/kpageflags", "census and machine record, as root"),
    ("/proc/kpagecount", "census, as root"),
    ("/sys/kernel/tracing/trace", "machine record, as root"),
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One thing that was looked at. mark: "ok", "missing" (something needs it) or "optional"."""

    mark: str
    what: str
    says: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc doctor`."""
    output.add_argument(parser)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Look, and say what was found; the status is 2 when something that is always needed is missing."""
    rows = [*_itself(), *_packages(), *_programs(), _cache(), *_places(), *_here()]
    width = max(len(row.what) for row in rows)
    lines = [f"{row.mark:8}  {visible(row.what):{width}}  {visible(row.says)}".rstrip() for row in rows]
    output.write("".join(f"{line}\n" for line in lines), arguments.output)
    return ExitStatus.FAILED if any(row.mark == "missing" for row in rows) else ExitStatus.CLEAN


def _itself() -> Iterator[_Row]:
    python = f"Python {platform.python_version()}, {platform.python_compiler()}, {platform.machine()}"
    yield _Row("ok", "memdesc", f"{__version__}, {python}")
    yield _Row("ok", "processors", f"{len(os.sched_getaffinity(0))} (--jobs)")


def _packages() -> Iterator[_Row]:
    for name, module, needed, purpose in _PACKAGES:
        if importlib.util.find_spec(module) is not None:
            try:
                version = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                version = "of unknown version"
            yield _Row("ok", name, version)
        else:
            mark = "missing" if needed else "optional"
            yield _Row(
                mark, name, f"not installed; needed for {purpose}: {sys.executable} -m pip install {name}"
            )


def _programs() -> Iterator[_Row]:
    for name, purpose in _PROGRAMS:
        place = shutil.which(name)
        yield _Row("ok", name, place) if place else _Row("optional", name, f"not found; needed for {purpose}")


def _cache() -> _Row:
    place = folder()
    try:
        secured(place / "doctor").unlink()
    except OSError as error:
        return _Row(
            "optional", "cache", f"{place}: {error.strerror or error}; each run reads everything anew"
        )
    size = sum(file.stat().st_size for file in place.iterdir() if file.is_file())
    return _Row("ok", "cache", f"{place}, {size / 2**20:,.0f} MiB")


def _places() -> Iterator[_Row]:
    for name, purpose in _PLACES:
        if os.access(name, os.R_OK):
            yield _Row("ok", name, f"can be read ({purpose})")
        else:
            why = "cannot be read" if os.path.exists(name) else "is not there"
            yield _Row("optional", name, f"{why}; needed for {purpose}")


def _here() -> Iterator[_Row]:
    tree = kernel.top(Path())
    if tree is not None:
        yield _Row("ok", "kernel tree", f"{tree}, {kernel.release(tree)}")
    else:
        module = kernel.module(Path())
        said = f"this is the module {module}; --tree names its kernel" if module else "this folder is in none"
        yield _Row("optional", "kernel tree", said)
    settings = choice.nearest(Path())
    yield _Row("ok", "settings", str(settings) if settings else f"no {choice.NAME} here or above")
