"""Conditional compilation inside one item: which directives a tree can hold, what becomes of the rest.

A group (#if to #endif) whose branches are whole statements stays: the grammar has nodes for it, and the
reader of the tree sees every branch as an alternative. Any other group (half an if, half an expression) loses
its directives and, where the branches exclude each other, all branches but one.
"""

import re

from memdesc.source.mask import blank

_LINE = re.compile(rb"(?:^|\n)[ \t]*+(#[ \t]*+([A-Za-z_]*+)(?>(?:[^\\\n]++|\\\r?\n|\\)*))")
_BEFORE = re.compile(rb"\s*+(?>(?:#[^\n]*+\s*+)*)")
_ELSE = re.compile(rb"\s*+else\b")
_OPENS = frozenset((b"if", b"ifdef", b"ifndef"))
_ELSES = frozenset((b"else", b"elif", b"elifdef", b"elifndef"))


_DEEPEST = 40  # groups nested deeper than this keep no directive; no code is that deep


def resolve(text: bytes, mode: int) -> tuple[bytes, list[tuple[int, int]]]:
    """Return `text` with directives kept only where a tree can hold them, and the spans left out.

    Args: text: masked C, one item.
          mode: 0 keeps groups of whole statements as they are; 1 keeps no directive but every branch of such
                groups; 2 as 1, and prefers the last branch to the first where only one can stay; 3 as 1, and
                leaves out what stands alone under a condition and is no statement (prose, mostly).
    """
    lines = [(m.start(1), m.end(1), m[2]) for m in _LINE.finditer(text)]
    if not lines:
        return text, []
    out = bytearray(text)
    dropped: list[tuple[int, int]] = []
    stack: list[list[tuple[int, int]]] = []  # per open group, its #if, #elif and #else lines
    orphan = -1  # an #else whose #if lies before this item
    for start, end, word in lines:
        if word in _OPENS:
            stack.append([(start, end)])
        elif word in _ELSES:
            if stack:
                stack[-1].append((start, end))
                if word == b"else":
                    _blank(out, text.find(b"else", start) + 4, end)
            else:
                _blank(out, start, end)
                if orphan < 0:
                    orphan = end
        elif word == b"endif":
            if not stack:
                _blank(out, start, end)
                if orphan >= 0:
                    dropped.append((orphan, start))
                    _blank(out, orphan, start)
                    orphan = -1
                continue
            _blank(out, text.find(b"endif", start) + 5, end)
            edges = [*stack.pop(), (start, end)]
            if len(stack) > _DEEPEST:
                for line in edges:
                    _blank(out, *line)
            else:
                _settle(out, edges, mode, dropped)
        else:
            _blank(out, start, end)
    # The #endif of what is still open lies behind this item.
    cut = min((group[1][0] for group in stack if len(group) > 1), default=len(text))
    for group in stack:
        _blank(out, *group[0])
    if cut < len(text):
        dropped.append((cut, len(text)))
        _blank(out, cut, len(text))
    return bytes(out), dropped


def _blank(out: bytearray, start: int, end: int) -> None:
    out[start:end] = blank(bytes(out[start:end]))


def _settle(out: bytearray, edges: list[tuple[int, int]], mode: int, dropped: list[tuple[int, int]]) -> None:
    """Decide about one complete group, given its directive lines: what of it stays."""
    last = edges[-1]
    spans = [(edges[at][1], edges[at + 1][0]) for at in range(len(edges) - 1)]
    branches = [_code(out, start, end) for start, end in spans]
    whole = _begins_statement(out, edges[0][0]) and all(map(_is_whole, branches))
    if whole:
        after = bytes(out[last[1] : last[1] + 200])
        found = _BEFORE.match(after)
        rest = after[found.end() if found else 0 :]
        whole = rest[:1] not in (b")", b",", b"]") and not _ELSE.match(rest)
    if whole and mode == 0:
        return
    for start, end in edges:
        _blank(out, start, end)
    if mode == 3 and len(spans) == 1 and not whole:
        dropped.append(spans[0])
        _blank(out, *spans[0])
        return
    if whole or len(spans) == 1 or all(branch.endswith(b",") or not branch for branch in branches):
        return
    keep = -1
    order = range(len(spans)) if mode != 2 else range(len(spans) - 1, -1, -1)
    for at in order:
        if branches[at]:
            keep = at
            break
    for at, (start, end) in enumerate(spans):
        if at != keep and branches[at]:
            dropped.append((start, end))
            _blank(out, start, end)


def _code(out: bytearray, start: int, end: int) -> bytes:
    """Return the code of a branch, stripped, without the directives of the groups inside."""
    code = bytes(out[start:end])
    if b"#" in code:
        code = _LINE.sub(b"", code)
    return code.strip()


def _begins_statement(out: bytearray, position: int) -> bool:
    """Return whether a statement may begin at the directive at `position`."""
    end = position
    for _ in range(_DEEPEST):
        window = 200
        text = bytes(out[max(0, end - window) : end]).rstrip()
        if not text or b"\n" not in text:
            window = 4000
            text = bytes(out[max(0, end - window) : end]).rstrip()
        line = text[text.rfind(b"\n") + 1 :].lstrip()
        if not line.startswith(b"#"):
            return not text or text[-1:] in (b";", b"{", b"}", b":")
        end = max(0, end - window) + len(text) - len(line)
        if end <= 0:
            return True
    return False


def _is_whole(branch: bytes) -> bool:
    """Return whether a branch consists of whole statements."""
    if not branch:
        return True
    if branch[-1:] not in (b";", b"}", b":") or _ELSE.match(branch):
        return False
    if branch.count(b"(") != branch.count(b")") or branch.count(b"{") != branch.count(b"}"):
        return False
    depth = 0
    for byte in re.findall(rb"[{}]", branch):
        depth += 1 if byte == b"{" else -1
        if depth < 0:
            return False
    return True
