"""Gather what comments of a kernel say of the memory that functions are given: bench/said.py TREE [--new]

Sentences of kernel-doc and of comments before functions in FOLDERS that say which memory may be given ("must be
DMA-safe", "must not be on the stack", "caller must hold a reference"): each with its place, the function and, where
kernel-doc says it, the parameter. They are for review: what is clear goes into the signatures, with this place as its
source. --new leaves out parameters that have a demand already.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from memdesc.source.signatures import Signatures, load

FOLDERS = ("include", "mm", "block", "net/core", "lib", "crypto", "kernel", "drivers/base", "drivers/usb/core",
           "drivers/spi", "drivers/i2c", "drivers/hid", "drivers/firmware", "drivers/dma-buf", "fs")  # fmt: skip
_COMMENT = re.compile(rb"/\*.*?\*/", re.S)
_FOLLOWS = re.compile(rb"\s*(?:#\s*define\s+(\w+)\(|[^;{}#/()]*?\b(\w+)\s*\()")
_SAYS = re.compile(
    r"dma[- ]?(?:safe|able|capable|mappable)|(?:on|from) the stack|stack (?:memory|buffer|variable)"
    r"|(?:hold|holds|holding|own|have|has|take|grab)s? (?:a|the|an? extra|an elevated) "
    r"(?:ref(?:erence|count)?\b|page ref)"
    r"|physically contiguous|(?:linear|direct)(?:ly)? map"
    r"|kmalloc(?:\(\)|'?ed| memory)|vmalloc(?:\(\)|'?ed| memory|space)"
    r"|must (?:be|point to|come from|not be) (?:a |an |the )?"
    r"(?:head|tail|slab|lowmem|highmem|page[- ]aligned|compound)",
    re.I,
)
_WANTS = re.compile(r"\b(?:must|should|shall|needs?|has to|have to|only|never|cannot|can't|not)\b", re.I)
_PARAMETER = re.compile(r"^\s*@(\w+)\s*:")
_STATEMENTS = frozenset({"if", "for", "while", "switch", "return", "sizeof"})
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a comment: its place, the function behind it, the parameter it is about (empty: not told)."""

    file: str
    line: int
    function: str
    parameter: str
    text: str


def sentences(data: bytes, file: str) -> Iterator[Said]:
    """Yield what the comments of a file say of memory that functions are given."""
    for comment in _COMMENT.finditer(data):
        follows = _FOLLOWS.match(data, comment.end())
        if follows is None:
            continue
        function = (follows[1] or follows[2]).decode("ascii", "replace")
        if function in _STATEMENTS:  # a comment within a body
            continue
        first = data.count(b"\n", 0, comment.start()) + 1
        for parameter, line, text in paragraphs(comment[0].decode("utf-8", "replace")):
            for sentence in _SENTENCE.split(text):
                if _SAYS.search(sentence) and _WANTS.search(sentence):
                    yield Said(file, first + line, function, parameter, sentence.strip())


def paragraphs(comment: str) -> Iterator[tuple[str, int, str]]:
    """Yield (parameter, line, text) of the paragraphs of a comment; those of kernel-doc name their parameter."""
    parameter, begun, held = "", 0, []
    for number, line in enumerate(comment.split("\n")):
        bare = re.sub(r"^\s*/?\*+/?|\*/\s*$", "", line)
        named = _PARAMETER.match(bare)
        if named or not bare.strip():
            if held:
                yield parameter, begun, " ".join(held)
            parameter, begun, held = (named[1] if named else ""), number, []
        if bare.strip():
            begun = begun if held else number
            held.append(bare.strip())
    if held:
        yield parameter, begun, " ".join(held)


def demanded(known: Signatures, said: Said) -> bool:
    """Whether the function has a signature with a demand, on that parameter where one is named."""
    signature = known.of(said.function)
    if signature is None:
        return False
    slots = [s for s in signature.params if not said.parameter or s.name == said.parameter]
    return any(slot.demands for slot in slots)


def main() -> int:
    """Gather and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tree", type=Path)
    parser.add_argument("--new", action="store_true", help="only those for which no demand is shipped")
    arguments = parser.parse_args()
    known = load()
    count = met = 0
    for folder in FOLDERS:
        for path in sorted((arguments.tree / folder).rglob("*.[ch]")):
            for said in sentences(path.read_bytes(), str(path.relative_to(arguments.tree))):
                has = demanded(known, said)
                count, met = count + 1, met + has
                if not (arguments.new and has):
                    named = f" @{said.parameter}" if said.parameter else ""
                    print(f"{said.file}:{said.line}: {said.function}(){named}: {said.text}")
    print(f"{count} sentences, {met} of functions with a demand there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
