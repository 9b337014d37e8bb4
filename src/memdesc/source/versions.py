"""Code for other kernels: branches of `#if` that the version of the kernel at hand leaves out are blanked.

A module that is built for many kernels asks `#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 15, 0)`. Of a kernel that is
known, one side of that is never compiled, and what is found there is wrong. Everything is done at equal length, as in
mask.py. What the version alone does not decide (`defined(RHEL_RELEASE_CODE)`, a macro of the module) stays.

The values are those of the kernel's Makefile: LINUX_VERSION_CODE is KERNEL_VERSION(VERSION, PATCHLEVEL, SUBLEVEL),
with a SUBLEVEL of at most 255.
"""

import re
from dataclasses import dataclass, field

from memdesc.source.mask import blank

WORD = b"LINUX_VERSION_CODE"
_LINE = re.compile(rb"^[ \t]*+(#[ \t]*+([A-Za-z_]*+))((?>(?:[^\\\n]++|\\\r?\n|\\)*))", re.M)
_TOKEN = re.compile(r"\s*+(?:(0[xX][0-9a-fA-F]++|\d++)[uUlL]*+|([^\W\d]\w*+|&&|\|\||<=|>=|==|!=|.))", re.S)
_DEEPEST = 40
_LONGEST = 2000
_COMPARED = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
Value = int | None
"""None: the version does not decide it."""


@dataclass(slots=True)
class _Branch:
    """One branch: start and end of its directive, of which `hash` to `word_end` are `#` and the word."""

    start: int
    end: int
    word_end: int
    word: bytes
    condition: bytes


@dataclass(slots=True)
class _Group:
    branches: list[_Branch] = field(default_factory=list)


def code(version: tuple[int, ...]) -> int:
    """Return LINUX_VERSION_CODE of a version."""
    major, minor, sublevel = (*version, 0, 0, 0)[:3]
    return (major << 16) + (minor << 8) + min(sublevel, 255)


def resolve(masked: bytes, version: tuple[int, ...]) -> bytes:
    """Return masked C without the branches that are not compiled for `version`, at equal length."""
    if WORD not in masked:
        return masked
    out = bytearray(masked)
    known = code(version)
    stack: list[_Group] = []
    for line in _LINE.finditer(masked):
        branch = _Branch(line.start(1), line.end(), line.end(2), line[2], line[3])
        if branch.word in (b"if", b"ifdef", b"ifndef"):
            stack.append(_Group([branch]))
        elif branch.word in (b"elif", b"else") and stack:
            stack[-1].branches.append(branch)
        elif branch.word == b"endif" and stack:
            group = stack.pop()
            if any(WORD in one.condition for one in group.branches):
                _settle(out, group.branches, branch, known)
    return bytes(out)


def _settle(out: bytearray, branches: list[_Branch], end: _Branch, known: int) -> None:
    """Blank the branches of one group that are not compiled, and rewrite the directives of those that stay."""
    kept: list[tuple[_Branch, bool]] = []
    sure = False
    for n, one in enumerate(branches):
        value = 1 if one.word == b"else" else evaluate(one, known)
        behind = branches[n + 1].start if n + 1 < len(branches) else end.start
        if sure or value == 0:
            _blank(out, one.start, behind)
            continue
        sure = value is not None
        kept.append((one, sure))
    if not kept or (len(kept) == 1 and kept[0][1]):
        for one, _ in kept:
            _blank(out, one.start, one.end)
        _blank(out, end.start, end.end)
        return
    first, last = kept[0][0], kept[-1]
    if first.word == b"elif":
        out[first.word_end - 4 : first.word_end] = b"if  "
    if last[1] and last[0].word == b"elif":
        _blank(out, last[0].word_end, last[0].end)
        out[last[0].word_end - 4 : last[0].word_end] = b"else"


def _blank(out: bytearray, start: int, end: int) -> None:
    out[start:end] = blank(bytes(out[start:end]))


def evaluate(branch: _Branch, known: int) -> Value:
    """Return the value of the condition of an #if, #ifdef, #ifndef or #elif; None when it is not decided."""
    text = branch.condition.replace(b"\\\r\n", b" ").replace(b"\\\n", b" ").decode("latin-1").strip()
    if len(text) > _LONGEST:
        return None
    if branch.word in (b"ifdef", b"ifndef"):
        defined = 1 if text in (WORD.decode(), "KERNEL_VERSION") else None
        return defined if defined is None or branch.word == b"ifdef" else 0
    tokens = [match[1] or match[2] for match in _TOKEN.finditer(text)]
    parser = _Parser(tokens, known)
    try:
        value = parser.either(0)
    except (IndexError, ValueError):
        return None
    return value if parser.at == len(tokens) else None


class _Parser:
    """A condition as the preprocessor reads it, where any part may be unknown.

    Each method raises IndexError or ValueError for what is no expression.
    """

    def __init__(self, tokens: list[str], known: int) -> None:
        self.tokens = tokens
        self.known = known
        self.at = 0

    def _next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def _is(self, *words: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] in words

    def either(self, depth: int) -> Value:
        """Return the value of a || b."""
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")
        found = self._both(depth)
        while self._is("||"):
            self.at += 1
            other = self._both(depth)
            found = 1 if found or other else None if found is None or other is None else 0
        return found

    def _both(self, depth: int) -> Value:
        found = self._compared(depth)
        while self._is("&&"):
            self.at += 1
            other = self._compared(depth)
            found = 0 if 0 in (found, other) else None if found is None or other is None else 1
        return found

    def _compared(self, depth: int) -> Value:
        found = self._one(depth)
        while self._is(*_COMPARED):
            sign = self._next()
            other = self._one(depth)
            found = None if found is None or other is None else int(_COMPARED[sign](found, other))
        return found

    def _one(self, depth: int) -> Value:
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")
        token = self._next()
        if token == "!":
            found = self._one(depth + 1)
            return None if found is None else int(not found)
        if token == "(":
            found = self.either(depth + 1)
            self._close()
            return found
        if token[0].isdigit():
            return _number(token)
        if not token.isidentifier():
            raise ValueError(token)
        if token == WORD.decode():
            return self.known
        if token == "defined":
            name = self._next()
            if name == "(":
                name = self._next()
                self._close()
            return 1 if name in (WORD.decode(), "KERNEL_VERSION") else None
        if not self._is("("):
            return None
        self.at += 1
        numbers = [self.either(depth + 1)]
        while self._is(","):
            self.at += 1
            numbers.append(self.either(depth + 1))
        self._close()
        given = [number for number in numbers if number is not None]
        if token == "KERNEL_VERSION" and len(given) == len(numbers) == 3:
            return code(tuple(given))
        return None

    def _close(self) -> None:
        if self._next() != ")":
            raise ValueError("no )")


def _number(token: str) -> int:
    return int(token, 8) if token[0] == "0" and token.isdigit() and len(token) > 1 else int(token, 0)
