"""The language server: what memdesc says of the files that an editor has open, as they stand there.

Files of one kernel or module are checked together, so that each is read with the unsaved text of the others. They are
checked when one is opened, saved, or has not been changed for a moment. An edit ends the check that runs.
"""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from memdesc import __version__, door
from memdesc.cli import choice
from memdesc.cli.lsp_ask import Answers, Trouble
from memdesc.cli.lsp_check import Answer, Found, check
from memdesc.cli.lsp_progress import Told
from memdesc.cli.lsp_shown import (
    SOURCE,
    allowing,
    column_of,
    declaration,
    diagnostic,
    explained,
    hints,
    location,
    range_of,
    reason,
    told,
    within,
    word_at,
)
from memdesc.errors import InputError
from memdesc.escape import visible
from memdesc.source import kernel
from memdesc.source.likeness import unlike_c
from memdesc.source.texts import MOST_BYTES

_QUIET_SECONDS = 0.3
_SUFFIXES = (".c", ".h")
Group = tuple[Path, ...]
"""What is checked together: files of the same kernel or module, with the same settings."""


class Server(LanguageServer):
    """Open files, the checks that run, and what was found last.

    Args: options: of `memdesc check`, for every check.
    """

    def __init__(self, options: Sequence[str]) -> None:
        super().__init__("memdesc", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental)
        self.options = list(options)
        self.groups: dict[str, Group] = {}
        self.running: dict[Group, asyncio.Task[None]] = {}
        self.found: dict[str, tuple[Found, ...]] = {}
        self.declared: dict[str, tuple[list[str], list[dict[str, Any]]]] = {}
        self.turn = asyncio.Lock()
        self.answers = Answers(options)
        self.wants_hints = False
        self.wants_hovers = True

    def opened(self, uri: str) -> None:
        """Take a file in, and check it, if it is C."""
        path = to_fs_path(uri) if uri.startswith("file:") and uri.endswith(_SUFFIXES) else None
        if path is not None:
            home = kernel.top(Path(path)) or kernel.module(Path(path)) or Path(path)
            self.groups[uri] = (home, choice.nearest(Path(path)) or Path())
            self.look(uri, 0)

    def closed(self, uri: str) -> None:
        """Let a file go. What is left of its group is read without its unsaved text."""
        group = self.groups.pop(uri, None)
        if group is not None:
            self._again(group, 0)
        self.declared.pop(uri, None)
        if self.found.pop(uri, None):
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))

    def look(self, uri: str, after: float) -> None:
        """Check an open file, and those of its group, in `after` seconds, unless one changes meanwhile."""
        if uri in self.groups:
            self._again(self.groups[uri], after)

    def _again(self, group: Group, after: float) -> None:
        task = self.running.pop(group, None)
        if task:
            task.cancel()
        if group in self.groups.values():
            self.running[group] = asyncio.ensure_future(self._check(group, after))

    async def _check(self, group: Group, after: float) -> None:
        await asyncio.sleep(after)
        texts = self._texts(group)
        if not texts:
            return
        uris = {Path(str(to_fs_path(uri))): uri for uri in texts}
        versions = {uri: self.workspace.get_text_document(uri).version for uri in texts}
        async with self.turn, Told(self) as progress:
            try:
                answer = await check(list(uris), _unsaved(texts), self.options, progress)
            except Exception as error:  # whatever went wrong with one check, the server goes on and says so
                answer = Answer(trouble=f"memdesc: {type(error).__name__}: {error}")
        if answer.trouble:  # what is not known is not clean: the findings of the last check stay
            self.warn(answer.trouble)
            return
        for path, found in answer.findings.items():
            uri = uris[path]
            self.found[uri] = found
            lines = texts[uri].split("\n")
            shown = [diagnostic(each, lines) for each in found]
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, shown, versions[uri]))
        if self.wants_hints:
            await self._renew_hints(texts)

    def _texts(self, group: Group) -> dict[str, str]:
        """Return the texts of the open files of a group, without those that are no C."""
        found = {}
        for uri, own in self.groups.items():
            if own == group:
                text = self.workspace.get_text_document(uri).source
                if why := unlike_c(_bytes(text)):
                    self.warn(f"{to_fs_path(uri)}: {why}")
                else:
                    found[uri] = text
        return found

    async def _renew_hints(self, texts: dict[str, str]) -> None:
        """Ask anew what is declared in files, and let the editor ask for its hints again."""
        try:
            async with Told(self) as progress:
                for uri, text in texts.items():
                    path = str(to_fs_path(uri))
                    said = await self.answers.ask(
                        _paths(texts), _unsaved(texts), ["declared", path], progress
                    )
                    self.declared[uri] = (text.split("\n"), said)
        except Trouble as trouble:
            self.warn(str(trouble))
            return
        can = self.client_capabilities.workspace
        if can and can.inlay_hint and can.inlay_hint.refresh_support:
            self.workspace_inlay_hint_refresh(None)

    async def explained(self, uri: str, position: lsp.Position) -> lsp.Hover | None:
        """Return what is known of the pointer at a place of an open file, None if none stands there."""
        lines = self.lines(uri)
        line = lines[position.line] if position.line < len(lines) else ""
        word = word_at(line, position.character)  # most places have none, and the first answer is dear
        if uri not in self.groups or not word or not self.wants_hovers:
            return None
        texts = self._texts(self.groups[uri])
        if uri not in texts:
            return None
        path = str(to_fs_path(uri))
        place = ["explain", path, position.line + 1, column_of(line, position.character)]
        try:
            async with Told(self) as progress:
                pointer = await self.answers.ask(_paths(texts), _unsaved(texts), place, progress)
                known = await self.answers.ask(_paths(texts), _unsaved(texts), ["declared", path], progress)
        except Trouble as trouble:
            self.warn(str(trouble))
            return None
        if pointer:
            held = range_of(pointer["line"], pointer["column"], pointer["expression"], lines)
            if within(position, held):
                return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, explained(pointer, known)), held)
        own = declaration(known, lines, position.line, word)
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, reason(own))) if own else None

    def warn(self, text: str) -> None:
        """Show the user a line."""
        self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, visible(text)))

    def lines(self, uri: str) -> list[str]:
        """Return the lines of an open file."""
        return self.workspace.get_text_document(uri).source.split("\n")

    def at(self, uri: str, position: lsp.Position) -> list[Found]:
        """Return the findings at a place of an open file."""
        lines = self.lines(uri)
        return [
            each
            for each in self.found.get(uri, ())
            if within(position, range_of(each.line, each.column, each.expression, lines))
        ]


def _paths(uris: Iterable[str]) -> list[Path]:
    return [Path(str(to_fs_path(uri))) for uri in uris]


def _unsaved(texts: dict[str, str]) -> dict[Path, bytes]:
    """Return the texts that differ from what is saved."""
    found = {}
    for uri, text in texts.items():
        (path,) = _paths([uri])
        data = _bytes(text)
        try:
            saved = door.read(path, MOST_BYTES)
        except InputError:
            saved = None
        if data != saved:
            found[path] = data
    return found


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def serve(options: Sequence[str]) -> None:
    """Serve on standard input and output until the client ends it."""
    made(options).start_io()


def made(options: Sequence[str]) -> Server:
    """Return a server with all that it can do."""
    server = Server(options)

    @server.feature(lsp.INITIALIZE)
    def initialized(params: lsp.InitializeParams) -> None:
        wanted = params.initialization_options
        wanted = wanted if isinstance(wanted, dict) else {}
        server.wants_hints = wanted.get("inlayHints") is True
        server.wants_hovers = wanted.get("pointerHovers") is not False

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        server.opened(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        server.look(params.text_document.uri, _QUIET_SECONDS)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        server.look(params.text_document.uri, 0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)

    @server.feature(lsp.SHUTDOWN)
    async def shutdown(_params: None) -> None:
        await server.answers.end()

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        uri = params.text_document.uri
        found = server.at(uri, params.position)
        if not found:
            return await server.explained(uri, params.position)
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, "\n\n---\n\n".join(map(told, found))))

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(params: lsp.DefinitionParams) -> list[lsp.Location]:
        found = server.at(params.text_document.uri, params.position)
        return [location(each.trace[0]) for each in found if each.trace]

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    def inlay_hints(params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
        uri = params.text_document.uri
        before, declared = server.declared.get(uri, ([], []))
        first, last = params.range.start.line, params.range.end.line
        known = hints(declared, before, server.lines(uri))
        return [hint for hint in known if first <= hint.position.line <= last]

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])
    )
    def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        uri = params.text_document.uri
        lines = server.lines(uri)
        return [allowing(uri, one, lines) for one in params.context.diagnostics if one.source == SOURCE]

    return server
