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
    if not tail.any():
        return order
    order[tail] = TAIL
    starts = np.flatnonzero(~tail)
    if tail[0]:
        starts = np.concatenate((np.zeros(1, np.int64), starts))
    sizes = np.diff(starts, append=len(role))
    large = np.flatnonzero(sizes > 1)
    # A block whose size is no power of two was split or freed while it was read: what is left of it counts.
    order[starts[large]] = np.frexp(sizes[large].astype(np.float64))[1].astype(np.uint8) - 1
    if tail[0]:
        order[0] = TAIL
        tail[0] = False
    kind[tail] = np.repeat(kind[starts[large]], sizes[large] - 1)
    return order


def free(is_free: NDArray[np.bool_], first: int, most: int) -> tuple[Places, Codes]:
    """Return (places, orders) of the blocks that the buddy allocator has made of these free pages.

    Args: is_free: a page each. first: page frame of the first. most: the largest order.
    Two free buddies never stay apart, so a run of free pages has one division into blocks: each as large as
    its place and the rest of the run allow.
    Source: __free_one_page(), mm/page_alloc.c.
    """
    edges = np.flatnonzero(np.diff(is_free.view(np.int8), prepend=np.int8(0), append=np.int8(0)))
    at = edges[0::2].astype(np.int64) + first
    end = edges[1::2].astype(np.int64) + first
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
