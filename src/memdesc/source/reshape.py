"""Kernel C to plain C at equal length: attribute words, iterator macros, types as arguments, and other habits.

All functions take masked text (see `mask`) and return text of the same length in which the things the grammar does
not know are blanked or respelt, so that a node's offset in the tree is the offset in the file.
"""

import re
from bisect import bisect_right

from memdesc.source.headers import name_span, paired_macro
from memdesc.source.mask import blank
from memdesc.source.words import ATTRIBUTES, BASE_TYPES, DECLARATION_WORDS, KEYWORDS, is_type_word


def _group(depth: int) -> bytes:
    """Return a regular expression for parentheses nested up to `depth` deep; possessive, hence linear."""
    inner = rb"\([^()]*+\)"
    for _ in range(depth):
        inner = rb"\([^()]*+(?:" + inner + rb"[^()]*+)*+\)"
    return inner


GROUP = _group(7)
_ATTRIBUTE = re.compile(rb"\b(?:__attribute__|__attribute|__declspec)\s*+" + GROUP)
_ASM = re.compile(
    rb"\b(?:__asm__|asm|__asm)\b(?:\s*+\b(?:volatile|__volatile__|__volatile|goto|inline|__inline__|asm_inline)\b)*+"
    rb"\s*+" + GROUP + rb"|\basm_volatile_goto\s*+" + GROUP
    + rb"|\basm_inline\b(?:\s*+\b(?:volatile|__volatile__|goto)\b)*+\s*+" + GROUP
)
_UNDERSCORED = re.compile(rb"__(?<!\w__)\w++(\s*+" + GROUP + rb")?")
_TYPEOF = re.compile(rb"\b(?:__typeof__|__typeof|typeof_unqual|typeof|__unqual_scalar_typeof)\s*+(" + GROUP + rb")")
_TYPE_ARGUMENT = re.compile(
    rb"[(,]\s*+(?:"
    rb"((?:(?:const|volatile|unsigned|signed|long|short|int|char|void|double|float|bool|__iomem|__user)\b\s*+)*+"
    rb"(?:(?:struct|union|enum)\s++)?+)"
    rb"(\w*+)((?:\s*+(?:\*|\bconst\b))*+))"
    rb"(\s*+\b[A-Za-z_]\w*+)?+(?=\s*+[,)])"
)
_TYPE_START = re.compile(rb"(?:const|volatile|unsigned|signed|long|short|struct|union|enum|int|char|void|double|float)\b")
_WORD_BEFORE = re.compile(rb"([A-Za-z_]\w*+)\s*+$")
_CALL_THEN = re.compile(rb"\b([A-Za-z_]\w*+)([ \t]*+)(?=(" + GROUP + rb")(\s*+)([A-Za-z_{]|\*|\+\+|--|\())")
_ITERATES = re.compile(rb"for_?each|_each|FOR_?EACH|_EACH|foreach|_for_|^for|^FOR|_FOR_|_loop$|_walk$", re.ASCII)
_LABEL_END = re.compile(rb":(\s)(?=\s*+[}#])")
_CASE_RANGE = re.compile(rb"\bcase\b[^:;{}]*?(\.\.\.)")
_GOTO = re.compile(rb"\bgoto(?=\s*+\*)")
_LABEL_ADDRESS = re.compile(rb"(?<=[=,({\[?:])(\s*+)&&(?=\s*+[A-Za-z_])")
_GENERIC = re.compile(rb"\b_Generic(\s*+)(" + GROUP + rb")")
_WORD = re.compile(rb"[A-Za-z_]\w*+")
_PAST_BLANK = b" \t\n\r\f\v"


def reshape_body(text: bytes, heavy: bool) -> bytes:
    """Return statements at equal length in plain C; `heavy` also guesses at what no table knows."""
    if b"__attribute" in text or b"__declspec" in text:
        text = _ATTRIBUTE.sub(lambda m: blank(m[0]), text)
    if b"asm" in text:
        text = _ASM.sub(lambda m: blank(m[0]), text)
    if b"__" in text:
        text = _UNDERSCORED.sub(_underscored, text)
    if b"typeof" in text:
        text = _TYPEOF.sub(_typeof, text)
    if b"_Generic" in text:
        text = _GENERIC.sub(_generic, text)
    if b"..." in text:
        text = _CASE_RANGE.sub(lambda m: m[0][:-3] + b"|  ", text)
    if b"goto" in text:
        text = _GOTO.sub(b"    ", text)
    if b"&&" in text:
        text = _LABEL_ADDRESS.sub(rb"\1 &", text)
    text = _type_arguments(text)
    text = _iterators(text)
    return _LABEL_END.sub(b":;", text)


def _underscored(match: re.Match[bytes]) -> bytes:
    text = match[0]
    group = match[1]
    word = text[: len(text) - len(group)] if group else text
    if word in ATTRIBUTES:
        return b" " * len(word) + (group or b"")
    return text


def _typeof(match: re.Match[bytes]) -> bytes:
    size = len(match[0])
    text = match.string
    # As an argument of a call it parses as a call; anywhere else it must be a type.
    end = match.end()
    after = text[end : end + 64].lstrip(b" \t\n*")
    before = text[max(0, match.start() - 64) : match.start()].rstrip()
    if after[:1] in (b",", b")") and before[-1:] in (b",", b"("):
        word = _WORD_BEFORE.search(before[:-1]) if before[-1:] == b"(" else None
        if before[-1:] == b"," or (word and word[1] not in KEYWORDS):
            return match[0]
    return b"void" + blank(match[0][4:]) if size > 4 else match[0]


def _generic(match: re.Match[bytes]) -> bytes:
    """Leave `(controlling, result, result)`: a comma expression of what the selection may give."""
    group = bytearray(match[2])
    depth = 0
    start = -1
    for at, byte in enumerate(group):
        if byte in b"([{":
            depth += 1
        elif byte in b")]}":
            depth -= 1
        elif byte == 0x2C and depth == 1:
            start = at + 1
        elif byte == 0x3A and depth == 1 and start >= 0:
            group[start : at + 1] = blank(bytes(group[start : at + 1]))
            start = -1
    return b"        " + match[1] + bytes(group)


def _type_arguments(text: bytes) -> bytes:
    out: bytearray | None = None
    for found in _TYPE_ARGUMENT.finditer(text):
        base, name, stars, variable = found[1], found[2], found[3], found[4]
        if not base and not stars:
            continue
        if variable and not base:
            continue  # a product
        at = found.start()
        if text[at] == 0x28:
            word = _WORD_BEFORE.search(text, max(0, at - 64), at)
            if not word or word[1] in KEYWORDS:
                continue
        if not base and not stars.strip():
            continue
        if out is None:
            out = bytearray(text)
        if variable:
            out[at + 1 : found.end(3)] = blank(bytes(out[at + 1 : found.end(3)]))
            continue
        if name:
            out[found.start(1) : found.end(1)] = blank(base)
        else:
            # Base words alone: one identifier of them.
            words = base.rstrip()
            out[found.start(1) : found.start(1) + len(words)] = re.sub(rb"\s", b"_", words)
        out[found.start(3) : found.end(3)] = blank(stars)
    return bytes(out) if out is not None else text


def _indent(text: bytes, at: int) -> int:
    line = text[text.rfind(b"\n", 0, at) + 1 : at]
    return len(line.expandtabs(8)) - len(line.expandtabs(8).lstrip())


def _iterators(text: bytes) -> bytes:
    out: bytearray | None = None
    for found in _CALL_THEN.finditer(text):
        word = found[1]
        if word in KEYWORDS:
            continue
        follows = found[5]
        iterates = _ITERATES.search(word) is not None
        if follows != b"{":
            if not iterates and not follows.isalpha() and follows != b"_":
                continue
            before = text[max(0, found.start() - 64) : found.start()].rstrip()
            if before and before[-1:] not in b";{}:)" and not before.endswith((b"else", b"do")):
                continue
        if out is None:
            out = bytearray(text)
        start, opening = found.start(), found.start(3)
        if follows != b"{" and not iterates:
            gap = found[4]
            follower = found.end(4)
            if b"\n" in gap and _indent(text, follower) <= _indent(text, start):
                out[found.start(4)] = 0x3B  # a statement whose macro brings its own semicolon
                continue
            if not gap:
                continue
        size = opening - start
        arguments = found[3][1:-1]
        if not arguments.strip():
            whole = size + len(found[3])
            if whole >= 8:
                out[start : start + whole] = b"while" + b" " * (whole - 8) + b"(1)"
            continue
        if size >= 5:
            out[start:opening] = b"while" + b" " * (size - 5)
        elif size >= 2:
            out[start:opening] = b"if" + b" " * (size - 2)
    return bytes(out) if out is not None else text


def reshape_head(text: bytes) -> bytes:
    """Return a function's head (up to its "{") at equal length as `type name(parameters)`."""
    if b"__attribute" in text:
        text = _ATTRIBUTE.sub(lambda m: blank(m[0]), text)
    span = name_span(text)
    if span is None:
        return text
    paired = paired_macro(text)
    if paired:
        return _paired_head(text, paired, span)
    start, end, _ = span
    opening = text.find(b"(", end)
    closing = _closing(text, opening)
    if opening < 0 or text[end:opening].strip():
        # DEFINE_THING(name, ...): a function of that name without parameters.
        return _defined_head(text, start, end)
    return (
        _return_type(text[:start])
        + text[start : opening + 1]
        + _parameters(text[opening + 1 : closing])
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
        text = re.sub(rb"[A-Za-z_]\w*+\s*+" + GROUP, lambda m: blank(m[0]), text)
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


def _parameters(text: bytes) -> bytes:
    """Blank attribute words in a parameter list."""
    out: bytearray | None = None
    if b"typeof" in text:
        text = _TYPEOF.sub(_typeof, text)
    for found in _WORD.finditer(text):
        if found[0] in ATTRIBUTES:
            out = out if out is not None else bytearray(text)
            out[found.start() : found.end()] = b" " * len(found[0])
    return bytes(out) if out is not None else text


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


def _paired_head(text: bytes, paired: re.Match[bytes], span: tuple[int, int, bytes]) -> bytes:
    """Spell SYSCALL_DEFINEn(name, type, argument, ...) as `long sys_name(type argument, ...)`."""
    start, end, prefix = span
    opening = text.rfind(b"(", 0, start)
    closing = _closing(text, opening)
    name = prefix + text[start:end]
    comma = text.find(b",", end, closing)
    if comma < 0:
        # Without parameters there is no comma to become "(": move the name one to the left.
        at = start - 1
        out = text[: at - len(prefix)] + name + b"()" + text[at + len(text[start:end]) + 2 :]
        return b"long".ljust(at - len(prefix)) + out[at - len(prefix) : at + len(text[start:end]) + 2] + blank(
            out[at + len(text[start:end]) + 2 :]
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
    return head + name + blank(text[end:comma]) + b"(" + _parameters(bytes(parameters)) + b")" + blank(text[closing + 1 :])


def reshape_declaration(text: bytes, struct: bool) -> bytes:
    """Return a declaration at file scope, or a struct definition, at equal length in plain C."""
    if b"__attribute" in text:
        text = _ATTRIBUTE.sub(lambda m: blank(m[0]), text)
    if b"typeof" in text:
        text = _TYPEOF.sub(_typeof, text)
    return _parameters(text)
