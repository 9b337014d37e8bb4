"""Doubly linked lists through descriptors: the kernel's list_head, in bytes.

Links hold addresses of the list_head inside the next descriptor, as in the kernel, so that a list pointer
is also what generic code misreads where it lies. A list's head is a list_head in static memory; `head` is
given as the byte where a descriptor would start whose list_head it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from memdesc.layout.values import LIST_POISON, poison_delta
from memdesc.machine.memory import Member, Memory


class List:
    """Lists whose links are one member of one struct.

    Source: include/linux/list.h: list_add(), list_del(), LIST_POISON1 and LIST_POISON2.
    """

    __slots__ = ("base", "bias", "next", "poison1", "poison2", "prev", "shift", "view", "word")

    def __init__(self, memory: Memory, first: Member, second: Member) -> None:
        self.view, self.shift = first.view, first.shift
        self.next, self.prev, self.word = first.offset, second.offset, memory.abi.pointer
        self.base, self.bias = memory.base, memory.base + first.offset
        delta = poison_delta(memory.abi)
        self.poison1, self.poison2 = LIST_POISON["next"] + delta, LIST_POISON["prev"] + delta

    def head_at(self, place: int) -> int:
        """Return what `head` is for a list_head at byte `place`, and make it an empty list."""
        head = place - self.next
        self.view[(head + self.next) >> self.shift] = head + self.bias
        self.view[(head + self.prev) >> self.shift] = head + self.bias
        return head

    def add(self, at: int, head: int) -> None:
        """Put the descriptor at `at` first (or behind another, when that is given for `head`)."""
        view, shift = self.view, self.shift
        slot = (head + self.next) >> shift
        first, me = view[slot], at + self.bias
        view[(first - self.base + self.word) >> shift] = me
        view[(at + self.next) >> shift] = first
        view[(at + self.prev) >> shift] = head + self.bias
        view[slot] = me

    def add_tail(self, at: int, head: int) -> None:
        """Put the descriptor at `at` last."""
        view, shift = self.view, self.shift
        slot = (head + self.prev) >> shift
        last, me = view[slot], at + self.bias
        view[(last - self.base) >> shift] = me
        view[(at + self.prev) >> shift] = last
        view[(at + self.next) >> shift] = head + self.bias
        view[slot] = me

    def remove(self, at: int) -> None:
        """Take the descriptor at `at` off its list and poison its links."""
        view, shift = self.view, self.shift
        slot, back = (at + self.next) >> shift, (at + self.prev) >> shift
        after, before = view[slot], view[back]
        view[(after - self.base + self.word) >> shift] = before
        view[(before - self.base) >> shift] = after
        view[slot] = self.poison1
        view[back] = self.poison2

    def first(self, head: int) -> int:
        """Return where the first descriptor starts, or -1 when the list is empty."""
        at = self.view[(head + self.next) >> self.shift] - self.bias
        return -1 if at == head else at

    def last(self, head: int) -> int:
        """Return where the last descriptor starts, or -1 when the list is empty."""
        at = self.view[(head + self.prev) >> self.shift] - self.bias
        return -1 if at == head else at

    def walk(self, head: int) -> Iterator[int]:
        """Yield where each descriptor on the list starts, first to last; the list must not change."""
        at = self.first(head)
        while at != -1:
            yield at
            after = self.view[(at + self.next) >> self.shift] - self.bias
            at = -1 if after == head else after
