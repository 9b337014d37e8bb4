"""Print how long the census of this machine takes, and what it needs beside: bench/census.py [--tree LINUX]

Each line is the least of several runs, in turns, so that other work on the machine hurts all alike. Root only.
`page-types` is built from the kernel tree given (tools/mm or tools/vm, page-types.c). With --dump VMCORE (one with
VMCOREINFO in its notes) the census of a dump is measured beside a loop over all of its struct pages with drgn, if
that is installed: what for_each_page() does, on types made from memdesc's layout since drgn reads no BTF.
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

from memdesc.kernel.census import count
from memdesc.kernel.live import FLAGS, LiveSource, open_live
from memdesc.kernel.population import CHUNK_PAGES

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

# The tests' own helpers are found only by the path above.
from fake_machine import FakeDoor, tiled  # noqa: E402

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


def beside_drgn(dump: Path, kernel: Path | None) -> None:
    """Count a dump, walk its struct pages with drgn, and print what each took."""
    from memdesc.kernel.dump import open_dump

    began = time.perf_counter()
    memory = open_dump(dump, kernel)
    opened = time.perf_counter()
    census = count(memory.source)
    counted = time.perf_counter()
    what = f"{census.frames:,} frames in {dump.stat().st_size >> 20} MiB"
    steps = f"{opened - began:.3f} s to open, {counted - opened:.3f} s to count"
    print(f"{'census of the dump':<28}{counted - began:>9.3f} s   {what}; {steps}")
    try:
        import drgn
    except ImportError:
        print("drgn is not installed")
        return
    program = drgn.Program()
    program.set_core_dump(dump)
    page = memory.descriptors.types.struct("page")
    word, number = program.int_type("unsigned long", 8, False), program.int_type("int", 4, True)
    members = [("flags", word), ("mapping", word), ("_mapcount", number)]
    shape = program.struct_type(
        "page", page.size, [drgn.TypeMember(kind, name, page.offset(name) * 8) for name, kind in members]
    )
    pointer, first = program.pointer_type(shape), memory.source.memmap.vmemmap
    began = time.perf_counter()
    read = 0
    for pfn in (pfn for span in memory.source.ranges() for pfn in span):
        each = drgn.Object(program, pointer, value=first + pfn * page.size)
        try:
            each.flags.value_()
            each._mapcount.value_()
            read += 1
        except drgn.FaultError:
            continue
    seconds = time.perf_counter() - began
    print(f"{'drgn, every struct page':<28}{seconds:>9.3f} s   {read:,} frames, two members each; "
          f"{seconds / (counted - opened):.0f} × the count")  # fmt: skip


def processor_seconds() -> float:
    """Return the seconds that this process and its children have had of processors."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in both)


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
    parser.add_argument("--kernel", type=Path, help="vmlinuz or BTF of the dump's kernel, if not in the dump")
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
        least = dict.fromkeys(ways, float("inf"))
        for _ in range(arguments.runs):
            for name, way in ways.items():
                began, spent = time.perf_counter(), processor_seconds()
                way()
                best[name] = min(best[name], time.perf_counter() - began)
                least[name] = min(least[name], processor_seconds() - spent)
    plain = best["bare read of kpageflags"]
    print(
        f"{frames:,} page frames; the least of {arguments.runs} runs: seconds by the clock, and of processors"
    )
    for name, seconds in best.items():
        ratio = least[name] / least["bare read of kpageflags"]
        clock = f"{seconds:>9.3f} s {seconds / plain:>5.2f} × bare"
        print(f"{name:<28}{clock}   {least[name]:>7.3f} s {ratio:>5.2f} × bare")
    if tool is None:
        print("page-types: --tree names a kernel tree to build it from")
    if arguments.dump:
        beside_drgn(arguments.dump, arguments.kernel)
    if arguments.simulate:
        simulated(source, arguments.simulate)


if __name__ == "__main__":
    main()
