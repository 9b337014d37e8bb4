"""Layouts as one HTML page: the drawing, and a table of the members of each struct."""

from memdesc.escape import markup as escape
from memdesc.layout.chart import Chart, Listing
from memdesc.report import layout_svg

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 78rem;
  padding: 0 1rem; color: #1c1c1c; }
.chart { overflow-x: auto; border: 1px solid #dddddd; border-radius: 4px; }
table { border-collapse: collapse; font-family: ui-monospace, monospace; font-size: 13px; }
th, td { text-align: left; padding: 1px 12px 1px 0; white-space: pre; }
td.n { text-align: right; color: #555555; }
tr.line td { border-top: 2px solid #9db8d1; }
tr.hole td { color: #b3261e; }
summary { cursor: pointer; font-weight: 600; margin: 0.5rem 0; }
.key span { display: inline-block; padding: 0 0.5rem; margin-right: 0.5rem; border: 1px solid #999999; }
"""


def render_chart(chart: Chart) -> str:
    """Return the chart as a self-contained HTML document."""
    title = f"{chart.design} on {chart.abi}"
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        f"<h1>{escape(title)}</h1>",
        f"<p>struct page has {chart.page_size} bytes; a column is a word of {chart.word}.</p>",
        '<p class="key"><span style="background:#dbe9f6">member</span>'
        '<span style="background:#eeeeee">kept free</span><span>padding</span>'
        '<span style="background:#f9d0cd">read by mistake</span></p>',
        f'<div class="chart">\n{layout_svg.render_chart(chart)}</div>',
    ]
    parts.extend(_listing(listing) for listing in chart.listings)
    parts.append("</body>\n</html>\n")
    return "\n".join(parts)


def _listing(listing: Listing) -> str:
    rows = []
    cache_line = -1
    for line in listing.lines:
        first = line.offset // 64 > cache_line
        cache_line = max(cache_line, line.offset // 64)
        where = f"{line.offset}:{line.bits[0]}" if line.bits else str(line.offset)
        mark = ' class="line"' if first else ""
        rows.append(
            f'<tr{mark}><td class="n">{where}</td><td class="n">{line.size}</td>'
            f"<td>{'  ' * line.depth}{escape(line.text)}</td></tr>"
        )
        if line.hole_after:
            rows.append(
                f'<tr class="hole"><td></td><td class="n">{line.hole_after}</td><td>padding</td></tr>'
            )
    head = (
        f"{escape(listing.name)}: {listing.size} bytes, aligned to {listing.align}, padding "
        f"{listing.padding}, "
        f"cache lines {listing.cache_lines}"
    )
    table = "\n".join(rows)
    return (
        f"<details><summary>{head}</summary>\n<table><tr><th>offset</th><th>size</th><th>member</th></tr>\n"
        f"{table}\n</table></details>"
    )
