"""The declarations of a header: specifiers, declarators, members, attributes, by recursive descent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from memdesc.errors import InputError
from memdesc.layout.abi import Abi, Scalar
from memdesc.layout.c_cursor import Cursor
from memdesc.layout.c_expr import CAST, Word, evaluate
from memdesc.layout.c_lex import Lexed, Source, Token
from memdesc.layout.c_place import Declaration, place, sized_enum
from memdesc.layout.c_words import BASE, CACHE_LINE_BYTES, KEYWORDS, QUALIFIERS, SCALAR, SILENT, SILENT_CALLS
from memdesc.layout.model import Array, Declared, Enum, Opaque, Pointer, Struct, Type, strip
from memdesc.layout.spelling import hole, parameters, qualified, qualifiers

MAX_NESTING = 60
MAX_ASKED = 8
"""sizeof and casts within one another: sizeof(char[sizeof(int)]) is two deep."""
MAX_SIZE = 1 << 40


@dataclass(slots=True)
class _Attributes:
    """What specifiers say beside the type. align: bytes, 0 for nothing. qualifiers: of the type itself."""

    align: int = 0
    packed: bool = False
    qualifiers: str = ""

    def add(self, other: _Attributes) -> None:
        self.align = max(self.align, other.align)
        self.packed = self.packed or other.packed


@dataclass(slots=True)
class _Declarator:
    """make: the type that is declared and its qualifiers, from the specifiers' type and theirs."""

    name: str
    offset: int
    make: Callable[[Type, str], tuple[Type, str]]
    function: bool = False

    def wrap(self, kind: Type) -> Type:
        """Return the type that is declared, whatever the qualifiers."""
        return self.make(kind, "")[0]


class Parser(Cursor):
    """Reads declarations; its dictionaries hold what was declared so far."""

    def __init__(self, lexed: Lexed, source: Source, abi: Abi, prelude: Declared | None) -> None:
        super().__init__(lexed, source)
        self.abi, self.prelude, self.depth, self.asked = abi, prelude, 0, 0
        self.structs: dict[str, Struct] = {}
        self.enums: dict[str, Enum] = {}
        self.enumerators: dict[str, int] = {}
        self.typedefs: dict[str, Type] = {}
        self.places: dict[str, str] = {}
        self._open: set[str] = set()
        self._given: dict[int, tuple[Struct, tuple[str, ...]]] = {}
        self._named: set[str] = set()

    # -- specifiers ---------------------------------------------------------------------------------

    def _specifiers(self) -> tuple[Type, _Attributes]:
        """Read everything before the declarator; attributes here belong to the declarators that follow."""
        base: list[str] = []
        kind: Type | None = None
        attributes = _Attributes()
        kept: list[str] = []
        start = self.tokens[self.at]
        while True:
            token = self.tokens[self.at]
            if token.kind != "name":
                break
            kept.append(token.text)
            if token.text in QUALIFIERS or self._silent():
                self.at += token.text in QUALIFIERS
            elif self._attribute(attributes):
                continue
            elif token.text in ("struct", "union") and kind is None and not base:
                kind = self._aggregate()
            elif token.text == "enum" and kind is None and not base:
                kind = self._enumeration()
            elif token.text in BASE and kind is None:
                base.append("signed" if token.text.startswith("__signed") else token.text)
                self.at += 1
            elif kind is None and not base and (found := self._typename(token.text)) is not None:
                kind = found
                self.at += 1
            elif kind is None and not base:
                after = self.tokens[self.at + 1]
                if after.kind == "name" or after.text in ("*", ":", ";"):
                    raise self._error(token.offset, f"unknown type '{token.text}'")
                break
            else:
                break
        attributes.qualifiers = qualifiers(kept)
        if base:
            return self._basic(base, start), attributes
        if kind is None:
            raise self._error(start.offset, f"expected a declaration, got {self._shown(start)}")
        return kind, attributes

    def _silent(self) -> bool:
        """Skip one annotation that says nothing about the layout."""
        if self._peek() in SILENT:
            self.at += 1
            return True
        if self._peek() in SILENT_CALLS and self._peek(1) == "(":
            self.at += 1
            self._balanced()
            return True
        return False

    def _basic(self, words: list[str], start: Token) -> Type:
        if words == ["void"]:
            return Opaque("void")
        name = SCALAR.get(tuple(sorted(words)))
        if name is None:
            raise self._error(start.offset, f"'{' '.join(words)}' is no type")
        try:
            return self.abi.scalar(name)
        except KeyError:
            raise self._error(start.offset, f"{self.abi.name} has no type '{name}'") from None

    def _typename(self, name: str) -> Type | None:
        found = self.typedefs.get(name)
        if found is None and self.prelude is not None:
            found = self.prelude.typedefs.get(name)
        return found

    def _attribute(self, into: _Attributes) -> bool:
        """Read one attribute, in GNU's, C11's or the kernel's spelling."""
        word = self._peek()
        if word in ("__packed", "__aligned", "____cacheline_aligned", "____cacheline_aligned_in_smp"):
            self.at += 1
            if word == "__packed":
                into.packed = True
            elif word == "__aligned":
                into.align = max(into.align, self._alignment())
            else:
                into.align = max(into.align, CACHE_LINE_BYTES)
            return True
        if word in ("_Alignas", "alignas"):
            self.at += 1
            into.align = max(into.align, self._alignment())
            return True
        if word not in ("__attribute__", "__attribute"):
            return False
        self.at += 1
        end = self.at
        self._balanced()
        end, self.at = self.at, end + 2
        while self.at < end - 2:
            name = self._peek().strip("_")
            if name == "packed":
                into.packed = True
            elif name == "aligned":
                self.at += 1
                if self._peek() == "(":
                    into.align = max(into.align, self._alignment())
                else:
                    into.align = max(into.align, self.abi.biggest)
                continue
            elif name in ("mode", "vector_size"):
                raise self._error(self.tokens[self.at].offset, f"attribute '{name}' is not understood here")
            if self._peek() == "(":
                self._balanced()
            else:
                self.at += 1
        self.at = end
        return True

    def _alignment(self) -> int:
        offset = self.tokens[self.at].offset
        if self._peek() != "(":
            raise self._error(offset, "expected '(' and an alignment")
        inside = self._balanced()
        value = self._type_in_parens(inside, lambda kind: kind.align) or self._constant(inside, offset)
        if value < 1 or value & (value - 1) or value > 1 << 28:
            raise self._error(offset, f"{value} is no alignment: a power of two is needed")
        return value

    # -- struct, union, enum ------------------------------------------------------------------------

    def _aggregate(self) -> Type:
        keyword: Literal["struct", "union"] = "struct" if self._peek() == "struct" else "union"
        start = self.tokens[self.at]
        self.at += 1
        attributes = _Attributes()
        while self._attribute(attributes) or self._silent():
            pass
        name = ""
        if self.tokens[self.at].kind == "name":
            name = self._peek()
            self.at += 1
        while self._attribute(attributes) or self._silent():
            pass
        if self._peek() != "{":
            if not name:
                raise self._error(self.tokens[self.at].offset, f"expected a name or '{{' after '{keyword}'")
            return self._reference(keyword, name)
        if name in self.structs:
            raise self._error(
                start.offset, f"{keyword} {name} is declared twice; first at {self.places[name]}"
            )
        if self.depth >= MAX_NESTING:
            raise self._error(start.offset, f"structs nest more than {MAX_NESTING} deep")
        self.depth += 1
        self._open.add(name)
        opening = self.tokens[self.at]
        self.at += 1
        notes = self._claim(opening.offset)
        members = self._members(opening, keyword)
        while self._attribute(attributes) or self._silent():
            pass
        self.depth -= 1
        self._open.discard(name)
        size, align, placed = place(
            members, keyword == "union", attributes.packed, attributes.align, self.abi
        )
        where = self.source.at(start.offset)
        if size > MAX_SIZE:
            raise self._error(start.offset, f"{keyword} {name} is too large")
        made = Struct(name, keyword, size, align, placed, where, notes)
        if name:
            self.structs[name] = made
            self.places[name] = where
        return made

    def _reference(self, keyword: str, name: str) -> Type:
        found = self.structs.get(name)
        if found is None and name not in self._open and self.prelude is not None:
            found = self.prelude.structs.get(name)
        if found is not None and found.keyword == keyword:
            return found
        return Opaque(f"{keyword} {name}")

    def _enumeration(self) -> Type:
        start = self.tokens[self.at]
        self.at += 1
        attributes = _Attributes()
        while self._attribute(attributes):
            pass
        name = ""
        if self.tokens[self.at].kind == "name":
            name = self._peek()
            self.at += 1
        if self._peek() != "{":
            if not name:
                raise self._error(self.tokens[self.at].offset, "expected a name or '{' after 'enum'")
            # An enum that is only named is an int for the layout, as gcc has it.
            return self.enums.get(name) or Enum(name, 4, 4, False, ())
        opening = self.tokens[self.at]
        self.at += 1
        values: list[tuple[str, int]] = []
        following = 0
        while not self._take("}"):
            token = self.tokens[self.at]
            if token.kind != "name":
                if token.kind == "end":
                    raise self._error(opening.offset, "this '{' is not closed")
                raise self._error(token.offset, f"expected an enumerator, got {self._shown(token)}")
            self.at += 1
            while self._attribute(_Attributes()):
                pass
            if self._take("="):
                following = self._constant(self._until((",", "}")), token.offset)
            values.append((token.text, following))
            self.enumerators[token.text] = following
            following += 1
            if not self._take(","):
                self._expect("}", "or ',' after the enumerator")
                break
        while self._attribute(attributes):
            pass
        if not values:
            raise self._error(start.offset, "this enum has no enumerators")
        made = sized_enum(name, tuple(values), attributes.packed, self.abi)
        if made is None:
            raise self._error(start.offset, "no integer holds all values of this enum")
        if name:
            self.enums[name] = made
        return made

    def _members(self, opening: Token, keyword: str) -> list[Declaration]:
        members: list[Declaration] = []
        seen: dict[str, int] = {}
        while not self._take("}"):
            token = self.tokens[self.at]
            if token.kind == "end":
                raise self._error(opening.offset, "this '{' is not closed")
            if token.text == ";":
                self.at += 1
                continue
            self._elided()
            if token.text in ("_Static_assert", "static_assert"):
                self.at += 1
                self._balanced()
                self._expect(";", "after the assertion")
                continue
            if members and _flexible(members[-1].type) and keyword == "struct":
                raise self._error(token.offset, f"'{members[-1].name}' has no size and must come last")
            members.extend(self._bitmap() if token.text == "DECLARE_BITMAP" else self._member(seen))
        for one in members:
            if _flexible(one.type) and len(members) == 1 and keyword == "struct":
                raise InputError(one.place, f"'{one.name}' has no size and is the only member")
        return members

    def _bitmap(self) -> list[Declaration]:
        start = self.tokens[self.at]
        self.at += 1
        inside = self._balanced()
        if len(inside) < 3 or inside[0].kind != "name" or inside[1].text != ",":
            raise self._error(start.offset, "expected DECLARE_BITMAP(name, bits)")
        bits = self._constant(inside[2:], start.offset)
        end = self._expect(";", "after the bitmap")
        if not 0 < bits < MAX_SIZE:
            raise self._error(start.offset, f"a bitmap of {bits} bits")
        words = Array(self.abi.scalar("unsigned long"), -(-bits // self.abi.bits))
        where = self.source.at(start.offset)
        return [Declaration(inside[0].text, words, None, 0, False, where, self._claim(end.offset))]

    def _member(self, seen: dict[str, int]) -> list[Declaration]:
        start = self.tokens[self.at]
        kind, attributes = self._specifiers()
        if self._take(";"):
            bare = strip(kind)
            if isinstance(bare, Struct) and not bare.name:
                self._unique(bare, seen, start)
                notes = self._claim(self.tokens[self.at - 1].offset)
                where = self.source.at(start.offset)
                own = attributes
                return [Declaration("", kind, None, own.align, own.packed, where, notes, own.qualifiers)]
            if isinstance(bare, Enum):
                return []
            raise self._error(start.offset, f"'{kind.spelling}' declares no member here")
        out: list[Declaration] = []
        while True:
            found, own = self._declarator(kind, attributes, abstract=self._peek() == ":")
            width = None
            if self._take(":"):
                width = self._width(found, kind)
                while self._attribute(own) or self._silent():
                    pass
            target, kept = found.make(kind, attributes.qualifiers)
            self._complete(target, found, width)
            if found.name:
                if found.name in seen:
                    raise self._error(found.offset, f"member '{found.name}' is declared twice")
                seen[found.name] = found.offset
            where = self.source.at(found.offset)
            out.append(Declaration(found.name, target, width, own.align, own.packed, where, (), kept))
            if self._take(","):
                continue
            end = self._expect(";", "after the member")
            notes = self._claim(end.offset)
            return [replace(one, notes=notes) for one in out] if notes else out

    def _unique(self, struct: Struct, seen: dict[str, int], start: Token) -> None:
        for name in self._names(struct):
            if name in seen:
                raise self._error(start.offset, f"member '{name}' is declared twice")
            seen[name] = start.offset

    def _names(self, struct: Struct) -> tuple[str, ...]:
        """Return the names that a struct without one gives to what it lies in; of a shared one they are known."""
        known = self._given.get(id(struct))
        if known is None:
            names: list[str] = []
            for member in struct.members:
                inner = strip(member.type)
                if member.name:
                    names.append(member.name)
                elif isinstance(inner, Struct):
                    names += self._names(inner)
            known = self._given[id(struct)] = (struct, tuple(names))
        return known[1]

    def _width(self, found: _Declarator, kind: Type) -> int:
        stop = self._until((",", ";", "__attribute__", "__packed", "__aligned"))
        width = self._constant(stop, found.offset)
        bare = strip(found.wrap(kind))
        what = f"bit-field '{found.name}'" if found.name else "an unnamed bit-field"
        if not isinstance(bare, Scalar | Enum) or (isinstance(bare, Scalar) and bare.encoding == "float"):
            raise self._error(found.offset, f"{what} has type '{kind.spelling}', which is no integer")
        limit = 1 if isinstance(bare, Scalar) and bare.encoding == "bool" else bare.size * 8
        if width < 0 or width > limit:
            raise self._error(found.offset, f"{what} has {width} bits, its type '{kind.spelling}' {limit}")
        if width == 0 and found.name:
            raise self._error(found.offset, f"{what} has no bits")
        return width

    def _complete(self, kind: Type, found: _Declarator, width: int | None) -> None:
        inner = strip(kind)
        while isinstance(inner, Array):
            inner = strip(inner.element)
        if isinstance(inner, Opaque):
            bare = inner.spelling.rpartition(" ")[2]
            why = f"'{found.name}' has type '{inner.spelling}', which is not declared"
            if found.function or "(" in inner.spelling:
                why = f"'{found.name}' is a function; a member can only point to one"
            elif inner.spelling == "void":
                why = f"'{found.name}' is void"
            elif bare in self._open:
                why = f"{inner.spelling} contains itself as '{found.name}'"
            raise self._error(found.offset, why)
        if not found.name and width is None:
            raise self._error(found.offset, "this member has no name")
        if kind.size > MAX_SIZE:
            raise self._error(found.offset, f"'{found.name}' is too large")

    # -- declarators --------------------------------------------------------------------------------

    def _declarator(
        self, base: Type, shared: _Attributes, abstract: bool = False
    ) -> tuple[_Declarator, _Attributes]:
        own = replace(shared)
        found = self._inner_declarator(own, abstract, 0)
        while self._attribute(own) or self._silent():
            pass
        del base
        return found, own

    def _inner_declarator(self, own: _Attributes, abstract: bool, depth: int) -> _Declarator:
        if depth > MAX_NESTING:
            raise self._error(self.tokens[self.at].offset, f"a declarator nests more than {MAX_NESTING} deep")
        pointers: list[list[str]] = []
        token = self.tokens[self.at]
        while True:
            if self._take("*"):
                pointers.append([])
                if len(pointers) > MAX_NESTING:
                    raise self._error(token.offset, f"a pointer to more than {MAX_NESTING} pointers")
            elif self._peek() in QUALIFIERS:
                if pointers:
                    pointers[-1].append(self._peek())
                self.at += 1
            elif not (self._silent() or self._attribute(own)):
                break
        inner: _Declarator | None = None
        token = self.tokens[self.at]
        if self._take("("):
            inner = self._inner_declarator(own, abstract, depth + 1)
            self._expect(")", "in the declarator")
        elif token.kind == "name" and token.text not in KEYWORDS:
            self.at += 1
            inner = _Declarator(token.text, token.offset, lambda kind, kept: (kind, kept))
        elif not abstract and token.text != "[":
            raise self._error(token.offset, f"expected a name, got {self._shown(token)}")
        else:
            inner = _Declarator("", token.offset, lambda kind, kept: (kind, kept))
        counts, function = self._suffixes(inner.name)
        outer, size = inner.make, self.abi.pointer

        def make(kind: Type, kept: str) -> tuple[Type, str]:
            for words in pointers:
                kind, kept = Pointer(qualified(kind.spelling, kept), size, size), qualifiers(words)
            if function is not None:
                result = qualified(kind.spelling, kept)
                at = hole(result)
                kind, kept = Opaque(f"{result[:at].rstrip()} ({function}){result[at:]}"), ""
            for count in reversed(counts):
                kind = Array(kind, count)
            return outer(kind, kept)

        return _Declarator(inner.name, inner.offset, make, function is not None)

    def _suffixes(self, name: str) -> tuple[list[int], str | None]:
        counts: list[int] = []
        function = None
        while self._peek() in ("[", "("):
            opening = self.tokens[self.at]
            inside = self._balanced()
            if opening.text == "(":
                function = parameters([t.text for t in inside])
                continue
            if not inside:
                if counts:
                    raise self._error(opening.offset, f"only the first dimension of '{name}' may be left out")
                counts.append(0)
                continue
            count = self._constant(inside, opening.offset)
            if count < 0 or count > MAX_SIZE:
                raise self._error(opening.offset, f"array '{name}' has {count} elements")
            if count == 0:
                raise self._error(
                    opening.offset, f"array '{name}' has no elements; a flexible one is written {name}[]"
                )
            counts.append(count)
            if len(counts) > MAX_NESTING:
                raise self._error(opening.offset, f"array '{name}' has more than {MAX_NESTING} dimensions")
        return counts, function

    # -- constants ----------------------------------------------------------------------------------

    def _constant(self, words: Sequence[Token], offset: int) -> int:
        if not words:
            raise self._error(offset, "expected a constant")
        return evaluate(words, self._error, self._primary)

    def _primary(self, words: Sequence[Word], at: int) -> tuple[int, int] | None:
        word = words[at]
        if word.text in ("sizeof", "_Alignof", "__alignof__", "alignof") and at + 1 < len(words):
            end = _closing(words, at + 1)
            asks = (lambda kind: kind.size) if word.text == "sizeof" else (lambda kind: kind.align)
            value = self._type_in_parens(words[at + 2 : end], asks)
            if value is None:
                raise self._error(word.offset, f"{word.text} needs a type here")
            return value, end + 1
        if word.text == "(":
            end = _closing(words, at)
            if self._type_in_parens(words[at + 1 : end], lambda _: 0) is not None:
                return CAST, end + 1
            return None
        if word.kind == "name":
            value = self.enumerators.get(word.text)
            if value is None and self.prelude is not None:
                value = self.prelude.enumerators.get(word.text)
            if value is not None:
                return value, at + 1
        return None

    def _type_in_parens(self, words: Sequence[Word], asks: Callable[[Type], int]) -> int | None:
        """Return what `asks` says of the type that `words` spell, or None when they spell none."""
        first = words[0].text if words else ""
        known = first in BASE or first in QUALIFIERS or first in ("struct", "union", "enum")
        if not known and self._typename(first) is None:
            return None
        saved = self.tokens, self.at
        last = words[-1]
        if self.asked >= MAX_ASKED:
            raise self._error(last.offset, f"types in expressions nest more than {MAX_ASKED} deep")
        self.asked += 1
        inside = [Token(w.kind, w.text, w.offset) for w in words]
        self.tokens, self.at = [*inside, Token("end", "the end of the type", last.offset)], 0
        kind, attributes = self._specifiers()
        found, _ = self._declarator(kind, attributes, abstract=True)
        over = self.tokens[self.at]
        self.tokens, self.at = saved
        self.asked -= 1
        if over.kind != "end":
            raise self._error(over.offset, f"expected ')' after the type, got '{over.text}'")
        return asks(found.wrap(kind))


def _closing(words: Sequence[Word], at: int) -> int:
    depth = 0
    for n in range(at, len(words)):
        depth += {"(": 1, ")": -1}.get(words[n].text, 0)
        if not depth:
            return n
    return len(words)


def _flexible(kind: Type) -> bool:
    bare = strip(kind)
    return isinstance(bare, Array) and bare.count == 0
