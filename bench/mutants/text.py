"""C as text: functions, calls, assignments and declarations, found by the kernel's own layout of code.

Nothing here knows the checker. A function's body begins with a brace in the first column and ends with one;
what does not look like that is left out. Offsets are characters of the file.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field


def names(text: str) -> tuple[str, ...]:
    """Return the names that a text lists."""
    return tuple(text.split())


_DEAD = re.compile(
    r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|^[ \t]*#(?:[^\n]*\\\n)*[^\n]*",
    re.S | re.M,
)
_BODY = re.compile(r"^\{[^\n]*\n.*?^\}", re.S | re.M)
_NAME = re.compile(r"(\w+)\s*\(")
_CALLED = re.compile(r"\b([A-Za-z_]\w*)[ \t]*\(")
_ASSIGNED = re.compile(r"(?<![=!<>+\-*/%&|^])=(?!=)\s*")
_LEFT = re.compile(r"(?P<stars>\**)(?P<path>\b[A-Za-z_]\w*(?:(?:->|\.)\w+|\[[^\[\]\n;]*\])*)\s*\Z")
_CAST = re.compile(
    r"\(\s*(?:const |unsigned |struct |__force )*\w+(?: long| char| int)?(?:\s+__\w+)?[\s*]*\)\s*(?=[\w(&*])"
)
_DECLARED = re.compile(
    r"^(?P<indent>[ \t]+)(?P<words>(?:static |const |volatile |register )*)"
    r"(?P<type>(?:struct|union) \w+|unsigned (?:char|int|long|short)|[A-Za-z_]\w*)\s+"
    r"(?P<names>[*\w][^;(){}]*?(?:=[^;]*)?);",
    re.M,
)
_KEYWORDS = frozenset(
    names("return goto else case break continue if while for do switch sizeof typeof default typedef")
)
_ATTRIBUTES = frozenset(
    ["__attribute__", "__aligned", "__printf", "__acquires", "__releases", "__must_hold", "__section"]
)


def blanked(text: str) -> str:
    """Return `text` with comments, literals and preprocessor lines as spaces; offsets and lines are kept."""
    return _DEAD.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def closing(text: str, at: int) -> int:
    """Return the offset behind the bracket that closes the one at `at`, or -1."""
    depth = 0
    for n in range(at, min(len(text), at + 20_000)):
        c = text[n]
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth == 0:
                return n + 1
    return -1


def parts(text: str) -> list[str]:
    """Return the comma-separated parts of an argument list."""
    found, depth, start = [], 0, 0
    for n, c in enumerate(text):
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == "," and depth == 0:
            found.append(text[start:n].strip())
            start = n + 1
    last = text[start:].strip()
    return [*found, last] if last or found else []


def uncast(expression: str) -> str:
    """Return an expression without the casts and brackets around it."""
    expression = expression.strip()
    while True:
        match = _CAST.match(expression)
        if match:
            expression = expression[match.end() :].strip()
        elif expression.startswith("(") and closing(expression, 0) == len(expression):
            expression = expression[1:-1].strip()
        else:
            return expression


@dataclass(frozen=True, slots=True)
class Call:
    """A call in a function: its name, argument texts, and the offsets of the name and behind the bracket."""

    name: str
    arguments: tuple[str, ...]
    start: int
    end: int
    statement: bool


@dataclass(frozen=True, slots=True)
class Assignment:
    """`path = value`: the left side as written, the called function or None, and where the value begins."""

    path: str
    value: str
    call: str | None
    start: int


@dataclass(slots=True)
class Function:
    """A function: name, parameter texts, body offsets; `code` is the blanked text of the whole file."""

    name: str
    parameters: tuple[str, ...]
    start: int
    end: int
    code: str
    structs: dict[str, str] = field(default_factory=dict)
    """Struct that a pointer parameter or local points to, by name."""
    arrays: list[str] = field(default_factory=list)
    """Arrays of bytes or numbers on the stack, declared at the top of the body."""
    objects: list[tuple[str, str]] = field(default_factory=list)
    """Structs on the stack (name, tag), declared at the top of the body."""
    top: set[str] = field(default_factory=set)
    """Names that are in scope in the whole body."""
    _calls: list[tuple[str, int, int]] | None = None

    @property
    def body(self) -> str:
        return self.code[self.start : self.end]

    def calls(self, names: Collection[str]) -> Iterator[Call]:
        """Yield the calls of any of `names`, in order."""
        if self._calls is None:
            self._calls = [
                (m[1], m.start(), m.end() - 1) for m in _CALLED.finditer(self.code, self.start, self.end)
            ]
        for name, start, opening in self._calls:
            if name not in names:
                continue
            end = closing(self.code, opening)
            if end < 0 or end > self.end:
                continue
            before = self.code[max(self.start, start - 400) : start].rstrip(" \t\n")
            alone = before[-1:] in (";", "{", "}", ":") or before.endswith(("else", ")"))
            statement = alone and self.code[end : end + 1] == ";"
            yield Call(name, tuple(parts(self.code[opening + 1 : end - 1])), start, end, statement)

    def assignments(self) -> Iterator[Assignment]:
        """Yield the assignments and initialisations of the body."""
        for match in _ASSIGNED.finditer(self.code, self.start, self.end):
            line = self.code.rfind("\n", self.start, match.start()) + 1 or self.start
            left = _LEFT.search(self.code, line, match.start())
            if left is None:
                continue
            begin = left.start()
            if left["stars"]:
                before = self.code[max(self.start, begin - 400) : begin].rstrip()
                if before[-1:] in ";{})":  # a store through a pointer, not a declaration
                    continue
            if self.code[begin - 2 : begin].endswith((".", "->")):
                continue
            at = match.end()
            rest = self.code[at : at + 400]
            cast = _CAST.match(rest)
            while cast:
                at += cast.end()
                rest = self.code[at : at + 400]
                cast = _CAST.match(rest)
            called = re.match(r"(\w+)\s*\(", rest)
            yield Assignment(left["path"], rest, called[1] if called else None, at)


def functions(code: str) -> Iterator[Function]:
    """Yield the functions of a blanked file."""
    for match in _BODY.finditer(code):
        head_from = max(code.rfind("\n}", 0, match.start()), code.rfind(";", 0, match.start()))
        head = code[head_from + 1 : match.start()]
        named = next((m for m in _NAME.finditer(head) if m[1] not in _ATTRIBUTES), None)
        if named is None or "=" in head[: named.start()]:
            continue
        end = closing(head, named.end() - 1)
        if end < 0:
            continue
        parameters = tuple(parts(head[named.end() : end - 1]))
        function = Function(named[1], parameters, match.start(), match.end(), code)
        _declare(function)
        yield function


def _declare(function: Function) -> None:
    for written in function.parameters:
        pointed = re.search(r"struct (\w+)\s*\*\s*(?:const\s+)?(\w+)$", written)
        named = re.search(r"(\w+)(?:\[\w*\])?$", written)
        if pointed:
            function.structs[pointed[2]] = pointed[1]
        if named:
            function.top.add(named[1])
    for match in _DECLARED.finditer(function.code, function.start, function.end):
        kind = match["type"]
        if kind in _KEYWORDS:
            continue
        outermost = match["indent"] == "\t"
        tag = kind.partition(" ")[2] if kind.startswith("struct ") else ""
        for written in parts(match["names"]):
            name = written.partition("=")[0].strip()
            bare = re.match(r"\**\s*(\w+)", name)
            if not bare:
                continue
            if outermost:
                function.top.add(bare[1])
            if tag and re.fullmatch(r"\*\s*\w+", name):
                function.structs[bare[1]] = tag
            if "static" in match["words"] or not outermost or "=" in written:
                continue
            if tag and re.fullmatch(r"\w+", name):
                function.objects.append((name, tag))
            elif re.fullmatch(r"\w+\[[^\[\]]+\]", name) and kind in _NUMBERS:
                function.arrays.append(bare[1])


_NUMBERS = frozenset(
    names("char u8 u16 u32 u64 __u8 __u16 __u32 __le16 __le32 __be16 __be32 uint8_t uint16_t uint32_t")
) | {"unsigned char"}
