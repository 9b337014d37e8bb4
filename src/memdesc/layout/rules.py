"""Names that reports use: capabilities, and the rules of the check that are no probes."""

STRUCTURAL: dict[str, str] = {
    "unnamed-hole": "struct page has padding between its members: something moved what lies behind it",
    "does-not-fit": "a descriptor is larger than struct page",
    "alignment": "a descriptor needs an alignment that the array of struct pages does not give",
    "stated-place": "a comment like /* @16 */ says another place than the compiler gives",
    "misplaced": "a member that generic code reads through struct page lies elsewhere in a descriptor",
    "not-common": "a member that the design declares common is something else in a descriptor",
    "memdesc-alignment": "a separate descriptor whose address does not leave 4 bits for its type",
    "sentinel-unwritten": "a struct cast to struct page does not say that it has no page type",
    "capability-lost": "a kind lacks a capability without which it is of no use",
}
"""Rule -> what it means. Probes are the other rules (see probes.PROBES)."""

CAPABILITIES: dict[str, str] = {
    "refcounted": "get_page() and put_page() count in it",
    "lockable": "PG_locked is a bit of its flags",
    "mappable": "its pages may be mapped to user space",
    "sendable": "the network may take references on its pages",
    "memcg-charged": "its pages can be charged to a memory cgroup",
    "on the LRU": "reclaim can list it",
    "page cache": "it can belong to a file: mapping and index are its own",
}
"""Name -> what it permits. A probe decides one by naming it (see probes.Probe.decides)."""
