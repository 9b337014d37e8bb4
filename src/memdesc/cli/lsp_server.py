"""The language server: what `memdesc check` finds in the files that an editor has open, as they stand there.

A file is checked when it is opened, saved, or has not been changed for a moment. An edit ends the check that runs.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from memdesc import __version__
from memdesc.cli.lsp_check import Answer, Found, check
from memdesc.escape import visible
from memdesc.findings import registry
from memdesc.records import Step

_QUIET_SECONDS = 0.3
_SUFFIXES = (".c", ".h")
_SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "note": lsp.DiagnosticSeverity.Hint,
}
_SOURCE = "memdesc"


class Server(LanguageServer):
    """Open files, the check of each that runs, and what was found last.

    Args: options: of `memdesc check`, for every check.
    """

    def __init__(self, options: Sequence[str]) -> None:
        super().__init__("memdesc", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental)
        self.options = list(options)
        self.running: dict[str, asyncio.Task[None]] = {}
        self.found: dict[str, tuple[Found, ...]] = {}
        self.turn = asyncio.Lock()

    def look(self, uri: str, after: float) -> None:
        """Check an open file in `after` seconds, unless it changes meanwhile; a check that runs is ended."""
        self.forget(uri)
        if uri.startswith("file:") and uri.endswith(_SUFFIXES):
            self.running[uri] = asyncio.ensure_future(self._check(uri, after))

    def forget(self, uri: str) -> None:
        """End the check of a file, if one runs."""
        task = self.running.pop(uri, None)
        if task:
            task.cancel()

    async def _check(self, uri: str, after: float) -> None:
        await asyncio.sleep(after)
        path = to_fs_path(uri)
        if path is None:
            return
        document = self.workspace.get_text_document(uri)
        version, text = document.version, document.source
        try:
            async with self.turn:
                answer = await check(Path(path), text.encode("utf-8", "surrogateescape"), self.options)
        except Exception as error:  # whatever went wrong with one check, the server goes on and says so
            answer = Answer(trouble=f"memdesc: {type(error).__name__}: {error}")
        if answer.trouble:  # what is not known is not clean: the findings of the last check stay
            self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, visible(answer.trouble)))
            return
        self.found[uri] = answer.findings
        lines = text.split("\n")
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(uri, [_diagnostic(each, lines) for each in answer.findings], version)
        )

    def lines(self, uri: str) -> list[str]:
        """Return the lines of an open file."""
        return self.workspace.get_text_document(uri).source.split("\n")

    def at(self, uri: str, position: lsp.Position) -> list[Found]:
        """Return the findings at a place of an open file."""
        lines = self.lines(uri)
        found = []
        for each in self.found.get(uri, ()):
            held = _range(each, lines)
            if (
                held.start.line == position.line
                and held.start.character <= position.character <= held.end.character
            ):
                found.append(each)
        return found


def serve(options: Sequence[str]) -> None:
    """Serve on standard input and output until the client ends it."""
    made(options).start_io()


def made(options: Sequence[str]) -> Server:
    """Return a server with all that it can do."""
    server = Server(options)

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        server.look(params.text_document.uri, 0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        server.look(params.text_document.uri, _QUIET_SECONDS)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        server.look(params.text_document.uri, 0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.forget(uri)
        if server.found.pop(uri, None):
            server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        found = server.at(params.text_document.uri, params.position)
        text = "\n\n---\n\n".join(map(_told, found))
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text)) if found else None

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(params: lsp.DefinitionParams) -> list[lsp.Location]:
        found = server.at(params.text_document.uri, params.position)
        return [_location(each.trace[0]) for each in found if each.trace]

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])
    )
    def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        uri = params.text_document.uri
        lines = server.lines(uri)
        return [_allowing(uri, one, lines) for one in params.context.diagnostics if one.source == _SOURCE]

    return server


def _diagnostic(found: Found, lines: Sequence[str]) -> lsp.Diagnostic:
    when = f" ({found.when})" if found.when else ""
    return lsp.Diagnostic(
        _range(found, lines),
        visible(found.message + when),
        _SEVERITIES.get(found.level, lsp.DiagnosticSeverity.Warning),
        found.rule,
        source=_SOURCE,
        related_information=[
            lsp.DiagnosticRelatedInformation(_location(step), visible(step.note)) for step in found.trace[:-1]
        ],
    )


def _range(found: Found, lines: Sequence[str]) -> lsp.Range:
    """Return where the expression of a finding stands, as the protocol counts."""
    line = lines[found.line - 1] if found.line <= len(lines) else ""
    start = _units(line, found.column - 1)
    first = found.expression.partition("\n")[0]
    return lsp.Range(
        lsp.Position(found.line - 1, start), lsp.Position(found.line - 1, start + max(1, _length(first)))
    )


def _location(step: Step) -> lsp.Location:
    at = lsp.Position(step.line - 1, _units(step.text, step.column - 1))
    return lsp.Location(from_fs_path(step.file) or "", lsp.Range(at, at))


def _units(line: str, count: int) -> int:
    """Return how many units of UTF-16, which the protocol counts, the first `count` bytes of a line are."""
    return _length(line.encode("utf-8", "surrogateescape")[:count].decode("utf-8", "replace"))


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _told(found: Found) -> str:
    """Return what a finding says, as Markdown."""
    lines = [
        f"**{found.rule}**: {_plain(found.message)}",
        f"arrives: {', '.join(found.arrives)}",
        "what to do: " + _plain(registry.remedy(found.rule)),
    ]
    if found.when:
        lines.insert(1, _plain(found.when))
    steps = [
        f"{n}. {_plain(step.note)} (`{Path(step.file).name}:{step.line}`)"
        for n, step in enumerate(found.trace, 1)
    ]
    return "\n\n".join(lines) + "\n\n" + "\n".join(steps)


def _plain(text: str) -> str:
    """Return text in which Markdown sees no markup."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|" else c for c in visible(text))


def _allowing(uri: str, diagnostic: lsp.Diagnostic, lines: Sequence[str]) -> lsp.CodeAction:
    """Return the edit that puts a suppression comment above a finding; its reason is for the user to write."""
    number = diagnostic.range.start.line
    line = lines[number] if number < len(lines) else ""
    indent = line[: len(line) - len(line.lstrip())]
    at = lsp.Position(number, 0)
    inside = " \\" if number and lines[number - 1].rstrip("\r").endswith("\\") else ""  # of a macro
    comment = f"{indent}/* memdesc: allow {diagnostic.code}: REASON */{inside}\n"
    return lsp.CodeAction(
        f"Allow {diagnostic.code} here, with a reason",
        lsp.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        edit=lsp.WorkspaceEdit({uri: [lsp.TextEdit(lsp.Range(at, at), comment)]}),
    )
