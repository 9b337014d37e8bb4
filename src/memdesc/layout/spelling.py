"""Types as C writes them, as text: where a name stands in one, what a pointer to one is, parameters without names.

A type without a name is specifiers and an abstract declarator: `int`, `char *const`, `void (*)(int)`,
`int (*)[4]`, `void (*[3])(int)`. The name of what has the type stands at one place in it, its *hole*; every
pointer, array or function around the type is written there. Source: C11, 6.7.6 and 6.7.7.
"""

import re
from collections.abc import Sequence

from memdesc.layout.c_words import BASE, QUALIFIERS, SCALAR, SILENT, SILENT_CALLS

KEPT = ("const", "volatile", "restrict", "_Atomic")
"""Qualifiers that are part of a type, in the order in which they are written."""
_SAME = {"__const": "const", "__volatile__": "volatile", "__restrict": "restrict", "__restrict__": "restrict"}
_OPENS_INNER = re.compile(r"\(\s*[*(]")
_WORD = re.compile(r"\w")


def qualifier(word: str) -> str:
    """Return the qualifier that `word` spells, one of KEPT, or an empty text for any other word."""
    word = _SAME.get(word, word)
    return word if word in KEPT else ""


def qualifiers(words: Sequence[str]) -> str:
    """Return the qualifiers among `words`, each once and in one order: "const volatile"."""
    found = {qualifier(word) for word in words}
    return " ".join(word for word in KEPT if word in found)


def hole(text: str) -> int:
    """Return where in `text` the name of what has this type stands, in characters."""
    at, inside = 0, False
    while at < len(text):
        if text[at] == "(":
            if not _OPENS_INNER.match(text, at):
                return at
            inside = True
        elif text[at] == "[" or (text[at] == ")" and inside):
            return at
        elif text[at] == "{":
            at = max(text.find("}", at), at)
        at += 1
    return at


def put(text: str, name: str) -> str:
    """Return the declaration of `name` as a `text`: "int name", "void (*name)(int)"."""
    if not name:
        return text
    at = hole(text)
    before, after = text[:at], text[at:]
    tight = before.endswith(("*", "(")) or name[:1] in "[" or before[-1:] == " "
    if before.endswith(" ") and name.startswith("["):
        before = before.rstrip()
    return f"{before}{'' if tight else ' '}{name}{after}"


def pointer_to(text: str, kept: str = "") -> str:
    """Return a pointer to a `text`, itself qualified by `kept`: "int" -> "int *", "int[4]" -> "int (*)[4]"."""
    at = hole(text)
    before, after = text[:at].rstrip(), text[at:]
    star = f"*{kept}"
    if after[:1] in ("(", "["):
        return f"{before}{'' if before.endswith(('(', '*')) else ' '}({star}){after}"
    return f"{before}{'' if before.endswith('*') else ' '}{star}{after}"


def array_of(text: str, count: int) -> str:
    """Return an array of `count` of `text`, 0 for one without a size: "int" -> "int[4]"."""
    return put(text, f"[{count or ''}]")


def qualified(text: str, kept: str) -> str:
    """Return `text` with the qualifiers `kept` on what it is: after its stars, else before it."""
    if not kept:
        return text
    at = hole(text)
    stars = text[:at].rstrip()
    if _is_pointer(stars):
        gap = "" if stars.endswith("*") else " "
        return f"{stars}{gap}{kept}{text[at:]}"
    return f"{kept} {text}"


def _is_pointer(before: str) -> bool:
    """Whether the text before the hole ends in a star, with or without qualifiers."""
    words = before.split(" ")
    while words and qualifier(words[-1]):
        words.pop()
    return bool(words) and "*" in words[-1]


def parameters(words: Sequence[str]) -> str:
    """Return a function's parameters without their names, as BTF has them: "struct page *, int".

    Args: words: the tokens between the parentheses.
    """
    out = [_parameter(one) for one in _split(words)]
    return ", ".join(out) or "void"


def _split(words: Sequence[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    depth = 0
    for word in words:
        depth += (word in "([{") - (word in ")]}")
        if word == "," and not depth:
            parts.append([])
        else:
            parts[-1].append(word)
    return [part for part in parts if part]


def _parameter(words: list[str]) -> str:
    """Return the type of one parameter."""
    if words == ["..."]:
        return "..."
    base: list[str] = []
    kept: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        if word in SILENT_CALLS or word in ("__attribute__", "__attribute"):
            at = _after(words, at + 1)
            continue
        if word in ("struct", "union", "enum") and not base:
            base += words[at : at + 2]
            at += 2
            continue
        if qualifier(word):
            kept.append(word)
        elif word in BASE and all(each in BASE for each in base):
            base.append(word)
        elif word not in SILENT and word not in QUALIFIERS:
            if base or not _WORD.match(word):
                break
            base.append(word)
        at += 1
    known = SCALAR.get(tuple(sorted(base)))
    text = qualified(known or " ".join(base), qualifiers(kept))
    return _declarator(words[at:], text)


def _declarator(words: Sequence[str], text: str) -> str:
    """Return the type that a declarator, named or not, makes of the type `text`."""
    at = 0
    while at < len(words) and (words[at] == "*" or words[at] in QUALIFIERS or words[at] in SILENT):
        if words[at] == "*":
            text = pointer_to(text)
        else:
            text = qualified(text, qualifier(words[at]))
        at += 1
    inner: Sequence[str] = ()
    if words[at : at + 1] == ["("] and at + 1 < len(words) and words[at + 1] in ("*", "("):
        end = _after(words, at)
        inner, at = words[at + 1 : end - 1], end
    elif at < len(words) and _WORD.match(words[at]):
        at += 1
    suffixes = ""
    while at < len(words) and words[at] in ("(", "["):
        end = _after(words, at)
        inside = words[at + 1 : end - 1]
        suffixes += f" ({parameters(inside)})" if words[at] == "(" else f"[{' '.join(inside)}]"
        at = end
    if suffixes:
        place = hole(text)
        text = f"{text[:place]}{suffixes if place else suffixes.lstrip()}{text[place:]}"
    return _declarator(inner, text) if inner else text


def _after(words: Sequence[str], at: int) -> int:
    """Return the index behind the parenthesis or bracket that opens at `at`; the end when nothing closes it."""
    depth = 0
    for n in range(at, len(words)):
        depth += (words[n] in "([{") - (words[n] in ")]}")
        if depth <= 0:
            return n + 1
    return len(words)
