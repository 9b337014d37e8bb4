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
from memdesc.cli.lsp_check import findings
from memdesc.cli.lsp_shown import allowing, column_of, hints, plain, range_of
from memdesc.errors import Bug

TREE = Path(__file__).parents[2] / "examples" / "tree"
FINCH = "drivers/char/finch.c"
SECONDS = 600
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

        self.progress: list[object] = []
        self.refreshed = asyncio.Event()

        @client.feature(lsp.WINDOW_WORK_DONE_PROGRESS_CREATE)
        def created(_params: lsp.WorkDoneProgressCreateParams) -> None:
            pass

        @client.feature(lsp.PROGRESS)
        def told(params: lsp.ProgressParams) -> None:
            self.progress.append(params.value)

        @client.feature(lsp.WORKSPACE_INLAY_HINT_REFRESH)
        def refresh(_params: None) -> None:
            self.refreshed.set()

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
        return list((await self.told_of()).diagnostics)

    async def told_of(self) -> lsp.PublishDiagnosticsParams:
        return await asyncio.wait_for(self.published.get(), SECONDS)

    async def hover(self, path: Path, line: int, character: int) -> str:
        """Return what is said of a place, counted from 0; empty for nothing."""
        named = lsp.TextDocumentIdentifier(path.as_uri())
        asked = lsp.HoverParams(named, lsp.Position(line, character))
        said = await asyncio.wait_for(self.client.text_document_hover_async(asked), SECONDS)
        if said is None:
            return ""
        assert isinstance(said.contents, lsp.MarkupContent)
        return said.contents.value

    async def hints(self, path: Path) -> list[tuple[int, str]]:
        """Return the line, from 0, and the text of each hint of a file."""
        every = lsp.Range(lsp.Position(0, 0), lsp.Position(10_000, 0))
        asked = lsp.InlayHintParams(lsp.TextDocumentIdentifier(path.as_uri()), every)
        said = await asyncio.wait_for(self.client.text_document_inlay_hint_async(asked), SECONDS)
        return [(hint.position.line, str(hint.label)) for hint in said or ()]


CAN = lsp.ClientCapabilities(
    window=lsp.WindowClientCapabilities(work_done_progress=True),
    workspace=lsp.WorkspaceClientCapabilities(
        inlay_hint=lsp.InlayHintWorkspaceClientCapabilities(refresh_support=True)
    ),
)


def _session(
    work: Callable[[_Editor], Awaitable[None]],
    *words: str,
    can: lsp.ClientCapabilities | None = None,
    wants: object = None,
) -> None:
    """Start a server, do `work` with it, and end it as an editor does."""

    async def run() -> None:
        client = LanguageClient("test", "1")
        editor = _Editor(client)
        await client.start_io(sys.executable, "-m", "memdesc", "lsp", *words)
        try:
            asked = lsp.InitializeParams(can or lsp.ClientCapabilities(), initialization_options=wants)
            await client.initialize_async(asked)
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
        assert found.code_description
        page = Path(found.code_description.href.removeprefix("file://"))
        assert page.read_text().startswith("# unmappable-page")
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


def _at(text: str, word: str, inside: str) -> tuple[int, int]:
    """Return the line and the character, from 0, of `word` in the line that holds `inside`."""
    number, line = next((n, line) for n, line in enumerate(text.splitlines()) if inside in line)
    return number, line.index(word, line.index(inside))


def test_hover_on_a_pointer(tree: Path) -> None:
    """What it can be and must be, and why, as explain and infer say it; with the text that is not saved yet."""
    path = tree / "drivers/net/owl/owl_rx.c"
    text = path.read_text()
    place = _at(text, "page = ", "struct page *page = page_pool_dev_alloc_pages")
    got = _at(text, "dev_alloc", "struct page *page = page_pool_dev_alloc_pages")
    tested = _at(text, "page)", "if (!page)")
    put = _at(text, "ring->slots", "page_pool_put_full_page")

    async def work(editor: _Editor) -> None:
        editor.open(path)
        await editor.told()
        assert await editor.hover(path, 0, 0) == ""
        for at in (place, tested):  # a declaration, and a place through which nothing flows
            said = await editor.hover(path, *at)
            assert "can be: net" in said
            assert "should be: netmem" in said
        said = await editor.hover(path, *got)
        assert "can be: net" in said
        assert "arrives because:" in said
        assert "net from page\\_pool\\_dev\\_alloc\\_pages" in said
        assert "demanded because:" in await editor.hover(path, *put)
        assert await editor.hover(path, 0, 3) == ""  # words of a comment
        edited = text.replace("page_pool_dev_alloc_pages(ring->pool)", "alloc_page(GFP_KERNEL)")
        assert edited != text
        editor.edit(path, edited)
        assert "can be: driver" in await editor.hover(path, *place)

    _session(work)


def test_no_hover_on_pointers(tree: Path) -> None:
    """Who does not want what it costs says so at the start."""
    path = tree / "drivers/net/owl/owl_rx.c"
    place = _at(path.read_text(), "page = ", "struct page *page = page_pool_dev_alloc_pages")

    async def work(editor: _Editor) -> None:
        editor.open(path)
        await editor.told()
        assert await editor.hover(path, *place) == ""

    _session(work, wants={"pointerHovers": False})


HINTED = """static void heron_put(int n, struct page *page)
{
	__free_page(page);
}

void heron_mark(struct page *page)
{
	lock_page(page);
	SetPageUptodate(page);
	heron_put(1, page);
}

void heron(struct file *file)
{
	heron_mark(find_get_page(file->f_mapping, 0));
}
"""


def test_hints(tree: Path) -> None:
    """Parameters that are pages say what they should be, when that is asked for, and move with their lines."""
    path = tree / "mm" / "heron.c"
    path.write_text(HINTED)

    async def work(editor: _Editor) -> None:
        editor.open(path)
        await editor.told()
        await asyncio.wait_for(editor.refreshed.wait(), SECONDS)
        before = await editor.hints(path)
        assert (5, "folio") in before
        assert all(line in (0, 5) for line, _ in before)
        editor.edit(path, "int moved;\n" + HINTED)
        assert await editor.hints(path) == [(line + 1, said) for line, said in before]

    _session(work, can=CAN, wants={"inlayHints": True})

    async def without(editor: _Editor) -> None:
        editor.open(path)
        await editor.told()
        assert await editor.hints(path) == []

    _session(without, can=CAN)


def test_a_hint_stands_behind_the_name() -> None:
    """Of a line that has changed there is none."""
    found = {
        "name": "page", "line": 1, "role": "param", "function": "f", "declared": "struct page *",
        "descriptor": "folio", "arrives": "file", "why": "because", "grounds": [["mm/a.c", 3, "lock_page"]],
    }  # fmt: skip
    lines = ["void f(struct page *pages, struct page *page)"]
    (hint,) = hints([found], lines, ["", *lines])
    assert (hint.position.line, hint.position.character) == (1, len(lines[0]) - 1)
    assert hints([found], lines, ["void g(struct page *page)"]) == []
    for other in ({"role": "local"}, {"descriptor": None}, {"declared": "struct folio *"}):
        assert hints([{**found, **other}], lines, lines) == []


def test_other_files_that_are_not_saved(tree: Path) -> None:
    """An edit of one file is seen in what is found in another that is open."""
    getter, user = tree / "drivers/char/get.c", tree / "drivers/char/use.c"
    text = "void *heron_get(void)\n{\n\treturn kmalloc(8, 0);\n}\n"
    getter.write_text(text)
    user.write_text("void *heron_get(void);\nvoid use(void)\n{\n\tkfree(heron_get());\n}\n")

    async def work(editor: _Editor) -> None:
        editor.open(user)
        assert await editor.told() == []
        editor.open(getter)
        for _ in range(2):
            assert not (await editor.told_of()).diagnostics
        editor.edit(getter, text.replace("kmalloc(8, 0)", "vmalloc(8)"))
        said = {one.uri: one.diagnostics for one in [await editor.told_of(), await editor.told_of()]}
        (found,) = said[user.as_uri()]
        assert (found.code, found.range.start.line) == ("mismatched-free", 3)
        assert not said[getter.as_uri()]
        closed = lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(getter.as_uri()))
        editor.client.text_document_did_close(closed)
        assert await editor.told() == []

    _session(work)


def test_progress(tree: Path) -> None:
    """A run that takes long begins, is told of, and ends; the server goes on."""
    path = tree / FINCH
    function = (TREE / "drivers/crypto/heron.c").read_text()
    for n in range(1_500):
        (tree / "drivers" / "crypto" / f"heron{n}.c").write_text(function.replace("heron", f"heron{n}"))

    async def work(editor: _Editor) -> None:
        editor.open(path)
        assert len(await editor.told()) == 1
        for _ in range(100):
            if any(said["kind"] == "end" for said in map(_value, editor.progress)):
                break
            await asyncio.sleep(0.1)
        kinds = [said["kind"] for said in map(_value, editor.progress)]
        assert kinds[0] == "begin"
        assert kinds[-1] == "end"
        assert "report" in kinds

    _session(work, "--no-cache", can=CAN)


def _value(said: object) -> dict[str, object]:
    return said if isinstance(said, dict) else vars(said) if not hasattr(said, "_asdict") else said._asdict()


def test_standard_input_that_is_closed(memdesc: Run) -> None:
    """No client is no crash."""
    ended = memdesc("lsp", stdin=-3)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_places_count_as_the_protocol_does() -> None:
    """Bytes become units of UTF-16."""
    line = 'f("é😀", p);'
    column = line.encode().index(b"p)") + 1
    at = range_of(1, column, "p", [line]).start.character
    assert line.encode("utf-16-le")[2 * at :].decode("utf-16-le") == "p);"
    assert column_of(line, at) == column
    assert range_of(1, column, "p", [""]).start.line == 0


@pytest.mark.parametrize("said", [b"", b"[]", b"{}", b'{"tree": "", "findings": [{}]}', b'{"tree": 1}'])
def test_an_answer_that_is_none(said: bytes, tmp_path: Path) -> None:
    """It is said to be one."""
    with pytest.raises(Bug):
        findings(said, [tmp_path / "a.c"])


def test_markup_in_names_is_none() -> None:
    """What a tree calls its functions is text."""
    assert plain("a_b <img> [x](y) `z`") == r"a\_b \<img\> \[x\](y) \`z\`"


def test_a_comment_inside_a_macro() -> None:
    """The line goes on after it."""
    at = lsp.Position(1, 0)
    found = lsp.Diagnostic(lsp.Range(at, at), "m", code="r", source="memdesc")
    for lines, end in ((["#define f(p) \\", "\tkfree(p)"], " */ \\\n"), (["f(p);", "\tkfree(p);"], " */\n")):
        edit = allowing("file:///a.c", found, lines).edit
        assert edit
        (text,) = (edit.changes or {})["file:///a.c"]
        assert text.new_text.startswith("\t/* memdesc: allow r: REASON")
        assert text.new_text.endswith(end)
