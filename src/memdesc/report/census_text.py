"""A census as a page for a terminal: bars, colours where there is a terminal, plain text elsewhere."""

from collections.abc import Sequence
from textwrap import wrap

from memdesc.kernel.census import Census, Count, Group
from memdesc.kernel.population import ROWS, Page
from memdesc.kernel.price import Price
from memdesc.kernel.reconcile import Account
from memdesc.report.text import BOLD, PLAIN, Style, visible

SHOWN_GROUPS = 20
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEIGHTS = "▁▂▃▄▅▆▇█"
DIM = "2"
COLOURS: dict[Page, str] = {
    Page.FILE: "34", Page.ANON: "32", Page.SHMEM: "36", Page.KSM: "92", Page.SWAPCACHE: "92", Page.HUGETLB: "95",
    Page.SLAB: "33", Page.LARGE_KMALLOC: "93", Page.NET: "35", Page.TABLE: "31", Page.VMALLOC: "91",
    Page.STACK: "91", Page.PERCPU: "91", Page.ZSMALLOC: "96", Page.DRIVER: "91", Page.FREE: "90",
    Page.FREE_CACHED: "90", Page.RESERVED: "37", Page.MEMMAP: "37", Page.UNKNOWN: "1;31",
}  # fmt: skip
"""ANSI parameters of the kinds."""


def size(number: float) -> str:
    """Return bytes as people write them: 10.2 GiB."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if abs(number) < 1024:
            return f"{number:.0f} B" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1024
    return f"{number:.1f} TiB"


def render(
    census: Census,
    account: Account,
    prices: Sequence[Price] = (),
    by: Sequence[str] = (),
    style: Style = PLAIN,
    width: int = 110,
    before: Census | None = None,
) -> str:
    """Return the page. before: an earlier census of the same machine, from which changes are shown."""
    width = max(min(width, 160), 60)
    parts = [_head(census, style, width), _kinds(census, style, width, before)]
    if "order" in by:
        parts.append(_orders(census, style))
    for name, groups in census.by.items():
        parts.append(_groups(name, groups, census, style, width))
    if census.misreads:
        parts.append(_misreads(census, style, width))
    if account.unknown or account.entries:
        parts.append(_unknown(census, account, style, width))
    if account.agreements:
        parts.append(_agreements(account, style))
    if prices:
        parts.append(_prices(prices, style, width))
    parts.append(_missing(census, width))
    return "\n".join(part for part in parts if part)


def _head(census: Census, style: Style, width: int) -> str:
    about = census.about
    pages = census.pages()
    what = f"Linux {about.release}" if about.release else "a Linux kernel"
    title = f"{about.origin}: {visible(what)}, {size(pages * about.page_bytes)} in {pages:,} pages"
    lines = [style(title, BOLD) + f" (read in {census.seconds:.2f} s)"]
    lines += wrap(f"Page types: {about.encoding}.", width)
    bar = ""
    used = 0.0
    drawn = 0
    for count in census.counts:
        if not ROWS[count.kind].memory or not pages:
            continue
        used += count.pages * width / pages
        cells = round(used) - drawn
        drawn += cells
        letter = "█" if count.kind is not Page.FREE else "░"
        bar += style(letter * cells, COLOURS.get(count.kind, "37"))
    return "\n".join((*lines, "", bar, ""))


def _kinds(census: Census, style: Style, width: int, before: Census | None) -> str:
    about, total = census.about, max(census.pages(), 1)
    room = max(width - (76 if before is None else 89), 0)
    change = "       change" if before is not None else ""
    lines = [style(f"{'kind':<14}{'pages':>13}{'bytes':>12}{change}{'share':>8}  {'':<{room}}  {'blocks':>11}"
                   "  orders", BOLD)]  # fmt: skip
    for count in census.counts:
        colour = COLOURS.get(count.kind, "37")
        row = f"{count.name:<14}{count.pages:>13,}{size(count.pages * about.page_bytes):>12}"
        if before is not None:
            moved = count.pages - before.count(count.kind).pages
            row += f"{moved:>+13,}" if moved else f"{'':>13}"
        if not ROWS[count.kind].memory:
            lines.append(style(f"{row}  (frames without memory)", DIM))
            continue
        share = count.pages / total
        bar = style(_bar(share, room), colour)
        lines.append(f"{row}{share:>8.1%}  {bar}  {count.descriptors:>11,}  {style(_spark(count), colour)}")
    lines.append(f"{'all memory':<14}{census.pages():>13,}{size(census.pages() * about.page_bytes):>12}")
    return "\n".join((*lines, ""))


def _bar(share: float, room: int) -> str:
    eighths = round(share * room * 8)
    if share and not eighths:
        eighths = 1
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(room)


def _spark(count: Count) -> str:
    """Draw the histogram of orders: a column an order, as high as its part of the pages."""
    if len(count.blocks) < 2:
        return ""
    held = [number << order for order, number in enumerate(count.blocks)]
    most = max(held)
    return "".join(_HEIGHTS[min(7, pages * 8 // (most + 1))] if pages else "·" for pages in held)


def _orders(census: Census, style: Style) -> str:
    most = max((len(c.blocks) for c in census.counts), default=1)
    out = [style("Blocks by order", BOLD)]
    out.append(f"{'kind':<14}" + "".join(f"{order:>10}" for order in range(most)))
    for count in census.counts:
        if ROWS[count.kind].memory:
            out.append(
                f"{count.name:<14}"
                + "".join(f"{number:>10,}" if number else f"{'·':>10}" for number in count.blocks)
            )
    return "\n".join((*out, ""))


def _groups(name: str, groups: Sequence[Group], census: Census, style: Style, width: int) -> str:
    out = [style(f"By {name}", BOLD)]
    total = max(census.pages(), 1)
    label = max([min(len(group.name), 44) for group in groups[:SHOWN_GROUPS]], default=8)
    for group in groups[:SHOWN_GROUPS]:
        kinds = sorted((c for c in group.counts if ROWS[c.kind].memory), key=lambda c: -c.pages)
        said = ", ".join(f"{c.name} {size(c.pages * census.about.page_bytes)}" for c in kinds)
        title = visible(group.name) if len(group.name) <= 44 else "…" + visible(group.name)[-43:]
        row = f"{title:<{label}}{group.pages:>13,}{size(group.pages * census.about.page_bytes):>12}"
        row += f"{group.pages / total:>8.1%}  "
        room = max(width - len(row), 20)
        out.append(row + (said if len(said) <= room else said[: room - 1] + "…"))
    rest = groups[SHOWN_GROUPS:]
    if rest:
        pages = sum(group.pages for group in rest)
        out.append(f"and {len(rest)} more with {pages:,} pages; --format json has them all")
    return "\n".join((*out, ""))


def _misreads(census: Census, style: Style, width: int) -> str:
    out = [style("What the kernel's own report gets wrong", BOLD)]
    for misread, pages in census.misreads:
        kind = ROWS[misread.kind].name if misread.kind is not Page.UNKNOWN else "typed"
        said = f"{pages:>11,}  {kind} pages are {misread.says}"
        out += wrap(said, width, subsequent_indent=" " * 13, break_long_words=False)
    return "\n".join((*out, ""))


def _unknown(census: Census, account: Account, style: Style, width: int) -> str:
    out = [style("What the unknown pages are, by the kernel's counters", BOLD)]
    for entry in account.entries:
        out.append(f"{entry.pages:>11,}  {entry.name} ({entry.source})")
    left = account.unaccounted
    live = census.about.origin == "live"
    what = "not accounted for: pages of drivers and of the core kernel" + live * ", and what moved meanwhile"
    if left < 0:
        what = "counted by two counters" + live * ", or moved while the machine was read"
    out.append(f"{left:>11,}  {what}")
    if census.unknown_flags:
        shown = [f"{'+'.join(names) or 'no flags'}: {pages:,}" for names, pages in census.unknown_flags[:4]]
        out += wrap(
            f"Their flags: {'; '.join(shown)}.", width, initial_indent=" " * 13, subsequent_indent=" " * 13
        )
    return "\n".join((*out, ""))


def _agreements(account: Account, style: Style) -> str:
    head = f"{'Beside the kernel':<27}{'counted':>12}{'kernel':>13}{'difference':>13}{'moved':>9}"
    out = [style(head, BOLD)]
    for row in account.agreements:
        moved = f"{row.counter - row.before:>+9,}"
        out.append(
            f"{row.name:<27}{row.counted:>12,}{row.counter:>13,}{row.difference:>+13,}{moved}  {row.source}"
        )
    return "\n".join((*out, ""))


def _prices(prices: Sequence[Price], style: Style, width: int) -> str:
    today = next((price for price in prices if price.design == "now"), None)
    out = [style(f"{'What descriptors cost':<24}{'bytes':>12}{'of memory':>11}{'saves':>12}", BOLD)]
    most = max(max(price.total_bytes for price in prices), 1)
    for price in prices:
        saves = ""
        if today is not None and price is not today:
            saves = size(today.total_bytes - price.total_bytes)
        bar = _bar(price.total_bytes / most, 24)
        out.append(
            f"{visible(price.design)[-23:]:<24}{size(price.total_bytes):>12}{price.share:>11.3%}{saves:>12}  {bar}"
        )
        out += wrap(f"= {price.formula}", width, initial_indent="    ", subsequent_indent="      ")
        if price.uncounted:
            out += wrap(uncounted(price), width, initial_indent="    ", subsequent_indent="      ")
    return "\n".join((*out, ""))


def uncounted(price: Price) -> str:
    """Return what the sum leaves out, a sentence."""
    each = ", ".join(f"{item.name} ({item.size_bytes} bytes each)" for item in price.uncounted)
    more = size(price.most_bytes - price.total_bytes)
    return f"not counted: {each}; at most {more} more, if the {price.unknown_pages:,} unexplained pages were such"


def _missing(census: Census, width: int) -> str:
    out: list[str] = []
    for each in census.about.missing:
        out += wrap(f"not read: {each.what} {each.why}: {each.costs}", width, subsequent_indent="  ")
    for why in census.about.partial:
        out += wrap(f"partial: {why}", width, subsequent_indent="  ")
    return "\n".join((*out, "")) if out else ""
