"""Whether the signatures fit a kernel tree: names that it lacks, parameters that it counts otherwise.

`names()` scans a tree for what it declares, roughly and fast; `verify()` compares, and reads nothing.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from memdesc import door
from memdesc.errors import InputError
from memdesc.source import workers
from memdesc.source.signatures import Signature, Signatures
from memdesc.source.texts import MOST_BYTES

Arities = Mapping[str, "frozenset[int] | None"]
"""Name of a function, macro or (`.name`) member to the numbers of its parameters; None when any fits."""

_SKIPPED = ("Documentation", "tools", "scripts", "samples", "usr", "LICENSES", "rust", "debian")
_ATTRIBUTE = rb"__(?:alloc_size|realloc_size|printf|scanf|section|aligned|acquires|releases|must_hold|free)\b"
_FUNCTION = re.compile(
    rb"^(?:[A-Za-z_](?:[^\n;={}()#\"/,]|" + _ATTRIBUTE + rb"\([\w, ]*\))*?[ \t*])?"
    rb"(?!" + _ATTRIBUTE + rb")([A-Za-z_]\w*)[ \t]*(\()",
    re.M,
)
_MACRO = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)(\()?", re.M)
_POINTER = re.compile(rb"\([ \t]*\*[ \t]*([A-Za-z_]\w*)[ \t]*\)[ \t\n]*(\()")
_FLAG = re.compile(
    rb"^[ \t]*((?:__)?(?:TEST)?(?:SET|CLEAR|TESTSET|TESTCLEAR|SC)*(?:PAGE|TESTPAGE|FOLIO|TEST)\w*FLAG\w*"
    rb"|PAGE_TYPE_OPS|FOLIO_TYPE_OPS)\((\w+)(?:, *(\w+))?",
    re.M,
)
_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class Problem:
    """A signature that does not fit the tree; `place` is its file and line among the signatures."""

    place: str
    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.place}: {self.name}: {self.why}"


def verify(signatures: Signatures, declared: Arities, version: tuple[int, ...]) -> list[Problem]:
    """Return what is wrong with the signatures that are meant for kernel `version`, by place.

    Args: declared: what the tree declares, from `names()`.
    """
    found = []
    for signature in signatures:
        if signature.holds_for(version) and (why := _fault(signature, declared)):
            found.append(Problem(signature.place, signature.name, why))
    return sorted(found, key=lambda p: (p.place.split(":")[0], int(p.place.split(":")[1]), p.name))


def _fault(signature: Signature, declared: Arities) -> str:
    _, dot, member = signature.name.rpartition(".")
    name = dot + member
    if name not in declared:
        name += "_noprof"
    if name not in declared:
        return "the tree has no function, macro or member of this name"
    arities = declared[name]
    if arities is None:
        arities = declared.get(name + "_noprof")
    if arities is None or any(slot.ctype == "..." for slot in signature.params):
        return ""
    if len(signature.params) not in arities:
        has = " or ".join(str(n) for n in sorted(arities))
        return f"{len(signature.params)} parameters here, {has} in the tree"
    return ""


def names(tree: Path, wanted: Iterable[str] | None = None, jobs: int = 2) -> dict[str, frozenset[int] | None]:
    """Return what the tree declares by name.

    Args: tree: the root of the tree. wanted: names to look for, all when None; members as `.name` or
    `tag.name`. jobs: processes.
    Raises: InputError: a process that scanned it died.
    """
    keep = None if wanted is None else frozenset(_keys(wanted))
    files = [str(p) for p in _files(tree)]
    chunks = [files[n :: jobs * 8] for n in range(jobs * 8)]
    merged: dict[str, frozenset[int] | None] = {}

    def work(files: list[str]) -> bytes:
        return json.dumps({name: said and sorted(said) for name, said in _scan(files, keep).items()}).encode()

    def take(_index: int, result: bytes | workers.Died) -> None:
        if isinstance(result, workers.Died):
            raise InputError(str(tree), f"cannot be read: {result.how}")
        part: dict[str, list[int] | None] = json.loads(result)
        for name, said in part.items():
            old = merged.get(name, frozenset())
            merged[name] = None if old is None or said is None else old | frozenset(said)

    workers.run(work, chunks, jobs, take)
    return merged


def _keys(wanted: Iterable[str]) -> Iterator[str]:
    for name in wanted:
        _, dot, member = name.rpartition(".")
        yield dot + member
        yield dot + member + "_noprof"


def _files(tree: Path) -> Iterator[Path]:
    for top in sorted(tree.iterdir()):
        if top.is_dir() and top.name not in _SKIPPED and not top.name.startswith("."):
            for suffix in ("*.h", "*.c"):
                for path in top.rglob(suffix):
                    if "asic_reg" not in path.parts and not path.is_symlink() and path.is_file():
                        yield path


def headers(tree: Path) -> Iterator[bytes]:
    """Yield the headers that a tree offers to all of the kernel, by path.

    Raises: InputError: there are none.
    """
    held, found = door.Tree(tree), False
    for path in sorted((tree / "include").rglob("*.h")):
        if "uapi" not in path.parts and (text := held.text(str(path.relative_to(tree)), MOST_BYTES)):
            found = True
            yield text
    if not found:
        raise InputError(str(tree), "has no headers below include/")


def _scan(files: list[str], keep: frozenset[str] | None) -> dict[str, frozenset[int] | None]:
    found: dict[str, set[int] | None] = {}

    def add(name: str, arity: int | None) -> None:
        if arity is None:
            found.setdefault(name, None)
            return
        arities = found.get(name)
        if arities is None:
            arities = found[name] = set()
        arities.add(arity)

    for file in files:
        try:
            text = door.read(file, MOST_BYTES, follow=False)
        except InputError:
            continue
        for match in _MACRO.finditer(text):
            name = match[1].decode()
            if keep is None or name in keep:
                add(name, _count(text, match.start(2)) if match[2] else None)
        for match in _FUNCTION.finditer(text):
            name = match[1].decode()
            if keep is None or name in keep:
                add(name, _count(text, match.start(2)))
        for match in _POINTER.finditer(text):
            name = "." + match[1].decode()
            if keep is None or name in keep:
                add(name, _count(text, match.start(2)))
        if file.endswith(("page-flags.h", "page_idle.h")):
            for name in _flag_functions(text):
                if keep is None or name in keep:
                    add(name, 1)
    return {name: None if a is None else frozenset(a) for name, a in found.items()}


def _count(text: bytes, opening: int) -> int | None:
    """Return the number of parameters between the parenthesis at `opening` and its fellow; None: variadic."""
    depth, commas = 0, 0
    for at in range(opening, min(len(text), opening + _LIMIT)):
        c = text[at]
        if c == 40:
            depth += 1
        elif c == 41:
            depth -= 1
            if depth == 0:
                inner = b" ".join(text[opening + 1 : at].split())
                if not inner or inner == b"void":
                    return 0
                return None if b"..." in inner else commas + 1
        elif c == 44 and depth == 1:
            commas += 1
    return None


def _flag_functions(text: bytes) -> Iterator[str]:
    """Yield the functions that PAGEFLAG(), PAGE_TYPE_OPS() and their kin define."""
    for match in _FLAG.finditer(text):
        upper, lower = match[2].decode(), (match[3] or match[2]).decode()
        if b"FOLIO" in match[1] and b"TYPE" not in match[1]:  # FOLIO_FLAG(active, FOLIO_HEAD_PAGE)
            lower = upper
        for verb in ("", "Set", "Clear", "__Set", "__Clear", "TestSet", "TestClear"):
            yield f"{verb}Page{upper}"
        for verb in ("test", "set", "clear", "test_set", "test_clear"):
            yield f"folio_{verb}_{lower}"
            yield f"__folio_{verb}_{lower}"
