"""Heads of functions, up to their "{", as `type name(parameters)` at equal length."""

import re

from memdesc.source.headers import name_span, paired_macro
from memdesc.source.mask import blank
from memdesc.source.reshape import blank_attributes, reshape_parameters
from memdesc.source.words import ATTRIBUTES, BASE_TYPES, DECLARATION_WORDS, GROUP, is_type_word

_WORD = re.compile(rb"[A-Za-z_]\w*+")
_CALL = re.compile(rb"[A-Za-z_]\w*+\s*+" + GROUP)
_CAPITALS = re.compile(rb"(?<=[(,])\s*+([A-Z_][A-Z0-9_]*+|__\w++)(?=\s++\w++[\s*]++\w)")
_NUMBERED = re.compile(rb"(?<=[(,])(\s*+)\d(?=\w)")
_SECOND = re.compile(rb"(\s*+" + GROUP + rb")(?=\s*+\()")


def reshape_head(text: bytes, effort: int) -> bytes:
    """Return a function's head (up to its "{") at equal length as `type name(parameters)`."""
    text = blank_attributes(text)
    if effort:
        text = _CAPITALS.sub(lambda m: m[0] if is_type_word(m[1]) else blank(m[0]), text)
        text = _NUMBERED.sub(rb"\1_", text)
    span = name_span(text)
    if span is None:
        return text
    if paired_macro(text):
        return _paired_head(text, span)
    start, end, _ = span
    second = _SECOND.match(text, end)
    if second:  # NAME(made, of)(parameters)
        text = text[:end] + blank(second[1]) + text[second.end(1) :]
    opening = text.find(b"(", end)
    closing = _closing(text, opening)
    if opening < 0 or text[end:opening].strip():
        # DEFINE_THING(name, ...): a function of that name without parameters.
        return _defined_head(text, start, end)
    return (
        _return_type(text[:start])
        + text[start : opening + 1]
        + reshape_parameters(text[opening + 1 : closing])
        + b")"[: len(text) - closing]
        + blank(text[closing + 1 :])
    )


def _closing(text: bytes, opening: int) -> int:
    depth = 0
    for found in re.finditer(rb"[()]", text[opening:] if opening >= 0 else b""):
        depth += 1 if found[0] == b"(" else -1
        if depth == 0:
            return opening + found.start()
    return len(text)


def _return_type(text: bytes) -> bytes:
    """Keep the storage words, the one type and the stars of what precedes a function's name."""
    if b"(" in text:
        text = _CALL.sub(lambda m: blank(m[0]), text)
    words = list(_WORD.finditer(text))
    based = False
    tag = False
    plain: list[re.Match[bytes]] = []
    for found in words:
        word = found[0]
        if tag:
            if word in ATTRIBUTES:
                plain.append(found)
            tag = word in ATTRIBUTES
        elif word in DECLARATION_WORDS:
            based = based or word in BASE_TYPES
            tag = word in (b"struct", b"union", b"enum")
        else:
            plain.append(found)
    keep: re.Match[bytes] | None = None
    if not based:
        for found in plain:
            if keep is None or _likeness(found[0]) >= _likeness(keep[0]):
                keep = found
    out = bytearray(text)
    for found in plain:
        if found is not keep:
            out[found.start() : found.end()] = b" " * len(found[0])
    return bytes(out)


def _likeness(word: bytes) -> int:
    """Return how much a word looks like a type rather than an attribute macro."""
    if word in ATTRIBUTES:
        return -1
    if is_type_word(word):
        return 3
    return 0 if word.startswith(b"__") or word.isupper() else 2


def _defined_head(text: bytes, start: int, end: int) -> bytes:
    """Spell `DEFINE_THING(name, ...)` as `void name()`: shift the name so that its parentheses fit."""
    name = text[start:end]
    size = len(text)
    room = size - start
    if room < len(name) + 2 or b"\n" in name:
        return text
    rest = b"()" + b" " * (room - len(name) - 2)
    head = b"void" + b" " * (start - 4) if start >= 5 else b" " * start
    return head + name + rest


def _paired_head(text: bytes, span: tuple[int, int, bytes]) -> bytes:
    """Spell SYSCALL_DEFINEn(name, type, argument, ...) as `long sys_name(type argument, ...)`."""
    start, end, prefix = span
    opening = text.rfind(b"(", 0, start)
    closing = _closing(text, opening)
    if opening < 0 or closing == len(text):
        return text
    name = prefix + text[start:end]
    comma = text.find(b",", end, closing)
    if comma < 0:
        # Without parameters there is no comma to become "(": move the name one to the left.
        at = start - 1
        out = text[: at - len(prefix)] + name + b"()" + text[at + len(text[start:end]) + 2 :]
        return (
            b"long".ljust(at - len(prefix))
            + out[at - len(prefix) : at + len(text[start:end]) + 2]
            + blank(out[at + len(text[start:end]) + 2 :])
        )
    parameters = bytearray(text[comma + 1 : closing])
    depth = 0
    inner = True
    for at, byte in enumerate(parameters):
        if byte == 0x28:
            depth += 1
        elif byte == 0x29:
            depth -= 1
        elif byte == 0x2C and depth == 0:
            if inner:
                parameters[at] = 0x20
            inner = not inner
    head = b"long".ljust(start - len(prefix))
    return (
        head
        + name
        + blank(text[end:comma])
        + b"("
        + reshape_parameters(bytes(parameters))
        + b")"
        + blank(text[closing + 1 :])
    )
