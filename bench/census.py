"""Print how long the census of this machine takes, and what it needs beside: bench/census.py [--tree LINUX]

Each line is the least of several runs, in turns, so that other work on the machine hurts all alike. Root only.
`page-types` is built from the kernel tree given (tools/mm or tools/vm, page-types.c). The drgn loop runs where
drgn is installed and finds /proc/kcore, or on a dump (--dump VMCORE --vmlinux VMLINUX).
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from fake_machine import FakeDoor, tiled  # noqa: E402
from memdesc.kernel.census import count  # noqa: E402
from memdesc.kernel.live import FLAGS, LiveSource, open_live  # noqa: E402
from memdesc.kernel.population import CHUNK_PAGES  # noqa: E402

TIB = 1 << 40


def bare(source: LiveSource, frames: int) -> int:
    """Read the whole of /proc/kpageflags in one pass, and look at nothing."""
    return sum(len(source.door.words(FLAGS, first, CHUNK_PAGES)) for first in range(0, frames, CHUNK_PAGES))


def build_page_types(tree: Path, folder: Path) -> Path | None:
    """Return page-types built from `tree`, or None."""
    source = next((tree / "tools" / each / "page-types.c" for each in ("mm", "vm")
                   if (tree / "tools" / each / "page-types.c").exists()), None)  # fmt: skip
    if source is None:
        return None
    library = tree / "tools" / "lib"
    parts = [library / "api/fs/fs.c", library / "api/debug.c", library / "str_error_r.c"]
    includes = [f"-I{each}" for each in (library, library / "api", tree / "tools/include")]
    subprocess.run(["gcc", "-O2", "-w", *includes, "-o", folder / "page-types", source, *parts], check=True)
    return folder / "page-types"


def drgn_loop(dump: Path | None, vmlinux: Path | None) -> Callable[[], int] | str:
    """Return a loop over every struct page with drgn, as its users write it, or why there is none."""
    try:
        import drgn
        from drgn.helpers.linux.mm import PageSlab, for_each_page
    except ImportError:
        return "drgn is not installed"
    program = drgn.Program()
    try:
        if dump is not None:
            program.set_core_dump(dump)
        else:
            program.set_kernel()
        program.load_debug_info([str(vmlinux)] if vmlinux else None, default=vmlinux is None, main=True)
    except (OSError, drgn.MissingDebugInfoError, ValueError) as error:
        return f"drgn cannot: {error}"

    def loop() -> int:
        number = 0
        for page in for_each_page(program):
            try:
                PageSlab(page)
                number += 1
            except drgn.FaultError:
                continue
        return number

    return loop


def simulated(source: LiveSource, terabytes: float) -> None:
    """Count a machine made of copies of this one's chunks, and print what memory that takes."""
    chunks = [source.door.words(FLAGS, span.start, CHUNK_PAGES) for span in source.ranges()]
    for span in source.ranges():
        chunks += [source.door.words(FLAGS, first, CHUNK_PAGES)
                   for first in range(span.start, span.stop - CHUNK_PAGES + 1, CHUNK_PAGES)]  # fmt: skip
    words = np.concatenate([chunk for chunk in chunks if len(chunk) == CHUNK_PAGES])
    frames = int(terabytes * TIB) // source.page_bytes
    machine = LiveSource(FakeDoor(frames, tiled(words)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    census = count(machine, ("zone",), picture=True)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{'simulated machine':<28}{census.seconds:>9.3f} s   {terabytes:g} TiB, {census.frames:,} frames; "
          f"peak memory {after / 1024:.0f} MiB ({(after - before) / 1024:+.0f} MiB)")  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tree", type=Path, help="kernel tree to build page-types from")
    parser.add_argument("--dump", type=Path)
    parser.add_argument("--vmlinux", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--simulate", type=float, default=16.0, metavar="TIB")
    arguments = parser.parse_args()

    source = open_live().source
    assert isinstance(source, LiveSource)
    frames = source.ranges()[-1].stop
    with tempfile.TemporaryDirectory() as folder:
        tool = build_page_types(arguments.tree, Path(folder)) if arguments.tree else None
        ways: dict[str, Callable[[], object]] = {
            "bare read of kpageflags": lambda: bare(source, frames),
            "census, kinds": lambda: count(source),
            "census, picture and zones": lambda: count(source, ("zone",), picture=True),
            "memdesc census (process)": lambda: subprocess.run(
                [sys.executable, "-m", "memdesc", "census"], check=True, capture_output=True
            ),
        }
        if tool is not None:
            ways["page-types (process)"] = lambda: subprocess.run([tool], check=True, capture_output=True)
        best = dict.fromkeys(ways, float("inf"))
        for _ in range(arguments.runs):
            for name, way in ways.items():
                began = time.perf_counter()
                way()
                best[name] = min(best[name], time.perf_counter() - began)
    plain = best["bare read of kpageflags"]
    print(f"{frames:,} page frames; the least of {arguments.runs} runs")
    for name, seconds in best.items():
        print(f"{name:<28}{seconds:>9.3f} s   {seconds / plain:>5.2f} × bare")
    if tool is None:
        print("page-types: --tree names a kernel tree to build it from")
    loop = drgn_loop(arguments.dump, arguments.vmlinux)
    if isinstance(loop, str):
        print(f"drgn, for_each_page: {loop}")
    else:
        began = time.perf_counter()
        number = loop()
        seconds = time.perf_counter() - began
        print(
            f"{'drgn, for_each_page':<28}{seconds:>9.3f} s   {number:,} pages, {seconds / number * 1e6:.2f} µs each"
        )
    if arguments.simulate:
        simulated(source, arguments.simulate)


if __name__ == "__main__":
    main()
