"""Generated signatures: what the functions of released kernels do by their own bodies, for code without its tree.

`signatures/derived/VERSION.h` hold what `memdesc signatures --derive --tree DIR` made of those kernels, in the
notation of all signatures (docs/signatures.md). They are asked for a function that has no other signature and whose
body was not read: by a lone file, a module without its kernel, and a tree of which that part is missing. Without a
version a function is held to what any of the kernels demands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from memdesc.errors import InputError
from memdesc.source.signatures import FOLDER, Signature, parse, strictest

DERIVED = FOLDER / "derived"
_LINE = re.compile(r"^(?://[^\n]*|[^\n(]*?\b(\w+)\([^\n]*)\n", re.M)


@dataclass(frozen=True, slots=True)
class Release:
    """The generated signatures of one kernel: its version, and its lines by function, in which file it stands."""

    version: tuple[int, ...]
    lines: dict[str, tuple[str, str]]


class Generated:
    """Answers for functions, each of which is parsed when it is asked for."""

    def __init__(self, releases: Sequence[Release]) -> None:
        self.releases = tuple(sorted(releases, key=lambda r: r.version))
        self._known: dict[tuple[str, tuple[int, ...] | None], Signature | None] = {}

    def of(self, name: str, version: tuple[int, ...] | None) -> Signature | None:
        """Return what is generated for `name`: by the nearest release that is no newer, or by all (version: None)."""
        key = (name, version)
        if key not in self._known:
            self._known[key] = self._of(name, version)
        return self._known[key]

    def before(self, version: tuple[int, ...]) -> set[str]:
        """Return the functions of which a release before `version` says something."""
        return {name for r in self.releases if r.version < version[:2] for name in r.lines}

    def text(self, name: str, version: tuple[int, ...] | None) -> tuple[tuple[int, ...], str, str] | None:
        """Return what the newest of the releases that are asked says of `name`: its version, the line, the file."""
        told = ((r.version, *r.lines[name]) for r in reversed(self._asked(version)) if name in r.lines)
        return next(told, None)

    def _asked(self, version: tuple[int, ...] | None) -> tuple[Release, ...]:
        """Return the nearest release that is no newer, or all (version: None)."""
        if version is None or not self.releases:
            return self.releases
        older = [release for release in self.releases if release.version <= version]
        return (older[-1] if older else self.releases[0],)

    def _of(self, name: str, version: tuple[int, ...] | None) -> Signature | None:
        asked = self._asked(version)
        found = [_parsed(*release.lines[name]) for release in asked if name in release.lines]
        return strictest(tuple(found))


def _parsed(line: str, file: str) -> Signature:
    signatures, _ = parse(line, file)
    return replace(signatures[0], origin=file)


def release(text: str, version: tuple[int, ...]) -> Release:
    """Return the signatures of one kernel, from a file's text."""
    lines: dict[str, tuple[str, str]] = {}
    file = ""
    for match in _LINE.finditer(text):
        if match[1]:
            lines[match[1]] = (match[0], file)
        elif match[0].startswith("// source: "):
            file = match[0][len("// source: ") :].strip()
    return Release(version, lines)


@lru_cache(maxsize=1)
def generated() -> Generated:
    """Return the generated signatures that are shipped.

    Raises: InputError: a file that is not named after a version.
    """
    found = []
    for path in sorted(DERIVED.glob("*.h")):
        if not re.fullmatch(r"\d+(\.\d+)+", path.stem):
            raise InputError(str(path), "is not named after a version")
        version = tuple(map(int, path.stem.split(".")))
        found.append(release(path.read_text("utf-8"), version))
    return Generated(found)
