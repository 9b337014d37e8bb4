"""What designs cost on a workload, as text with small plots for a terminal."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath

from memdesc.machine.outcome import Attribution, Oddities, Point, Replay, Row, Run
from memdesc.report.plots import size, spark

_PLOT = 40
_NAMES = 16
ODDITIES: dict[str, str] = {
    "unattributed": "pages whose stacks no function tells the kind of",
    "unseen_frees": "pages freed that were never seen allocated (bulk allocations have no event)",
    "overwritten": "pages allocated while they were thought to be in use",
    "retyped": "pages that turned out to be of another kind than their stack said",
    "split": "blocks freed a part at a time",
    "refused": "pages for which the machine had no memory",
    "reclaimed": "pages that the machine had reclaimed before the trace freed them",
    "collided": "folios whose place in the page cache was taken",
    "outside": "pages beyond the machine that was recorded",
}


def render_recorded(replay: Replay, rows: Sequence[Row]) -> str:
    """Return what a trace holds: its pages over time, what its stacks said, and how the kernel counted.

    Args: rows: how the replay compares with the kernel (see memdesc.machine.agreement).
    """
    told = _told(replay.attribution)
    return "\n".join([*_head(replay), "", *_pages(replay), "", *told, *_agreement(rows)]) + "\n"


def render_attribution(told: Attribution) -> str:
    """Return what the stacks of a trace say."""
    return "\n".join(_told(told)) + "\n"


def render_runs(runs: Sequence[Run]) -> str:
    """Return the designs of `runs` side by side."""
    runs, meant = _shortened(runs)
    lines = [*_designs(runs), *meant, "", *_by_kind(runs), "", *_curves(runs), "", *_operations(runs)]
    for part in (_caches(runs), _misreads(runs)):
        lines += ["", *part] if part else []
    return "\n".join(lines) + "\n"


def render_comparison(replays: Sequence[Replay], rows: Sequence[Row]) -> str:
    """Return a trace and what it cost each design."""
    runs = [replay.run for replay in replays if replay.run is not None]
    notes = "".join(f"\n{note}" for note in notes_of(replays))
    return render_recorded(replays[0], rows) + "\n" + render_runs(runs) + _differences(replays) + notes + "\n"


def _head(replay: Replay) -> list[str]:
    lines = [
        f"{replay.trace}: Linux {replay.release}, {size(replay.memory_bytes)}, {replay.cpus} CPUs, "
        f"{replay.seconds:.1f} s, {replay.events:,} events",
        f"not attributed: {100 * replay.attribution.share_unknown:.2f} % of the pages allocated; "
        f"events lost by the kernel: {replay.lost:,}",
    ]
    if replay.migrated:
        lines.append(f"moved by the kernel meanwhile, for which there is no event: {replay.migrated:,} pages")
    if replay.cut:
        lines.append("PARTIAL: the trace was cut; what follows is about the part that is there")
    return lines


def _pages(replay: Replay) -> list[str]:
    lines = [f"{'pages of':<{_NAMES}}{'first':>12}{'least':>12}{'most':>12}{'last':>12}  over time"]
    for kind in kinds_of(replay.points):
        values = [point.pages.get(kind, 0) for point in replay.points]
        lines.append(
            f"{kind:<{_NAMES}}{values[0]:>12,}{min(values):>12,}{max(values):>12,}{values[-1]:>12,}  "
            f"{spark(values, _PLOT)}"
        )
    return lines


def _told(told: Attribution) -> list[str]:
    whole = sum(told.pages.values())
    lines = [f"{whole:,} pages were allocated for"]
    for kind, pages in sorted(told.pages.items(), key=lambda pair: (-pair[1], pair[0])):
        name = "(not attributed)" if kind == "unknown" else kind
        lines.append(f"  {name:<{_NAMES}}{pages:>12,}{100 * pages / max(whole, 1):>8.2f} %")
    if told.general:
        share = 100 * told.general / max(whole, 1)
        lines.append(
            f"  of which {told.general:,} ({share:.2f} %) only a general function of the kernel tells"
        )
    for pages, stack in told.unknown_stacks[:5]:
        where = " < ".join(stack[:8]) or "no stack"
        lines.append(f"  not attributed: {pages:,} pages: {where}")
    return lines


def _agreement(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    lines = ["", "against the kernel's own counters (pages; largest difference of all samples)"]
    lines.append(f"  {'counted':<28}{'samples':>8}{'replayed':>12}{'kernel':>12}{'difference':>12}")
    for what in dict.fromkeys(row.what for row in rows):
        mine = [row for row in rows if row.what == what]
        worst = max(mine, key=lambda row: abs(row.difference))
        lines.append(
            f"  {what:<28}{len(mine):>8}{worst.replayed:>12,}{worst.kernel:>12,}{worst.difference:>+12,}"
        )
    return lines


def _shortened(runs: Sequence[Run]) -> tuple[list[Run], list[str]]:
    """Return `runs` with names of designs that fit a column, and lines that say which is which."""
    made: list[Run] = []
    lines: list[str] = []
    for run in runs:
        name = PurePath(run.design).name.removeprefix("vmlinuz-")
        name = name if len(name) < _NAMES else name[: _NAMES - 2] + "…"
        if any(other.design == name for other in made):
            name = f"{name[: _NAMES - 4]}#{len(made) + 1}"
        if name != run.design:
            lines.append(f"  {name} is {run.design}")
        made.append(replace(run, design=name))
    return made, lines


def _designs(runs: Sequence[Run]) -> list[str]:
    lines = [
        f"{'design':<{_NAMES}}{'struct page':>12}{'memmap':>12}{'first':>12}{'last':>12}{'at peak':>12}"
        f"{'of memory':>11}{'apart':>10}{'replayed':>14}"
    ]
    for run in runs:
        costs = run.costs
        apart = sum(operation.extra_allocations for operation in costs.operations)
        calls = sum(operation.count for operation in costs.operations)
        first = run.points[0].descriptor_bytes if run.points else costs.descriptor_bytes
        lines.append(
            f"{run.design:<{_NAMES}}{costs.page_bytes:>10} B{size(costs.memmap_bytes):>12}{size(first):>12}"
            f"{size(costs.descriptor_bytes):>12}{size(costs.peak_descriptor_bytes):>12}"
            f"{100 * costs.peak_descriptor_bytes / costs.memory_bytes:>9.3f} %{apart:>10,}"
            f"{calls / max(run.elapsed, 1e-9):>12,.0f}/s"
        )
    return lines


def _by_kind(runs: Sequence[Run]) -> list[str]:
    lines = ["descriptors at peak of" + " " * (_NAMES - 6) + _columns(run.design for run in runs)]
    for kind in peak_kinds(runs):
        cells = []
        for run in runs:
            found = next((cost for cost in run.costs.kinds if cost.kind == kind), None)
            cells.append(size(found.peak_bytes) if found else "-")
        lines.append(f"  {kind:<{_NAMES + 14}}" + _columns(cells))
    return lines


def _curves(runs: Sequence[Run]) -> list[str]:
    unit = runs[0].unit if runs else ""
    axis = "time" if unit == "s" else unit
    lines = [f"descriptors over {axis}, each on its own scale"]
    lines += _sparks([(run.design, [point.descriptor_bytes for point in run.points]) for run in runs])
    unused = [(run.design, [point.unused_bytes for point in run.points]) for run in runs]
    if any(any(values) for _, values in unused):
        lines += [
            "",
            f"unused in slabs of descriptors over {axis}",
            *_sparks([each for each in unused if any(each[1])]),
        ]
    return lines


def _sparks(curves: Sequence[tuple[str, Sequence[int]]]) -> list[str]:
    return [
        f"  {name:<{_NAMES}}{size(min(values)):>10} {spark(values, _PLOT)} {size(max(values))}"
        for name, values in curves
        if values
    ]


def _operations(runs: Sequence[Run]) -> list[str]:
    names = list(dict.fromkeys(operation.name for run in runs for operation in run.costs.operations))
    if not names:
        return []
    lines = ["each operation: descriptors allocated apart, cache lines of descriptors touched"]
    lines.append(f"  {'':<{_NAMES}}{'times':>14}" + _columns(run.design for run in runs))
    for name in names:
        times, cells = 0, []
        for run in runs:
            found = next((cost for cost in run.costs.operations if cost.name == name), None)
            if found is None:
                cells.append("-")
                continue
            times = max(times, found.count)
            lines_each = f"{found.lines_each:.2f}" if found.counted else "-"
            cells.append(f"{found.extra_allocations / max(found.count, 1):.2f}, {lines_each}")
        lines.append(f"  {name:<{_NAMES}}{times:>14,}" + _columns(cells))
    return lines


def _caches(runs: Sequence[Run]) -> list[str]:
    lines = [
        f"  {run.design:<{_NAMES}}{cache.name:<20}{cache.size_bytes:>5} B{cache.used:>12,}{cache.slab_pages:>12,}"
        f"{100 * cache.fragmentation:>10.1f} %"
        for run in runs
        for cache in run.costs.caches
    ]
    head = f"  {'slabs of descriptors':<{_NAMES + 20}}{'size':>7}{'in use':>12}{'pages':>12}{'unused':>12}"
    return [head, *lines] if lines else []


def _misreads(runs: Sequence[Run]) -> list[str]:
    lines = []
    for run in runs:
        if run.misreads is not None:
            lines.append(f"  {run.design}: {len(run.misreads) or 'none'}")
        for misread in run.misreads or ():
            lines.append(f"    {misread.probe}, {misread.pages:,} pages of {misread.kind}: {misread.says}")
            lines.append(f"      read by {misread.by}; what happened to the first of them:")
            lines += [f"        {step}" for step in misread.history]
    return ["probes of generic code that misread pages", *lines] if lines else []


def _differences(replays: Sequence[Replay]) -> str:
    lines: list[str] = []
    for names, found in open_by_design(replays):
        lines.append(f"what the trace left open{names}")
        lines += [f"  {count:>12,}  {says}" for says, count in found]
    return "\n" + "\n".join(lines) + "\n" if lines else ""


def open_by_design(replays: Sequence[Replay]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return (" on DESIGN, DESIGN", what was left open): one entry for designs with the same, "" when all have."""
    groups: dict[tuple[tuple[str, int], ...], list[str]] = {}
    for replay in replays:
        if found := open_questions(replay.odd):
            groups.setdefault(tuple(found), []).append(replay.run.design if replay.run else "")
    return [
        ("" if len(names) == len(replays) else " on " + ", ".join(names), list(found))
        for found, names in groups.items()
    ]


def notes_of(replays: Sequence[Replay]) -> list[str]:
    """Return what a reader of the figures should know: sentences."""
    notes = []
    if any("unknown" in point.pages for point in replays[0].points):
        notes.append("Pages of unknown kind count as driver pages: both are described by struct page alone.")
    if any(replay.run and replay.run.misreads is not None for replay in replays):
        notes.append(
            "A trace has the pages of slabs, not their objects; what comes of those, workloads show (machine run)."
        )
    return notes


def open_questions(odd: Oddities) -> list[tuple[str, int]]:
    """Return (what it is, how many) of everything that the trace left open."""
    return [(ODDITIES[name], count) for name, count in odd.as_dict().items() if count]


def kinds_of(points: Sequence[Point]) -> list[str]:
    """Return the kinds of pages that there were at some point, those with most pages first."""
    most: dict[str, int] = {}
    for point in points:
        for kind, pages in point.pages.items():
            most[kind] = max(most.get(kind, 0), pages)
    return sorted(most, key=lambda kind: (-most[kind], kind))


def peak_kinds(runs: Sequence[Run]) -> list[str]:
    """Return the kinds for which some design has descriptors, the dearest first."""
    most: dict[str, int] = {}
    for run in runs:
        for cost in run.costs.kinds:
            if cost.peak_bytes:
                most[cost.kind] = max(most.get(cost.kind, 0), cost.peak_bytes)
    return sorted(most, key=lambda kind: (-most[kind], kind))


def _columns(cells: Iterable[str]) -> str:
    return "".join(f"{cell:>16}" for cell in cells)
