"""How far a run of the language server is, as the editor's own progress."""

import asyncio
import itertools
from types import TracebackType
from typing import Self

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

_PATIENCE_SECONDS = 0.5
"""What is over sooner is not worth telling."""
_numbers = itertools.count(1)


class Told:
    """Called as progress of a run; tells the editor, if it can show that, from when the run takes long to its end."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._token = f"memdesc-{next(_numbers)}"
        self._said = ("starting", 0, 0)
        self._begun = False
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        window = self._server.client_capabilities.window
        if window and window.work_done_progress:
            self._task = asyncio.ensure_future(self._begin())
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        if self._task:
            self._task.cancel()
        if self._begun:
            self._server.work_done_progress.end(self._token, lsp.WorkDoneProgressEnd())

    async def _begin(self) -> None:
        await asyncio.sleep(_PATIENCE_SECONDS)
        progress = self._server.work_done_progress
        await progress.create_async(self._token)
        self._begun = True
        message, share = self._shown()
        progress.begin(self._token, lsp.WorkDoneProgressBegin("memdesc", message=message, percentage=share))

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Tell that `done` of `total` steps of `phase` are done."""
        self._said = (phase, done, total)
        if self._begun:
            message, share = self._shown()
            report = lsp.WorkDoneProgressReport(message=message, percentage=share)
            self._server.work_done_progress.report(self._token, report)

    def _shown(self) -> tuple[str, int]:
        """Return the phase, and its share in per cent. A phase that counts nothing begins with 0."""
        phase, done, total = self._said
        counts = f" {done:,} of {total:,}" if total > 1 else ""
        return phase + counts, min(100, 100 * done // total) if total > 0 else 0
