"""Plant mistakes in a kernel tree, one at a time, and count how many of them are reported where they are.

    python bench/mutate.py TREE [--count N] [--seed N] [--alone N] [--work DIR] [--json FILE] [--audit N]
                                [--only OPERATOR]

Every mutant is one change of one line (or a call that spans lines) of one file: the free of another
allocator, an argument that is other memory in scope, a test left out, a converter for another part of the
address space, a tail for a head, a page table without its constructor. `bench/mutants/plants.py` decides from
the text and from the allocators that the same file names; it asks nothing of the checker. A mutant is found
when the checker says something on the wrong tree that it does not say on the right one, in a trace that goes
through the changed line or ends at a line where the wrong value is used. Whatever else it newly says is
counted as noise.

Many mutants share one run, in different files and at most six of a folder; --alone N runs N of them again
by themselves and compares. The tree is not changed: the runs are on a tree of hard links, in --work DIR
(default: a new folder beside TREE), which --work keeps for the next time.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mutants import rules
from mutants.plants import Mutant, Question, opened, planted
from mutants.text import uncast

NO_KERNEL = ("tools", "samples", "Documentation", "scripts", "usr")
TESTS = re.compile(r"(?:^|/)(?:test_|lib/test|.*(?:kunit|selftest|_test)\b)")
WORTH = re.compile(
    "|".join([*map(re.escape, rules.FREES), *map(re.escape, rules.LINEAR), "page", "folio", "vmalloc"])
)
SHARE = {
    "free swapped": 0.22,
    "allocator swapped": 0.14,
    "argument replaced": 0.28,
    "guard removed": 0.10,
    "converter swapped": 0.12,
    "head from tail": 0.10,
    "page table": 0.04,
}
"""What part of the mutants each operator gives, where the tree has as many."""
PER_FOLDER = 6
Finding = dict[str, Any]


@dataclass(slots=True)
class Outcome:
    """What became of a mutant: the new findings that go through it."""

    mutant: Mutant
    found: list[Finding] = field(default_factory=list)

    @property
    def plain(self) -> bool:
        """Whether it is found at the default level."""
        return any(finding["level"] != "note" for finding in self.found)


def look(path: tuple[str, str]) -> tuple[list[Mutant | Question], Counter[tuple[str, str]]]:
    """Return what can be planted in the file `path[1]` of the tree `path[0]`."""
    text = read(Path(path[0]) / path[1])
    if text is None or not WORTH.search(text):
        return [], Counter()
    return planted(path[1], text)


def read(path: Path) -> str | None:
    """Return a file whose characters are its bytes; None when it is not ASCII or has carriage returns."""
    data = path.read_bytes()
    return data.decode("ascii") if data.isascii() and b"\r" not in data and len(data) < 1 << 20 else None


def callers(path: tuple[str, str, dict[str, list[Question]]]) -> list[Mutant]:
    """Return the guards whose function a function of this file calls with memory that they keep out."""
    root, name, asked = path
    text = read(Path(root) / name)
    if text is None or not any(function in text for function in asked):
        return []
    file = opened(name, text)
    found = []
    for function in file.functions:
        for call in function.calls(asked):
            for question in asked[call.name]:
                if (question.static and question.mutant.file != name) or question.parameter >= len(
                    call.arguments
                ):
                    continue
                path_ = uncast(call.arguments[question.parameter])
                given = file.at_hand.given(function, path_)
                on_stack = path_.lstrip("&") in (*function.arrays, *(n for n, _ in function.objects))
                if (given and given.families & set(question.families)) or (
                    on_stack and "stack" in question.families
                ):
                    found.append(question.mutant)
    return found


def candidates(tree: Path) -> tuple[list[Mutant], Counter[tuple[str, str]]]:
    """Return every mutant of a tree, in order, and how many places were dropped and why."""
    names = sorted(
        str(path.relative_to(tree))
        for top in sorted(tree.iterdir())
        if top.is_dir() and top.name not in NO_KERNEL
        for path in top.rglob("*.c")
        if not path.is_symlink()
    )
    names = [name for name in names if not TESTS.search(name)]
    dropped: Counter[tuple[str, str]] = Counter()
    mutants: list[Mutant] = []
    questions: list[Question] = []
    with ProcessPoolExecutor(2) as pool:
        for found, why in pool.map(look, [(str(tree), name) for name in names], chunksize=64):
            dropped.update(why)
            for one in found:
                (mutants if isinstance(one, Mutant) else questions).append(one)  # type: ignore[arg-type]
        asked: dict[str, list[Question]] = defaultdict(list)
        for question in questions:
            asked[question.mutant.function].append(question)
        answered: set[Mutant] = set()
        for some in pool.map(callers, [(str(tree), name, dict(asked)) for name in names], chunksize=256):
            answered.update(some)
    dropped["guards removed", "no caller is seen to hand in what the guard keeps out"] += len(
        questions
    ) - len({q.mutant for q in questions} & answered)
    return sorted({*mutants, *answered}, key=lambda m: (m.file, m.start, m.new)), dropped


def subsystem(file: str) -> str:
    """Return what the maintainers would call the place of a file, roughly."""
    first, *rest = file.split("/")
    return f"{first}/{rest[0]}" if first in ("drivers", "fs", "arch") and len(rest) > 1 else first


def chosen(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """Return about `count` mutants: by operator as `SHARE` says, within one by what is called and where, evenly."""
    luck = random.Random(seed)
    taken: list[Mutant] = []
    files: Counter[str] = Counter()
    spare = 0
    for sort, share in sorted(SHARE.items(), key=lambda item: sum(m.sort == item[0] for m in mutants)):
        wanted = round(count * share) + spare
        groups: dict[str, list[Mutant]] = defaultdict(list)
        for mutant in mutants:
            if mutant.sort == sort:
                groups[mutant.why].append(mutant)
        for group in groups.values():
            luck.shuffle(group)
        order = sorted(groups)
        had = len(taken)
        while len(taken) - had < wanted and order:
            for why in list(order):
                group = groups[why]
                while group:
                    mutant = group.pop()
                    if files[mutant.file] < 2:
                        files[mutant.file] += 1
                        taken.append(mutant)
                        break
                else:
                    order.remove(why)
                if len(taken) - had >= wanted:
                    break
        spare = wanted - (len(taken) - had)
    return sorted(taken, key=lambda m: (m.file, m.start))


def batches(mutants: Iterable[Mutant], seed: int) -> list[list[Mutant]]:
    """Return the mutants in runs: no file twice in one, and no folder more than `PER_FOLDER` times."""
    runs: list[tuple[list[Mutant], set[str], Counter[str]]] = []
    mixed = list(mutants)
    random.Random(seed).shuffle(mixed)
    for mutant in mixed:
        folder = os.path.dirname(mutant.file)
        for run, held, folders in runs:
            if mutant.file not in held and folders[folder] < PER_FOLDER and len(run) < 240:
                break
        else:
            run, held, folders = [], set(), Counter()
            runs.append((run, held, folders))
        run.append(mutant)
        held.add(mutant.file)
        folders[folder] += 1
    return [run for run, _, _ in runs]


class Overlay:
    """A tree of hard links to another, in which files can be other ones for a while."""

    def __init__(self, tree: Path, work: Path) -> None:
        self.tree, self.root = tree, work / tree.name
        if not self.root.exists():
            work.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-al", tree, self.root], check=True)
            time.sleep(2.5)  # the cache does not trust a file whose times are this new
        left = subprocess.run(
            ["find", ".", "-type", "f", "-links", "1", "-printf", "%P\\n"], cwd=self.root, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        self.changed = left.stdout.splitlines()  # by a run that was ended
        self.restore()

    def check(self, mutants: Sequence[Mutant]) -> list[Finding]:
        """Return what the checker finds when these mutants are in the tree."""
        try:
            for mutant in mutants:
                text = read(self.tree / mutant.file)
                assert text is not None
                target = self.root / mutant.file
                target.unlink()
                self.changed.append(mutant.file)
                target.write_bytes(mutant.apply(text).encode("ascii"))
            words = [
                sys.executable,
                "-m",
                "memdesc",
                "check",
                self.root,
                "--format",
                "json",
                "--level",
                "note",
            ]
            done = subprocess.run(list(map(str, words)), capture_output=True, check=False)
            if done.returncode not in (0, 1):
                sys.exit(done.stderr.decode(errors="replace"))
            return list(json.loads(done.stdout)["findings"])
        finally:
            self.restore()

    def restore(self) -> None:
        """Make every file that of the tree again."""
        for name in self.changed:
            (self.root / name).unlink(missing_ok=True)
            os.link(self.tree / name, self.root / name)
        self.changed.clear()


def said(finding: Finding) -> tuple[object, ...]:
    """Return what makes two findings of the same lines one."""
    return (finding["rule"], finding["file"], finding["line"], finding["column"], tuple(finding["arrives"]))


def lands(finding: Finding, mutant: Mutant) -> bool:
    """Whether a finding goes through what was planted, or ends at one of the wrong uses."""
    lines = {*range(mutant.line, mutant.last + 1)}
    if any(step["file"] == mutant.file and step["line"] in lines for step in finding["trace"]):
        return True
    steps = [(step["file"], step["line"]) for step in finding["trace"]]
    ends = [steps[-1]] if mutant.sort not in ("guard removed", "page table") else steps
    return any(file == mutant.file and line in mutant.uses for file, line in ends)


def judged(mutants: Sequence[Mutant], new: Sequence[Finding]) -> tuple[list[Outcome], list[Finding]]:
    """Return what became of each mutant, and the new findings that belong to none."""
    outcomes = [Outcome(mutant) for mutant in mutants]
    noise = []
    for finding in new:
        owners = [outcome for outcome in outcomes if lands(finding, outcome.mutant)]
        for owner in owners:
            owner.found.append(finding)
        if not owners:
            noise.append(finding)
    return outcomes, noise


def table(title: str, outcomes: Sequence[Outcome], key: "Any") -> None:
    """Print planted, found at the default level, and found with notes, by what `key` gives."""
    rows: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        rows[key(outcome.mutant)].append(outcome)
    print(f"\n{title:40}{'planted':>9}{'found':>8}{'':>7}{'with notes':>12}")
    for name, some in sorted(rows.items()):
        plain, noted = sum(o.plain for o in some), sum(bool(o.found) for o in some)
        print(f"{name:40}{len(some):9}{plain:8}{plain / len(some):7.0%}{noted:12}")


def main() -> None:
    """Plant, run, count, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tree", type=Path, metavar="TREE")
    parser.add_argument("--count", type=int, default=640, help="mutants to make (640)")
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--alone", type=int, default=0, metavar="N", help="run N of them alone, and compare")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="OPERATOR",
        choices=sorted(SHARE),
        help="only these operators",
    )
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep the tree of links here")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what became of each mutant")
    parser.add_argument(
        "--audit", type=int, default=0, metavar="N", help="only print N mutants with their lines"
    )
    arguments = parser.parse_args()
    tree: Path = arguments.tree.resolve()
    begun = time.perf_counter()
    every, dropped = candidates(tree)
    mutants = chosen(every, arguments.count, arguments.seed)
    if arguments.only:
        mutants = [mutant for mutant in mutants if mutant.sort in arguments.only]
    places = len({(m.file, m.start, m.sort) for m in every})
    print(
        f"{tree.name}: {len(every):,} mutants are possible, at {places:,} places; {sum(dropped.values()):,} places"
        f" that looked like one are none; {time.perf_counter() - begun:.0f} s"
    )
    for (sort, why), number in sorted(dropped.items()):
        print(f"  {number:7,}  {sort}: {why}")
    if arguments.audit:
        audit(tree, random.Random(arguments.seed).sample(mutants, arguments.audit))
        return
    with tempfile.TemporaryDirectory(dir=tree.parent, prefix="mutants-") as work:
        overlay = Overlay(tree, arguments.work.resolve() if arguments.work else Path(work))
        unmutated = overlay.check([])
        before = {said(f) for f in unmutated}
        outcomes: list[Outcome] = []
        noise: list[Finding] = []
        runs = batches(mutants, arguments.seed)
        for number, run in enumerate(runs):
            new = [f for f in overlay.check(run) if said(f) not in before]
            some, strange = judged(run, new)
            outcomes += some
            noise += strange
            print(
                f"run {number + 1} of {len(runs)}: {sum(bool(o.found) for o in some)} of {len(run)}",
                file=sys.stderr,
            )
        outcomes.sort(key=lambda o: (o.mutant.file, o.mutant.start))
        differ = 0
        alone = random.Random(arguments.seed).sample(outcomes, min(arguments.alone, len(outcomes)))
        for outcome in alone:
            new = [f for f in overlay.check([outcome.mutant]) if said(f) not in before]
            (single,), strange = judged([outcome.mutant], new)
            noise += strange
            if bool(single.found) != bool(outcome.found):
                differ += 1
                print(f"alone {bool(single.found)}, with others {bool(outcome.found)}: {outcome.mutant}")
    show(outcomes, noise)
    if alone:
        print(f"\nrun alone: {len(alone)}, of which {differ} came out otherwise than in company")
    print(f"{time.perf_counter() - begun:.0f} s in all")
    if arguments.json:
        kept = [{**asdict(o.mutant), "found": [without_trace(f) for f in o.found]} for o in outcomes]
        arguments.json.write_text(
            json.dumps({"mutants": kept, "noise": noise, "unmutated": unmutated}, indent=1)
        )


def without_trace(finding: Finding) -> Finding:
    """Return a finding without its trace."""
    return {key: value for key, value in finding.items() if key != "trace"}


def show(outcomes: Sequence[Outcome], noise: Sequence[Finding]) -> None:
    """Print the figures and what was missed."""
    table("by operator", outcomes, lambda m: m.sort)
    table("by class", outcomes, lambda m: m.letter)
    table("by subsystem", outcomes, lambda m: subsystem(m.file))
    found = sum(bool(o.found) for o in outcomes)
    plain = sum(o.plain for o in outcomes)
    print(
        f"\nfound {plain} of {len(outcomes)} at the default level: {plain / len(outcomes):.1%}; {found} with notes"
    )
    print(f"new findings that belong to no mutant: {len(noise)}")
    for finding in noise:
        print(f"  {finding['level']}: {finding['file']}:{finding['line']}: {finding['message']}")
    groups: dict[str, list[Mutant]] = defaultdict(list)
    for outcome in outcomes:
        if not outcome.plain:
            held = "a note; " if outcome.found else ""
            groups[f"{outcome.mutant.sort}: {held}{outcome.mutant.why}"].append(outcome.mutant)
    print("\nmissed at the default level:")
    for why, some in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"  {len(some):3}  {why}")
        for mutant in some:
            print(f"         {mutant.file}:{mutant.line} {mutant.function}(): {' '.join(mutant.new.split())}")


def audit(tree: Path, mutants: Sequence[Mutant]) -> None:
    """Print mutants with what stands there, to be judged by eye."""
    for mutant in mutants:
        text = read(tree / mutant.file) or ""
        line = text.split("\n")[mutant.line - 1]
        print(
            f"\n{mutant.file}:{mutant.line} {mutant.function}() [{mutant.sort}, {mutant.letter}] {mutant.why}"
        )
        print(f"  - {line.strip()}\n  + {' '.join(mutant.new.split())}")


if __name__ == "__main__":
    main()
