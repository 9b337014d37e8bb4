"""Kernel C to plain C at equal length: attributes, iterator macros, types as arguments, other habits.

All functions take masked text (see `mask`) and return text of the same length in which what the grammar does
not know is blanked or respelt, so that a node's offset in the tree is the offset in the file. What a reader
of the tree must know (names are to be read from the file's own bytes, not from the tree):

- an iterator macro, or any `name(arguments) statement`, is a while_statement that starts where the name does;
  an if_statement where the name has fewer than five letters; a for_statement where the arguments hold
  semicolons;
- a type among the arguments of a call is an identifier: the tag without "struct" and stars, or the base type;
- `typeof(x)` is `void`, except among arguments, where it is a call; `offsetof` is a call, alignof a sizeof;
- `_Generic(x, type: a, type: b)` is the comma expression `(x, a, b)`;
- an operator among the arguments of a macro (`ASSERT3U(a, ==, b)`) is a number;
- asm statements are empty statements, `goto *p` is the expression `*p`, `&&label` is `&label`;
- `a ... b` after case is `a | b`, and `a * sizeof(b)` is a quotient, since a product may parse as a
  declaration.
"""

import re

from memdesc.source.mask import blank
from memdesc.source.words import ATTRIBUTE_CALLS, ATTRIBUTES, DECLARATION_WORDS, GROUP, KEYWORDS, is_type_word

_ATTRIBUTE = re.compile(rb"\b(?:__attribute__|__attribute|__declspec)\s*+" + GROUP)
_ASM = re.compile(
    rb"\b(?:__asm__|asm|__asm)\b(?>(?:\s*+\b(?:volatile|__volatile__|__volatile|goto|inline|__inline__|asm_inline)\b)*)"
    rb"\s*+"
    + GROUP
    + rb"|\basm_volatile_goto\s*+"
    + GROUP
    + rb"|\basm_inline\b(?>(?:\s*+\b(?:volatile|__volatile__|goto)\b)*)\s*+"
    + GROUP
)
_UNDERSCORED = re.compile(rb"__(?<!\w__)\w++")
_GROUP = re.compile(rb"\s*+" + GROUP)
_BEFORE_ATTRIBUTE = re.compile(rb"(\w++|\])\s*+$")
_STATIC_MACRO = re.compile(rb"\bstatic(?>(?:\s++const)?)(?=\s++[A-Z_][A-Z0-9_]*+\s*+\()")
_WORD_CALL = re.compile(rb"\b(?:offsetof|__alignof__|__alignof|_Alignof|alignof)\b")
_TYPEOF = re.compile(
    rb"\b(?:__typeof__|__typeof|typeof_unqual|typeof|__unqual_scalar_typeof)\s*+(" + GROUP + rb")"
)
_TYPE_ARGUMENT = re.compile(
    rb"[(,]\s*+(?:"
    rb"((?>(?:(?:const|volatile|unsigned|signed|long|short|int|char|void|double|float|bool|__iomem|__user)\b\s*+)*)"
    rb"(?>(?:(?:struct|union|enum)\s++)?))"
    rb"(\w*+)((?>(?:\s*+(?:\*|\bconst\b))*)))"
    rb"(?>(\s*+\b[A-Za-z_]\w*+)?)(?=\s*+[,)])"
)
_TYPE_START = re.compile(
    rb"(?:const|volatile|unsigned|signed|long|short|struct|union|enum|int|char|void|double|float)\b"
)
_WORD_BEFORE = re.compile(rb"([A-Za-z_]\w*+)\s*+$")
_CALL_THEN = re.compile(rb"\b([A-Za-z_]\w*+)([ \t]*+)(?=(" + GROUP + rb")(\s*+)([A-Za-z_{]|\*|\+\+|--|\())")
_DECLARED = re.compile(rb"[A-Za-z_]\w*+\s*+(?:[;,\[]|=(?!=))")
_ITERATES = re.compile(
    rb"for_?each|_each|FOR_?EACH|_EACH|foreach|_for_|^for|^FOR|_FOR_|_loop$|_walk$", re.ASCII
)
_LABEL_END = re.compile(rb":(\s)(?=\s*+[}#])")
_CASE_RANGE = re.compile(rb"\bcase\b[^:;{}]{0,300}?(\.\.\.)")
_WHILE_EACH = re.compile(rb"(?<=\})(\s*+)(while_\w++\s*+)(" + GROUP + rb")")
_OPERATOR_ARGUMENT = re.compile(rb"(?<=,)\s*+(?:[=!<>]=|[<>])(?=\s*+,)")
_TIMES_SIZEOF = re.compile(rb"\*(?=\s*+sizeof\b)")
_GOTO = re.compile(rb"\bgoto(?=\s*+\*)")
_LABEL_ADDRESS = re.compile(rb"(?<=[=,({\[?:])(\s*+)&&(?=\s*+[A-Za-z_])")
_GENERIC = re.compile(rb"\b_Generic(\s*+)(" + GROUP + rb")")
_UNKNOWN_ATTRIBUTE = re.compile(rb"(?<=[\w*\])])\s*+(?<!\w)(_\w++|[A-Z][A-Z0-9_]++)(?=\s*+[=;,)*])")
_WORD = re.compile(rb"[A-Za-z_]\w*+")
_PAST_BLANK = b" \t\n\r\f\v"


def reshape_body(text: bytes) -> bytes:
    """Return statements at equal length in plain C."""
    text = blank_attributes(text)
    if b"asm" in text:
        text = _ASM.sub(lambda m: blank(m[0]), text)
    if b"__" in text:
        text = _underscores(text)
    if b"offsetof" in text or b"lignof" in text:
        text = _WORD_CALL.sub(_word_call, text)
    if b"static" in text:
        text = _STATIC_MACRO.sub(lambda m: blank(m[0]), text)
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
    if b"while_" in text:
        text = _WHILE_EACH.sub(_while_each, text)
    if b"sizeof" in text:
        # `name(words * sizeof(struct x))` would do for a declaration too; as a quotient it cannot.
        text = _TIMES_SIZEOF.sub(b"/", text)
    text = _OPERATOR_ARGUMENT.sub(lambda match: b"0".ljust(len(match[0])), text)
    text = type_arguments(text)
    text = _iterators(text)
    return _LABEL_END.sub(b":;", text)


def _underscores(text: bytes) -> bytes:
    """Blank attribute macros: those of the tables anywhere, `name __free(x) =` by where they stand."""
    out: bytearray | None = None
    end = 0
    for found in _UNDERSCORED.finditer(text):
        word = found[0]
        at = found.start()
        if at < end:
            continue
        if word in ATTRIBUTES:
            end = found.end()
        else:
            group = _GROUP.match(text, found.end())
            if not group:
                continue
            if word not in ATTRIBUTE_CALLS:
                before = _BEFORE_ATTRIBUTE.search(text, max(0, at - 80), at)
                if not before or before[1] in KEYWORDS or before[1] in DECLARATION_WORDS:
                    continue
                line = text[text.rfind(b"\n", max(0, at - 200), at) + 1 : at].lstrip()
                if not line or line.startswith(b"extern") or is_type_word(word):
                    continue
            end = group.end()
        if out is None:
            out = bytearray(text)
        out[at:end] = blank(text[at:end])
    return bytes(out) if out is not None else text


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
            inside = match[1][1:].lstrip()
            return (
                match[0][: size - len(match[1])] + blank(match[1]) if _TYPE_START.match(inside) else match[0]
            )
    return b"void" + blank(match[0][4:]) if size > 4 else match[0]


def _while_each(match: re.Match[bytes]) -> bytes:
    """Spell the end of `do { ... } while_each_thread(a, b);` as `while (a, b);`."""
    size = len(match[2])
    if match[3][1:-1].strip():
        return match[1] + b"while".ljust(size) + match[3]
    return match[1] + b"while".ljust(size + len(match[3]) - 3) + b"(1)"


def _word_call(match: re.Match[bytes]) -> bytes:
    """Make `offsetof` a plain name, as its member may be any expression, and each alignof a sizeof."""
    word = match[0]
    return b"Offsetof" if word == b"offsetof" else b"sizeof".ljust(len(word))


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


def type_arguments(text: bytes) -> bytes:
    """Make plain names of the types among the arguments of what looks like a call."""
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
            step = follows in (b"++", b"--")
            if not iterates and not step and not follows.isalpha() and follows != b"_":
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
            if b"\n" not in gap and _DECLARED.match(text, follower):
                out[opening : found.end(3)] = blank(found[3])  # a macro that makes a type
                continue
            if b"\n" in gap and _indent(text, follower) <= _indent(text, start):
                out[found.start(4)] = 0x3B  # a statement whose macro brings its own semicolon
                continue
            if not gap or (follows in (b"++", b"--") and b"\n" not in gap):
                continue
        size = opening - start
        arguments = found[3][1:-1]
        if b";" in arguments and arguments.count(b";") == 2 and b"{" not in arguments and size >= 3:
            out[start:opening] = b"for" + b" " * (size - 3)
            continue
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


def blank_attributes(text: bytes) -> bytes:
    """Blank every `__attribute__((...))`."""
    if b"__attribute" in text or b"__declspec" in text:
        return _ATTRIBUTE.sub(lambda m: blank(m[0]), text)
    return text


def reshape_parameters(text: bytes) -> bytes:
    """Blank attribute words in a parameter list or a declaration."""
    out: bytearray | None = None
    if b"typeof" in text:
        text = _TYPEOF.sub(_typeof, text)
    if b"__" in text:
        text = _underscores(text)
    for found in _WORD.finditer(text):
        if found[0] in ATTRIBUTES:
            out = out if out is not None else bytearray(text)
            out[found.start() : found.end()] = b" " * len(found[0])
    return bytes(out) if out is not None else text


def blank_unknown_attributes(text: bytes) -> bytes:
    """Blank unknown attribute words between a declared name and what ends its declarator."""
    out: bytearray | None = None
    for found in _UNKNOWN_ATTRIBUTE.finditer(text):
        near = max(0, found.start(1) - 200)
        line = max(near, text.rfind(b"\n", near, found.start(1)) + 1)
        words = re.findall(rb"\w+|[^\w\s]", text[line : found.start(1)])
        if len(words) < 2 or not re.fullmatch(rb"\w+|\*|\]|\)", words[-1]):
            continue
        star = text[found.end() : found.end() + 20].lstrip()[:1] == b"*"
        if words[-1] in KEYWORDS or words[-1] in (b"struct", b"union", b"enum", b"*", b")"):
            continue
        if not star and words[-2] in (b"struct", b"union", b"enum", b"const", b"static"):
            continue
        if not star and not re.fullmatch(rb"\w+|\*|\[|\]", words[-2]):
            continue
        out = out if out is not None else bytearray(text)
        out[found.start(1) : found.end(1)] = b" " * len(found[1])
    return bytes(out) if out is not None else text
