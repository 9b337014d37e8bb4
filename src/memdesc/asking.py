"""Many questions about the pointers of one state of a tree, which is read and solved once.

What `memdesc explain` and `memdesc infer` answer, for programs that ask again and again, as an editor does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from memdesc import pipeline
from memdesc.inference import answer
from memdesc.inference.declare import Entity, Explanation
from memdesc.source.survey import Progress, name_of


class Asked:
    """A solved state of a tree. Args: overlay: texts to be read in the place of files."""

    def __init__(
        self,
        paths: Sequence[Path],
        tree: Path | None,
        options: pipeline.Options,
        progress: Progress,
        overlay: Mapping[Path, bytes],
    ) -> None:
        self._survey, self._solution, *_ = pipeline.solved_tree(paths, tree, options, progress, overlay)
        self._types = pipeline.types_of_tree(self._survey, None)

    def explain(self, path: Path, line: int, column: int) -> Explanation | None:
        """Return what the pointer at a line and column, counted from 1, can be, and why; None if none is near."""
        name = name_of(path, self._survey.root)
        found = answer.explain(self._solution, self._survey.texts, name, line, column, self._types)
        return None if isinstance(found, tuple) else replace(found, root=str(self._survey.root))

    def declared(self, path: Path) -> tuple[Entity, ...]:
        """Return every page and folio pointer that is declared in a file."""
        name = name_of(path, self._survey.root)
        return answer.entities(self._solution, self._survey.texts, name.__eq__, self._types)
