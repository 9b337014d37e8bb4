"""The outermost level of a header: which declarations are read, and what is skipped."""

from memdesc.layout.c_parse import Parser
from memdesc.layout.model import Typedef


class HeaderParser(Parser):
    """Reads a whole header; after run() the dictionaries of Parser hold what it declares."""

    def run(self) -> None:
        """Read all declarations. Raises InputError at the first that is not understood."""
        while self.tokens[self.at].kind != "end":
            if not self._take(";"):
                self._external()

    def _external(self) -> None:
        start = self.tokens[self.at]
        if start.text in ("_Static_assert", "static_assert"):
            self.at += 1
            self._balanced()
            self._expect(";", "after the assertion")
            return
        if start.text == "typedef":
            self.at += 1
            self._typedef()
            return
        if self._is_prototype():
            self._skip()
            return
        kind, attributes = self._specifiers()
        if self._take(";"):
            self._claim(self.tokens[self.at - 1].offset)
            return
        while True:
            self._declarator(kind, attributes)
            if self._take("="):
                self._initializer()
            if self._take(";"):
                self._claim(self.tokens[self.at - 1].offset)
                return
            self._expect(",", "or ';' after the declaration")

    def _is_prototype(self) -> bool:
        """Whether a function or a macro call starts here: a '(' comes before any '{', ';' or '='."""
        n, skip = self.at, 0
        while n < len(self.tokens):
            token = self.tokens[n]
            if token.text in ("__attribute__", "__aligned", "__attribute", "_Alignas"):
                skip = 1
            elif token.text == "(":
                if not skip:
                    # `int (*f)(void);` declares a variable; a function has its name before the '('.
                    return self.tokens[n + 1].text != "*"
                depth = 0
                while self.tokens[n].kind != "end":
                    depth += {"(": 1, ")": -1}.get(self.tokens[n].text, 0)
                    if not depth:
                        break
                    n += 1
                skip = 0
            elif token.text in ("{", ";", "="):
                return False
            n += 1
        return False

    def _skip(self) -> None:
        """Skip a function's declaration or definition."""
        while True:
            token = self.tokens[self.at]
            if token.kind == "end":
                return
            if token.text == "{":
                self._balanced()
                self._claim(self.tokens[self.at - 1].offset)
                return
            if token.text in ("(", "["):
                self._balanced()
            else:
                self.at += 1
                if token.text == ";":
                    self._claim(token.offset)
                    return
                if token.text in ("}", ")", "]"):
                    raise self._error(token.offset, f"'{token.text}' closes nothing")

    def _initializer(self) -> None:
        while self._peek() not in (",", ";"):
            if self.tokens[self.at].kind == "end":
                raise self._error(self.tokens[self.at].offset, "expected ';' after the initializer")
            if self._peek() in ("{", "(", "["):
                self._balanced()
            else:
                self.at += 1

    def _typedef(self) -> None:
        kind, attributes = self._specifiers()
        while True:
            found, own = self._declarator(kind, attributes)
            if not found.name:
                raise self._error(found.offset, "this typedef names nothing")
            target, kept = found.make(kind, attributes.qualifiers)
            align = own.align or target.align
            self.typedefs[found.name] = Typedef(found.name, target, align, kept)
            if self._take(";"):
                self._claim(self.tokens[self.at - 1].offset)
                return
            self._expect(",", "or ';' after the typedef")
