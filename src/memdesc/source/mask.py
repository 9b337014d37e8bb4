"""Blanking what is not code: comments, the contents of strings and characters, `#if 0` regions.

Everything is done at equal length, so that an offset in the masked text is an offset in the file. Newlines
stay where they are.
"""

import re

# One alternative per lexical form; all repeats are possessive, so that no input backtracks. An unterminated
# comment runs to the end of the file, as in C; a quote without its partner (prose in #error lines) is a lone
# character.
_LEXICAL = re.compile(
    rb"(/\*(?>(?:[^*]++|\*(?!/))*)(?:\*/)?"
    rb"|//(?>(?:[^\\\n]++|\\.)*)"
    rb'|"(?>(?:[^"\\\n]++|\\.)*)"'
    rb"|'(?>(?:[^'\\\n]++|\\.)*)'"
    rb"|[\"'])",
    re.DOTALL,
)
_KEEP_NEWLINES = bytes(10 if byte == 10 else 32 for byte in range(256))
_CONTINUED = re.compile(rb"\\(?=\r?\n)")
_SLASH = ord("/")
_DOUBLE = ord('"')
_SPACES = tuple(b" " * n for n in range(256))
_STRINGS = tuple(b'"' + b" " * (n - 2) + b'"' if n > 1 else b" " for n in range(256))
_CHARACTERS = tuple(b"'" + b" " * (n - 2) + b"'" if n > 1 else b" " for n in range(256))

_IF_ZERO = re.compile(rb"\n[ \t]*+#[ \t]*+if[ \t]++(?:0|\([ \t]*+0[ \t]*+\))[ \t\r]*+(?=\n)")
_CONDITIONAL = re.compile(rb"\n[ \t]*+#[ \t]*+(if|else|elif|endif)")


_DIGRAPH = re.compile(rb"<%|%>|<:|:>|\?\?[<>()=!/-]")
_DIGRAPHS = {
    b"<%": b"{ ",
    b"%>": b"} ",
    b"<:": b"[ ",
    b":>": b"] ",
    b"??<": b"{  ",
    b"??>": b"}  ",
    b"??(": b"[  ",
    b"??)": b"]  ",
    b"??=": b"#  ",
    b"??!": b"|  ",
    b"??-": b"~  ",
    b"??/": b"  \\",
}
"""Other spellings of braces and brackets (C11 6.4.6), and of these and others by three characters (5.2.1.1), at
equal length. Outside literals they mean nothing else; within, GCC takes no three characters for one unless told."""


def blank(text: bytes) -> bytes:
    """Return `text` with everything but newlines replaced by spaces."""
    return text.translate(_KEEP_NEWLINES)


def _blank_lines(parts: list[bytes], at: int) -> bytes:
    """Return the blanked form of `parts[at]`, a comment or literal of several lines."""
    text = parts[at]
    blanked = text.translate(_KEEP_NEWLINES)
    if text[0] != _SLASH:
        quoted = bytearray(blanked)
        quoted[0] = quoted[-1] = text[0]
        for continued in _CONTINUED.finditer(text):
            quoted[continued.start()] = 0x5C
        return bytes(quoted)
    before = parts[at - 1]
    back = at - 1
    while b"\n" not in before and back > max(0, at - 40):
        back -= 1
        before = parts[back] + before
    line = before.rfind(b"\n") + 1
    if before[line:].lstrip().startswith(b"#") or before[line - 2 : line - 1] == b"\\":
        # A comment is one space to the preprocessor: the directive goes on behind it. Continuing its lines
        # says so to those who look for the directive's end.
        return blanked.replace(b" \n", b"\\\n")
    return blanked


def mask(data: bytes) -> bytes:
    """Return `data` at equal length without comments, literal contents and code under `#if 0`.

    Quotes stay, so that a string still parses as one. Newlines stay, and so do the backslashes of continued
    lines.
    """
    if b"\0" in data:
        data = data.replace(b"\0", b" ")
    parts = _LEXICAL.split(data)
    # Code and what is to be blanked take turns in `parts`.
    for at in range(1, len(parts), 2):
        text = parts[at]
        size = len(text)
        first = text[0]
        if b"\n" in text:
            parts[at] = _blank_lines(parts, at)
        elif size > 255:
            parts[at] = b" " * size if first == _SLASH else text[:1] + b" " * (size - 2) + text[:1]
        elif first == _SLASH:
            parts[at] = _SPACES[size]
        elif first == _DOUBLE:
            parts[at] = _STRINGS[size]
        else:
            parts[at] = _CHARACTERS[size]
    masked = b"".join(parts)
    if b"<%" in masked or b"<:" in masked or b"??" in masked:
        masked = _DIGRAPH.sub(lambda found: _DIGRAPHS[found[0]], masked)
    if _IF_ZERO.search(masked):
        masked = _blank_if_zero(masked)
    return masked


def _blank_if_zero(masked: bytes) -> bytes:
    """Blank the first branch of every `#if 0`: it is a comment by other means."""
    parts: list[bytes] = []
    done = 0
    opening = _IF_ZERO.search(masked)
    while opening:
        start = opening.end()
        depth = 0
        end = len(masked)
        for line in _CONDITIONAL.finditer(masked, start):
            word = line[1]
            if word == b"if":
                depth += 1
            elif depth == 0:
                end = line.start()
                break
            elif word == b"endif":
                depth -= 1
        parts.append(masked[done:start])
        parts.append(blank(masked[start:end]))
        done = end
        opening = _IF_ZERO.search(masked, end)
    parts.append(masked[done:])
    return b"".join(parts)
