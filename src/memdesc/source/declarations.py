"""Declarations at file scope and the members of structs, as plain C at equal length."""

import re

from memdesc.source.heads import reshape_head
from memdesc.source.mask import blank
from memdesc.source.reshape import (
    blank_attributes,
    blank_unknown_attributes,
    reshape_body,
    reshape_parameters,
)
from memdesc.source.strings import guess_strings
from memdesc.source.words import BRACES, GROUP, GROUPS, is_type_word

# Blocks that tell the tracing macros what to expand elsewhere: no declarations of this file.
_TRACE = re.compile(
    rb"(?:TRACE_EVENT|DECLARE_EVENT|DEFINE_EVENT|TRACE_MAKE|DECLARE_TRACE|DEFINE_\w+_EVENT|LSM_HOOK\b|\w+_EVENT_CLASS"
    rb"|FTRACE_ENTRY)\w*+\s*+\("
)
_INVOCATION = re.compile(rb"((?>(?:(?:static|const|extern|inline)\s++)*))([A-Za-z_]\w*+)(\s*+\()")
_GROUP_OF_MEMBERS = re.compile(
    rb"\b(__struct_group|struct_group(?>(?:_tagged|_attr)?))\s*+(" + GROUP + rb")(?>(\s*+;)?)"
)
_FLEXIBLE = re.compile(rb"\b(?:__)?DECLARE_FLEX_ARRAY\s*+(\()([^(),]*+)(,)([^(),]*+)(\))")
_MEMBER_CALL = re.compile(rb"(?<=[{;}\n])\s*+[A-Za-z_]\w*+\s*+(?!\(\s*+\*)" + GROUP + rb"\s*+;")
_LOOSE_CALL = re.compile(rb"(?<=[{;}])(\s*+)[A-Z_][A-Z0-9_]*+(?>(?:\s*+" + GROUP + rb")?)[ \t]*+(?=\n)")
_ANONYMOUS_BITS = re.compile(rb"(?<=[;{}])\s*+[A-Za-z_][\w\s]*+:\s*+[\w\s+*-]++;")
_NAMELESS_BITS = re.compile(rb"(?<=,)(\s*+):(?=\s*+\w)")
_ENUMERATOR_CALL = re.compile(rb"([{,]\s*+)(\w++\s*+" + GROUP + rb")(?=\s*+(?:[,}]|=|\w))")
_SEMICOLONS = re.compile(rb"(?<=;)(\s*+);")
_LAYOUT_WORD = re.compile(rb"\brandomized_struct_fields_(?:start|end)\b")
_UNKNOWN_WORD = re.compile(rb"(?<=[;{}])(\s*+)(__[a-z]\w*+)(?=\s++\w++[\s*]++\w)")
_STORAGE = re.compile(rb"^(?>(?:(?:static|extern|const|volatile)\s++)+)")
_ENUM = re.compile(rb"(?>(?:typedef\s++)?)\s*+enum\b")
_LOCAL = re.compile(rb"\b(struct|union|enum)\b[\w\s]{0,120}+(" + BRACES + rb")")


def reshape_object(text: bytes, effort: int) -> bytes:
    """Return a declaration, definition or invocation at file scope at equal length in plain C."""
    if _TRACE.match(text):
        return blank(text[:-1]) + b";"
    brace = text.find(b"{")
    equals = text.find(b"=")
    if 8 <= brace < equals and _INVOCATION.match(text) and text[:brace].rstrip().endswith(b")"):
        # NAME(x) { .member = ... }: an initialiser whose declaration the macro brings.
        return b"int m[]".ljust(brace - 1) + b"=" + reshape_body(text[brace:])
    head, tail = (text, b"") if equals < 0 else (text[:equals], text[equals:])
    invocation = _INVOCATION.match(head)
    if invocation:
        # An invocation of a macro: a call, whose arguments may be types.
        head = blank(invocation[1]) + head[invocation.end(1) :]
        text = head + tail
        if effort > 1 and not tail and text.endswith(b";"):
            # INDIRECT_CALLABLE_DECLARE(int name(...)): what it declares may be the whole argument.
            start, end = invocation.end(), text.rfind(b")")
            if end > start:
                return b" " * start + text[start:end] + b" " + text[end + 1 :]
        return reshape_body(guess_strings(text) if effort else text)
    if effort and not tail and b"(" in head and not head.startswith(b"typedef"):
        end = head.rfind(b";")
        return reshape_head(head[:end], effort) + head[end:] if end > 0 else reshape_head(head, effort)
    head = reshape_parameters(blank_attributes(head))
    if effort:
        head = blank_unknown_attributes(head + tail[:1])[: len(head)]
    if b"{" in head:
        head = reshape_members(head, effort)
    return head + reshape_body(tail) if tail else head


def reshape_struct(text: bytes, effort: int) -> bytes:
    """Return a struct, union or enum definition at equal length in plain C."""
    if effort:
        text = _STORAGE.sub(lambda m: blank(m[0]), text)
    text = reshape_parameters(blank_attributes(text))
    if effort and _ENUM.match(text):
        return reshape_enumerators(text)
    return reshape_members(text, effort)


def reshape_members(text: bytes, effort: int) -> bytes:
    """Reshape macros among members: groups dissolve, declaring macros go, flexible arrays are pointers."""
    if b"struct_group" in text:
        while True:
            dissolved = _GROUP_OF_MEMBERS.sub(_dissolve, text)
            if dissolved == text:
                break
            text = dissolved
    if b"DECLARE_FLEX_ARRAY" in text:
        text = _FLEXIBLE.sub(_flexible, text)
    if b"(" in text:
        text = _MEMBER_CALL.sub(lambda m: blank(m[0]), text)
    if b":" in text:
        text = _ANONYMOUS_BITS.sub(lambda m: blank(m[0]), text)
    if b"randomized_struct" in text:
        text = _LAYOUT_WORD.sub(lambda m: blank(m[0]), text)
    if effort:
        text = blank_unknown_attributes(text)
        text = _SEMICOLONS.sub(rb"\1 ", text)
        text = _NAMELESS_BITS.sub(_name_bits, text)
        text = _LOOSE_CALL.sub(lambda m: blank(m[0]), text)
        text = _UNKNOWN_WORD.sub(lambda m: m[0] if is_type_word(m[2]) else blank(m[0]), text)
    return text


def reshape_enumerators(text: bytes) -> bytes:
    """Blank the arguments of macros that make enumerators."""
    return _ENUMERATOR_CALL.sub(lambda m: m[1] + m[2].partition(b"(")[0].ljust(len(m[2])), text)


def reshape_local_structs(text: bytes, effort: int) -> bytes:
    """Reshape the members of structs defined inside a function."""

    def reshape(match: re.Match[bytes]) -> bytes:
        members = match[2]
        head = match[0][: -len(members)]
        if match[1] == b"enum":
            return head + reshape_enumerators(members)
        return head + reshape_members(members, effort)

    return _LOCAL.sub(reshape, text)


def _dissolve(match: re.Match[bytes]) -> bytes:
    """Keep the members of a struct_group(): blank its head, its last parenthesis and its semicolon."""
    group = match[2]
    at = 0
    for _ in range(GROUPS[match[1]]):
        comma = group.find(b",", at)
        if comma < 0:
            break
        at = comma + 1
    head = match.start(2) - match.start()
    return b" " * head + blank(group[:at]) + group[at:-1] + b" " + blank(match[3] or b"")


def _flexible(match: re.Match[bytes]) -> bytes:
    head = match.start(2) - match.start()
    return b" " * head + match[2] + b"*" + match[4] + b" "


def _name_bits(match: re.Match[bytes]) -> bytes:
    """Name a nameless bit-field in a list, where a space leaves room for a name."""
    return match[1][:-1] + b"_:" if match[1] else match[0]
