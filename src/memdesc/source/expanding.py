"""Functions that macros define: `PAGEFLAG(Locked, locked, PF_NO_TAIL)` at file scope, as the C text it stands for.

Only macros of the same file are expanded, and of these none that has a signature: nothing else is preprocessed.
"""

import re
from collections.abc import Iterator

from memdesc.source.items import Item, Source

_DEFINES = re.compile(rb"\)[\s\\]*\{")
_CALLED = re.compile(rb"\b([A-Za-z_]\w*)[ \t]*\(")
_PASTED = re.compile(rb"\s*##\s*")
_WORD = re.compile(rb"\b[A-Za-z_]\w*\b")
_DEPTH = 12
_LONGEST = 1 << 16
"""Of an expansion; nobody wrote a longer one."""


class Expander:
    """Expands the macros of one file.

    Args: known: names that are left as they are.
    """

    def __init__(self, source: Source, known: frozenset[str]) -> None:
        self.source = source
        self.macros: dict[bytes, Item] = {}
        for item in source.items:
            if item.role == "macro" and item.params and "..." not in item.params and item.name not in known:
                self.macros.setdefault(item.name.encode(), item)
        self._bodies: dict[bytes, bytes] = {}
        self._defining: dict[bytes, bool] = {}

    def _body(self, name: bytes) -> bytes:
        if name not in self._bodies:
            item = self.macros[name]
            text = (
                self.source.masked[item.body : item.end].replace(b"\\\n", b" \n").replace(b"\\\r\n", b" \r\n")
            )
            self._bodies[name] = text
        return self._bodies[name]

    def defining(self, name: bytes) -> bool:
        """Whether the macro called `name` defines functions, by itself or by another."""
        if name not in self._defining:
            self._defining[name] = False  # one that calls itself defines nothing by that
            body = self._body(name) if name in self.macros else b""
            outer = [m[1] for m in _CALLED.finditer(body) if _closed(body[: m.start()])]
            own = bool(_DEFINES.search(body)) and body.lstrip()[:1] != b"(" and not _STATEMENT.match(body)
            self._defining[name] = own or any(self.defining(each) for each in outer)
        return self._defining[name]

    def definitions(self) -> Iterator[tuple[int, bytes]]:
        """Yield (offset of the invocation, the C text that it stands for) for all that define functions."""
        if not any(self.defining(name) for name in self.macros):
            return
        for item in self.source.items:
            if item.role != "object":
                continue
            text = self.source.masked[item.start : item.end]
            at = 0
            while (found := _CALLED.search(text, at)) is not None:
                end = _closing(text, found.end() - 1)
                at = end + 1
                if self.defining(found[1]) and end < len(text):
                    yield item.start + found.start(), self.expand(text[found.start() : end + 1], frozenset())

    def expand(self, text: bytes, within: frozenset[bytes]) -> bytes:
        """Return `text` with the invocations of this file's macros replaced by what they stand for."""
        out: list[bytes] = []
        at = 0
        while (found := _CALLED.search(text, at)) is not None:
            name = found[1]
            end = _closing(text, found.end() - 1)
            arguments = _arguments(text[found.end() : end])
            item = self.macros.get(name)
            if (
                item is None
                or name in within
                or len(within) >= _DEPTH
                or end >= len(text)
                or len(arguments) != len(item.params)
            ):
                out.append(text[at : found.end()])
                at = found.end()
                continue
            out.append(text[at : found.start()])
            given = dict(zip((p.encode() for p in item.params), arguments, strict=True))
            body = _filled(self._body(name), given)
            out.append(self.expand(body, within | {name}) if len(body) < _LONGEST else body)
            at = end + 1
            if sum(map(len, out)) > _LONGEST:
                break
        out.append(text[at:])
        return b"".join(out)


_STATEMENT = re.compile(rb"\s*(?:do|if|for|while|switch|\{)\b|\s*\{")


def _filled(body: bytes, given: dict[bytes, bytes]) -> bytes:
    """Return a macro's text with its parameters replaced, and tokens pasted."""
    return _PASTED.sub(b"", _WORD.sub(lambda m: given.get(m[0], m[0]), body))


def _closed(text: bytes) -> bool:
    """Whether all brackets of a text are closed."""
    return text.count(b"{") == text.count(b"}") and text.count(b"(") == text.count(b")")


def _closing(text: bytes, at: int) -> int:
    """Return the offset of the parenthesis that closes the one at `at`, the end of the text when there is none."""
    depth = 0
    for n in range(at, len(text)):
        if text[n] == 40:
            depth += 1
        elif text[n] == 41:
            depth -= 1
            if not depth:
                return n
    return len(text)


def _arguments(text: bytes) -> list[bytes]:
    """Return the parts of a text between the commas that stand outside brackets."""
    parts, depth, start = [], 0, 0
    for n, byte in enumerate(text):
        if byte in b"([{":
            depth += 1
        elif byte in b")]}":
            depth -= 1
        elif byte == 44 and not depth:
            parts.append(text[start:n].strip())
            start = n + 1
    return [*parts, text[start:].strip()]
