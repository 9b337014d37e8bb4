"""Layouts, checks and differences as text for a terminal."""

from collections.abc import Sequence
from textwrap import fill

from memdesc.layout.capabilities import Right
from memdesc.layout.chart import Box, Chart, Listing, Row
from memdesc.layout.hazards import Finding, Report
from memdesc.layout.rules import CAPABILITIES

_MAX_COLUMNS = 12
_MIN_BYTE_COLUMNS, _MAX_BYTE_COLUMNS = 1, 3


def render_chart(chart: Chart, width: int = 100) -> str:
    """Return the chart as text: words of struct page are columns, descriptors rows.

    Args: width: columns of the terminal; the picture takes what it needs when that is too narrow.
    """
    label = max((len(row.name) for row in chart.rows), default=4)
    scale = min(_MAX_BYTE_COLUMNS, max(_MIN_BYTE_COLUMNS, (width - label - 3) // max(chart.page_size, 1)))
    out = [f"{chart.design} on {chart.abi}: struct page has {chart.page_size} bytes, a word {chart.word}"]
    out.append(" " * (label + 1) + _ruler(chart, scale))
    for row in chart.rows:
        out.extend(_row(row, label, scale))
    for listing in chart.listings:
        out.append("")
        out.extend(_listing(listing))
    return "\n".join(out) + "\n"


def _ruler(chart: Chart, scale: int) -> str:
    return "".join(f"|{offset:<{chart.word * scale - 1}}" for offset in range(0, chart.page_size, chart.word))


def _row(row: Row, label: int, scale: int) -> list[str]:
    out = []
    for n, lane in enumerate(row.lanes or ((),)):
        line: list[str] = []
        at = 0
        for box in lane:
            line.append(" " * ((box.start - at) * scale))
            line.append(_box(box, box.size * scale))
            at = box.start + box.size
        out.append(f"{row.name if n == 0 else '':<{label}} " + "".join(line) + "|")
    return out


def _box(box: Box, columns: int) -> str:
    mark = {"hazard": "!", "hole": "|"}.get(box.tone, "|")
    title = "." * (columns - 1) if box.tone == "hole" else box.title
    if len(title) > columns - 1:
        title = title[: max(columns - 2, 0)] + ("~" if columns > 1 else "")
    return mark + f"{title:<{columns - 1}}"


def _listing(listing: Listing) -> list[str]:
    out = [f"{listing.name}: {listing.size} bytes, aligned to {listing.align}"]
    line_of = -1
    for line in listing.lines:
        if line.offset // 64 > line_of:
            line_of = line.offset // 64
            out.append(f"        -- cache line {line_of} --")
        where = f"{line.offset:>5}"
        if line.bits:
            where += f":{line.bits[0]}"
        out.append(f"  {where:<9}{line.size:>4}  {'  ' * line.depth}{line.text}")
        if line.hole_after:
            out.append(f"  {'':<9}{line.hole_after:>4}  {'  ' * line.depth}(padding)")
    out.append(f"  padding {listing.padding}, cache lines {listing.cache_lines}")
    return out


def render_report(report: Report) -> str:
    """Return a check's report as text: findings first, then what each descriptor may be used for."""
    out = [
        f"{report.design}: {report.page} of {report.page_size} bytes, checked for {', '.join(report.abis)}"
    ]
    if report.page_from:
        out.append(
            f"The design declares no struct page; its descriptors are laid over that of {report.page_from}."
        )
    out.append("")
    for level, title in (("hazard", "Hazards"), ("obligation", "Obligations of whoever frees such a page")):
        found = [f for f in report.findings if f.level == level]
        if found:
            out.append(f"{title} ({len(found)})")
            out.extend(_finding(f, report.abis) for f in found)
            out.append("")
    if not report.hazards:
        out.extend(("No hazards.", ""))
    out.extend(_reads(report))
    out.extend(_rights(report))
    return "\n".join(out) + "\n"


def _finding(finding: Finding, abis: Sequence[str]) -> str:
    head = f"{finding.place}: " if finding.place else ""
    where = "" if tuple(finding.abis) == tuple(abis) else f" [only {', '.join(finding.abis)}]"
    member = f".{finding.member}" if finding.member and finding.rule != "capability-lost" else ""
    text = f"{finding.descriptor}{member} [{finding.rule}]{where}"
    body = fill(finding.says + ".", 98, initial_indent="    ", subsequent_indent="    ")
    return f"  {head}{text}\n{body}\n    ({finding.source})"


_STATES = {"same": "same", "neutral": "neutral", "untouched": "-"}
_LEVELS = {"hazard": "HAZARD", "refusal": "other", "obligation": "restore"}


def _reads(report: Report) -> list[str]:
    """Return the table of probes and descriptors: what generic code reads in each."""
    worst: dict[tuple[str, str], str] = {}
    order = ["-", "same", "neutral", "restore", "other", "HAZARD"]
    for verdict in report.verdicts:
        word = _STATES.get(verdict.state) or _LEVELS[verdict.probe.level]
        key = verdict.probe.name, verdict.descriptor
        worst[key] = max(worst.get(key, "-"), word, key=order.index)
    probes = list(dict.fromkeys(v.probe.name for v in report.verdicts))
    read = {name for _, name in worst}
    names = [d.name for d in report.descriptors if d.name in read]
    if not probes or len(names) > _MAX_COLUMNS:
        return []
    label = max(len(p) for p in probes)
    out = [
        "What generic code reads (same: the member it is after; neutral: cannot pass for it; -: not reached;"
    ]
    out.append("other: another member, see below; restore: has to be put back before the page is freed)")
    out.append(" " * (label + 4) + "  ".join(f"{name:<7}" for name in names))
    for probe in probes:
        row = "  ".join(f"{worst.get((probe, name), ''):<{max(len(name), 7)}}" for name in names)
        out.append(f"  {probe:<{label}}  {row}".rstrip())
    return [*out, ""]


def _rights(report: Report) -> list[str]:
    names = list(CAPABILITIES)
    label = max((len(d.name) for d in report.descriptors), default=10)
    out = ["What each may be used for", " " * (label + 2) + "  ".join(names)]
    reasons = []
    rights: dict[str, dict[str, Right]] = {}
    for right in report.rights:
        rights.setdefault(right.descriptor, {})[right.capability] = right
    for descriptor in report.descriptors:
        mine = rights[descriptor.name]
        cells = [f"{'yes' if mine[n].granted else 'no':^{len(n)}}" for n in names]
        out.append(f"  {descriptor.name:<{label}}" + "  ".join(cells))
        for name in names:
            if not mine[name].granted:
                why = "; ".join(mine[name].reasons)
                reasons.append(fill(f"{descriptor.name} is not {_adjective(name)}: {why}.", 98,
                                    initial_indent="  ", subsequent_indent="    "))  # fmt: skip
    return [*out, "", "Why not", *reasons] if reasons else out


def _adjective(capability: str) -> str:
    return {"page cache": "for the page cache"}.get(capability, capability)
