"""Edits of one text: replacements of spans that never overlap."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from memdesc.errors import Bug
from memdesc.places import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """The bytes of `span` become `text`."""

    span: Span
    text: bytes


def apply(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return `data` with every edit made; `data` itself when there is none.

    Raises: Bug: two edits overlap, or one lies outside of the text.
    """
    ordered = sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
    if not ordered:
        return data
    for before, after in pairwise(ordered):
        if before.span.end > after.span.start or before.span == after.span:
            raise Bug(f"edits overlap at byte {after.span.start}")
    if ordered[0].span.start < 0 or ordered[-1].span.end > len(data):
        raise Bug("an edit lies outside of its text")
    parts = []
    at = 0
    for edit in ordered:
        parts += [data[at : edit.span.start], edit.text]
        at = edit.span.end
    return b"".join([*parts, data[at:]])
