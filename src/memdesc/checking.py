"""A check: what is found in a tree, or is known of it from an earlier run.

An unchanged tree is answered from its listing and the result that was kept. That must be quick, so what reads and
solves is imported only when it is needed.
"""

import gc
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatch
from pathlib import Path

from memdesc import __version__
from memdesc.findings import allowed, kept
from memdesc.findings.levels import select
from memdesc.findings.model import Finding, Interpretation, Level, Report
from memdesc.findings.registry import rules
from memdesc.records import Statistics
from memdesc.source import kernel
from memdesc.source import survey as surveys
from memdesc.source.cache import Cache
from memdesc.source.survey import Progress, Survey, cache_key, name_of

PROGRAM = (
    "*.py",
    "source/*.py",
    "inference/*.py",
    "findings/**/*.py",
    "layout/*.py",
    "layout/designs/*.*",
    "source/signatures/derived/*.h",
)
"""What makes results; what makes facts, the signatures among it, is in the name of the cache: survey.cache_key()."""
_NO_MATTER = ("jobs", "cache", "level", "rules", "excluded")
"""Options that say how a run is done, or choose from what it finds."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run may use and what it is to report.

    Attributes: rules: findings of these alone are reported, None for all. excluded: patterns (fnmatch) of the
    absolute paths of files of which nothing is reported.
    """

    jobs: int
    cache: bool
    level: Level = Level.WARNING
    interpretation: Interpretation = Interpretation.OTTAWA
    rules: frozenset[str] | None = None
    excluded: tuple[str, ...] = ()


def undisturbed() -> None:
    """Millions of records are made that live to the end of the run: nothing of them is garbage."""
    gc.disable()


def opened(options: Options) -> AbstractContextManager[Cache | None]:
    """Return the cache, if the run may use one."""
    return Cache(cache_key()) if options.cache else nullcontext()


def wanted(paths: Sequence[Path], root: Path) -> Callable[[str], bool]:
    """Return what tells whether a file is one of `paths`, or below one."""
    below = [name_of(path, root) for path in paths]
    if "." in below:
        below = [name for name in below if os.path.isabs(name)]
        return lambda file: (
            not os.path.isabs(file) or any(file == b or file.startswith(b + "/") for b in below)
        )
    return lambda file: any(file == b or file.startswith(b + "/") for b in below)


def check(
    paths: Sequence[Path],
    tree: Path | None,
    options: Options,
    progress: Progress,
    overlay: Mapping[Path, bytes] | None = None,
) -> Report:
    """Return every finding of at least the wanted level below `paths`; the whole tree is the context.

    All of a tree's misuses are kept together, so that one run answers for every path in it and every level. They are
    found again as long as the facts are of the same shape and the texts that were asked for are the same: an edit of
    code that is not followed changes neither.

    Args: overlay: what is read in the place of files of the tree or of a module; the files stay as they are.
    Raises: InputError: a path that cannot be read at all.
    """
    undisturbed()
    with opened(options) as cache:
        survey = surveys.known(paths, tree, cache, overlay)
        if survey.complete:
            surveys.asked_for(paths, survey)
            survey.hits = survey.read
        else:
            from memdesc.source import reading

            reading.complete(survey, paths, cache, options.jobs, progress)
        name = str(survey.tree) if survey.tree else ""
        release = kernel.release(survey.tree) if survey.tree else ""
        results = cache if survey.tree else None
        asked = wanted(paths, survey.root)
        key = _name(survey, options, release) if results else None
        known = _kept(results, key, survey) if results and key else None
        if known is not None:
            misuses, statistics = known
            return _report(name, release, misuses, options, asked, statistics, survey)
        content = survey.digest()
        from memdesc import stages  # the stages need not be there when the result is known

        misuses, statistics = stages.judged(
            survey,
            cache,
            options.jobs,
            options.interpretation,
            progress,
            (lambda _: True) if results else asked,
        )
        key = key or (_name(survey, options, release) if results else None)
        if results and key and survey.digest() == content and not survey.texts.changed:
            listed = frozenset(survey.unread)
            own = replace(statistics, unread=tuple(u for u in statistics.unread if u not in listed))
            texts = survey.texts.asked
            results.put_result(key, kept.pack_paths(texts))
            results.put_result(_of_texts(key, texts), kept.pack(misuses, own, texts))
        return _report(name, release, misuses, options, asked, statistics, survey)


def _report(
    name: str,
    release: str,
    misuses: tuple[Finding, ...],
    options: Options,
    asked: Callable[[str], bool],
    statistics: Statistics,
    survey: Survey,
) -> Report:
    """Return what to report of all misuses: at each level a part of what is reported at the one below."""
    level = options.level

    def wanted(file: str) -> bool:
        return asked(file) and not any(
            fnmatch(os.path.join(survey.root, file), pattern) for pattern in options.excluded
        )

    comments = {
        file: allowed.read(file, survey.texts(file), rules())
        for file in (survey.files[number][0] for number in sorted(survey.allowing))
        if wanted(file)
    }
    chosen = [f for f in misuses if wanted(f.file) and (options.rules is None or f.rule in options.rules)]
    left, suppressed, unused = allowed.apply(chosen, comments, options.rules)
    every = select(left, Level.NOTE, wanted)
    shown = tuple(finding for finding in every if finding.level >= level)
    notes = sum(finding.level is Level.NOTE for finding in every) if level > Level.NOTE else 0
    return Report(name, release, shown, statistics, str(survey.root), notes, suppressed, unused)


def _kept(results: Cache, key: bytes, survey: Survey) -> tuple[tuple[Finding, ...], Statistics] | None:
    """Return what an earlier run made of the same files, None when none did."""
    index = results.get_result(key)
    paths = kept.unpack_paths(index) if index else None
    if paths is None:
        return None
    name = _of_texts(key, survey.texts.hashes(paths))
    blob = results.get_result(name)
    if blob is None:
        return None
    known = kept.unpack(blob)
    if known is None:
        results.forget([name])
        return None
    misuses, statistics, asked = known
    if survey.texts.hashes(asked) != asked:
        return None
    unread = sorted({*survey.unread, *statistics.unread}, key=lambda u: (u.file, u.name))
    return misuses, replace(
        statistics,
        files=survey.count,
        files_read=survey.read,
        functions_defined=survey.functions_beside(statistics.functions),
        unread=tuple(unread),
        cache_hits=survey.hits,
        seconds=survey.seconds,
    )


def _name(survey: Survey, options: Options, release: str) -> bytes | None:
    """Return what names the result of checking these facts with this very program; None where some are lost."""
    shape = survey.shape()
    if shape is None:
        return None
    asked = [str(getattr(options, each.name)) for each in fields(options) if each.name not in _NO_MATTER]
    places = [str(survey.small), *sorted(survey.architectures), *map(str, survey.outside)]
    said = "\0".join(["check", __version__, _program(), release, str(survey.tree), *asked, *places])
    return hashlib.blake2b(shape + said.encode("utf-8", "surrogateescape"), digest_size=16).digest()


def _of_texts(key: bytes, hashes: Mapping[str, bytes]) -> bytes:
    """Return what names, of the results under a key, the one that was made of these texts."""
    digest = hashlib.blake2b(key, digest_size=16)
    for path in sorted(hashes):
        digest.update(path.encode("utf-8", "surrogateescape") + b"\0" + hashes[path])
    return digest.digest()


def _program() -> str:
    """Return what says which code made a result."""
    here = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(path for pattern in PROGRAM for path in here.glob(pattern)):
        digest.update(str(path.relative_to(here)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
