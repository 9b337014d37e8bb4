"""Print how long `memdesc check` takes on a kernel tree and what memory it needs: bench/speed.py TREE

Every run is a process of its own with a cache of its own. Seconds are those of the clock, and in the second
column those of all processors together, which say more where others use the machine too. Memory is the
largest sum, over all processes of a run, of their proportional share (PSS), sampled twenty times a second.
The tree is not touched: the runs use a copy made of hard links, in which one file is replaced.

Rows marked `at most` have a limit: seconds of the clock, for the cold run as a multiple of what Coccinelle takes with
one rule. For comparison there is a bare parse, by tree-sitter and nothing else, of the functions that are read.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import sysconfig
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
TOUCHED = (("mm/filemap.c", "mm/dipper.c"), ("include/linux/mm.h", "include/linux/dipper.h"))
"""What is changed, one after another: the first file of each group that the tree has."""
ADDED = (("a comment", b"\n/* touched by the benchmark */\n"), ("code", b"\nint touched_by_the_benchmark;\n"))
"""What is added to it: nothing that facts tell of, and something that changes them."""
LIMITS = {"cold": 0.8, "unchanged": 0.5, "source": 1.0, "header": 3.0}
"""Wanted at most: the cold run as a multiple of Coccinelle's time, the others in seconds."""
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


def command(cache: Path, *words: object) -> Cost:
    """Return the cost of any other command of memdesc."""
    return run([sys.executable, "-m", "memdesc", *words], cache)


def built() -> str:
    """Return which Python this is, and what its build optimised."""
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    flags = (
        f"{sysconfig.get_config_var('PY_CFLAGS') or ''} {sysconfig.get_config_var('PY_CORE_CFLAGS') or ''}"
    )
    said = [
        "profile-guided" if "--enable-optimizations" in arguments else "not profile-guided",
        "link-time optimised" if "--with-lto" in arguments or "-flto" in flags else "not link-time optimised",
    ]
    name, compiler = f"{sys.implementation.name} {sys.version.split()[0]}", sys.version.split("[")[-1][:-1]
    return f"{name} ({', '.join(said)}; {compiler})"


def parse(tree: Path) -> None:
    """Parse the functions that are read of `tree` and nothing else; print the seconds that this took."""
    import tree_sitter
    import tree_sitter_c

    from memdesc.source import choosing, text
    from memdesc.source.texts import MOST_FOLLOWED_BYTES

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c.language()))
    spent, count = 0.0, 0
    for path in sorted(p for p in tree.rglob("*.[ch]") if p.is_file() and not p.is_symlink()):
        data = path.read_bytes()
        if len(data) > MOST_FOLLOWED_BYTES or not choosing.relevant(data):
            continue
        source = text.split(data)
        functions = [item for item in source.items if item.role == "function"]
        macros = [item for item in source.items if item.role == "macro" and item.params]
        for item in choosing.choose(source, functions, macros, frozenset()):
            if item.role == "function":
                plain = text.shape(source, item)
                begun = time.process_time()
                parser.parse(plain)
                spent += time.process_time() - begun
                count += 1
    print(json.dumps({"stats": {"seconds_parsing": spent, "functions_read": count}}))


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


def row(name: str, cost: Cost, limit: float = 0) -> None:
    """Print one line of the table."""
    s = cost.stats
    counts = [s.get(key) for key in ("files_read", "functions_read", "nodes", "edges", "cache_hits")]
    cells = "".join(f"{n:>12,}" if n is not None else f"{'':>12}" for n in counts)
    print(
        f"{name:44}{cost.seconds:9.2f}{cost.processor_seconds:9.2f}{cost.peak_bytes / 2**20:9,.0f}{cells}"
        + (f"  (at most {limit:.1f}: {'met' if cost.seconds <= limit else 'missed'})" if limit else ""),
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tree", type=Path, metavar="TREE")
    parser.add_argument("--no-spatch", action="store_true", help="leave Coccinelle out")
    parser.add_argument("--parse", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    tree: Path = arguments.tree.resolve()
    if arguments.parse:
        parse(tree)
        return
    print(f"{tree.name}, {len(os.sched_getaffinity(0))} processors, {built()}\n")
    heads = ("s", "CPU s", "MiB", "files", "functions", "nodes", "edges", "from cache")
    print(f"{'':44}" + "".join(f"{h:>9}" for h in heads[:3]) + "".join(f"{h:>12}" for h in heads[3:]))
    with tempfile.TemporaryDirectory(dir=tree.parent, prefix="speed-") as work:
        folder = Path(work)
        everything = sorted(path.name for path in tree.iterdir())
        whole = link(tree, folder / "whole", everything)
        time.sleep(2.5)  # the cache does not trust a file whose times are this new
        cache = folder / "cache"
        cold = check(whole, cache)
        row("whole tree, cold", cold)
        row("nothing changed, whole tree", check(whole, cache), LIMITS["unchanged"])
        part = whole / "mm"
        row("nothing changed, mm/", check(part, cache), LIMITS["unchanged"])
        touched = [
            next((whole / name for name in group if (whole / name).exists()), None) for group in TOUCHED
        ]
        for path, limit in zip(touched, (LIMITS["source"], LIMITS["header"]), strict=True):
            for what, more in ADDED if path else ():
                text = path.read_bytes()
                path.unlink()
                path.write_bytes(text + more)
                row(f"{path.relative_to(whole)}: {what}, that file", check(path, cache), limit)
                time.sleep(2.5)
        if touched[0]:
            row("infer of that file", command(cache, "infer", touched[0], "--format", "json"))
            row("explain of a place in it", command(cache, "explain", f"{touched[0]}:{_place(touched[0])}"))
        lone = [sys.executable, "-m", "memdesc", "check", LONE, "--format", "json"]
        row("a lone file (best of 5)", min((run(lone, cache) for _ in range(5)), key=lambda c: c.seconds))
        print()
        common = ["Makefile", "include"]
        for name, parts in (("mm/ alone", ["mm"]), ("mm/ and fs/", ["mm", "fs"])):
            part = link(tree, folder / name.replace("/", "").replace(" ", "-"), [*common, *parts])
            row(f"{name}, with include/", check(part, folder / f"cache-{len(parts)}"))
        print()
        bare = run([sys.executable, __file__, "--parse", whole])
        seconds = bare.stats["seconds_parsing"]
        print(
            f"{'bare parse of what is read':44}{'':9}{seconds:9.2f}{'':21}{bare.stats['functions_read']:>12,}"
        )
        spatch = shutil.which("spatch")
        if spatch and not arguments.no_spatch:
            jobs = str(len(os.sched_getaffinity(0)))
            words = [spatch, "--very-quiet", "--sp-file", RULE, "--dir", whole, "-j", jobs]
            other = run(words)
            row(f"spatch, {RULE.name}", other)
            times = cold.seconds / other.seconds
            print(f"the cold run takes {times:.2f} times as long as spatch (at most {LIMITS['cold']} wanted)")
        elif not spatch:
            print("spatch is not installed (package coccinelle)")


def _place(path: Path) -> int:
    """Return a line of a file that hands on a page."""
    lines = path.read_text("utf-8", "replace").splitlines()
    return next((n for n, line in enumerate(lines, 1) if "(page)" in line or "(folio)" in line), 1)


if __name__ == "__main__":
    main()
