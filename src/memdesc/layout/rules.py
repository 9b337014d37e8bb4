"""The rules of the check that are no probes: what must hold of a struct as a whole."""

STRUCTURAL: dict[str, str] = {
    "unnamed-hole": "struct page has padding between its members: something moved what lies behind it",
    "does-not-fit": "a descriptor is larger than struct page",
    "alignment": "a descriptor needs an alignment that the array of struct pages does not give",
    "misplaced": "a member that generic code reads through struct page lies elsewhere in a descriptor",
    "not-common": "a member that the design declares common is something else in a descriptor",
    "memdesc-alignment": "a separate descriptor whose address does not leave 4 bits for its type",
    "sentinel-unwritten": "a struct cast to struct page does not say that it has no page type",
    "capability-lost": "a kind lacks a capability without which it is of no use",
}
"""Rule -> what it means. Probes are the other rules (see probes.PROBES)."""
