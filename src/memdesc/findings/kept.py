"""Results kept: the findings and statistics of a run as bytes for the cache, and back, checked.

The bytes are JSON (see rows.py). `unpack()` gives None for bytes that `pack()` cannot have made: every value must
have the type of its field, a finding's rule must be one that there is, and its trace must lead somewhere.
"""

import json
from collections.abc import Iterable, Mapping

from memdesc.findings.model import Finding, Statistics
from memdesc.findings.registry import rules
from memdesc.rows import array, counted, record, statistics_of, text, values


def pack(findings: tuple[Finding, ...], statistics: Statistics, asked: Mapping[str, bytes]) -> bytes:
    """Return findings and statistics as bytes; `asked` are the hashes of the texts that they were made of."""
    hashes = [[path, asked[path].hex()] for path in sorted(asked)]
    made = json.dumps([[values(f) for f in findings], counted(statistics), hashes], separators=(",", ":"))
    return made.encode("ascii")


def unpack(blob: bytes) -> tuple[tuple[Finding, ...], Statistics, dict[str, bytes]] | None:
    """Return what pack() made bytes of, None when it made no such bytes."""
    try:
        found, told, hashes = array(json.loads(blob.decode("ascii")), 3)
        findings = tuple(record(Finding, each) for each in array(found))
        statistics = statistics_of(told)
        pairs = [array(each, 2) for each in array(hashes)]
        texts = {text(path): bytes.fromhex(text(content)) for path, content in pairs}
    except (ValueError, RecursionError):
        return None
    if any(f.rule not in rules() or not f.trace for f in findings):
        return None
    return findings, statistics, texts


def pack_paths(paths: Iterable[str]) -> bytes:
    """Return the names of the texts that a result was made of as bytes."""
    return json.dumps(sorted(paths), separators=(",", ":")).encode("ascii")


def unpack_paths(blob: bytes) -> list[str] | None:
    """Return the paths that pack_paths() made bytes of, None when it made no such bytes."""
    try:
        return [text(path) for path in array(json.loads(blob.decode("ascii")))]
    except (ValueError, RecursionError):
        return None
