"""`memdesc check --patch`: what patches add and mend, on the tree as it would be."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from memdesc import checking, door
from memdesc.cli import choice, inputs, output, revisions, shown
from memdesc.cli.exit_status import ExitStatus
from memdesc.errors import InputError
from memdesc.escape import visible
from memdesc.findings import registry
from memdesc.findings.model import Difference, Finding, Interpretation, Level, Report
from memdesc.report import gitlab, json_report, sarif, text
from memdesc.report.progress import Bar
from memdesc.source import added, kernel
from memdesc.source.patch import Changed, Patch, apply, read
from memdesc.source.survey import name_of
from memdesc.source.texts import MOST_BYTES

_MOST_PATCH_BYTES = 64 << 20
_OTHER = ("baseline", "write_baseline", "stdin_as", "overlay")


def add_argument(parser: argparse.ArgumentParser) -> None:
    """Declare --patch."""
    parser.add_argument(
        "--patch",
        metavar="FILE|-|REV|REV..REV|staged",
        action="append",
        help="report what a patch, an mbox, commits of git, or what is staged for the next commit add and mend; "
        "files stay as they are; may be repeated for the files of a series",
    )


def run(
    arguments: argparse.Namespace, named: Sequence[Path], paths: Sequence[Path], top: Path | None
) -> ExitStatus:
    """Check the tree before the first patch and after each one, and report what has changed.

    Args: named: the PATHs that were given, none for all of the tree; paths: these, or what stands for them.
    """
    for name in _OTHER:
        if getattr(arguments, name):
            raise InputError(f"--{name.replace('_', '-')}", "does not go with --patch")
    output.writable(arguments.output)
    wanted = choice.chosen(arguments, paths)
    if not arguments.quiet:
        wanted.announce()
    home = revisions.home(paths[0], top)
    base, patches, home = _patches(arguments.patch, home)
    whole = [kernel.top(home) or home] if not named and top is None else list(paths)
    options = wanted.options(
        arguments.jobs, not arguments.no_cache, Interpretation(arguments.interpretation), Level.NOTE
    )
    state = dict(base)
    from memdesc.findings.difference import difference  # other checks need no reader of C

    differences = []
    with added.adding(wanted.signatures), Bar() as bar:
        report = checking.check(whole, top, options, bar, _overlay(home, state))
        for patch in patches:
            changes = apply(patch, partial(_text, home, state), _is_c)
            before = report
            if changes:
                state |= {change.file: change.text for change in changes}
                report = checking.check(whole, top, options, bar, _overlay(home, state))
            differences.append(
                difference(
                    patch.subject or (patch.name if len(patches) > 1 else ""),
                    before.findings,
                    report.findings,
                    wanted.level,
                    [_renamed(change, home, Path(report.root)) for change in changes],
                )
            )
    output.write(_render(arguments, report, differences), arguments.output)
    if not arguments.quiet:
        sys.stderr.write(_summary(report, differences))
    found = any(one.added for one in differences)
    return ExitStatus.FOUND if found and not arguments.exit_zero else ExitStatus.CLEAN


def _patches(words: Sequence[str], home: Path) -> tuple[dict[str, bytes], list[Patch], Path]:
    """Return (texts of the tree before them where they differ from its files, the patches, what names are below)."""
    found: list[Patch] = []
    for word in words:
        if word == "-":
            found += read(inputs.piped(_MOST_PATCH_BYTES), "standard input")
        elif Path(word).exists() or ("/" in word and not revisions.known(word, home)):
            found += read(door.read(word, _MOST_PATCH_BYTES), word)
        else:
            if len(words) > 1:
                raise InputError(word, "commits go alone: name one REV or REV..REV")
            if word == revisions.STAGED and not revisions.known(word, home):
                return revisions.staged(home, _is_c)
            return revisions.patches(word, home, _is_c)
    return {}, found, home


def _is_c(path: str) -> bool:
    return path.endswith((".c", ".h"))


def _text(home: Path, state: dict[str, bytes], path: str) -> bytes | None:
    """Return the text of a file as it is before the next patch, None where there is none."""
    if path in state:
        return state[path] or None
    place = home / path
    if not place.is_file():
        return None
    return door.Tree(home).read(path, MOST_BYTES)


def _overlay(home: Path, state: dict[str, bytes]) -> dict[Path, bytes]:
    return {home / path: content for path, content in state.items()}


def _renamed(change: Changed, home: Path, root: Path) -> Changed:
    """Return a change with its files named as findings name them."""
    file, before = (name_of(home / path, root) for path in (change.file, change.before))
    return replace(change, file=file, before=before)


def _render(arguments: argparse.Namespace, report: Report, differences: Sequence[Difference]) -> str:
    everything = tuple(each.finding for one in differences for each in one.added)
    new = replace(report, findings=everything)
    if arguments.format == "json":
        return json_report.patches(report, differences)
    if arguments.format == "sarif":
        return sarif.check(new, registry.rules(), registry.page)
    if arguments.format == "gitlab":
        return gitlab.check(shown.from_here(new, report.root) if arguments.shown == "here" else new)
    remedies = {finding.rule: registry.remedy(finding.rule) for finding in everything}
    if arguments.shown == "here":
        differences = [shown.from_here(one, report.root) for one in differences]
    colours = text.PLAIN if arguments.output else text.style(sys.stdout)
    out = []
    for number, one in enumerate(differences, 1):
        if len(differences) > 1 and (one.added or one.mended):
            out.append(f"patch {number} of {len(differences)}: {visible(one.subject)}\n")
        shown_part = replace(report, findings=tuple(each.finding for each in one.added))
        out.append(text.check(shown_part, colours, remedies, [each.cause for each in one.added]))
        out += [f"{_mended(finding)}\n" for finding in one.mended]
    return "".join(out)


def _mended(finding: Finding) -> str:
    inside = f" in {finding.function}()" if finding.function else ""
    return f"mended: {visible(finding.file)}{inside}: {visible(finding.message)} [{finding.rule}]"


def _summary(report: Report, differences: Sequence[Difference]) -> str:
    new = sum(len(one.added) for one in differences)
    gone = sum(len(one.mended) for one in differences)
    patches = text.count(len(differences), "patch", "patches")
    lines = [f"{patches}: {text.count(new, 'finding')} added, {gone:,} mended", *text.cost(report.statistics)]
    return "".join(f"{line}\n" for line in lines)
