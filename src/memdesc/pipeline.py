"""The stages in order: read, facts, link, constrain, solve, report. One function a command."""

import gc
import hashlib
import os
import pickle
import resource
import stat
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from memdesc import __version__
from memdesc.errors import InputError
from memdesc.findings.judge import judge
from memdesc.findings.model import Interpretation, Level, Report
from memdesc.inference import answer
from memdesc.inference.constrain import constrain
from memdesc.inference.declare import Explanation, Inference
from memdesc.inference.link import Linked, link
from memdesc.inference.solve import Solution, solve
from memdesc.kinds import Layout
from memdesc.layout.shipped import shipped
from memdesc.records import Statistics, Unread
from memdesc.source import gather, kernel, workers
from memdesc.source.cache import Cache, Stamp
from memdesc.source.facts import FORMAT, FileFacts, pack, unpack
from memdesc.source.signatures import FOLDER, Signatures, fitted, load
from memdesc.source.vocabulary import vocabulary

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What a run may use and what it is to report."""

    jobs: int
    cache: bool
    level: Level
    interpretation: Interpretation


@dataclass(slots=True)
class _Read:
    """What reading gave: facts by path relative to `root`, and what it cost."""

    root: Path
    tree: Path | None
    paths: list[str]
    blobs: list[bytes]
    digest: bytes
    unread: list[Unread]
    hits: int
    seconds: dict[str, float]
    files: int


def _key() -> str:
    text = b"".join(path.read_bytes() for path in sorted(FOLDER.glob("*.h")))
    for module in sorted(Path(gather.__file__).parent.glob("*.py")):
        text += module.read_bytes()
    return f"{__version__}-{FORMAT}-{hashlib.blake2b(text, digest_size=6).hexdigest()}"


@lru_cache(maxsize=1)
def _members() -> dict[str, dict[str, tuple[str, int, bool]]]:
    return _known(load())


def _known(signatures: Signatures) -> dict[str, dict[str, tuple[str, int, bool]]]:
    found: dict[str, dict[str, tuple[str, int, bool]]] = {}
    for member in signatures.members:
        base = member.ctype.replace("const", "").replace("struct", "").replace("*", "").split()
        found.setdefault(member.struct, {})[member.name] = (
            base[-1] if base else "",
            member.ctype.count("*"),
            member.array,
        )
    return found


def _c_files(root: Path, unread: list[Unread]) -> list[tuple[str, Stamp]]:
    """Return every C file below `root` with its stamp, by path; links, FIFOs and the like are passed by."""
    found: list[tuple[str, Stamp]] = []
    work = [str(root)]
    while work:
        folder = work.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError as error:
            unread.append(Unread(os.path.relpath(folder, root), "", (error.strerror or str(error)).lower()))
            continue
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if not name.startswith("."):
                    work.append(entry.path)
            elif name.endswith((".c", ".h")) and entry.is_file(follow_symlinks=False):
                try:
                    status = entry.stat(follow_symlinks=False)
                except OSError as error:
                    unread.append(
                        Unread(os.path.relpath(entry.path, root), "", (error.strerror or str(error)).lower())
                    )
                    continue
                found.append((os.path.relpath(entry.path, root), Stamp.of(status)))
    return sorted(found)


def _read_one(task: tuple[str, bool]) -> tuple[bytes, bytes] | str:
    """Return (hash of the content, packed facts) of a file, or why it was not read; runs in a worker."""
    path, lone = task
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return "is no regular file"
        if status.st_size > gather.MAXIMUM_BYTES and not lone:
            return f"too large ({status.st_size >> 20} MiB)"
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError as error:
        return (error.strerror or str(error)).lower()
    digest = hashlib.blake2b(data, digest_size=16).digest()
    try:
        return digest, pack(_facts(data, path, lone))
    except RecursionError:
        return "nested too deeply"


_NOTHING = b""


def _facts(data: bytes, path: str, lone: bool) -> FileFacts:
    if lone or gather.relevant(data):
        return gather.gather(data, vocabulary(), _members(), gather.Scope(lone))
    return (
        gather.declarations(data)
        if path.endswith(".h") and b"struct" in data and len(data) < 1 << 19
        else gather.NOTHING
    )


def _read(paths: Sequence[Path], tree: Path | None, options: Options, progress: Progress) -> _Read:
    begun = time.perf_counter()
    found = tree or kernel.top(paths[0])
    if found is None and any(p.is_dir() for p in paths):
        found = next(p for p in paths if p.is_dir())
    unread: list[Unread] = []
    lone = found is None or (not (found / "include").is_dir() and all(p.is_file() for p in paths))
    if lone:
        root = Path(os.path.commonpath([str(p.resolve().parent) for p in paths]))
        files = [(os.path.relpath(p.resolve(), root), Stamp.of(p.stat())) for p in paths]
    else:
        assert found is not None
        root = found.resolve()
        files = _c_files(root, unread)
    cache = Cache(_key()) if options.cache else None
    small = lone or len(files) < 400
    stamps = cache.stamps(root) if cache else {}
    hashes: list[bytes] = [b""] * len(files)
    todo: list[int] = []
    for n, (path, stamp) in enumerate(files):
        known = stamps.get(str(root / path))
        if known and known[0] == stamp:
            hashes[n] = known[1]
        else:
            todo.append(n)
    blobs: dict[int, bytes] = {}
    kept = [n for n in range(len(files)) if hashes[n]]
    salt = b"s" if small else b"t"
    if cache and kept:
        held = cache.get_many([hashes[n] + salt for n in kept])
        for n in kept:
            blob = held.get(hashes[n] + salt)
            if blob is None:
                todo.append(n)
            else:
                blobs[n] = blob
    hits = len(blobs)
    todo.sort()
    listed = time.perf_counter()
    progress("reading", 0, len(todo))
    done = 0
    chunk = 24
    tasks = [todo[at : at + chunk] for at in range(0, len(todo), chunk)]

    def work(numbers: list[int]) -> list[tuple[bytes, bytes] | str]:
        return [_read_one((str(root / files[n][0]), small)) for n in numbers]

    def take(index: int, result: list[tuple[bytes, bytes] | str] | workers.Died) -> None:
        nonlocal done
        numbers = tasks[index]
        for at, n in enumerate(numbers):
            one: tuple[bytes, bytes] | str = result.how if isinstance(result, workers.Died) else result[at]
            if isinstance(one, str):
                unread.append(Unread(files[n][0], "", one))
            else:
                hashes[n], blobs[n] = one
        done += len(numbers)
        progress("reading", done, len(todo))

    workers.run(work, tasks, options.jobs, take)
    if cache:
        cache.put_many((hashes[n] + salt, blobs[n]) for n in todo if n in blobs)
        cache.put_stamps((str(root / files[n][0]), files[n][1], hashes[n]) for n in todo if n in blobs)
        cache.close()
    digest = hashlib.blake2b(digest_size=16)
    for n, (path, _) in enumerate(files):
        digest.update(path.encode("utf-8", "surrogateescape") + b"\0" + hashes[n])
    full = [n for n in range(len(files)) if blobs.get(n, _NOTHING) not in (_NOTHING, _EMPTY)]
    return _Read(
        root,
        None if lone else root,
        [files[n][0] for n in full],
        [blobs[n] for n in full],
        digest.digest(),
        unread,
        hits,
        {"list": listed - begun, "read": time.perf_counter() - listed},
        len(files),
    )


_EMPTY = pack(gather.NOTHING)


def _solve(read: _Read, signatures: Signatures, progress: Progress) -> tuple[Solution, dict[str, float]]:
    begun = time.perf_counter()
    gc.disable()  # millions of records that live to the end of the run
    progress("linking", 0, 1)
    files = [unpack(blob) for blob in read.blobs]
    loaded = time.perf_counter()
    linked = link(read.paths, files, _members())
    linking = time.perf_counter()
    version = kernel.version(read.tree) if read.tree else None
    graph = constrain(linked, signatures, version)
    constraining = time.perf_counter()
    progress("solving", 0, 1)
    solution = solve(graph)
    return solution, {
        "load": loaded - begun,
        "link": linking - loaded,
        "constrain": constraining - linking,
        "solve": time.perf_counter() - constraining,
    }


def _layout(read: _Read) -> Layout:
    """Return what the struct page of the kernel that was read decides."""
    if read.tree is None:
        return shipped(None)
    from memdesc.layout.kernel_tree import (
        layout_of,
    )  # a reader of headers, which a lone file need not wait for

    return layout_of(_texts(read.tree), kernel.version(read.tree))


def _statistics(
    read: _Read, linked: Linked, edges: int, seconds: dict[str, float], layout: str
) -> Statistics:
    unread = list(read.unread)
    functions = good = 0
    for file, function in linked.functions:
        if function.macro:
            continue
        functions += 1
        if function.error:
            unread.append(Unread(linked.paths[file], function.name, "a part of it does not parse"))
        else:
            good += 1
    memory = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    )
    return Statistics(
        read.files,
        read.files - len(read.unread),
        functions,
        good,
        tuple(sorted(unread, key=lambda u: (u.file, u.name))),
        read.hits,
        {**read.seconds, **seconds},
        memory * 1024,
        linked.node_count,
        edges,
        layout,
    )


def _texts(root: Path) -> Callable[[str], bytes]:
    held: dict[str, bytes] = {}

    def text(path: str) -> bytes:
        if path not in held:
            try:
                held[path] = (root / path).read_bytes()
            except OSError:
                held[path] = b""
        return held[path]

    return text


def _wanted(paths: Sequence[Path], root: Path) -> Callable[[str], bool]:
    below = []
    for path in paths:
        relative = os.path.relpath(path.resolve(), root.resolve())
        if relative == ".":
            return lambda _: True
        below.append(relative)
    return lambda file: any(file == b or file.startswith(b + "/") for b in below)


def check(paths: Sequence[Path], tree: Path | None, options: Options, progress: Progress) -> Report:
    """Return every finding of at least the wanted level below `paths`; the whole tree is the context.

    Raises: InputError: a path that cannot be read at all.
    """
    read = _read(paths, tree, options, progress)
    name = str(read.tree) if read.tree else ""
    release = kernel.release(read.tree) if read.tree else ""
    cache = Cache(_key()) if options.cache and read.tree else None
    asked = "\0".join(
        [
            "check",
            __version__,
            options.level.name,
            options.interpretation.value,
            _program(),
            *(str(p.resolve()) for p in paths),
        ]
    )
    key = hashlib.blake2b(read.digest + asked.encode("utf-8", "surrogateescape"), digest_size=16).digest()
    if cache:
        kept = cache.get_result(key)
        if kept is not None:
            cache.close()
            findings, statistics = pickle.loads(kept)
            seconds = {**read.seconds}
            fresh = replace(
                statistics, cache_hits=read.hits, seconds=seconds, unread=tuple(statistics.unread)
            )
            return Report(name, release, findings, fresh)
    layout = _layout(read)
    solution, seconds = _solve(read, fitted(load(), layout), progress)
    begun = time.perf_counter()
    progress("tracing", 0, 1)
    findings = judge(
        solution, _texts(read.root), options.level, options.interpretation, _wanted(paths, read.root)
    )
    seconds["trace"] = time.perf_counter() - begun
    statistics = _statistics(read, solution.graph.linked, len(solution.edges), seconds, layout.name)
    if cache:
        cache.put_result(key, pickle.dumps((findings, statistics)))
        cache.close()
    return Report(name, release, findings, statistics)


def _program() -> str:
    """Return what says which code made a result."""
    here = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    patterns = ("*.py", "inference/*.py", "findings/**/*.py", "layout/*.py", "layout/designs/*.h")
    for module in sorted(path for pattern in patterns for path in here.glob(pattern)):
        digest.update(module.read_bytes())
    return digest.hexdigest()


def infer(paths: Sequence[Path], tree: Path | None, options: Options, progress: Progress) -> Inference:
    """Return what every page and folio pointer declared below `paths` is, and should be declared as."""
    read = _read(paths, tree, options, progress)
    layout = _layout(read)
    solution, seconds = _solve(read, fitted(load(), layout), progress)
    entities = answer.entities(solution, _texts(read.root), _wanted(paths, read.root))
    return Inference(
        str(read.tree) if read.tree else "",
        kernel.release(read.tree) if read.tree else "",
        entities,
        _statistics(read, solution.graph.linked, len(solution.edges), seconds, layout.name),
    )


def explain(place: str, tree: Path | None, options: Options, progress: Progress) -> Explanation:
    """Return what the pointer at FILE:LINE[:COLUMN] can be, and why.

    Raises: InputError: no page pointer stands there.
    """
    parts = place.rsplit(":", 2)
    if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
        file, line, column = parts[0], int(parts[1]), int(parts[2])
    else:
        file, line, column = place.rsplit(":", 1)[0], int(place.rsplit(":", 1)[1]), 0
    path = Path(file)
    read = _read([path], tree, options, progress)
    solution, _ = _solve(read, fitted(load(), _layout(read)), progress)
    relative = os.path.relpath(path.resolve(), read.root)
    found = answer.explain(solution, _texts(read.root), relative, line, column)
    if found is None:
        raise InputError(place, "no pointer to memory that could be followed stands there")
    return found


def dump(stage: str, file: Path) -> str:
    """Return one stage's records of a lone file as text, a record a line."""
    options = Options(1, False, Level.NOTE, Interpretation.OTTAWA)
    read = _read([file], None, options, lambda *_: None)
    facts = [unpack(blob) for blob in read.blobs]
    if stage == "facts":
        return answer.dump_facts(facts, read.paths)
    solution, _ = _solve(read, fitted(load(), _layout(read)), lambda *_: None)
    return answer.dump_graph(solution) if stage == "graph" else answer.dump_kinds(solution)
