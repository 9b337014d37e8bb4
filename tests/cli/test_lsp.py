"""`memdesc lsp`: a client of the protocol opens, edits and closes files, and is told what is found in them."""

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from conftest import Run
from memdesc.cli.lsp_check import Found, findings
from memdesc.cli.lsp_server import _allowing, _plain, _range
from memdesc.errors import Bug

TREE = Path(__file__).parents[2] / "examples" / "tree"
FINCH = "drivers/char/finch.c"
SECONDS = 60
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the library, on some Pythons


class _Editor:
    """A client that keeps what the server published last of each file."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.published: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()
        self.said: asyncio.Queue[str] = asyncio.Queue()
        self.version = 0

        @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: lsp.PublishDiagnosticsParams) -> None:
            self.published.put_nowait(params)

        @client.feature(lsp.WINDOW_SHOW_MESSAGE)
        def said(params: lsp.ShowMessageParams) -> None:
            self.said.put_nowait(params.message)

    def open(self, path: Path, text: str | None = None) -> None:
        item = lsp.TextDocumentItem(path.as_uri(), lsp.LanguageKind.C, 0, text or path.read_text())
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def edit(self, path: Path, text: str) -> None:
        self.version += 1
        named = lsp.VersionedTextDocumentIdentifier(self.version, path.as_uri())
        changes = [lsp.TextDocumentContentChangeWholeDocument(text)]
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(named, changes))

    async def told(self) -> list[lsp.Diagnostic]:
        return list((await asyncio.wait_for(self.published.get(), SECONDS)).diagnostics)


def _session(work: Callable[[_Editor], Awaitable[None]], *words: str) -> None:
    """Start a server, do `work` with it, and end it as an editor does."""

    async def run() -> None:
        client = LanguageClient("test", "1")
        editor = _Editor(client)
        await client.start_io(sys.executable, "-m", "memdesc", "lsp", *words)
        try:
            await client.initialize_async(lsp.InitializeParams(lsp.ClientCapabilities()))
            client.initialized(lsp.InitializedParams())
            await work(editor)
            await asyncio.wait_for(client.shutdown_async(None), SECONDS)
        finally:
            client.exit(None)
            await asyncio.wait_for(client.stop(), SECONDS)

    asyncio.run(run())


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the example tree."""
    return shutil.copytree(TREE, tmp_path / "tree")


def test_open_edit_close(tree: Path) -> None:
    """Findings come with their trace, go with the edit that mends them, and come again; a closed file has none."""
    path = tree / FINCH
    text = path.read_text()

    async def work(editor: _Editor) -> None:
        editor.open(path)
        (found,) = await editor.told()
        assert (found.code, found.source, found.severity) == (
            "unmappable-page",
            "memdesc",
            lsp.DiagnosticSeverity.Error,
        )
        line = text.splitlines()[found.range.start.line]
        assert line[found.range.start.character : found.range.end.character] == "virt_to_page(f->samples)"
        first = (found.related_information or [])[0]
        assert first.location.uri == path.as_uri()
        assert text.splitlines()[first.location.range.start.line].strip().startswith("f->samples = kzalloc(")
        editor.edit(path, text.replace("kzalloc", "get_something"))
        assert await editor.told() == []
        editor.edit(path, "\n\n" + text)
        (moved,) = await editor.told()
        assert moved.range.start.line == found.range.start.line + 2
        editor.client.text_document_did_close(
            lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(path.as_uri()))
        )
        assert await editor.told() == []

    _session(work)
    assert path.read_text() == text


def test_what_can_be_asked_of_a_finding(tree: Path) -> None:
    """Hover tells it whole, go to definition leads to where memory came from, an action suppresses it."""
    path = tree / FINCH
    text = path.read_text()

    async def work(editor: _Editor) -> None:
        editor.open(path)
        (found,) = await editor.told()
        named = lsp.TextDocumentIdentifier(path.as_uri())
        at = found.range.start
        hover = await editor.client.text_document_hover_async(lsp.HoverParams(named, at))
        assert hover is not None
        assert isinstance(hover.contents, lsp.MarkupContent)
        assert "unmappable-page" in hover.contents.value
        assert "arrives: slab" in hover.contents.value
        assert "what to do: " in hover.contents.value
        nothing = lsp.HoverParams(named, lsp.Position(0, 0))
        assert await editor.client.text_document_hover_async(nothing) is None
        places = await editor.client.text_document_definition_async(lsp.DefinitionParams(named, at))
        assert isinstance(places, list)
        assert "kzalloc" in text.splitlines()[places[0].range.start.line]  # type: ignore[union-attr]
        asked = lsp.CodeActionParams(named, found.range, lsp.CodeActionContext([found]))
        (action,) = await editor.client.text_document_code_action_async(asked) or []
        assert isinstance(action, lsp.CodeAction)
        assert action.edit
        (edit,) = (action.edit.changes or {})[path.as_uri()]
        lines = text.splitlines(keepends=True)
        lines.insert(edit.range.start.line, edit.new_text.replace("REASON", "seen"))
        editor.edit(path, "".join(lines))
        assert await editor.told() == []

    _session(work)


def test_what_cannot_be_checked(tree: Path, tmp_path: Path) -> None:
    """Other languages are passed over, trouble is a message, and the server goes on."""
    path = tree / FINCH
    (tree / ".memdesc.toml").write_text('select = ["no-such-rule"]\n')

    async def work(editor: _Editor) -> None:
        editor.open(tree / "Makefile")
        editor.open(path)
        assert "no such rule" in await asyncio.wait_for(editor.said.get(), SECONDS)
        assert editor.published.empty()
        (tree / ".memdesc.toml").unlink()
        named = lsp.TextDocumentIdentifier(path.as_uri())
        editor.client.text_document_did_save(lsp.DidSaveTextDocumentParams(named))
        assert len(await editor.told()) == 1
        item = lsp.TextDocumentItem("untitled:1.c", lsp.LanguageKind.C, 0, "int a;\n")
        editor.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        editor.open(tmp_path / "new.c", "void f(void)\n{\n\tkfree(vmalloc(8));\n}\n")
        (found,) = await editor.told()
        assert found.code == "mismatched-free"

    _session(work)


def test_an_edit_ends_the_check_that_runs(tree: Path) -> None:
    """Of many edits the last counts."""
    path = tree / FINCH
    text = path.read_text()

    async def work(editor: _Editor) -> None:
        editor.open(path)
        for n in range(20):
            editor.edit(path, "\n" * n + text)
            await asyncio.sleep(0.02)
        (found,) = await editor.told()
        assert text.splitlines()[found.range.start.line - 19].count("vm_insert_page")
        assert editor.published.empty()

    _session(work)


def test_standard_input_that_is_closed(memdesc: Run) -> None:
    """No client is no crash."""
    ended = memdesc("lsp", stdin=-3)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_places_count_as_the_protocol_does() -> None:
    """Bytes become units of UTF-16."""
    line = 'f("é😀", p);'
    column = line.encode().index(b"p)") + 1
    found = Found("r", "error", 1, column, "p", "m", "", (), (), ())
    at = _range(found, [line]).start.character
    assert line.encode("utf-16-le")[2 * at :].decode("utf-16-le") == "p);"
    assert _range(found, [""]).start.line == 0


@pytest.mark.parametrize("said", [b"", b"[]", b"{}", b'{"tree": "", "findings": [{}]}', b'{"tree": 1}'])
def test_an_answer_that_is_none(said: bytes, tmp_path: Path) -> None:
    """It is said to be one."""
    with pytest.raises(Bug):
        findings(said, tmp_path / "a.c")


def test_markup_in_names_is_none() -> None:
    """What a tree calls its functions is text."""
    assert _plain("a_b <img> [x](y) `z`") == r"a\_b \<img\> \[x\](y) \`z\`"


def test_a_comment_inside_a_macro() -> None:
    """The line goes on after it."""
    at = lsp.Position(1, 0)
    found = lsp.Diagnostic(lsp.Range(at, at), "m", code="r", source="memdesc")
    for lines, end in ((["#define f(p) \\", "\tkfree(p)"], " */ \\\n"), (["f(p);", "\tkfree(p);"], " */\n")):
        edit = _allowing("file:///a.c", found, lines).edit
        assert edit
        (text,) = (edit.changes or {})["file:///a.c"]
        assert text.new_text.startswith("\t/* memdesc: allow r: REASON")
        assert text.new_text.endswith(end)
