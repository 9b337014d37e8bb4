"""A place in the tokens of a header, and the notes of its comments that no declaration has claimed yet."""

from memdesc.errors import InputError
from memdesc.layout.c_lex import Lexed, Note, Source, Token


class Cursor:
    """Walks tokens; the last one has kind "end"."""

    def __init__(self, lexed: Lexed, source: Source) -> None:
        self.tokens: list[Token] = lexed.tokens
        self.notes: list[Note] = lexed.notes
        self.source = source
        self.at = self.next_note = 0

    def _peek(self, ahead: int = 0) -> str:
        if not ahead:
            # The last token is never passed, so the common case needs no check.
            return self.tokens[self.at].text
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)].text

    def _take(self, text: str) -> bool:
        if self.tokens[self.at].text == text and self.tokens[self.at].kind != "end":
            self.at += 1
            return True
        return False

    def _expect(self, text: str, what: str) -> Token:
        token = self.tokens[self.at]
        if token.text != text or token.kind == "end":
            raise self._error(token.offset, f"expected '{text}' {what}, got {self._shown(token)}")
        self.at += 1
        return token

    def _shown(self, token: Token) -> str:
        return token.text if token.kind == "end" else f"'{token.text[:40]}'"

    def _elided(self) -> None:
        """Refuse the `...` with which a mail leaves members out."""
        if self.tokens[self.at].text == "...":
            raise self._error(self.tokens[self.at].offset, "'...' leaves members out; write them down")

    def _error(self, offset: int, why: str) -> InputError:
        return self.source.error(offset, why)

    def _balanced(self) -> list[Token]:
        """Consume one bracketed group and return what is inside."""
        opening = self.tokens[self.at]
        close = {"(": ")", "[": "]", "{": "}"}
        if opening.text not in close:
            raise self._error(opening.offset, f"expected '(', got {self._shown(opening)}")
        stack, start = [], self.at + 1
        while True:
            token = self.tokens[self.at]
            if token.kind == "end":
                raise self._error(opening.offset, f"this '{opening.text}' is not closed")
            self.at += 1
            if token.kind == "punct" and token.text in close:
                stack.append((close[token.text], token))
            elif token.kind == "punct" and token.text in (")", "]", "}"):
                want, opened = stack.pop()
                if want != token.text:
                    raise self._error(
                        token.offset, f"expected '{want}' for '{opened.text}', got '{token.text}'"
                    )
                if not stack:
                    return self.tokens[start : self.at - 1]

    def _claim(self, upto: int) -> tuple[str, ...]:
        """Return the items of the notes before byte `upto` or behind it on its line."""
        items: list[str] = []
        if self.next_note == len(self.notes):
            return ()
        # From the table of lines: looking for the end of a line anew from each place on it takes its square.
        lines = self.source.lines
        end = lines.start_of(lines.line(upto) + 1)
        while self.next_note < len(self.notes):
            note = self.notes[self.next_note]
            if note.start > end:
                break
            # What follows on the line belongs here only if no other declaration comes between.
            if note.start > upto and self.tokens[self.at].offset < note.start:
                break
            items.extend(note.items)
            self.next_note += 1
        return tuple(items)

    def _until(self, stops: tuple[str, ...]) -> list[Token]:
        start, depth = self.at, 0
        while True:
            token = self.tokens[self.at]
            if token.kind == "end" or (not depth and token.text in stops) or (token.text in ";{}"):
                return self.tokens[start : self.at]
            depth += {"(": 1, ")": -1}.get(token.text, 0)
            self.at += 1
