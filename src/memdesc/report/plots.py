"""Small plots of curves, for terminals and for pages: pure functions from numbers to text."""

from collections.abc import Sequence
from math import floor, log10

from memdesc.escape import markup as escape

BLOCKS = "▁▂▃▄▅▆▇█"
COLOURS = ("#2b5d8a", "#b3261e", "#3c7a3c", "#8a5a00", "#6a3d9a", "#00727a", "#7a4b2b", "#555555")
WIDTH, HEIGHT = 460, 204
_LEFT, _RIGHT, _TOP, _BOTTOM = 78, 40, 10, 40


def spark(values: Sequence[float], width: int, low: float | None = None, high: float | None = None) -> str:
    """Return `values` as one line of at most `width` characters; low and high end the scale.

    A curve that does not move is a flat line in the middle of the scale; no values are an empty line.
    """
    if not values or width < 1:
        return ""
    picked = [values[at * len(values) // min(width, len(values))] for at in range(min(width, len(values)))]
    picked[-1] = values[-1]
    low = min(values) if low is None else low
    high = max(values) if high is None else high
    if high <= low:
        return BLOCKS[3] * len(picked)
    top = len(BLOCKS) - 1
    return "".join(BLOCKS[max(0, min(top, round((value - low) / (high - low) * top)))] for value in picked)


def size(count: float) -> str:
    """Return bytes in words: "512 B", "1.5 MiB"."""
    sign, count = ("-" if count < 0 else ""), abs(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024 or unit == "GiB":
            break
        count /= 1024
    return f"{sign}{count:.0f} {unit}" if unit == "B" or count >= 100 else f"{sign}{count:.3g} {unit}"


def chart(
    title: str, curves: Sequence[tuple[str, Sequence[tuple[float, float]]]], low: float, high: float, unit: str,
    as_size: bool = True,
) -> str:  # fmt: skip
    """Return an SVG figure of `curves`, (name, points), on a scale from `low` to `high`.

    Args: unit: of the horizontal axis. as_size: the values are bytes.
    """
    last = max((points[-1][0] for _, points in curves if points), default=0.0) or 1.0
    if high <= low:
        low, high = low - 1, high + 1
    wide, tall = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM

    def place(at: float, value: float) -> str:
        return f"{_LEFT + at / last * wide:.1f},{_TOP + (high - value) / (high - low) * tall:.1f}"

    out = [
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{escape(title)}">'
    ]
    for step in range(5):
        value = low + (high - low) * step / 4
        y = _TOP + tall - tall * step / 4
        label = size(value) if as_size else _number(value, high - low)
        out.append(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{WIDTH - _RIGHT}" y2="{y:.1f}" stroke="#e3e3e3"/>')
        out.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(label)}</text>')
    for step in range(5):
        x = _LEFT + wide * step / 4
        label = _number(last * step / 4, last)
        out.append(f'<text x="{x:.1f}" y="{HEIGHT - 22}" text-anchor="middle">{escape(label)}</text>')
    middle = _LEFT + wide / 2
    out.append(f'<text x="{middle:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{escape(unit)}</text>')
    for number, (name, points) in enumerate(curves):
        line = " ".join(place(at, value) for at, value in points)
        colour = COLOURS[number % len(COLOURS)]
        out.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.6">'
            f"<title>{escape(name)}</title></polyline>"
        )
    out.append("</svg></figure>")
    return "".join(out)


def _number(value: float, span: float) -> str:
    """Return a label of an axis of five that is `span` long: "7,430", "0.25"; each differs from its neighbours."""
    step = max(span / 4, 1e-6)
    places = 0 if step >= 10 else min(1 - floor(log10(step)), 6)
    return f"{value:,.{places}f}"


def legend(names: Sequence[str]) -> str:
    """Return the names of curves with the colours that chart() gives them, as HTML."""
    items = "".join(
        f'<span><i style="background:{COLOURS[number % len(COLOURS)]}"></i>{escape(name)}</span>'
        for number, name in enumerate(names)
    )
    return f'<p class="key">{items}</p>'
