"""Cutting masked C text into items: functions, structs, macros, other declarations.

Nothing is preprocessed and nothing is looked up: all `#if` branches are read, and offsets in everything that
comes out of here are byte offsets in the file. Brace matching comes first; where conditional compilation
unbalances the braces, each alternative starts from the depth the first one started from, and as a last resort
the kernel's habit decides that a function ends with a brace in column 0.
"""

import re

from memdesc.source.headers import function_name, is_struct, struct_name
from memdesc.source.items import Item
from memdesc.source.mask import blank
from memdesc.source.words import BRACES, GROUP

_SPACE = re.compile(rb"\s*+")
# Everything up to the first byte that may end or split a declaration; two levels of parentheses at C speed.
_CHUNK = re.compile(
    rb"[^;{}()#]*+(?>(?:\((?>(?:[^(){};#]++|\((?>(?:[^(){};#]++|\([^(){};#]*+\))*)\))*)\)[^;{}()#]*+)*)"
)
_STRUCTURE = re.compile(rb"[;{}()#]")
_DIRECTIVE = re.compile(rb"#[ \t]*+([A-Za-z_]*+)(?>(?:[^\\\n]++|\\\r?\n|\\)*)")
_DIRECTIVE_LINE = re.compile(rb"\n[ \t]*+#[ \t]*+([A-Za-z_]*+)(?>(?:[^\\\n]++|\\\r?\n|\\)*)")
_DEFINE = re.compile(rb"#[ \t]*+define[ \t]++(\w++)(?:\(([^()]*+)\))?(?>(?:[ \t]|\\\r?\n)*)")
_INNER_DEFINE = re.compile(rb"\n[ \t]*+(#[ \t]*+define\b(?>(?:[^\\\n]++|\\\r?\n|\\)*))")
# `EXPORT_SYMBOL(x)` and the like without a semicolon, alone on a line before a declaration.
_ALONE = re.compile(rb"[A-Za-z_]\w*+[ \t]*+" + GROUP + rb"[ \t]*+\n\s*+(?=[A-Za-z_])")
_INVOCATION = re.compile(rb"[A-Za-z_]\w*+[ \t]*+" + GROUP + rb"\s*+")
# `define_machine(x) { .name = ... };` looks like a function and is an initialiser.
_DESIGNATED = re.compile(rb"\{\s*+\.[A-Za-z_]")
_INVOCATIONS = re.compile(rb"(?>(?:[A-Za-z_]\w*+[ \t]*+" + GROUP + rb"\s*+)+)")
_DIRECTIVE_ANYWHERE = re.compile(rb"(?<=\n)[ \t]*+#(?>(?:[^\\\n]++|\\\r?\n|\\)*)")
_BRACE_OR_DIRECTIVE = re.compile(rb"[{}]|\n[ \t]*+#[ \t]*+([A-Za-z_]*+)(?>(?:[^\\\n]++|\\\r?\n|\\)*)")
_CONTINUES = re.compile(rb"\s*+(?>(?:#[^\n]*+\s*+)*)[{),]")


_BALANCED = re.compile(BRACES)
_OPENS = frozenset((b"if", b"ifdef", b"ifndef"))
_ELSES = frozenset((b"else", b"elif", b"elifdef", b"elifndef"))

# `int f(a, b) int a;`: names alone between the parentheses, and a declaration before the brace.
_OLD_STYLE = re.compile(
    rb"[A-Za-z_][^(){};=]*+\(\s*+[A-Za-z_]\w*+\s*+(?>(?:,\s*+[A-Za-z_]\w*+\s*+)*)\)\s*+[A-Za-z_][^(){};=]*+;"
)


class Splitter:
    """One pass over one masked file."""

    def __init__(self, masked: bytes) -> None:
        self.text = masked
        self.items: list[Item] = []
        self.problems: list[tuple[int, str]] = []
        self.continued: list[tuple[int, int]] = []
        self._endifs: dict[int, int] | None = None
        # What was found last, so that no stretch of text is searched twice.
        self._continues = 0  # a head goes on there
        self._endings: dict[bytes, int] = {}  # next offset of each kind of end in column 0; -1: no more
        # Offset of the next conditional directive; whether it is an alternative.
        self._conditional = (0, False)

    def run(self) -> None:
        """Cut the whole text; the items are in `items`."""
        text = self.text
        size = len(text)
        skip = _SPACE.match
        chunk = _CHUNK.match
        position = 0
        begin = -1  # offset of the declaration being read
        role = ""  # what it is, once a brace has told
        closed = 0  # where its last brace closed
        depth = 0  # of parentheses
        while True:
            if begin < 0:
                position = skip(text, position).end()  # type: ignore[union-attr]
                if position >= size:
                    return
                if text[position] != 0x23:
                    begin = position
                    role = ""
            if depth == 0:
                position = chunk(text, position).end()  # type: ignore[union-attr]
            if position < size and (depth or text[position] in b"()"):
                found = _STRUCTURE.search(text, position)
                position = found.start() if found else size
            if position >= size:
                if begin >= 0:
                    self._object(begin, size, role)
                return
            at = text[position]
            if at == 0x3B:  # ;
                position += 1
                if depth and not self._recovers(position):
                    continue
                depth = 0
                self._object(begin, position, role)
                begin = -1
            elif at == 0x23:  # #
                start = position
                position, word = self._directive(position)
                rest = self._endif(start) if word in _ELSES else position
                if begin >= 0 and depth == 0 and not role and self._invokes(begin, start, rest):
                    for found in _INVOCATION.finditer(text, begin, start):
                        self._object(found.start(), found.end(), role)
                    begin = -1
                elif begin >= 0 and word in _ELSES:
                    if rest and (depth or _CONTINUES.match(text, rest)):
                        position = rest
                    else:
                        if depth:
                            self.problems.append((start, "parenthesis left open by an alternative"))
                        self._object(begin, start, role)
                        begin = -1
                        depth = 0
            elif at == 0x28:
                depth += 1
                position += 1
            elif at == 0x29:
                depth -= depth > 0
                position += 1
            elif depth and not (at == 0x7B and text[position - 1 : position] == b"\n"):
                position += 1  # a brace inside parentheses: a macro's argument
            elif at == 0x7B:
                depth = 0
                if role and b")" in text[closed:position] and b"=" not in text[closed:position]:
                    # No semicolon after the last brace, and what follows it looks like a function.
                    self._object(begin, closed, role)
                    begin = skip(text, closed).end()  # type: ignore[union-attr]
                    role = ""
                if role:
                    position = closed = self._close(position, b"\n};")
                    continue
                alone = _ALONE.match(text, begin, position)
                while alone:
                    self._object(begin, alone.end(), "")
                    begin = alone.end()
                    alone = _ALONE.match(text, begin, position)
                header = self._header(begin, position)
                old = self._old_style(position) if not header.strip() else -1
                if old >= 0:
                    begin = self.items[old].start
                    del self.items[old:]
                    end = self._close(position)
                    self._function(begin, position, end, text[begin : text.index(b")", begin) + 1])
                    position = end
                    begin = -1
                elif b"=" in header:
                    role = "object"
                    position = closed = self._close(position, b"\n};")
                elif header[:6] == b"extern" and header[6:].strip().strip(b'" ') == b"":
                    position += 1
                    begin = -1
                elif is_struct(header):
                    role = "struct"
                    position = closed = self._close(position)
                elif b"(" in header and not _DESIGNATED.match(text, position):
                    end = self._close(position)
                    self._function(begin, position, end, header)
                    position = end
                    begin = -1
                else:
                    role = "object"
                    position = closed = self._close(position)
            else:  # a closing brace too many: extern "C", or an alternative's
                if begin >= 0 and text[begin:position].strip():
                    self._object(begin, position, role)
                position += 1
                begin = -1

    def _header(self, begin: int, position: int) -> bytes:
        """Return the text before a brace without the directives in it."""
        header = self.text[begin:position]
        if b"#" in header:
            header = _DIRECTIVE_ANYWHERE.sub(lambda m: blank(m[0]), header)
        return header

    def _invokes(self, begin: int, directive: int, after: int) -> bool:
        """Return whether what a directive interrupts is a macro's invocation that needs no semicolon."""
        if after <= self._continues:
            return False
        text = self.text
        found = _INVOCATIONS.match(text, begin, directive)
        if found is None or found.end() != directive:
            return False
        continues = _CONTINUES.match(text, after)
        self._continues = continues.end() if continues else 0
        return not continues

    def _recovers(self, position: int) -> bool:
        """Return whether a semicolon inside open parentheses ends the declaration after all."""
        after = _SPACE.match(self.text, position)
        end = after.end() if after else position
        if (
            end < len(self.text)
            and self.text[end - 1 : end] == b"\n"
            and (self.text[end : end + 1].isalpha())
        ):
            self.problems.append((position, "parenthesis left open"))
            return True
        return False

    def _directive(self, position: int) -> tuple[int, bytes]:
        """Read the directive at `position`; return where it ends and its word (empty when it is none)."""
        text = self.text
        before = text[max(0, position - 200) : position].rstrip(b" \t")
        if before and not before.endswith(b"\n"):
            return position + 1, b""
        found = _DIRECTIVE.match(text, position)
        if not found:
            return position + 1, b""
        if found[1] == b"define":
            self._macro(position, found.end())
        return found.end(), found[1]

    def _macro(self, start: int, end: int) -> None:
        found = _DEFINE.match(self.text, start, end)
        if not found:
            self.problems.append((start, "a #define without a name"))
            return
        params: tuple[str, ...] = ()
        if found[2] is not None:
            params = tuple(
                word.replace(b"\\", b" ").strip().decode("latin-1")
                for word in found[2].split(b",")
                if word.strip()
            )
        if b"\\" in self.text[start:end]:
            self.continued.append((start, end))
        name = found[1].decode("latin-1")
        self.items.append(Item("macro", name, start, end, min(found.end(), end), params))

    def _inner(self, start: int, end: int) -> None:
        """Give the macros defined inside a function, struct or initialiser."""
        if self.text.find(b"#", start, end) >= 0:
            for found in _INNER_DEFINE.finditer(self.text, start, end):
                self._macro(found.start(1), found.end(1))

    def _object(self, start: int, end: int, role: str) -> None:
        text = self.text
        if start < 0 or end <= start:
            return
        if role == "struct":
            self.items.append(Item(role, struct_name(text[start : start + 200]), start, end, start, ()))
        else:
            self.items.append(Item("object", "", start, end, start, ()))

    def _function(self, start: int, body: int, end: int, header: bytes) -> None:
        name = function_name(header)
        if not name:
            self.problems.append((start, "a block whose function has no name"))
            self.items.append(Item("object", "", start, end, start, ()))
            return
        self.items.append(Item("function", name.decode("latin-1"), start, end, body, ()))

    def _old_style(self, position: int) -> int:
        """Return the number of the item with which a function in K&R style begins whose body is at `position`.

        Its head was taken for a declaration, and so was each line of parameters; -1 when it is none.
        """
        end = position
        for number in range(len(self.items) - 1, -1, -1):
            item = self.items[number]
            text = self.text[item.start : item.end]
            if item.role != "object" or self.text[item.end : end].strip() or b"{" in text:
                return -1  # so that no declaration is looked at for two blocks
            if _OLD_STYLE.fullmatch(text):
                return number
            end = item.start
        return -1

    def _close(self, opening: int, ending: bytes = b"\n}") -> int:
        """Return the offset after the brace that closes the one at `opening`; likely the one in `ending`."""
        text = self.text
        column_0 = self._endings.get(ending, 0)
        if 0 <= column_0 < opening:
            column_0 = self._endings[ending] = text.find(ending, opening)
        limit = column_0 + 2 if column_0 >= 0 else min(len(text), opening + 100_000)
        found = _BALANCED.match(text, opening, limit)
        if found:
            end = found.end()
            # An end that is not in column 0 is true when no directive can have unbalanced the braces.
            if text.find(b"#", opening, end) < 0 or (
                end == column_0 + 2 and self._conditionals_close(opening, end)
            ):
                self._inner(opening, end)
                return end
        end = self._resolve(opening, ending)
        self._inner(opening, end)
        return end

    def _conditionals_close(self, start: int, end: int) -> bool:
        """Return whether no #if between two offsets is still open at the second."""
        depth = 0
        for found in _DIRECTIVE_LINE.finditer(self.text, start, end):
            word = found[1]
            if word in _OPENS:
                depth += 1
            elif word == b"endif":
                depth -= depth > 0
        return depth == 0

    def _resolve(self, opening: int, ending: bytes) -> int:
        """Match braces one by one, every alternative of a conditional starting from the same depth."""
        text = self.text
        depth = 0
        stack: list[
            tuple[int, int]
        ] = []  # per open #if: depth where it began, depth where its first branch ended
        finished = -1
        passed = 0  # braces in column 0 that closed nothing
        position = opening
        column_0 = -1
        while True:
            found = _BRACE_OR_DIRECTIVE.search(text, position)
            if not found:
                break
            at = found.start()
            position = found.end()
            first = text[at]
            if first == 0x7B:
                if column_0 >= 0 and text[at - 1 : at] == b"\n" and ending == b"\n}":
                    break  # the next function's body has begun
                depth += 1
            elif first == 0x7D:
                depth -= 1
                if depth <= 0:
                    depth = 0
                    if not stack or not self._alternates(position):
                        return position
                    finished = position
                elif text.startswith(ending, at - 1):
                    if column_0 < 0:
                        column_0 = position
                    passed += 1
                    if passed > 20:
                        break
            else:
                word = found[1]
                if word in _OPENS:
                    stack.append((depth, -1))
                elif word in _ELSES:
                    if stack:
                        before, after = stack[-1]
                        stack[-1] = (before, depth if after < 0 else after)
                        depth = before
                    else:
                        # The #if came before the function: these are other headers for the same body.
                        position = max(self._endif(at + 1 + text[at + 1 : position].find(b"#")), position)
                elif word == b"endif" and stack:
                    before, after = stack.pop()
                    depth = depth if after < 0 else after
                    if depth == 0 and finished >= 0:
                        return finished
        if finished >= 0:
            return finished
        if column_0 >= 0:
            self.problems.append((opening, "braces do not match; taken to end at the next brace in column 0"))
            return column_0
        self.problems.append((opening, "brace never closed"))
        return len(text)

    def _alternates(self, position: int) -> bool:
        """Return whether the next conditional directive after `position` begins another alternative."""
        at, alternates = self._conditional
        if position > at:
            at, alternates = len(self.text), False
            for found in _DIRECTIVE_LINE.finditer(self.text, position):
                word = found[1]
                if word in _ELSES or word == b"endif" or word in _OPENS:
                    at, alternates = found.start(), word in _ELSES
                    break
            self._conditional = (at, alternates)
        return alternates

    def _endif(self, position: int) -> int:
        """Return the end of the #endif of the #else or #elif at `position`; 0 when there is none."""
        if self._endifs is None:
            self._endifs = _endifs(self.text)
        return self._endifs.get(position, 0)


def _endifs(text: bytes) -> dict[int, int]:
    """Map the offset of each #else and #elif to the end of its #endif."""
    ends: dict[int, int] = {}
    stack: list[list[int]] = []
    for found in _DIRECTIVE_LINE.finditer(text):
        word = found[1]
        if word in _OPENS:
            stack.append([])
        elif word in _ELSES:
            if stack:
                stack[-1].append(text.find(b"#", found.start()))
        elif word == b"endif" and stack:
            for start in stack.pop():
                ends[start] = found.end()
    return ends
