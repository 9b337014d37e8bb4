"""Where a function is named: its definitions, declarations and calls; whoever cannot be told apart is refused."""

import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from memdesc.convert.descriptors import Descriptor
from memdesc.convert.edits import Edit
from memdesc.convert.model import Reason, Refused, Target
from memdesc.convert.parsed import File, Files, Function, arguments, walk
from memdesc.convert.uses import retyped
from memdesc.places import Span
from memdesc.source import workers

Mentions = Callable[[str], Collection[str]]
"""Name of a function -> the files that may mention it."""

_EXPORT = re.compile(rb"\b(?:EXPORT_SYMBOL\w*|ALLOW_ERROR_INJECTION|NOKPROBE_SYMBOL|EXPORT_\w+)\s*\(\s*$")
_MEMBER = re.compile(rb"(?:->|\.|\bstruct|\benum|\bunion|\bgoto)\s*$")
_STORED = re.compile(rb"(?:->|\.)\s*(\w+)\s*=\s*&?\s*$")
_PAGE = re.compile(rb"\s*(?:const\s+)?struct\s+(page)\s*\*\s*(\w*)\s*")


@dataclass(slots=True)
class Named:
    """Where the function of a target is named. declared: edits of its declarations, by file. calls: the functions
    that call it, with the argument. definitions: all that belong to the name. members: of tables that hold it.
    handed: the parameters of functions that it is given to. null: a caller passes NULL."""

    definitions: list[Function] = field(default_factory=list)
    declared: list[tuple[str, Edit]] = field(default_factory=list)
    calls: list[tuple[Function, Node]] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    handed: set[tuple[str, int]] = field(default_factory=set)
    null: bool = False


def named(target: Target, files: Files, mentions: Mentions, to: Descriptor) -> Named:
    """Return where the function of `target` is named. Raises: Refused: somewhere it cannot be edited."""
    home = files[target.file]
    own = home.defined(target.function)
    if not own or home.unread(target.function):
        raise Refused(Reason.UNREAD if home.unread(target.function) else Reason.NOT_FOUND)
    local = target.file.endswith(".c") and all(f.static for f in own)
    found = Named()
    for path in [target.file] if local else sorted({target.file, *mentions(target.function)}):
        file = files[path]
        here = file.defined(target.function)
        if path != target.file and path.endswith(".c") and any(f.static for f in here):
            continue  # another function of the same name
        if file.unread(target.function):
            raise Refused(Reason.UNREAD, path)
        found.definitions += here
        _file(target, file, here, found, to)
    return found


def _file(target: Target, file: File, here: Iterable[Function], found: Named, to: Descriptor) -> None:
    name = target.function.encode()
    seen = {each.named for each in here}
    masked = file.source.masked
    if name not in masked or not re.search(rb"\b" + name + rb"\b", masked):
        return
    for function, node in file.calls(name):
        callee = node.child_by_field_name("function")
        given = arguments(node)
        if target.index >= len(given) or callee is None:
            raise Refused(Reason.MACRO, file.path)
        if function.text(given[target.index]) in (b"NULL", b"0"):
            found.null = True
        seen.add(function.span(callee).start)
        found.calls.append((function, given[target.index]))
    if pasted(file, name):
        raise Refused(Reason.MACRO, f"one in {file.path} makes names such as this")
    for match in re.finditer(rb"\b" + name + rb"\b", masked):
        at = match.start()
        before = masked[max(0, at - 80) : at]
        if at in seen or _MEMBER.search(before) or _EXPORT.search(before) or no_function(file, match):
            continue
        stored = _STORED.search(before)
        if stored and re.compile(rb"\s*[,};]").match(masked, match.end()) and not in_macro(file, at):
            found.members.add(stored[1].decode("latin-1"))
            continue
        holder = file.at(at)
        taken = handed(holder, at) if holder is not None else None
        if taken is not None:
            found.handed.add(taken)
            continue
        if file.inside(at):
            raise Refused(Reason.MACRO if in_macro(file, at) else Reason.TABLE, file.path)
        edits = declaration(masked, match.end(), target.index, to)
        if edits is None:
            called = re.match(rb"\s*\(", masked[match.end() :]) is not None
            raise Refused(Reason.PROTOTYPE if called else Reason.TABLE, file.path)
        found.declared += [(file.path, edit) for edit in edits]
        edit = forward(masked, at, to)
        if edit and (file.path, edit) not in found.declared:
            found.declared.append((file.path, edit))


def handed(function: Function, at: int) -> tuple[str, int] | None:
    """Return the function to which the word at `at` is given by its name alone, and the position of the argument."""
    for node in walk(function.body):
        callee = node.child_by_field_name("function") if node.type == "call_expression" else None
        if callee is None or not function.span(node).start <= at < function.span(node).end:
            continue
        for position, each in enumerate(arguments(node)):
            if each.type == "identifier" and function.span(each).start == at:
                named = callee.type == "identifier"
                return (function.text(callee).decode("latin-1"), position) if named else None
    return None


def no_function(file: File, match: re.Match[bytes]) -> bool:
    """Whether a word names a label, the file of an #include, or a local of the function that it stands in."""
    masked, at = file.source.masked, match.start()
    line = masked[masked.rfind(b"\n", 0, at) + 1 : at]
    if not line.strip() and re.compile(rb"\s*:(?!:)").match(masked, match.end()):
        return True
    if re.match(rb"[ \t]*#[ \t]*include\b", line):
        return True
    holder = file.at(at)
    if holder is None:
        return False
    return _declares_local(holder, match[0])


def _declares_local(function: Function, name: bytes) -> bool:
    """Whether a name is declared as a local of a function."""
    for node in walk(function.body):
        if node.type != "declaration":
            continue
        for declarator in node.children_by_field_name("declarator"):
            inner: Node | None = declarator
            while inner is not None and inner.type != "identifier":
                inner = inner.child_by_field_name("declarator")
            if function.text(inner) == name:
                return True
    return False


def forward(masked: bytes, at: int, to: Descriptor) -> Edit | None:
    """Return the edit that declares the struct beside `struct page;`, where nothing before `at` names it."""
    tag = b"struct " + to.tag.encode()
    if re.search(tag + rb"\b", masked[:at]):
        return None
    page = re.search(rb"^struct page;[ \t]*\r?\n", masked, re.M)
    return Edit(Span(page.end(), page.end()), tag + b";\n") if page else None


def pasted(file: File, name: bytes) -> bool:
    """Return whether a macro of the file may make the name of its parts (`prefix_##what`)."""
    return any(pattern.fullmatch(name) for pattern in file.pasted)


def member(masked: bytes, at: int) -> bool:
    """Return whether the word at `at` is the name of a member, a tag or a label."""
    return _MEMBER.search(masked[max(0, at - 80) : at]) is not None


def exported(masked: bytes, at: int) -> bool:
    """Return whether the word at `at` is the name of an exported symbol."""
    return _EXPORT.search(masked[max(0, at - 80) : at]) is not None


def in_macro(file: File, at: int) -> bool:
    """Return whether a macro's definition holds `at`."""
    return any(i.role == "macro" and i.start <= at < i.end for i in file.source.items)


def declaration(masked: bytes, end: int, index: int, to: Descriptor) -> list[Edit] | None:
    """Return the edits of a declaration whose name ends at `end`; None if it is no plain one of a page.

    Args: index: of the parameter.
    """
    opening = re.compile(rb"\s*\(").match(masked, end)
    if opening is None:
        return None
    spans: list[Span] = []
    depth, start, at = 0, opening.end(), opening.end()
    while at < len(masked):
        byte = masked[at : at + 1]
        if byte in b",)" and depth == 0:
            spans.append(Span(start, at))
            start = at + 1
            if byte == b")":
                break
        depth += (byte in b"([") - (byte in b")]")
        if byte in b";{}" or depth < 0:
            return None
        at += 1
    if not re.compile(rb"[\s\w()]*;").match(masked, at + 1) or index >= len(spans):
        return None
    match = _PAGE.fullmatch(masked[spans[index].start : spans[index].end])
    if match is None:
        return None
    base = spans[index].start
    return retyped(match, base, to.named(match[2]), to)


class Scan:
    """Finds the C files of a tree that name one of some functions, when it is first asked.

    Looked into are include/ and the topmost folder of each target; the rest of the tree only for what include/
    declares or a file exports, and for names that are no target's, which are members of tables.
    """

    def __init__(self, root: str, targets: Collection[Target], jobs: int = 1) -> None:
        self._root = root
        self._jobs = jobs
        self._targets = targets
        self._found: dict[str, set[str]] | None = None

    def __call__(self, name: str) -> Collection[str]:
        """Return the files that hold `name`, as a word or as part of one."""
        if self._found is None:
            self._found = self._all()
        if name not in self._found:
            self.look_for({name})
        return self._found[name]

    def look_for(self, names: Collection[str]) -> None:
        """Look for several names that are no target's, in the whole tree at once."""
        if self._found is None:
            self._found = self._all()
        fresh = set(names) - self._found.keys()
        if fresh:
            self._found |= _holding(self._root, set(os.listdir(self._root)) - _NO_CODE, fresh, self._jobs)

    def _all(self) -> dict[str, set[str]]:
        names = {target.sought for target in self._targets}
        near = {"include", *(target.file.split("/")[0] for target in self._targets)}
        found = _holding(self._root, near, names, self._jobs)
        wide = {n for n in names if any(path.startswith("include/") for path in found[n])}
        for target in self._targets:
            path = os.path.join(self._root, target.file)
            if target.sought not in wide and re.search(
                rb"\bEXPORT_SYMBOL\w*\s*\(\s*" + target.sought.encode() + rb"\b", _read(path)
            ):
                wide.add(target.sought)
        rest = {each for each in os.listdir(self._root) if each not in near and each not in _NO_CODE}
        for name, paths in _holding(self._root, rest, wide, self._jobs).items():
            found[name] |= paths
        return found


_NO_CODE = frozenset(["Documentation", ".git"])
_MOST_BYTES = 16 << 20


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read(_MOST_BYTES)


def _holding(root: str, tops: Iterable[str], names: Collection[str], jobs: int) -> dict[str, set[str]]:
    """Return name -> the C files below `tops` that hold it."""
    found: dict[str, set[str]] = {name: set() for name in names}
    if not names:
        return found
    wanted = sorted(name.encode() for name in names)
    paths = list(_sources([os.path.join(root, top) for top in tops]))
    tasks = [paths[at : at + _CHUNK] for at in range(0, len(paths), _CHUNK)]

    def work(some: list[str]) -> bytes:
        return json.dumps([[wanted.index(word) for word in _held(path, wanted)] for path in some]).encode()

    def take(index: int, result: bytes | workers.Died) -> None:
        told = json.loads(work(tasks[index]) if isinstance(result, workers.Died) else result)
        for path, held in zip(tasks[index], told, strict=True):
            for number in held:
                found[wanted[number].decode()].add(os.path.relpath(path, root))

    workers.run(work, tasks, jobs, take)
    return found


def _held(path: str, wanted: list[bytes]) -> Collection[bytes]:
    """Return the words that a file holds."""
    data = _read(path)
    pages = b"page" in data
    likely = [word for word in wanted if pages or b"page" not in word]
    if len(likely) <= _FEW:
        return [word for word in likely if word in data]
    return set(likely) & set(_WORD.findall(data))


_CHUNK = 1500
"""Files a task."""


def _sources(folders: list[str]) -> Iterator[str]:
    """Yield the C files below some folders, without links."""
    while folders:
        try:
            entries = os.scandir(folders.pop())
        except OSError:
            continue  # a file at the top, or a folder that cannot be read
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.name.endswith((".c", ".h")) and entry.is_file(follow_symlinks=False):
                    yield entry.path


_FEW = 60
"""Names up to which it is faster to look for each of them than for all words."""
_WORD = re.compile(rb"[A-Za-z_]\w*")
