"""Strings made of pieces, words and calls (`KERN_ERR PFX "text" __stringify(x)`), as one string."""

import re

from memdesc.source.mask import blank
from memdesc.source.words import KEYWORDS

_STRING_RUN = re.compile(rb'"[^"]*+"(?>(?:\s*+(?:\b[A-Za-z_]\w*+(?>(?:\s*+\([\w\s,.]*+\))?)|"[^"]*+"))*)')
_WORD_AFTER = re.compile(rb"[A-Za-z_]\w*+(?>(?:\s*+\([\w\s,.]*+\))?)")
_WORDS_BEFORE = re.compile(rb"(?:\b[A-Za-z_]\w*+\s*+(?>(?:\([\w\s,.]*+\)\s*+)?))+$")
_FIRST_WORD = re.compile(rb"[A-Za-z_]\w*+")


def guess_strings(text: bytes) -> bytes:
    """Blank the words and calls between, before and after the pieces of a concatenated string."""
    out = bytearray(text)
    for found in _STRING_RUN.finditer(text):
        start, end = found.span()
        close = text.find(b'"', start + 1) + 1
        if close < end:
            # One string over the whole run: its inner quotes and words go, the newlines may stay.
            position = close
            while position < end:
                if text[position] == 0x22:
                    position = text.find(b'"', position + 1) + 1
                    continue
                word = _WORD_AFTER.match(text, position, end)
                if word:
                    out[position : word.end()] = blank(word[0])
                    position = word.end()
                else:
                    position += 1
        before = _WORDS_BEFORE.search(text, max(0, start - 120), start)
        if before:
            at = before.start()
            while at < start:
                word = _WORD_AFTER.match(text, at, start)
                if not word:
                    at += 1
                    continue
                first = _FIRST_WORD.match(word[0])
                if first and first[0] not in KEYWORDS:
                    out[at : word.end()] = blank(word[0])
                    at = word.end()
                else:
                    at = at + (len(first[0]) if first else 1)
    return bytes(out)
