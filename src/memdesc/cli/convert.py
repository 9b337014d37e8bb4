"""`memdesc convert`: rewrite page pointers that are always folios, say why others stay, and prove it."""

import argparse
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from memdesc import door, outlet, pipeline
from memdesc.cli import convert_boot, convert_series, convert_types, inputs, output
from memdesc.cli.exit_status import ExitStatus
from memdesc.convert import booting, compiling, correspondences, proving
from memdesc.convert.edits import apply
from memdesc.convert.introducing import introduced
from memdesc.convert.mentions import Scan
from memdesc.convert.model import BAD, Conversion, Step, Target, Verdict
from memdesc.convert.rewrite import Kept, rewrite
from memdesc.convert.series import steps
from memdesc.convert.targets import reasons, targets_of
from memdesc.errors import InputError
from memdesc.report import converted as report
from memdesc.report import patches
from memdesc.report.progress import Bar

_MOST_BYTES = 64 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc convert`."""
    inputs.add_paths(parser)
    parser.add_argument(
        "--to",
        metavar="TYPE",
        default="folio",
        help="the type to convert to: one that the tree has (folio, slab, ptdesc, ...) or that --design brings "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--design",
        metavar="DESIGN",
        help="where the types come from, as for memdesc infer; a type that the tree lacks gets a header",
    )
    parser.add_argument(
        "--header",
        metavar="FILE",
        help="the header to make for it, from the top of the tree (default: include/linux/TYPE.h)",
    )
    parser.add_argument(
        "--function", action="append", metavar="NAME", help="convert this function only; may be repeated"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--diff", action="store_true", help="print a unified diff (the default)")
    form.add_argument("--in-place", action="store_true", help="write the changed files, all or none")
    form.add_argument("--output", "-o", metavar="DIR", type=Path, help="write the changed files below DIR")
    form.add_argument(
        "--series",
        metavar="DIR",
        type=Path,
        help="write patches that git am takes, one function each, callees first, with a cover letter, into DIR; with "
        "--verify, each is compiled by itself",
    )
    form.add_argument(
        "--report", choices=["text", "json"], help="print what is converted, what stays and why, and no diff"
    )
    parser.add_argument(
        "--author", metavar="'NAME <ADDRESS>'", help="who sends the series (default: whom git knows)"
    )
    parser.add_argument("--signoff", action="store_true", help="sign the patches of the series off")
    parser.add_argument(
        "--verify",
        choices=["none", "build", "identical", "boot"],
        default="none",
        help="compile what is changed, before and after; identical: in the judge build, too; boot: and boot a kernel "
        "in QEMU that asserts what each converted parameter is, and runs an exercise (default: %(default)s)",
    )
    parser.add_argument(
        "--exercise",
        metavar="FILE",
        type=Path,
        help="the script that the booted kernel runs (default: one that comes with memdesc for what is converted)",
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        default="wide",
        help="configuration to compile: a .config, a target of make such as defconfig or allmodconfig, or wide, "
        "which is allmodconfig without instrumentation (default: %(default)s)",
    )
    parser.add_argument(
        "--build",
        metavar="DIR",
        type=Path,
        help="keep the kernel's build folder here and use it again (default: a temporary folder)",
    )
    inputs.add_effort(parser)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Infer, rewrite, verify, and print or write."""
    top = inputs.tree(arguments.tree)
    paths = inputs.paths(arguments.paths, top)
    if arguments.verify != "none":
        compiling.present()
    if arguments.verify == "boot":
        booting.present()
    if not arguments.series and (arguments.author or arguments.signoff):
        raise InputError("--author, --signoff", "are for --series")
    if arguments.exercise and arguments.verify != "boot":
        raise InputError("--exercise", "is for --verify boot")
    with Bar() as bar:
        inference = pipeline.infer(paths, top, inputs.effort(arguments), bar, arguments.design)
    if not inference.tree:
        raise InputError(str(paths[0]), "lies in no kernel tree, which alone says what stands for what")
    root = Path(inference.tree)
    tree = door.Tree(root)
    kept: dict[str, bytes] = {}

    def text(path: str) -> bytes:
        if path not in kept:
            kept[path] = tree.text(path, _MOST_BYTES)
        return kept[path]

    to = arguments.to
    known, header = convert_types.known(arguments, inference.types, text, root)
    targets = targets_of(inference, to, arguments.function, members=not known.to.reads)
    for name in arguments.function or ():
        if not any(target.function == name for target in targets):
            raise InputError(
                f"--function {name}", f"has no pointer that is declared as a page and always a {to}"
            )
    scan = Scan(inference.tree, targets, arguments.jobs)
    common = Kept(text, scan)

    def convert(asked: Collection[Target], without: frozenset[Target] = frozenset()) -> Conversion:
        made = rewrite(text, asked, known, scan, without, common)
        return introduced(made, text, known.to, header)

    work = _Work(arguments, root, text, known, convert, targets)
    if arguments.series:
        sent = convert_series.sender(arguments.author, arguments.signoff, root)
        convert_series.folder(arguments.series)
    work.made = convert(targets)
    if arguments.verify != "none":
        work.verify()
    elif arguments.series:
        work.steps = list(steps(work.made, convert))
    made, verdicts = work.made, work.verdicts
    after = {path: apply(text(path), edits) for path, edits in made.edits.items()}
    before = {path: text(path) for path in after}
    if arguments.series:
        mails = (
            patches.mails(work.steps, made, verdicts, before, reasons(inference, to), sent, to)
            if made.edits
            else {}
        )
        convert_series.write(mails, arguments.series)
        output.say(f"{len(work.steps)} patches in {arguments.series}")
    else:
        _give(arguments, root, before, after, made, verdicts)
    sys.stderr.write(report.summary(made, verdicts))
    bad = any(verdict.says in BAD for verdict in verdicts)
    return ExitStatus.FOUND if bad else ExitStatus.CLEAN


@dataclass(slots=True)
class _Work:
    """A conversion and its verification. targets: what was asked for."""

    arguments: argparse.Namespace
    root: Path
    text: Callable[[str], bytes]
    known: correspondences.Correspondences
    convert: Callable[..., Conversion]
    targets: Collection[Target]
    made: Conversion = field(default_factory=lambda: Conversion({}, (), (), {}))
    verdicts: list[Verdict] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def verify(self) -> None:
        """Compile; what does not compile is given up."""
        given = self.arguments
        if given.verify == "boot":
            convert_boot.chosen(given, self.root, self.text, self.made)
        with compiling.workshop(self.root, given.build, given.config, given.jobs) as shop:
            proved = proving.prove(
                shop,
                self.text,
                lambda without: self.convert(self.targets, without),
                self.known,
                compared=given.verify in ("identical", "boot"),
            )
            self.made, self.verdicts = proved.made, proved.verdicts
            if given.verify == "boot":
                self.verdicts += convert_boot.verify(given, shop, self.text, self.made, self.known.to)
            if given.series:
                found = list(steps(self.made, self.convert))
                self.steps = convert_series.built(found, shop, self.text)


def _give(
    arguments: argparse.Namespace,
    root: Path,
    before: dict[str, bytes],
    after: dict[str, bytes],
    made: Conversion,
    verdicts: list[Verdict],
) -> None:
    if arguments.report:
        render = report.as_json if arguments.report == "json" else report.text
        output.write(render(made, verdicts), None)
        return
    if not arguments.in_place and not arguments.output:
        output.write_bytes(report.diff(before, made))
        return
    folder: Path = root if arguments.in_place else arguments.output
    with outlet.folders((folder / path).parent for path in after if arguments.output):
        for path in after:
            outlet.writable(folder / path)
        outlet.replace_all({folder / path: data for path, data in after.items()})
