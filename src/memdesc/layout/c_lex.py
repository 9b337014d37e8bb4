"""Tokens of a C header, after the part of the preprocessor that declarations need.

`lex()` is the entrance: it splits the text, follows #if, #ifdef, #elif and #else with the given macros,
replaces object-like macros, and keeps the comments that speak to memdesc. #include is skipped: types of the
kernel that a design uses without declaring them come from designs/prelude.h.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from memdesc.errors import InputError
from memdesc.layout.c_expr import evaluate
from memdesc.places import Lines

# One alternative a token class; the order matters only where one could start like another.
_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\f\v]+|\\\r?\n)
    | (?P<newline>\n)
    | (?P<comment>/\*.*?\*/|//(?:[^\\\n]|\\.)*)
    | (?P<name>[A-Za-z_$][\w$]*)
    | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
    | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<punct>\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||\#\#|[-+*/%&|^]=
               |[][(){}<>.&*+\-~!/%^|?:;=,\#@])
    """,
    re.DOTALL | re.VERBOSE,
)
_MEMDESC = re.compile(r"memdesc:\s*(.*?)\s*(?:\*/)?\s*$", re.DOTALL)
_PLACE = re.compile(r"/\*\s*@(\d+)(?::(\d+))?\s*\*/$")
MAX_EXPANSIONS = 64
MAX_EXPANDED = 1 << 18
"""Words that macros are replaced by, all in all, those in between counted."""
MAX_NESTING = 200


class Token(NamedTuple):
    """kind is the name of a class of _TOKEN, or "end"; offset is the byte where it starts in the file."""

    kind: str
    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Note:
    """A comment that speaks to memdesc: its items, and the bytes [start, end) it takes."""

    items: tuple[str, ...]
    start: int
    end: int


@dataclass(slots=True)
class Source:
    """One header: its name, its text as one character a byte, and its lines."""

    name: str
    text: str
    lines: Lines

    def at(self, offset: int) -> str:
        """Return file:line:column of byte `offset`."""
        line, column = self.lines.line_column(offset)
        return f"{self.name}:{line}:{column}"

    def error(self, offset: int, why: str) -> InputError:
        """Return the error that points at byte `offset`."""
        return InputError(self.at(offset), why)


@dataclass(slots=True)
class Lexed:
    """What lex() returns. notes ascend by start."""

    tokens: list[Token]
    notes: list[Note]
    macros: dict[str, tuple[Token, ...]]


def lex(source: Source, macros: dict[str, str]) -> Lexed:
    """Return the tokens of `source` that are left when `macros` (name -> replacement) are defined.

    Raises: InputError: a character that C does not know, an unfinished comment, a broken directive.
    """
    return _Lexer(source, macros).run()


class _Lexer:
    def __init__(self, source: Source, macros: dict[str, str]) -> None:
        self.source = source
        self.text = source.text
        self.tokens: list[Token] = []
        self.notes: list[Note] = []
        self.macros: dict[str, tuple[Token, ...]] = {}
        self.with_arguments: set[str] = set()
        for name, text in macros.items():
            kind = "number" if text[:1].isdigit() else "name"
            self.macros[name] = (Token(kind, text, 0),) if text else ()
        # One entry an open #if: (offset, this branch is taken, some branch was taken, #else was seen).
        self.conditions: list[tuple[int, bool, bool, bool]] = []
        self.expanded = 0

    def run(self) -> Lexed:
        text, match, live = self.text, _TOKEN.match, True
        at, end, fresh = 0, len(self.text), True
        while at < end:
            found = match(text, at)
            if found is None:
                if not live and not text.startswith("/*", at):
                    # What is skipped need not be C: an apostrophe in prose under #if 0.
                    at, fresh = at + 1, False
                    continue
                self._refuse(at)
            kind = found.lastgroup or ""
            stop = found.end()
            if kind == "newline":
                fresh = True
            elif kind == "comment":
                if (live and "@" in text[at : at + 6]) or "memdesc:" in text[at:stop]:
                    self._note(at, stop, live)
            elif kind == "space":
                pass
            elif kind == "punct" and text.startswith("/*", at):
                self._refuse(at)
            elif fresh and text[at] == "#":
                stop = self._directive(at)
                live = all(taken for _, taken, _, _ in self.conditions)
            else:
                fresh = False
                if live:
                    self._emit(Token(kind, found.group(), at), 0, frozenset())
            at = stop
        if self.conditions:
            raise self.source.error(self.conditions[-1][0], "this #if has no #endif")
        self.tokens.append(Token("end", "the end of the file", end))
        return Lexed(self.tokens, self.notes, self.macros)

    def _refuse(self, at: int) -> NoReturn:
        if self.text.startswith("/*", at):
            raise self.source.error(at, "this comment does not end")
        what = self.text[at]
        if what in "\"'":
            raise self.source.error(at, "this string does not end on its line")
        shown = f"'{what}'" if what.isprintable() and what.isascii() else f"byte {ord(what):#04x}"
        raise self.source.error(at, f"{shown} has no place in C")

    def _emit(self, token: Token, depth: int, inside: frozenset[str]) -> None:
        if token.kind != "name" or token.text in inside:
            self.tokens.append(token)
            return
        body = self.macros.get(token.text)
        if body is None:
            if token.text in self.with_arguments:
                raise self.source.error(token.offset, f"macro '{token.text}' takes arguments; write it out")
            self.tokens.append(token)
            return
        if depth > MAX_EXPANSIONS:
            raise self.source.error(token.offset, f"macro '{token.text}' expands too deep")
        self.expanded += len(body) + 1
        if self.expanded > MAX_EXPANDED:
            raise self.source.error(token.offset, f"macros expand to more than {MAX_EXPANDED:,} words")
        for part in body:
            self._emit(Token(part.kind, part.text, token.offset), depth + 1, inside | {token.text})

    def _note(self, start: int, stop: int, live: bool) -> None:
        text = self.text[start:stop]
        place = _PLACE.match(text)
        if place is not None:
            self.notes.append(Note((f"@{place[1]}" + (f":{place[2]}" if place[2] else ""),), start, stop))
            return
        found = _MEMDESC.search(text)
        if found is None or not live:
            return
        body = re.sub(r"\n\s*\*?\s*", " ", found[1])
        items = tuple(item.strip() for item in body.split(",") if item.strip())
        if items and not items[0].startswith(("expect", "alt ")):
            self.notes.append(Note(items, start, stop))

    # -- directives ---------------------------------------------------------------------------------

    def _directive(self, at: int) -> int:
        """Handle the directive that starts at `at`; return where its last line ends."""
        tokens, end = self._words(at + 1)
        word = tokens[0].text if tokens else ""
        rest = tokens[1:]
        live = all(taken for _, taken, _, _ in self.conditions)
        if word in ("if", "ifdef", "ifndef"):
            if len(self.conditions) >= MAX_NESTING:
                raise self.source.error(at, f"#if nests more than {MAX_NESTING} deep")
            taken = live and self._condition(word, rest, at)
            self.conditions.append((at, taken, taken, False))
        elif word in ("elif", "else", "endif"):
            self._branch(word, rest, at)
        elif live and word == "define":
            self._define(rest, at)
        elif live and word == "undef" and rest:
            self.macros.pop(rest[0].text, None)
        elif live and word == "error":
            raise self.source.error(at, self.text[at:end].strip())
        return end

    def _words(self, at: int) -> tuple[list[Token], int]:
        """Return the words from `at` on, and where the line ends that they are on, or are continued on."""
        out: list[Token] = []
        while at < len(self.text):
            found = _TOKEN.match(self.text, at)
            if found is None:
                # Prose after #error, or an apostrophe in a skipped branch.
                at += 1
                continue
            kind = found.lastgroup or ""
            if kind == "newline":
                break
            if kind == "punct" and self.text.startswith("/*", at):
                raise self.source.error(at, "this comment does not end")
            if kind not in ("space", "comment"):
                out.append(Token(kind, found.group(), at))
            at = found.end()
        return out, at

    def _branch(self, word: str, rest: list[Token], at: int) -> None:
        if not self.conditions:
            raise self.source.error(at, f"#{word} without #if")
        start, _, done, last = self.conditions.pop()
        if word == "endif":
            return
        if last:
            raise self.source.error(at, f"#{word} after #else")
        live = all(taken for _, taken, _, _ in self.conditions)
        taken = live and not done and (word == "else" or self._condition("if", rest, at))
        self.conditions.append((start, taken, done or taken, word == "else"))

    def _condition(self, word: str, rest: list[Token], at: int) -> bool:
        if not rest:
            raise self.source.error(at, f"#{word} has no condition")
        if word != "if":
            return (rest[0].text in self.macros) == (word == "ifdef")
        flat: list[Token] = []
        n = 0
        while n < len(rest):
            token = rest[n]
            if token.text in ("defined", "IS_ENABLED", "IS_BUILTIN", "IS_REACHABLE", "__has_attribute"):
                n += 2 if n + 1 < len(rest) and rest[n + 1].text == "(" else 1
                if n >= len(rest):
                    raise self.source.error(at, f"'{token.text}' names nothing")
                yes = rest[n].text in self.macros
                flat.append(Token("number", "1" if yes else "0", token.offset))
                n += 2 if n + 1 < len(rest) and rest[n + 1].text == ")" else 1
                continue
            flat.append(token)
            n += 1
        saved, self.tokens = self.tokens, []
        for token in flat:
            self._emit(token, 0, frozenset())
        flat, self.tokens = self.tokens, saved
        numbers = [Token("number", "0", t.offset) if t.kind == "name" else t for t in flat]
        return evaluate(numbers, self.source.error) != 0

    def _define(self, rest: list[Token], at: int) -> None:
        if not rest or rest[0].kind != "name":
            raise self.source.error(at, "#define names nothing")
        name = rest[0]
        after = name.offset + len(name.text)
        if self.text[after : after + 1] == "(":
            self.with_arguments.add(name.text)
            return
        self.macros[name.text] = tuple(rest[1:])
