"""Where blocks begin and how large they are: compound blocks from tail marks, free blocks by the buddy's rule."""

import numpy as np
from numpy.typing import NDArray

from memdesc.kernel.population import TAIL, Codes

Places = NDArray[np.int64]


def compound(role: Codes, kind: Codes) -> Codes:
    """Return the orders of `role`'s blocks (see Columns.order), and give all pages of a block its head's kind.

    Args: role: TAIL at tail pages, 1 at heads, anything else elsewhere. kind: is changed in place.
    A block that the array cuts off gets the order of what is seen of it.
    """
    order = np.zeros(len(role), np.uint8)
    tail = role == TAIL
    first, end = _runs(tail)
    if not len(first):
        return order
    order[tail] = TAIL
    if not first[0]:
        # Tails of a block that began before: they keep what they say themselves.
        tail[: end[0]] = False
        first, end = first[1:], end[1:]
    # A block whose size is no power of two was split or freed while it was read: what is left of it counts.
    order[first - 1] = np.frexp((end - first + 1).astype(np.float64))[1].astype(np.uint8) - 1
    kind[tail] = np.repeat(kind[first - 1], end - first)
    return order


def _runs(mask: NDArray[np.bool_]) -> tuple[Places, Places]:
    """Return where runs of True begin, and where each ends (the place after its last)."""
    edges = np.flatnonzero(mask[1:] != mask[:-1]) + 1
    if len(mask) and mask[0]:
        edges = np.concatenate((np.zeros(1, np.int64), edges))
    if len(edges) & 1:
        edges = np.concatenate((edges, np.full(1, len(mask), np.int64)))
    return edges[0::2], edges[1::2]


def free(is_free: NDArray[np.bool_], first: int, most: int) -> tuple[Places, Codes]:
    """Return (places, orders) of the blocks that the buddy allocator has made of these free pages.

    Args: is_free: a page each. first: page frame of the first. most: the largest order.
    Two free buddies never stay apart, so a run of free pages has one division into blocks: each as large as
    its place and the rest of the run allow.
    Source: __free_one_page(), mm/page_alloc.c.
    """
    at, end = (edges + first for edges in _runs(is_free))
    places: list[Places] = []
    orders: list[Codes] = []

    def cut(chosen: NDArray[np.bool_], order: int) -> None:
        if chosen.any():
            places.append(at[chosen])
            orders.append(np.full(int(chosen.sum()), order, np.uint8))
            at[chosen] += 1 << order

    for order in range(most):
        cut((at >> order & 1 == 1) & (end - at >= 1 << order), order)
    whole = (end - at) >> most
    if whole.any():
        which = np.repeat(np.arange(len(at)), whole)
        within = np.arange(len(which)) - np.repeat(np.cumsum(whole) - whole, whole)
        places.append(at[which] + (within << most))
        orders.append(np.full(len(which), most, np.uint8))
        at += whole << most
    for order in range(most - 1, -1, -1):
        cut(end - at >= 1 << order, order)
    if not places:
        return np.zeros(0, np.int64), np.zeros(0, np.uint8)
    return np.concatenate(places) - first, np.concatenate(orders)
