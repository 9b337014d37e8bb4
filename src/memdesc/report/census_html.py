"""A census as one self-contained HTML file: physical memory as a picture, histograms of orders, costs of designs."""

import base64
import json
import zlib
from collections.abc import Sequence
from importlib.resources import files

from memdesc.escape import markup as escape
from memdesc.kernel.census import Census, Count, Group
from memdesc.kernel.picture import Picture
from memdesc.kernel.population import ROWS, Page
from memdesc.kernel.price import Price
from memdesc.kernel.reconcile import Account
from memdesc.report.census_text import size, uncounted

COLOURS: dict[Page, str] = {
    Page.FILE: "#3b7dd8", Page.ANON: "#3fa34d", Page.SHMEM: "#6bb7f0", Page.KSM: "#8bc34a",
    Page.SWAPCACHE: "#b7d36b", Page.HUGETLB: "#9b59d0", Page.ZERO: "#b0b7bf", Page.SLAB: "#e0a021",
    Page.LARGE_KMALLOC: "#f0c75e", Page.NET: "#12a594", Page.TABLE: "#d64545", Page.IOMMU: "#a83232",
    Page.VMALLOC: "#e8743b", Page.STACK: "#c25a1d", Page.PERCPU: "#f29e74", Page.ZSMALLOC: "#6c5ce7",
    Page.MOVABLE: "#7f8fa6", Page.DRIVER: "#a0694b", Page.FREE: "#c9d3dc", Page.FREE_CACHED: "#aebccb",
    Page.RESERVED: "#6b7682", Page.MEMMAP: "#525c66", Page.OFFLINE: "#2f363d", Page.UNACCEPTED: "#3d4650",
    Page.GUARD: "#000000", Page.HWPOISON: "#ff0000", Page.DEVICE: "#00a1d6", Page.UNKNOWN: "#e0218a",
    Page.ABSENT: "#8a8f94",
}  # fmt: skip
SHOWN_GROUPS = 40
_HINT = (
    "Point at the map: what is there, and where. The wheel zooms, dragging moves; so do + - and arrow keys."
)


def render(census: Census, account: Account, prices: Sequence[Price] = ()) -> str:
    """Return the document; nothing in it is loaded from elsewhere."""
    about = census.about
    title = f"Memory of Linux {about.release}" if about.release else "Memory of a Linux kernel"
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>\n<style>\n{_file('census.css')}</style>\n</head>\n<body>",
        f"<h1>{escape(title)}</h1>",
        f"<p>{size(census.pages() * about.page_bytes)} in {census.pages():,} pages of "
        f"{size(about.page_bytes)} ({escape(about.origin)}), read in {census.seconds:.2f} s. "
        f"Page types: {escape(about.encoding)}.</p>",
        _stack(census),
        _kinds(census),
        _map(census) if census.picture is not None else "",
        _orders(census),
        _prices(prices),
        *(_groups(name, groups, census) for name, groups in census.by.items()),
        _account(census, account),
    ]
    if census.picture is not None:
        parts.append(_data(census, census.picture))
        parts.append(f"<script>\n{_file('census.js')}</script>")
    parts.append("</body>\n</html>\n")
    return "\n".join(part for part in parts if part)


def _file(name: str) -> str:
    return (files("memdesc.report") / name).read_text("utf-8")


def _dot(kind: Page) -> str:
    return f'<span class="dot" style="background:{COLOURS[kind]}"></span>'


def _memory(counts: Sequence[Count]) -> list[Count]:
    return [count for count in counts if ROWS[count.kind].memory]


def _stack(census: Census) -> str:
    total = max(census.pages(), 1)
    parts = [
        f'<div style="flex:{count.pages / total:.6f};background:{COLOURS[count.kind]}" '
        f'title="{count.name}: {count.pages / total:.1%}"></div>'
        for count in _memory(census.counts)
    ]
    return f'<div class="stack">{"".join(parts)}</div>'


def _kinds(census: Census) -> str:
    total = max(census.pages(), 1)
    most = max((count.pages for count in _memory(census.counts)), default=1)
    rows = []
    for count in _memory(census.counts):
        row = ROWS[count.kind]
        bar = (
            f'<div class="bar" style="width:{count.pages / most:.2%};background:{COLOURS[count.kind]}"></div>'
        )
        rows.append(
            f"<tr><td>{_dot(count.kind)}{count.name}</td><td>{count.pages:,}</td>"
            f"<td>{size(count.pages * census.about.page_bytes)}</td><td>{count.pages / total:.2%}</td>"
            f'<td class="barcell">{bar}</td><td>{count.descriptors:,}</td>'
            f'<td class="says">{escape(row.says)}</td></tr>'
        )
    head = (
        "<tr><th>kind</th><th>pages</th><th>bytes</th><th>share</th><th></th><th>blocks</th>"
        '<th class="says">what it is</th></tr>'
    )
    return f'<div class="scroll"><table>{head}\n' + "\n".join(rows) + "</table></div>"


def _map(census: Census) -> str:
    assert census.picture is not None
    cell = census.picture.cell_pages
    key = "".join(
        f'<li><button type="button" data-kind="{int(count.kind)}" aria-pressed="false">{_dot(count.kind)}'
        f"{count.name}</button></li>"
        for count in census.counts
    )
    what = (
        "page frame" if cell == 1 else f"run of {cell} page frames ({size(cell * census.about.page_bytes)})"
    )
    return (
        f"<h2>Physical memory</h2>\n<p>A cell is one {what}, in the colour of its commonest kind and paler where "
        "that is less of it. Cells lie along a Hilbert curve: what is near in memory is near in the picture.</p>\n"
        '<div class="map"><canvas id="map" aria-label="map of physical memory"></canvas><div class="side">'
        f'<ul class="key">{key}</ul><div id="said" role="status"></div><div class="tools">'
        '<button type="button" id="in">closer</button><button type="button" id="out">farther</button>'
        '<button type="button" id="all">all</button><button type="button" id="shape">rows</button>'
        "</div></div></div>"
    )


def _data(census: Census, picture: Picture) -> str:
    def packed(raw: bytes) -> str:
        return base64.b64encode(zlib.compress(raw, 9)).decode("ascii")

    data = {
        "cells": packed(picture.kind.tobytes()),
        "shares": packed(picture.share.tobytes()),
        "first": picture.first,
        "cell": picture.cell_pages,
        "page": census.about.page_bytes,
        "absent": int(Page.ABSENT),
        "names": {int(page): row.name for page, row in ROWS.items()},
        "colours": {
            int(page): [int(text[i : i + 2], 16) for i in (1, 3, 5)] for page, text in COLOURS.items()
        },
        "zones": [[f"node {zone.node}, zone {zone.name}", zone.first, zone.end] for zone in census.zones],
        "hint": _HINT,
    }
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" id="data">{text}</script>'


def _orders(census: Census) -> str:
    figures = []
    for count in _memory(census.counts):
        if len(count.blocks) < 2:
            continue
        held = [number << order for order, number in enumerate(count.blocks)]
        most = max(held)
        wide = 220 / len(held)
        bars = []
        for order, pages in enumerate(held):
            high = pages / most * 70
            if pages and high < 1:
                high = 1
            tip = f"order {order}: {count.blocks[order]:,} blocks, {pages:,} pages"
            bars.append(
                f'<g><title>{tip}</title><rect x="{order * wide + 1:.1f}" y="{78 - high:.1f}" '
                f'width="{wide - 2:.1f}" height="{high:.1f}" fill="{COLOURS[count.kind]}"/>'
                f'<rect x="{order * wide:.1f}" y="0" width="{wide:.1f}" height="92" fill="transparent"/>'
                f'<text x="{(order + 0.5) * wide:.1f}" y="90" text-anchor="middle">{order}</text></g>'
            )
        what = ROWS[count.kind].block
        figures.append(
            f"<figure><figcaption>{_dot(count.kind)}{count.name}: {count.descriptors:,} {what}s</figcaption>"
            f'<svg viewBox="0 0 220 94" role="img" aria-label="{count.name} by order">{"".join(bars)}</svg></figure>'
        )
    if not figures:
        return ""
    return (
        "<h2>Blocks by order</h2>\n<p>Height: pages held in blocks of that order, of the largest such number.</p>\n"
        f'<div class="orders">{"".join(figures)}</div>'
    )


def _prices(prices: Sequence[Price]) -> str:
    if not prices:
        return ""
    most = max(max(price.total_bytes for price in prices), 1)
    rows = []
    for price in prices:
        said = f"= {price.formula}"
        if price.uncounted:
            said += "; " + uncounted(price)
        parts = [(price.pages * price.page_bytes, "#6b7682", "struct page")]
        parts += [(item.total_bytes, "#3b7dd8", item.name) for item in price.items]
        bar = "".join(
            f'<div class="bar" style="display:inline-block;width:{part / most:.3%};background:{colour}" '
            f'title="{escape(name)}: {size(part)}"></div>'
            for part, colour, name in parts
            if part
        )
        rows.append(
            f"<tr><td>{escape(price.design)}</td><td>{size(price.total_bytes)}</td><td>{price.share:.3%}</td>"
            f'<td class="barcell" style="text-align:left">{bar}</td>'
            f'<td class="says"><code>{escape(said)}</code></td></tr>'
        )
    head = '<tr><th>design</th><th>bytes</th><th>of memory</th><th></th><th class="says">how</th></tr>'
    return (
        "<h2>What descriptors cost</h2>\n<p>Grey: what remains for every page. Blue: descriptors of their own.</p>\n"
        f'<div class="scroll"><table>{head}\n' + "\n".join(rows) + "</table></div>"
    )


def _groups(name: str, groups: Sequence[Group], census: Census) -> str:
    most = max((group.pages for group in groups), default=1) or 1
    rows = []
    for group in groups[:SHOWN_GROUPS]:
        parts = "".join(
            f'<div class="bar" style="display:inline-block;width:{count.pages / most:.3%};'
            f'background:{COLOURS[count.kind]}" title="{count.name}: '
            f'{size(count.pages * census.about.page_bytes)}"></div>'
            for count in _memory(group.counts)
        )
        rows.append(
            f"<tr><td>{escape(group.name)}</td><td>{group.pages:,}</td>"
            f"<td>{size(group.pages * census.about.page_bytes)}</td>"
            f'<td class="barcell" style="text-align:left">{parts}</td></tr>'
        )
    more = len(groups) - SHOWN_GROUPS
    note = f'<p class="note">and {more} more; --format json has them all</p>' if more > 0 else ""
    head = f"<tr><th>{escape(name)}</th><th>pages</th><th>bytes</th><th></th></tr>"
    return (
        f'<h2>By {escape(name)}</h2>\n<div class="scroll"><table>{head}\n'
        + "\n".join(rows)
        + f"</table></div>{note}"
    )


def _account(census: Census, account: Account) -> str:
    out = []
    if census.misreads:
        rows = "".join(
            f"<tr><td>{escape(m.name)}</td><td>{pages:,}</td><td class='says'>{escape(m.says)}</td></tr>"
            for m, pages in census.misreads
        )
        out.append(
            "<h2>What the kernel's own report gets wrong</h2>\n"
            '<div class="scroll"><table><tr><th>what</th><th>pages</th><th class="says">why</th></tr>'
            f"{rows}</table></div>"
        )
    if account.entries:
        rows = "".join(
            f"<tr><td>{escape(e.name)}</td><td>{e.pages:,}</td><td class='says'>{escape(e.source)}</td></tr>"
            for e in account.entries
        )
        rows += f"<tr><td>not accounted for</td><td>{account.unaccounted:,}</td><td class='says'></td></tr>"
        out.append(
            f"<h2>What the {account.unknown:,} unknown pages are, by the kernel's counters</h2>\n"
            '<div class="scroll"><table><tr><th>what</th><th>pages</th><th class="says">counter</th></tr>'
            f"{rows}</table></div>"
        )
    if account.agreements:
        rows = "".join(
            f"<tr><td>{escape(a.name)}</td><td>{a.counted:,}</td><td>{a.counter:,}</td>"
            f"<td>{a.difference:+,}</td><td class='says'>{escape(a.source)}</td></tr>"
            for a in account.agreements
        )
        out.append(
            '<h2>Beside the kernel\'s counters</h2>\n<div class="scroll"><table><tr><th>what</th><th>counted</th>'
            f'<th>kernel</th><th>difference</th><th class="says">counter</th></tr>{rows}</table></div>'
        )
    said = [f"not read: {m.what} {m.why}: {m.costs}" for m in census.about.missing]
    said += [f"partial: {why}" for why in census.about.partial]
    out += [f'<p class="note">{escape(line)}</p>' for line in said]
    return "\n".join(out)
