"""What designs cost on a workload, as one HTML page with the curves side by side; it needs nothing else."""

from collections.abc import Callable, Sequence

from memdesc.escape import markup as escape
from memdesc.machine.outcome import Misread, Point, Replay, Row, Run
from memdesc.report.machine_text import kinds_of, notes_of, open_by_design, peak_kinds
from memdesc.report.plots import chart, legend, size

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 84rem; padding: 0 1rem; color: #1c1c1c; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
.charts { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; border: 1px solid #dddddd; border-radius: 4px; padding: 0.5rem; }
figcaption { font-weight: 600; font-size: 13px; }
svg { max-width: 100%; height: auto; font: 11px ui-monospace, monospace; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font: 13px ui-monospace, monospace; }
th, td { text-align: right; padding: 2px 14px 2px 0; white-space: nowrap; border-bottom: 1px solid #eeeeee; }
th:first-child, td:first-child { text-align: left; }
.key span { margin-right: 1.2rem; } .key i { display: inline-block; width: 1.2rem; height: 3px; margin-right: 0.4rem;
  vertical-align: middle; }
.warn { background: #f9d0cd; padding: 0.4rem 0.8rem; border-radius: 4px; }
li { font: 13px ui-monospace, monospace; }
"""
_FEW = 8


def render_comparison(replays: Sequence[Replay], rows: Sequence[Row]) -> str:
    """Return a trace and what it cost each design, as a self-contained document.

    Args: rows: how the replay compares with the kernel (see memdesc.machine.agreement).
    """
    replay = replays[0]
    runs = [each.run for each in replays if each.run is not None]
    told = 100 * replay.attribution.share_unknown
    body = [
        f"<p>Linux {escape(replay.release)}, {size(replay.memory_bytes)}, {replay.cpus} CPUs, "
        f"{replay.seconds:.1f} s, {replay.events:,} events. Not attributed: {told:.2f} % of the pages "
        f"allocated. Events lost by the kernel: {replay.lost:,}.</p>"
    ]
    if replay.migrated:
        body.append(
            f"<p>Moved by the kernel meanwhile, for which there is no event: {replay.migrated:,} pages.</p>"
        )
    if replay.cut:
        body.append('<p class="warn">The trace was cut: this is about the part that is there.</p>')
    body += _runs(runs)
    body += ["<h2>The recorded machine</h2>", _page_charts(replay.points, "s")]
    if rows:
        body += ["<h2>Replay and kernel</h2>", _agreement(rows)]
    for names, found in open_by_design(replays):
        body.append(f"<h2>What the trace left open{escape(names)}</h2>")
        body.append(_table(("what", "how many"), [(says, f"{count:,}") for says, count in found]))
    body += [f"<p>{escape(note)}</p>" for note in notes_of(replays)]
    return _document(f"{replay.trace} on {len(runs)} design{'s' if len(runs) != 1 else ''}", body)


def render_runs(title: str, runs: Sequence[Run]) -> str:
    """Return the designs of `runs` side by side, as a self-contained document."""
    body = _runs(runs)
    if runs:
        body += ["<h2>Pages</h2>", _page_charts(runs[0].points, runs[0].unit)]
    return _document(title, body)


def _document(title: str, body: Sequence[str]) -> str:
    return "\n".join([
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>",
        *body,
        "</body>\n</html>\n",
    ])  # fmt: skip


def _runs(runs: Sequence[Run]) -> list[str]:
    body = ["<h2>Descriptors</h2>", _designs(runs), _cost_charts(runs)]
    body += ["<h2>Descriptors at peak, by kind</h2>", _by_kind(runs)]
    body += ["<h2>Operations</h2>", _operations(runs)]
    if any(run.costs.caches for run in runs):
        body += ["<h2>Slabs of descriptors</h2>", _caches(runs)]
    looked = [run for run in runs if run.misreads is not None]
    if looked:
        body.append("<h2>Probes of generic code that misread pages</h2>")
        body.append(
            _table(("design", "misreads"), [(run.design, str(len(run.misreads or ()))) for run in looked])
        )
        body += [_misread(run.design, misread) for run in looked for misread in run.misreads or ()]
    return body


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = ["".join(f"<th>{escape(cell)}</th>" for cell in head)]
    out += ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
    return '<div class="wide"><table>' + "".join(f"<tr>{row}</tr>" for row in out) + "</table></div>"


def _designs(runs: Sequence[Run]) -> str:
    head = ("design", "struct page", "memmap", "first", "last", "at peak", "of memory", "allocated apart")
    rows = []
    for run in runs:
        costs = run.costs
        first = run.points[0].descriptor_bytes if run.points else costs.descriptor_bytes
        rows.append((
            run.design, f"{costs.page_bytes} B", size(costs.memmap_bytes), size(first),
            size(costs.descriptor_bytes), size(costs.peak_descriptor_bytes),
            f"{100 * costs.peak_descriptor_bytes / costs.memory_bytes:.3f} %",
            f"{sum(operation.extra_allocations for operation in costs.operations):,}",
        ))  # fmt: skip
    return _table(head, rows)


def _cost_charts(runs: Sequence[Run]) -> str:
    """All designs in one figure, then the dearest kinds, each with all designs; one scale for all of a figure."""
    parts = [legend([run.design for run in runs]), '<div class="charts">']
    parts.append(_compared("All descriptors", runs, lambda point: point.descriptor_bytes))
    if any(point.unused_bytes for run in runs for point in run.points):
        parts.append(_compared("Unused in slabs of descriptors", runs, lambda point: point.unused_bytes))
    for kind in peak_kinds(runs)[:_FEW]:
        parts.append(_compared(f"Descriptors of {kind} pages", runs, _bytes_of(kind)))
    return "".join([*parts, "</div>"])


def _bytes_of(kind: str) -> Callable[[Point], float]:
    return lambda point: point.bytes_by_kind.get(kind, 0)


def _compared(title: str, runs: Sequence[Run], value: Callable[[Point], float]) -> str:
    curves = [(run.design, [(point.at, value(point)) for point in run.points]) for run in runs]
    high = max((y for _, points in curves for _, y in points), default=0)
    return chart(title, curves, 0, high, runs[0].unit if runs else "")


def _page_charts(points: Sequence[Point], unit: str) -> str:
    parts = ['<div class="charts">']
    for kind in kinds_of(points)[: _FEW + 2]:
        values = [(point.at, point.pages.get(kind, 0)) for point in points]
        low, high = min(y for _, y in values), max(y for _, y in values)
        parts.append(chart(f"{kind} (pages)", [(kind, values)], low, high, unit, as_size=False))
    return "".join([*parts, "</div>"])


def _by_kind(runs: Sequence[Run]) -> str:
    rows = []
    for kind in peak_kinds(runs):
        costs = [next((cost for cost in run.costs.kinds if cost.kind == kind), None) for run in runs]
        rows.append((kind, *(size(cost.peak_bytes) if cost else "-" for cost in costs)))
    return _table(("kind", *(run.design for run in runs)), rows)


def _operations(runs: Sequence[Run]) -> str:
    rows = []
    for name in dict.fromkeys(operation.name for run in runs for operation in run.costs.operations):
        cells, times = [], 0
        for run in runs:
            found = next((cost for cost in run.costs.operations if cost.name == name), None)
            times = max(times, found.count if found else 0)
            apart = f"{found.extra_allocations / max(found.count, 1):.2f}" if found else "-"
            cells += [apart, f"{found.lines_each:.2f}" if found and found.counted else "-"]
        rows.append((name, f"{times:,}", *cells))
    head = ["operation", "times"]
    for run in runs:
        head += [f"{run.design}: apart", "cache lines"]
    return _table(head, rows)


def _caches(runs: Sequence[Run]) -> str:
    rows = [
        (run.design, cache.name, f"{cache.size_bytes} B", f"{cache.used:,}", f"{cache.slab_pages:,}",
         f"{100 * cache.fragmentation:.1f} %")
        for run in runs
        for cache in run.costs.caches
    ]  # fmt: skip
    return _table(("design", "cache", "size", "in use", "pages", "unused"), rows)


def _misread(design: str, misread: Misread) -> str:
    steps = "".join(f"<li>{escape(step)}</li>" for step in misread.history)
    return (
        f"<details><summary>{escape(design)}: {escape(misread.probe)}, {misread.pages:,} pages of "
        f"{escape(misread.kind)}: {escape(misread.says)}</summary><p>Read by {escape(misread.by)}. "
        f"What happened to the first of them:</p><ol>{steps}</ol></details>"
    )


def _agreement(rows: Sequence[Row]) -> str:
    out = []
    for what in dict.fromkeys(row.what for row in rows):
        mine = [row for row in rows if row.what == what]
        worst = max(mine, key=lambda row: abs(row.difference))
        out.append(
            (what, f"{len(mine)}", f"{worst.replayed:,}", f"{worst.kernel:,}", f"{worst.difference:+,}")
        )
    return _table(("pages counted", "samples", "replayed", "kernel", "largest difference"), out)
