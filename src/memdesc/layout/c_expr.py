"""Constant expressions of C: what array sizes, bit-field widths, enumerators and #if are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from memdesc.errors import InputError

MAX_DEPTH = 100
MOST, LEAST = (1 << 64) - 1, -(1 << 63)
"""Values of a constant: what intmax_t and uintmax_t hold, here as on every ABI of the kernel."""


_APPLY: dict[str, Callable[[int, int], int]] = {
    "||": lambda a, b: bool(a or b), "&&": lambda a, b: bool(a and b), "|": int.__or__, "^": int.__xor__,
    "&": int.__and__, "==": int.__eq__, "!=": int.__ne__, "<": int.__lt__, ">": int.__gt__,
    "<=": int.__le__, ">=": int.__ge__, "+": int.__add__, "-": int.__sub__, "*": int.__mul__,
}  # fmt: skip


class Word(Protocol):
    """The part of a token that an expression needs."""

    @property
    def kind(self) -> str:
        """The class of the token: "name", "number", "punct", ..."""

    @property
    def text(self) -> str:
        """Its characters."""

    @property
    def offset(self) -> int:
        """Its first byte in the file."""


Fail = Callable[[int, str], InputError]
# Given the words and an index at a name or "(", returns (value, index behind it), or None if not theirs.
Primary = Callable[[Sequence[Word], int], "tuple[int, int] | None"]

_LEVELS: tuple[tuple[str, ...], ...] = (
    ("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<", ">", "<=", ">="), ("<<", ">>"),
    ("+", "-"), ("*", "/", "%"),
)  # fmt: skip
_CHARACTERS = {"n": 10, "t": 9, "0": 0, "r": 13, "\\": 92, "'": 39, "a": 7, "b": 8, "f": 12, "v": 11}


def evaluate(words: Sequence[Word], fail: Fail, primary: Primary | None = None) -> int:
    """Return the value of the expression that `words` spell.

    Args: fail: makes the error for an offset. primary: resolves names, sizeof and casts.
    Raises: InputError: it is no constant expression.
    """
    reader = _Reader(words, fail, primary)
    if len(words) == 1 and words[0].kind == "number":
        return reader.number(words[0])
    value = reader.ternary(0)
    if reader.at < len(words):
        word = words[reader.at]
        raise fail(word.offset, f"expected an operator, got '{word.text}'")
    return value


class _Reader:
    def __init__(self, words: Sequence[Word], fail: Fail, primary: Primary | None) -> None:
        self.words, self.fail, self.primary, self.at = words, fail, primary, 0

    def fitting(self, value: int, where: int) -> int:
        """Return `value`; work on numbers stays bounded when each is refused that no integer holds."""
        if LEAST <= value <= MOST:
            return value
        raise self.fail(where, "a constant does not fit into 64 bits")

    def peek(self) -> str:
        return self.words[self.at].text if self.at < len(self.words) else ""

    def offset(self) -> int:
        if not self.words:
            return 0
        return self.words[min(self.at, len(self.words) - 1)].offset

    def ternary(self, depth: int) -> int:
        if depth > MAX_DEPTH:
            raise self.fail(self.offset(), f"an expression nests more than {MAX_DEPTH} deep")
        condition = self.binary(0, depth + 1)
        if self.peek() != "?":
            return condition
        self.at += 1
        yes = self.ternary(depth + 1)
        if self.peek() != ":":
            raise self.fail(self.offset(), "expected ':'")
        self.at += 1
        no = self.ternary(depth + 1)
        return yes if condition else no

    def binary(self, level: int, depth: int) -> int:
        if level == len(_LEVELS):
            return self.unary(depth)
        left = self.binary(level + 1, depth)
        while (operator := self.peek()) in _LEVELS[level]:
            where = self.offset()
            self.at += 1
            left = self.apply(operator, left, self.binary(level + 1, depth), where)
        return left

    def apply(self, operator: str, a: int, b: int, where: int) -> int:
        bits = _unsigned_bits(a, b, operator in ("<<", ">>"))
        if not bits or operator in _TRUTHS:
            return self.signed(operator, a, b, where)
        # An operand that is not unsigned becomes so: it is taken modulo two to the power of the bits.
        b = b if operator in ("<<", ">>") else b & ((1 << bits) - 1)
        if operator == "<<" and 0 <= b < 64:
            return Unsigned(a << b, bits)
        if operator in ("+", "-", "*"):
            return Unsigned({"+": a + b, "-": a - b, "*": a * b}[operator], bits)
        return Unsigned(self.signed(operator, a & ((1 << bits) - 1), b, where), bits)

    def signed(self, operator: str, a: int, b: int, where: int) -> int:
        if operator in ("/", "%"):
            if b == 0:
                raise self.fail(where, "division by zero")
            quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
            return self.fitting(quotient if operator == "/" else a - quotient * b, where)
        if operator in ("<<", ">>"):
            if not 0 <= b < 64:
                raise self.fail(where, f"shift by {b}")
            return self.fitting(a << b if operator == "<<" else a >> b, where)
        return self.fitting(int(_APPLY[operator](a, b)), where)

    def unary(self, depth: int) -> int:
        if depth > MAX_DEPTH:
            raise self.fail(self.offset(), f"an expression nests more than {MAX_DEPTH} deep")
        if self.at >= len(self.words):
            raise self.fail(self.offset(), "expected a value")
        word = self.words[self.at]
        if word.text in ("-", "+", "~", "!"):
            self.at += 1
            value = self.unary(depth + 1)
            if isinstance(value, Unsigned) and word.text != "!":
                return Unsigned({"-": -value, "+": value, "~": ~value}[word.text], value.bits)
            # ~0UL is written for all ones: of a number above the signed ones, the unsigned complement.
            inverse = ~value if value <= -LEAST - 1 else ~value & MOST
            found = {"-": -value, "+": value, "~": inverse, "!": int(not value)}[word.text]
            return self.fitting(found, word.offset)
        if self.primary is not None and (named := self.primary(self.words, self.at)) is not None:
            value, self.at = named
            # A cast is a primary without a value of its own: what follows is the value.
            return self.unary(depth + 1) if value == CAST else value
        self.at += 1
        if word.text == "(":
            value = self.ternary(depth + 1)
            if self.peek() != ")":
                raise self.fail(self.offset(), "expected ')'")
            self.at += 1
            return value
        if word.kind == "number":
            return self.number(word)
        if word.kind == "string" and word.text.startswith("'"):
            return self.character(word)
        raise self.fail(word.offset, f"'{word.text}' is not a constant")

    def number(self, word: Word) -> int:
        text = word.text.rstrip("uUlL")
        suffix = word.text[len(text) :].lower()
        try:
            octal = len(text) > 1 and text[0] == "0" and text.isdigit()
            value = self.fitting(int(text, 8 if octal else 0), word.offset)
            if "u" not in suffix:
                return value
            return Unsigned(value, 64 if "l" in suffix or value >> 32 else 32)
        except ValueError:
            raise self.fail(word.offset, f"'{word.text[:40]}' is not an integer") from None

    def character(self, word: Word) -> int:
        body = word.text[1:-1]
        if len(body) == 1:
            return ord(body)
        if len(body) == 2 and body[0] == "\\" and body[1] in _CHARACTERS:
            return _CHARACTERS[body[1]]
        raise self.fail(word.offset, f"{word.text} is not a character that is known here")


class Unsigned(int):
    """A constant of an unsigned type of `bits` bits, which counts modulo two to that power; a long has 64."""

    bits: int

    def __new__(cls, value: int, bits: int) -> Unsigned:
        """Return `value` modulo two to the power of `bits`."""
        made = super().__new__(cls, value & ((1 << bits) - 1))
        made.bits = bits
        return made


_TRUTHS = ("&&", "||")


def _unsigned_bits(a: int, b: int, shift: bool) -> int:
    """Return the bits of the unsigned type in which an operator on `a` and `b` counts, 0 for a signed one."""
    bits = a.bits if isinstance(a, Unsigned) else 0
    if shift:
        return bits
    bits = max(bits, b.bits if isinstance(b, Unsigned) else 0)
    wide = any(not isinstance(each, Unsigned) and not -(1 << 31) <= each < 1 << 32 for each in (a, b))
    return 0 if bits == 32 and wide else bits


CAST = -(1 << 200)
"""Returned by a Primary for a cast: no constant of C has this value."""
