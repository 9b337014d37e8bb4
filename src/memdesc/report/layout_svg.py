"""Layouts as a drawing: words of struct page as columns, a row for each descriptor."""

from memdesc.escape import markup as escape
from memdesc.layout.chart import Box, Chart

_BYTE, _LANE, _LABEL, _TOP = 16, 24, 130, 44
_COLOURS = {
    "member": ("#dbe9f6", "#2b5d8a"),
    "pad": ("#eeeeee", "#888888"),
    "hole": ("#ffffff", "#bbbbbb"),
    "hazard": ("#f9d0cd", "#b3261e"),
}
_CHARACTER = 6.2


def render_chart(chart: Chart) -> str:
    """Return the chart as a self-contained SVG document."""
    lanes = sum(max(len(row.lanes), 1) for row in chart.rows)
    width = _LABEL + chart.page_size * _BYTE + 12
    height = _TOP + lanes * _LANE + 8 * len(chart.rows) + 12
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" '
        'font-family="ui-monospace, monospace" font-size="10">',
        f"<title>{escape(chart.design)} on {escape(chart.abi)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for n, offset in enumerate(range(0, chart.page_size, chart.word)):
        x = _LABEL + offset * _BYTE
        name = _short(chart.words[n] if n < len(chart.words) else "", chart.word * _BYTE)
        out.append(f'<text x="{x + 3}" y="16" fill="#555555">{offset}</text>')
        out.append(f'<text x="{x + 3}" y="32" fill="#555555">{escape(name)}</text>')
        out.append(f'<line x1="{x}" y1="4" x2="{x}" y2="{height - 8}" stroke="#e3e3e3"/>')
    y = _TOP
    for row in chart.rows:
        out.append(f'<text x="6" y="{y + 15}" font-weight="bold" fill="#222222">{escape(row.name)}</text>')
        for lane in row.lanes or ((),):
            out.extend(_box(box, y) for box in lane)
            y += _LANE
        y += 8
    out.append("</svg>")
    return "\n".join(out) + "\n"


def _box(box: Box, y: int) -> str:
    fill, line = _COLOURS[box.tone]
    x, width = _LABEL + box.start * _BYTE, box.size * _BYTE
    dash = ' stroke-dasharray="3 2"' if box.tone in ("hole", "pad") else ""
    tip = f"{box.title or 'padding'}: byte {box.start}, {box.size} bytes"
    text = _short(box.title, width)
    return (
        f'<g><title>{escape(tip)}</title><rect x="{x + 1}" y="{y + 1}" width="{width - 2}" '
        f'height="{_LANE - 4}" '
        f'rx="2" fill="{fill}" stroke="{line}"{dash}/><text x="{x + 4}" y="{y + 15}" fill="#111111">'
        f"{escape(text)}</text></g>"
    )


def _short(text: str, pixels: int) -> str:
    room = int((pixels - 6) / _CHARACTER)
    return text if len(text) <= room else text[: max(room - 1, 0)] + "…"
