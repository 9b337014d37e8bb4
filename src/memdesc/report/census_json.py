"""A census as JSON: the records themselves, named as in docs/census.md."""

from collections.abc import Sequence
from typing import Any

from memdesc.escape import dumps
from memdesc.kernel.census import Census, Count
from memdesc.kernel.price import Item, Price
from memdesc.kernel.reconcile import Account

FORM = 1
"""Raised when a name goes away or changes its meaning."""


def render(census: Census, account: Account, prices: Sequence[Price] = (), line: bool = False) -> str:
    """Return the document; line: on one line, as a stream of censuses needs it."""
    about = census.about
    document: dict[str, Any] = {
        "form": FORM,
        "origin": about.origin,
        "release": about.release,
        "page_bytes": about.page_bytes,
        "page_struct_bytes": about.page_struct_bytes,
        "encoding": about.encoding,
        "frames": census.frames,
        "pages": census.pages(),
        "seconds": round(census.seconds, 4),
        "kinds": _counts(census.counts, about.page_bytes),
        "by": {
            name: [
                {"name": group.name, "pages": group.pages, "kinds": _counts(group.counts, about.page_bytes)}
                for group in groups
            ]
            for name, groups in census.by.items()
        },
        "misreads": [
            {"name": misread.name, "kind": misread.kind.name.lower(), "pages": pages, "says": misread.says}
            for misread, pages in census.misreads
        ],
        "unknown": {
            "pages": account.unknown,
            "accounted": [{"name": e.name, "pages": e.pages, "source": e.source} for e in account.entries],
            "unaccounted": account.unaccounted,
            "flags": [{"flags": list(names), "pages": pages} for names, pages in census.unknown_flags],
        },
        "kernel": [
            {"name": a.name, "counted": a.counted, "counter": a.counter, "before": a.before, "source": a.source}
            for a in account.agreements
        ],
        "caches": [
            {
                "name": cache.name, "slabs": cache.slabs, "order": cache.order, "objects": cache.objects,
                "active_objects": cache.active_objects, "object_bytes": cache.object_bytes,
            }
            for cache in census.caches
        ],
        "designs": [_price(price) for price in prices],
        "missing": [{"what": m.what, "why": m.why, "costs": m.costs} for m in about.missing],
        "partial": list(about.partial),
    }  # fmt: skip
    return dumps(document, indent=None if line else 2) + "\n"


def _counts(counts: Sequence[Count], page_bytes: int) -> list[dict[str, Any]]:
    return [
        {
            "kind": count.name, "pages": count.pages, "bytes": count.pages * page_bytes,
            "descriptors": count.descriptors, "blocks_by_order": list(count.blocks),
        }
        for count in counts
    ]  # fmt: skip


def _price(price: Price) -> dict[str, Any]:
    return {
        "design": price.design, "bytes": price.total_bytes, "most_bytes": price.most_bytes, "share": price.share,
        "formula": price.formula,
        "pages": price.pages, "page_bytes": price.page_bytes,
        "descriptors": [_item(item) for item in price.items],
        "uncounted": [_item(item) for item in price.uncounted],
        "unknown_pages": price.unknown_pages,
    }  # fmt: skip


def _item(item: Item) -> dict[str, Any]:
    return {
        "name": item.name,
        "number": item.number,
        "size_bytes": item.size_bytes,
        "kinds": list(item.kinds),
    }
