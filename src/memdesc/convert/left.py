"""What is left to convert: pointers of struct page counted by what they should become, and by whose they are."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from memdesc.inference.declare import Entity, Inference
from memdesc.inference.descriptor import PAGE


class By(StrEnum):
    """What pointers are grouped by."""

    SUBSYSTEM = "subsystem"
    FOLDER = "folder"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Tally:
    """Pointers of one group.

    Attributes: name: of the subsystem, folder or file. done: declared with another type than struct page already.
    become: type -> pointers of struct page that should have it. stay: those that really are pages. open: those
    of which it cannot be told. why: reason -> pointers that stay or are open for it, the commonest first.
    files: path -> pointers of struct page in it that should become something or are open, most first.
    """

    name: str
    done: int
    become: dict[str, int]
    stay: int
    open: int
    why: dict[str, int]
    files: dict[str, int]

    @property
    def pages(self) -> int:
        """Pointers that are declared as struct page."""
        return self.ready + self.stay + self.open

    @property
    def ready(self) -> int:
        """Pointers of struct page for which another type is known."""
        return sum(self.become.values())


@dataclass(frozen=True, slots=True)
class Left:
    """What is left in one tree.

    Attributes: tree, kernel: path and release. by: what `groups` are of. whole: all of it. groups: most ready first.
    unread: files that could not be read.
    """

    tree: str
    kernel: str
    by: By
    whole: Tally
    groups: tuple[Tally, ...]
    unread: int = 0


def left(inference: Inference, by: By, entry: Callable[[str], str]) -> Left:
    """Return what is left to convert of the pointers in `inference`.

    Args: entry: the subsystem of a file (Maintainers.entry).
    """
    names: dict[By, Callable[[str], str]] = {By.SUBSYSTEM: entry, By.FOLDER: _folder, By.FILE: str}
    name = names[by]
    groups: dict[str, list[Entity]] = {}
    for entity in inference.entities:
        groups.setdefault(name(entity.file), []).append(entity)
    tallies = [_tally(group, entities) for group, entities in groups.items()]
    tallies.sort(key=lambda tally: (-tally.ready, -tally.pages, tally.name))
    return Left(
        inference.tree or inference.root,
        inference.kernel,
        by,
        _tally("", inference.entities),
        tuple(tallies),
        len(inference.statistics.unread),
    )


def _folder(file: str) -> str:
    """Return the first two folders of a path, three in drivers/ and arch/: there a subsystem is that deep."""
    parts = file.split("/")[:-1]
    return "/".join(parts[: 3 if parts[:1] in (["drivers"], ["arch"]) else 2]) or "."


def _tally(name: str, entities: Sequence[Entity]) -> Tally:
    pages = [entity for entity in entities if _of_page(entity)]
    become = [entity for entity in pages if entity.descriptor not in (PAGE, None)]
    others = [entity for entity in pages if entity.descriptor in (PAGE, None)]
    return Tally(
        name,
        len(entities) - len(pages),
        _counted(entity.descriptor or "" for entity in become),
        sum(entity.descriptor == PAGE for entity in others),
        sum(entity.descriptor is None for entity in others),
        _counted(reason(entity) for entity in others),
        _counted(entity.file for entity in pages if entity.descriptor != PAGE),
    )


def _of_page(entity: Entity) -> bool:
    return entity.declared.split("*")[0].split()[-2:] == ["struct", "page"]


def reason(entity: Entity) -> str:
    """Return why a pointer stays what it is, without the names of the place."""
    why = entity.why.split("; ")
    told = [part for part in why if "() is seen" not in part and " is seen" not in part]
    lacking = len(told) < len(why)
    text = "; ".join(told)
    if entity.descriptor is None:
        return f"not known: {text}" + ("; no caller or store of it is seen" if lacking else "")
    return text


def _counted(things: Iterable[str]) -> dict[str, int]:
    counts = Counter(things)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
