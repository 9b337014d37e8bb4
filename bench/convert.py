"""History replayed: what maintainers converted to folios between two kernels, and what of it `memdesc convert` does.

    python bench/convert.py OLD_TREE NEW_TREE [--folders fs,mm,net] [--jobs N] [--list] [--verify build|identical]
                            [--build DIR]

The truth is history: parameters of functions that kept name and file and were a `struct page *` in the old tree and
a `struct folio *` in the new one (`bench/pairing.py` pairs them). Prints how many of these `memdesc convert` converts
on the old tree, and for the others why not: what the inference says, or the reason of the refusal. With --verify, how
many conversions compile as before, how many of the changed files do, and how many of the functions are identical in
the judge build; with --build, what was compiled once is not compiled again by the next run.
"""

import argparse
import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from memdesc import door, pipeline
from memdesc.convert import compiling, correspondences, proving
from memdesc.convert.mentions import Scan
from memdesc.convert.model import Conversion, Reason, Says, Target, Verdict
from memdesc.convert.rewrite import Kept, rewrite
from memdesc.convert.targets import targets_of
from memdesc.findings.model import Interpretation, Level
from memdesc.inference.declare import Inference, Role
from memdesc.report.progress import Bar
from pairing import changes, functions, pairs


def truth(old: Path, new: Path, folders: list[str], jobs: int) -> set[Target]:
    """Return the parameters that became folios in functions that kept name and file."""
    before = [replace(f, file=f"{top}/{f.file}") for top in folders for f in functions(old / top, jobs)]
    after = [replace(f, file=f"{top}/{f.file}") for top in folders for f in functions(new / top, jobs)]
    dropped: Counter[str] = Counter()
    found = set()
    for pair in pairs(before, after, dropped):
        if (pair.old.file, pair.old.name) != (pair.new.file, pair.new.name):
            continue
        for change in changes(pair, dropped):
            if change.index is not None and change.truth == "folio":
                found.add(Target(pair.old.file, pair.old.name, change.index))
    return found


def answers(inference: Inference) -> dict[Target, str]:
    """Return parameter -> the type that it should have, by the inference."""
    return {
        Target(e.file, e.function, e.index): e.descriptor or "undetermined"
        for e in inference.entities
        if e.role is Role.PARAM and e.index is not None and e.declared.replace(" ", "") == "structpage*"
    }


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--folders", default="fs,mm,net")
    parser.add_argument("--more", default="block", help="folders that are converted, too, but not counted")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="print every parameter that is missed, and why")
    parser.add_argument("--verify", choices=["build", "identical"])
    parser.add_argument("--build", type=Path, help="as for memdesc convert")
    given = parser.parse_args()
    folders = given.folders.split(",")
    wanted = truth(given.old, given.new, folders, given.jobs)
    options = pipeline.Options(
        jobs=given.jobs, cache=True, level=Level.WARNING, interpretation=Interpretation.OTTAWA
    )
    with Bar() as bar:
        inference = pipeline.infer(
            [given.old / name for name in [*folders, *given.more.split(",")]], given.old, options, bar
        )
    said = answers(inference)
    tree = door.Tree(given.old)

    def text(path: str) -> bytes:
        return tree.text(path, 64 << 20)

    headers = sorted(p.name for p in (given.old / "include/linux").glob("*.h"))
    known = correspondences.read(text, [f"include/linux/{name}" for name in headers])
    targets = targets_of(inference)
    scan = Scan(str(given.old), targets, given.jobs)
    common = Kept(text, scan)

    def convert(without: frozenset[Target]) -> Conversion:
        return rewrite(text, targets, known, scan, without, common)

    if given.verify:
        with compiling.workshop(given.old, given.build, "wide", given.jobs) as shop:
            proved = proving.prove(shop, text, convert, known, compared=given.verify == "identical")
    else:
        proved = proving.Proved(convert(frozenset()), [])
    made, verdicts = proved.made, proved.verdicts
    _print(wanted, said, made, verdicts, given.list)


def _print(
    wanted: set[Target], said: dict[Target, str], made: Conversion, verdicts: list[Verdict], listed: bool
) -> None:
    done = wanted & set(made.converted)
    reasons = {no.target: no.reason.name.lower().replace("_", "-") for no in made.refused}
    print(f"{len(wanted)} parameters became folios in functions that kept name and file")
    print(f"{len(done)} of these are converted ({len(done) / max(1, len(wanted)):.1%})")
    print(f"{len(made.converted)} are converted in all, in {len(made.edits)} files; {len(made.refused)} stay")
    why = {t: reasons.get(t) or f"inferred: {said.get(t, 'not read')}" for t in wanted - done}
    for reason, count in Counter(why.values()).most_common():
        print(f"{count:7}  {reason}")
    if listed:
        for target, reason in sorted(why.items()):
            print(f"{target.file}: {target.function}() argument {target.index + 1}: {reason}")
    if verdicts:
        failed = sum(no.reason is Reason.BUILD for no in made.refused)
        tried = len(made.converted) + failed
        share = len(made.converted) / max(1, tried)
        print(f"{len(made.converted)} of {tried} conversions compile as before ({share:.1%})")
    for name, group in (
        ("files", [v for v in verdicts if not v.function]),
        ("functions", [v for v in verdicts if v.function]),
    ):
        if group:
            print(name, ", ".join(f"{n} {says}" for says, n in Counter(str(v.says) for v in group).items()))
    mine = {place for target in made.converted for place in made.touched[target] if place[1]}
    judged = [v for v in verdicts if v.function and v.says in (Says.IDENTICAL, Says.DIFFERS)]
    if judged:
        same = sum(v.says is Says.IDENTICAL for v in judged)
        print(
            f"{same} of {len(judged)} functions identical ({same / len(judged):.1%}); {len(mine)} were edited"
        )
    for v in judged:
        if v.says is Says.DIFFERS:
            print(f"{v.file}: {v.function}() differs")
            print("".join(f"    {line}\n" for line in v.lines), end="")


if __name__ == "__main__":
    sys.exit(main())
