"""What stands before a brace: the names of functions and structs."""

import re

from memdesc.source.words import ATTRIBUTE_CALLS, ATTRIBUTES, GROUP, KEYWORDS, PAIRED, is_type_word

_STRUCT = re.compile(
    rb"(?>(?:(?:typedef|static|const|extern|volatile|__\w++|[A-Z_]{4,}+)\s++)*)(?:struct|union|enum)\b"
)
_STRUCT_ATTRIBUTE = re.compile(
    rb"\b(?:__attribute__|__attribute|__aligned|__packed|__randomize_layout|__designated_init|[A-Z_]*ALIGN\w*)"
    rb"\s*+" + GROUP
)
_STRUCT_TAG = re.compile(rb"\b(?:struct|union|enum)\b([^{;]*+)")
_SIMPLE = re.compile(rb"([\w\s*]*+)\([^()]*+\)\s*+$")
_BEFORE_NAME = (b" ", b"*", b"\t", b"\n")
_CALL = re.compile(rb"\b([A-Za-z_]\w*+)\s*+(" + GROUP + rb")|(\()")
_DIRECTIVE = re.compile(rb"(?:^|\n)[ \t]*+#(?>(?:[^\\\n]++|\\\r?\n|\\)*)")
_WORD = re.compile(rb"[A-Za-z_]\w*+")
_PAIRED = re.compile(rb"\b((?:[A-Z0-9]+_)?SYSCALL(?:32)?_DEFINE|(?:NOTRACE_)?BPF_CALL_)\d\s*+\(\s*+(\w++)")
_ATTRIBUTED = re.compile(rb"\b__\w++\s*+" + GROUP)
_STORAGE = frozenset((b"static", b"inline", b"extern"))
_PARAMETERS = re.compile(rb"\w[\s*]+\w|\*|void\s*+\)$")


def _is_attribute(word: bytes) -> bool:
    """Return whether a word before a function's name is spelt like an attribute rather than a type."""
    return word in ATTRIBUTES or (word.startswith(b"__") and not is_type_word(word))


def is_struct(header: bytes) -> bool:
    """Return whether the text before a "{" is the head of a struct, union or enum definition."""
    if not _STRUCT.match(header):
        return False
    if b"(" not in header:
        return True
    rest = _STRUCT_ATTRIBUTE.sub(b"", header)
    return b"(" not in rest and b"*" not in rest


def struct_name(header: bytes) -> str:
    """Return the tag that a struct's head declares, or an empty string."""
    found = _STRUCT_TAG.search(header)
    if not found:
        return ""
    rest = _STRUCT_ATTRIBUTE.sub(b"", found[1])
    words = [word for word in _WORD.findall(rest) if word not in ATTRIBUTES]
    return words[-1].decode("latin-1") if words else ""


def paired_macro(header: bytes) -> re.Match[bytes] | None:
    """Return the match of a SYSCALL_DEFINE-like head: macro without its digit, then the name it defines."""
    return _PAIRED.search(header) if b"SYSCALL" in header or b"BPF_CALL" in header else None


def function_name(header: bytes) -> bytes:
    """Return the name of the function whose head (up to its "{") this is, or nothing.

    For `DEFINE_THING(name, ...)` the name is the first argument: the macro's own name would make one function
    of all that it defines.
    """
    found = name_span(header)
    if found is None:
        return b""
    start, end, prefix = found
    return prefix + header[start:end]


def name_span(header: bytes) -> tuple[int, int, bytes] | None:
    """Return where in `header` the function's name stands, and what precedes it in the full name."""
    simple = _SIMPLE.match(header)
    if simple:
        before = simple[1].rstrip()
        end = len(before)
        start = max(map(before.rfind, _BEFORE_NAME)) + 1
        name = before[start:]
        if (
            start > 0
            and name not in ATTRIBUTES
            and name not in ATTRIBUTE_CALLS
            and not name[:1].isdigit()
            and name
        ):
            return start, end, b""
    if b"#" in header:
        header = _DIRECTIVE.sub(lambda m: b" " * len(m[0]), header)
    paired = paired_macro(header)
    if paired:
        return paired.start(2), paired.end(2), PAIRED.get(paired[1], b"sys_")
    best: tuple[int, int, bytes] | None = None
    position = 0
    while True:
        found = _CALL.search(header, position)
        if not found:
            break
        position = found.end()
        if found[3]:
            continue
        word = found[1]
        if word in KEYWORDS or word in ATTRIBUTES or word in ATTRIBUTE_CALLS:
            continue
        plain = not word.startswith(b"__") and not word.isupper()
        if best is None:
            best = found.start(1), found.end(1), b""
            before = _ATTRIBUTED.sub(b"", header[: found.start()])
            if plain and before.strip():
                return best
            if any(word not in _STORAGE and not _is_attribute(word) for word in _WORD.findall(before)):
                return best
            first = _WORD.match(header, found.start(2) + 1)
            if word.isupper() and first and not _PARAMETERS.search(found[2]):
                best = first.start(), first.end(), b""
        elif plain:
            return found.start(1), found.end(1), b""
    return best
