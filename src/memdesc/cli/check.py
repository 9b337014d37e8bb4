"""`memdesc check`: report memory that reaches a use which does not accept its kind."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from memdesc import checking, door
from memdesc.cli import choice, inputs, output, patch, shown
from memdesc.cli.exit_status import ExitStatus
from memdesc.escape import visible
from memdesc.findings import baseline, registry
from memdesc.findings.model import Interpretation, Report
from memdesc.report import gitlab, json_report, sarif, text
from memdesc.report.progress import Bar
from memdesc.source import added
from memdesc.source.survey import name_of

_MOST_BASELINE_BYTES = 64 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc check`."""
    inputs.add_paths(parser)
    choice.add_arguments(parser)
    inputs.add_signatures(parser)
    parser.add_argument(
        "--interpretation",
        choices=[reading.value for reading in Interpretation],
        default=Interpretation.OTTAWA.value,
        help="what a folio is: any page that is not a tail (ottawa, today), or a structure of its own "
        "(newyork, where the kernel is going) (default: %(default)s)",
    )
    parser.add_argument(
        "--format",
        choices=["text", "json", "sarif", "gitlab"],
        default="text",
        help="form of the report; gitlab is that of GitLab's Code Quality",
    )
    output.add_argument(parser)
    parser.add_argument(
        "--baseline",
        type=Path,
        metavar="FILE",
        help="leave out the findings that FILE holds; name its unused ones",
    )
    parser.add_argument(
        "--write-baseline",
        type=Path,
        metavar="FILE",
        help="write what was found to FILE as known, and report nothing",
    )
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 although there are findings")
    parser.add_argument(
        "--stdin-as",
        metavar="PATH",
        help="with the PATH -, the C file that standard input is read for: what an editor has not saved yet",
    )
    inputs.add_overlay(parser)
    parser.add_argument(
        "--quiet", "-q", action="store_true", help="print findings and errors, and no summary"
    )
    patch.add_argument(parser)
    shown.add_argument(parser)
    inputs.add_effort(parser)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Check, render, and return whether there was something to report."""
    top = inputs.tree(arguments.tree)
    words, piped = inputs.standard_input(arguments.paths, arguments.stdin_as)
    overlay = {**inputs.overlay(arguments.overlay), **piped}
    paths = [*piped, *inputs.paths(words, top, overlay)] if words or not piped else list(piped)
    top = inputs.kernel_of(paths, top)
    if arguments.patch:
        return patch.run(arguments, [Path(word) for word in words], paths, top)
    output.writable(arguments.output)
    output.writable(arguments.write_baseline)
    wanted = choice.chosen(arguments, paths)
    level = wanted.level
    if not arguments.quiet:
        wanted.announce()
    known = _read_baseline(arguments.baseline)
    options = wanted.options(arguments.jobs, not arguments.no_cache, Interpretation(arguments.interpretation))
    with added.adding(wanted.signatures), Bar() as bar:
        report = checking.check(paths, top, options, bar, overlay)
    if arguments.write_baseline:
        output.write(baseline.write(report.findings), arguments.write_baseline)
        output.say(f"{text.count(len(report.findings), 'finding')} written to {arguments.write_baseline}")
        known = baseline.read(baseline.write(report.findings), str(arguments.write_baseline))
    comparison = baseline.compare(
        report.findings,
        baseline.at_level(known, level),
        _scope(paths, Path(report.tree) if report.tree else None),
    )
    report = replace(report, findings=comparison.new)
    shown_report = shown.from_here(report, report.root) if arguments.shown == "here" else report
    from_here = arguments.format in shown.FORMATS
    rendered = _render(shown_report if from_here else report, arguments.format, arguments.output)
    output.write(rendered, arguments.output)
    for entry in comparison.unused:
        where = f"{entry.file}: {entry.function}: {entry.expression}: {entry.rule}"
        output.say(f"{arguments.baseline}: unused entry {entry.id} ({where}): no longer found")
    for comment in shown_report.unused:
        where = f"{visible(comment.file)}:{comment.line}"
        output.say(f"{where}: the comment 'memdesc: allow {visible(comment.rule)}' {visible(comment.wrong)}")
    says = {rule.name: rule.summary for rule in registry.rules().values()} if report.findings else {}
    if not arguments.quiet:
        sys.stderr.write(text.summary(shown_report, comparison.known, says))
    return ExitStatus.FOUND if report.findings and not arguments.exit_zero else ExitStatus.CLEAN


def _render(report: Report, form: str, path: Path | None) -> str:
    if form == "json":
        return json_report.check(report)
    if form == "sarif":
        return sarif.check(report, registry.rules(), registry.page)
    if form == "gitlab":
        return gitlab.check(report)
    remedies = {finding.rule: registry.remedy(finding.rule) for finding in report.findings}
    return text.check(report, text.PLAIN if path else text.style(sys.stdout), remedies)


def _read_baseline(path: Path | None) -> tuple[baseline.Entry, ...]:
    if path is None:
        return ()
    said = door.read(path, _MOST_BASELINE_BYTES).decode("utf-8", "backslashreplace")
    return baseline.read(said, str(path))


def _scope(paths: Sequence[Path], tree: Path | None) -> tuple[str, ...] | None:
    """Return `paths` relative to the tree; None when there is no tree to be relative to."""
    if tree is None:
        return None
    return tuple(name_of(path, tree) for path in paths)
