"""Print how long `memdesc check` takes on a kernel tree and what memory it needs: bench/speed.py TREE

Every run is a process of its own with a cache of its own. Seconds are those of the clock, and in the second
column those of all processors together, which say more where others use the machine too. Memory is the
largest sum, over all processes of a run, of their proportional share (PSS), sampled twenty times a second.
The tree is not touched: the runs use a copy made of hard links, in which one file is replaced.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LONE = HERE.parent / "tests" / "c" / "cases" / "a-siw-splice.c"
RULE = HERE / "vmalloc_kfree.cocci"
TOUCHED = ("mm/filemap.c", "net/core/skbuff.c", "mm/dipper.c")
SAMPLE_SECONDS = 0.05


@dataclass
class Cost:
    """What one run took."""

    seconds: float
    processor_seconds: float
    peak_bytes: int
    status: int
    stats: dict[str, Any] = field(default_factory=dict)


def descendants(process: int) -> Iterator[int]:
    """Yield `process` and every process below it, as far as they still live."""
    yield process
    try:
        threads = os.listdir(f"/proc/{process}/task")
    except OSError:
        return
    for thread in threads:
        try:
            children = Path(f"/proc/{process}/task/{thread}/children").read_text().split()
        except OSError:
            continue
        for child in children:
            yield from descendants(int(child))


def share(process: int) -> int:
    """Return the bytes of memory that `process` uses, shared pages divided among their users."""
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return 0


def _spent() -> float:
    """Return the seconds that all ended children, and theirs, kept processors busy."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(words: Sequence[object], cache: Path | None = None, limit: float = 3600) -> Cost:
    """Return the cost of the command `words`; `cache` is the folder of its cache."""
    environment = {**os.environ, **({"XDG_CACHE_HOME": str(cache)} if cache else {})}
    peak = 0
    ended = threading.Event()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start, spent = time.monotonic(), _spent()
        process = subprocess.Popen([str(w) for w in words], stdout=out, stderr=err, env=environment)

        def sample() -> None:
            nonlocal peak
            while not ended.wait(SAMPLE_SECONDS):
                peak = max(peak, sum(share(each) for each in descendants(process.pid)))

        watcher = threading.Thread(target=sample)
        watcher.start()
        try:
            status = process.wait(limit)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        seconds, spent = time.monotonic() - start, _spent() - spent
        ended.set()
        watcher.join()
        out.seek(0)
        said = out.read()
        if status not in (0, 1):
            err.seek(0)
            sys.exit(f"{' '.join(map(str, words))}: status {status}\n{err.read().decode(errors='replace')}")
    stats = json.loads(said).get("stats", {}) if said.startswith(b"{") else {}
    return Cost(seconds, spent, peak, status, stats)


def check(tree: Path, cache: Path) -> Cost:
    """Return the cost of checking `tree`."""
    return run([sys.executable, "-m", "memdesc", "check", tree, "--format", "json", "--level", "note"], cache)


def link(source: Path, target: Path, parts: Sequence[str]) -> Path:
    """Make `target` a tree of hard links to the `parts` of `source` (copies on another file system)."""

    def one(old: str, new: str) -> None:
        try:
            os.link(old, new, follow_symlinks=False)
        except OSError:
            shutil.copy2(old, new, follow_symlinks=False)

    target.mkdir(parents=True)
    for part in parts:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, symlinks=True, copy_function=one)
        elif (source / part).exists():
            one(str(source / part), str(target / part))
    return target


def row(name: str, cost: Cost) -> None:
    """Print one line of the table."""
    s = cost.stats
    counts = [s.get(key) for key in ("files_read", "functions_read", "nodes", "edges", "cache_hits")]
    cells = "".join(f"{n:>12,}" if n is not None else f"{'':>12}" for n in counts)
    print(
        f"{name:34}{cost.seconds:9.2f}{cost.processor_seconds:9.2f}{cost.peak_bytes / 2**20:9,.0f}{cells}",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tree", type=Path, metavar="TREE")
    parser.add_argument("--no-spatch", action="store_true", help="leave Coccinelle out")
    arguments = parser.parse_args()
    tree: Path = arguments.tree.resolve()
    print(f"{tree.name}, {len(os.sched_getaffinity(0))} processors, Python {sys.version.split()[0]}\n")
    heads = ("s", "CPU s", "MiB", "files", "functions", "nodes", "edges", "from cache")
    print(f"{'':34}" + "".join(f"{h:>9}" for h in heads[:3]) + "".join(f"{h:>12}" for h in heads[3:]))
    with tempfile.TemporaryDirectory(dir=tree.parent, prefix="speed-") as work:
        folder = Path(work)
        everything = sorted(path.name for path in tree.iterdir())
        whole = link(tree, folder / "whole", everything)
        time.sleep(2.5)  # the cache does not trust a file whose times are this new
        cache = folder / "cache"
        row("whole tree, cold", check(whole, cache))
        row("again, nothing changed", check(whole, cache))
        touched = next((whole / name for name in TOUCHED if (whole / name).exists()), None)
        if touched:
            text = touched.read_bytes()
            touched.unlink()
            touched.write_bytes(text + b"\nint touched_by_the_benchmark;\n")
            row(f"again, {touched.relative_to(whole)} changed", check(whole, cache))
        lone = [sys.executable, "-m", "memdesc", "check", LONE, "--format", "json"]
        row("a lone file (best of 5)", min((run(lone, cache) for _ in range(5)), key=lambda c: c.seconds))
        print()
        common = ["Makefile", "include"]
        for name, parts in (("mm/ alone", ["mm"]), ("mm/ and fs/", ["mm", "fs"])):
            part = link(tree, folder / name.replace("/", "").replace(" ", "-"), [*common, *parts])
            row(f"{name}, with include/", check(part, folder / f"cache-{len(parts)}"))
        print()
        spatch = shutil.which("spatch")
        if spatch and not arguments.no_spatch:
            jobs = str(len(os.sched_getaffinity(0)))
            words = [spatch, "--very-quiet", "--sp-file", RULE, "--dir", whole, "-j", jobs]
            row(f"spatch, {RULE.name}", run(words))
        elif not spatch:
            print("spatch is not installed (package coccinelle)")


if __name__ == "__main__":
    main()
