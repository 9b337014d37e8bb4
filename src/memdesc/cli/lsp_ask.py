"""The client of the process behind hovers and hints (lsp_answers): started when asked, ended when nobody asks.

It holds all of a solved kernel, so there is one, for one state of the open files; another state is another process.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from memdesc.cli.lsp_check import Progress, ended, overlaid, started, told

_IDLE_SECONDS = 120


class Trouble(Exception):
    """The process could not answer; the text says why."""


class Answers:
    """Answers about the state of some files.

    Args: options: those of `memdesc check` that say which kernel, and how much may be used.
    """

    def __init__(self, options: Sequence[str]) -> None:
        self._options = list(options)
        self._state: object = None
        self._process: asyncio.subprocess.Process | None = None
        self._heard: asyncio.Task[str] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._known: dict[str, Any] = {}
        self._turn = asyncio.Lock()

    async def ask(
        self,
        paths: Sequence[Path],
        texts: Mapping[Path, bytes],
        question: Sequence[object],
        progress: Progress,
    ) -> Any:
        """Return the answer to a question about some files, where `texts` stand in the place of what is saved.

        A question that is given up is still answered, for the next one who asks it. Raises: Trouble.
        """
        return await asyncio.shield(
            asyncio.ensure_future(self._ask(tuple(paths), dict(texts), json.dumps(question), progress))
        )

    async def _ask(
        self, paths: tuple[Path, ...], texts: dict[Path, bytes], question: str, progress: Progress
    ) -> Any:
        async with self._turn:
            if self._state != (paths, texts):
                await self._end()
                self._state = (paths, texts)
            if question in self._known:
                return self._known[question]
            if self._idle:
                self._idle.cancel()
            with overlaid(texts) as overlay:  # until it has answered once, and so has read all
                if self._process is None:
                    words = ["-m", "memdesc.cli.lsp_answers", *self._options, *overlay, "--"]
                    self._process = await started([*words, *map(str, paths)], paths[0])
                    self._heard = asyncio.ensure_future(told(self._process, progress))
                answer = await self._answer(self._process, question)
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(_IDLE_SECONDS, lambda: asyncio.ensure_future(self.end()))
            self._known[question] = answer
            return answer

    async def _answer(self, process: asyncio.subprocess.Process, question: str) -> Any:
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(question.encode() + b"\n")
            await process.stdin.drain()
            line = await process.stdout.readline()
            if line:
                return json.loads(line)
        except (OSError, ValueError):
            pass  # it ended, or said what is no answer: what it said last tells why
        await ended(process)
        why = await self._heard if self._heard else ""
        await self._end()
        raise Trouble(why or "memdesc could not answer")

    async def end(self) -> None:
        """End the process, and forget what it said; who waits for an answer gets none."""
        if self._process:
            await ended(self._process)
        async with self._turn:
            await self._end()

    async def _end(self) -> None:
        process, self._process, self._state, self._known = self._process, None, None, {}
        if self._idle:
            self._idle.cancel()
        if process:
            await ended(process)
        if self._heard:
            self._heard.cancel()
            self._heard = None
