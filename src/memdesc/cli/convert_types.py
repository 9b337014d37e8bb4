"""`memdesc convert --to TYPE`: what stands for what, for a type of the tree or of a design."""

import argparse
import os
from collections.abc import Callable, Collection
from pathlib import Path

from memdesc.checking import opened
from memdesc.cli import inputs
from memdesc.convert import asserting, correspondences, descriptors, kept
from memdesc.convert.correspondences import Correspondences, Word
from memdesc.convert.descriptors import FOLIO, Descriptor
from memdesc.convert.introducing import guard
from memdesc.errors import InputError
from memdesc.layout import introduce
from memdesc.layout.descriptors import TYPES
from memdesc.layout.design import Design, load
from memdesc.layout.kernel_tree import CONFIG, design_of
from memdesc.layout.model import Struct
from memdesc.source.mask import mask

_FOLDERS = ("include/linux", "include/net", "mm")
"""Where headers have what every file, or every file of memory management or the network, may use."""


def known(
    arguments: argparse.Namespace, types: Collection[str], text: Callable[[str], bytes], root: Path
) -> tuple[Correspondences, bytes | None]:
    """Return what stands for what, and the header of a type that the tree does not have.

    Raises: InputError: there is no such type, or nothing that makes one of a page.
    """
    to = arguments.to
    if types and to not in types:
        raise InputError(f"--to {to}", f"is none of the types to choose from: {', '.join(types)}")
    if arguments.header and not arguments.design:
        raise InputError("--header", "is for the type of a --design")
    headers = [path for folder in _FOLDERS for path in _headers(root, folder)]
    if to == FOLIO.tag and any(b"page_folio(" in text(path) for path in headers):
        with opened(inputs.effort(arguments)) as cache:
            return kept.read(text, _headers(root, _FOLDERS[0]), cache), None
    plain = [(path, mask(text(path)).decode("latin-1")) for path in headers]
    own = design_of(str(root), text)
    design = load(arguments.design, config=CONFIG) if arguments.design else own
    struct = _struct(design, to)
    there = [path for path, told in plain if f"\nstruct {struct.name} {{" in told]
    found = descriptors.converters(struct.name, plain)
    if there or not arguments.design:
        if found is None:
            raise InputError(f"--to {to}", "has nothing in the headers of the tree that makes one of a page")
        theirs = own.descriptor(struct.name)
        words = introduce.matches(own.page, theirs.struct if theirs else struct)
        return _of(text, headers, found, words), None
    words = introduce.matches(own.page, struct)
    of, back = introduce.converters(struct.name)
    path = arguments.header or f"include/linux/{struct.name}.h"
    if text(path) or not path.endswith(".h") or os.path.isabs(path) or ".." in Path(path).parts:
        raise InputError(f"--header {path}", "has to be a new file of the tree, and a header")
    made = introduce.header(arguments.design, struct.name, words, guard(path))
    return _of(text, headers, Descriptor(struct.name, of, back, header=path), words), made


def tested(
    arguments: argparse.Namespace, text: Callable[[str], bytes], root: Path
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the tree's tests of page types that hold for the type that pages become, and those that never do."""
    named = arguments.to
    design = load(arguments.design, config=CONFIG) if arguments.design else design_of(str(root), text)
    found = design.descriptor(named) or design.descriptor(f"{named}_desc")
    kinds = found.kinds if found is not None else ()
    marks = {row.mark: row.kind for row in TYPES}
    tests = asserting.marked(mask(text(correspondences.FLAGS)).decode("latin-1"), marks)
    must = frozenset(test for mark, test in tests.items() if kinds == (marks[mark],))
    never = frozenset(test for mark, test in tests.items() if kinds and marks[mark] not in kinds)
    return must, never


def _struct(design: Design, to: str) -> Struct:
    for name in (to, f"{to}_desc"):
        found = design.descriptor(name)
        if found is not None and not found.arm and not found.separate:
            return found.struct
    raise InputError(f"--to {to}", f"is no struct of {design.name} that lies over struct page")


def _of(
    text: Callable[[str], bytes], headers: list[str], to: Descriptor, words: tuple[introduce.Match, ...]
) -> Correspondences:
    return correspondences.of_words(
        text, headers, to, [Word(w.page, w.descriptor, w.was, w.now) for w in words]
    )


def _headers(root: Path, folder: str) -> list[str]:
    place = root / folder
    names = sorted(os.listdir(place)) if place.is_dir() else []
    return [f"{folder}/{name}" for name in names if name.endswith(".h")]
