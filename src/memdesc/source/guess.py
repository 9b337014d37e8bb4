"""Guesses at statements that no table knows, for text that did not parse otherwise.

Same contract as `reshape`: masked text in, text of the same length out.
"""

import re

from memdesc.source.declarations import reshape_local_structs
from memdesc.source.mask import blank
from memdesc.source.reshape import blank_unknown_attributes
from memdesc.source.strings import guess_strings
from memdesc.source.words import GROUP, KEYWORDS

_FIRST_WORD = re.compile(rb"[A-Za-z_]\w*+")
_NUMBER = re.compile(rb"(?<![\w.])\d[\w.]*+")
_C_NUMBER = re.compile(
    rb"(?:0[xX][0-9a-fA-F]++|0[bB][01]++|\d++)(?:[uU]?[lL]{0,2}|[lL]{1,2}[uU]?|[iI])$|\d*+\.?\d*+(?:[eE][-+]?\d*+)?[fFlL]?$"
)
_OPERATOR_ARGUMENT = re.compile(rb"(?<=,)(\s*+)(==|!=|<=|>=|&&|\|\||<<|>>|[-+*/%&|^<>=]=?)(?=\s*+[,)])")
_EMPTY_ARGUMENT = re.compile(rb"(?<=,)\s*+(?=[,)])|(?<=\()\s*+(?=,)")
_INITIALISED_CALL = re.compile(rb"(\b[A-Z_][A-Z0-9_]*+\s*+" + GROUP + rb"\s*+)(=\s*+\{[^{};]*+\})(?=\s*+;)")
_BARE_WORD = re.compile(rb"(?<=[;{})])(\s*+[A-Z_][A-Z0-9_]*+[ \t]*+)\n")
_MISSING_SEMICOLON = re.compile(
    rb"(=\s*+[\w>.-]++\s*+" + GROUP + rb")\s(?=\s*+(?:for|if|while|switch|return|do)\b)"
)
_STRING_OPERAND = re.compile(rb'"[^"]*+"(?=\s*+\()')
_OPERAND_COLON = re.compile(rb"(?<=[)\w])(\s*+):(?=\s*+\")")
_IF_MACRO = re.compile(rb"(\bif\s++)([A-Za-z_]\w*+)(\s*+" + GROUP + rb")(?=\s*+[\w{])")
_CAST_WORD = re.compile(rb"(\(\s*+)([A-Z_][A-Z0-9_]{2,}+)(?=\s++[A-Za-z_]\w*+[\s*]*+\))")
_DESIGNATED = re.compile(rb"(?<=[(,])(\s*+)\.(?=[A-Za-z_]\w*+\s*+=)")
_OPERAND_NAME = re.compile(rb"(?<=[,:])(\s*+)\[\w++\](?=\s*+[\"(])")
_TWO_WORDS = re.compile(rb"\bKERN_[A-Z]++(?=\s++[A-Za-z_])")
_CAPITALS = re.compile(rb"(\b[A-Z_][A-Z0-9_]{2,})\s(?=\s*+[A-Z_][A-Z0-9_]{2,}+\b)")
_CALLS_IN_ROW = re.compile(rb"(\b[A-Z]\w*+" + GROUP + rb")\s(?=\s*+[A-Z]\w*+\()")
_DANGLING = re.compile(rb"(?:\|\||&&)(?=\s*+\))")
_STATEMENT_WORD = re.compile(rb"\s*+(?:if|for|while|do|switch|return|goto|break|continue)\b")
_UNTERMINATED_CALL = re.compile(rb"(\b[A-Za-z_]\w*+\s*+" + GROUP + rb")(\s)(?=\s*+\})")
_CALL = re.compile(rb"\b([A-Za-z_]\w*+)\s*+\(")


def guess(text: bytes, effort: int) -> bytes:
    """Return statements at equal length, respelt where they look like no plain C.

    Args: effort: 1 or more; from 2 on also what would be wrong in most places.
    """
    if b'"' in text:
        text = _STRING_OPERAND.sub(lambda m: blank(m[0]), text)
        text = _OPERAND_NAME.sub(lambda m: blank(m[0]), text)
        text = guess_strings(text)
    text = _NUMBER.sub(_number, text)
    text = _OPERATOR_ARGUMENT.sub(lambda m: m[1] + b"0" + b" " * (len(m[2]) - 1), text)
    text = _EMPTY_ARGUMENT.sub(_empty, text)
    text = _INITIALISED_CALL.sub(lambda m: m[1] + blank(m[2]), text)
    if b"struct" in text or b"union" in text or b"enum" in text:
        text = reshape_local_structs(text, effort)
    text = _BARE_WORD.sub(rb"\1;", text)
    text = _TWO_WORDS.sub(lambda m: blank(m[0]), text)
    text = _MISSING_SEMICOLON.sub(rb"\1;", text)
    text = _IF_MACRO.sub(lambda m: m[1] + b" " * len(m[2]) + m[3], text)
    text = _CAST_WORD.sub(lambda m: m[1] + blank(m[2]), text)
    if effort > 1:
        text = _DESIGNATED.sub(rb"\1 ", text)
        text = _OPERAND_COLON.sub(rb"\1,", text)
        text = _DANGLING.sub(b"  ", text)
        text = _CAPITALS.sub(rb"\1,", text)
        text = _CALLS_IN_ROW.sub(rb"\1;", text)
    text = _statements_as_arguments(text)
    text = blank_unknown_attributes(text)
    return _UNTERMINATED_CALL.sub(_unterminated, text)


def _number(match: re.Match[bytes]) -> bytes:
    """Make a name of what begins with a digit and is no number: part of a pasted token."""
    word = match[0]
    if _C_NUMBER.match(word) or b"." in word:
        return word
    if word[:2] in (b"0x", b"0X") and not word[2:].strip(b"0123456789abcdefABCDEFuUlL"):
        return word
    return b"_" + word[1:]


def _empty(match: re.Match[bytes]) -> bytes:
    """Give an empty argument a value, or take its comma away where there is no room for one."""
    space = match[0]
    return b"0" + space[1:] if space else space


def _unterminated(match: re.Match[bytes]) -> bytes:
    first = _FIRST_WORD.match(match[1])
    if first and first[0] in KEYWORDS:
        return match[0]
    before = match.string[: match.start()].rstrip()[-1:]
    if before in (b";", b"}", b"{", b":", b")"):
        return match[1] + b";"
    return match[0]


def _statements_as_arguments(text: bytes) -> bytes:
    """Respell `name(a, b, statement;)` as a block, or as a statement expression where a value is used."""
    if b";" not in text:
        return text
    calls = _calls(text)
    out: bytearray | None = None
    end = 0
    for found in _CALL.finditer(text):
        if found.start() < end or found[1] in KEYWORDS:
            continue
        closing, semicolon, commas = calls.get(found.end() - 1, (-1, -1, ()))
        if semicolon < 0 and closing > 0 and _STATEMENT_WORD.match(text, found.end()):
            semicolon = found.end()
        if semicolon < 0 or closing < 0:
            continue
        out = out if out is not None else bytearray(text)
        end = semicolon
        before = text[max(0, found.start() - 64) : found.start()].rstrip()
        as_value = bool(before) and before[-1:] not in b";{}:)" and not before.endswith((b"else", b"do"))
        for comma in commas:
            out[comma] = 0x3B
        last = text[found.end() : closing].rstrip()
        tail = found.end() + len(last)
        ended = last[-1:] in (b";", b"}")
        if not ended and tail < closing:
            out[tail] = 0x3B
            tail += 1
            ended = True
        opening = found.end() - 1
        if as_value and tail < closing and ended:
            out[closing - 1] = 0x7D
            out[found.start() : opening] = blank(bytes(out[found.start() : opening]))
            out[opening - 1 : opening + 1] = b"({"
        elif not as_value and (ended or text[closing + 1 : closing + 2] == b";"):
            out[found.start() : opening] = blank(bytes(out[found.start() : opening]))
            out[opening] = 0x7B
            out[closing] = 0x7D if ended else 0x3B
            if not ended:
                out[closing + 1] = 0x7D
    return bytes(out) if out is not None else text


_NESTING = re.compile(rb"[()\[\]{};,]")
_OPENED_BY = {b")": b"(", b"]": b"[", b"}": b"{"}


def _calls(text: bytes) -> dict[int, tuple[int, int, tuple[int, ...]]]:
    """Map each closed "(" to its ")", its first own semicolon (-1: none) and the commas before that."""
    calls: dict[int, tuple[int, int, tuple[int, ...]]] = {}
    stack: list[tuple[int, bytes]] = []
    semicolons: dict[int, int] = {}
    commas: dict[int, list[int]] = {}
    for found in _NESTING.finditer(text):
        byte = found[0]
        at = found.start()
        if byte in b"([{":
            stack.append((at, byte))
        elif byte in b")]}":
            while stack and stack[-1][1] != _OPENED_BY[byte]:
                stack.pop()  # what is left open inside is no call
            if stack:
                opening, _ = stack.pop()
                if byte == b")":
                    calls[opening] = at, semicolons.get(opening, -1), tuple(commas.get(opening, ()))
        elif stack:
            opening, kind = stack[-1]
            if kind == b"(":
                if byte == b";":
                    semicolons.setdefault(opening, at)
                elif opening not in semicolons:
                    commas.setdefault(opening, []).append(at)
                    if _STATEMENT_WORD.match(text, at + 1):
                        semicolons[opening] = at + 1  # `check(x, return 0)`: as good as one
    return calls
