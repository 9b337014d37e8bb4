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
from typing import TypeVar

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

T = TypeVar("T")
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
        earlier = Earlier(results, survey, "check", _asked(options))
        known = earlier.find(_unpacked)
        if known is not None:
            misuses, statistics = known
            return _report(name, release, misuses, options, asked, told_again(statistics, survey), survey)
        earlier.begin()
        from memdesc import stages  # the stages need not be there when the result is known

        misuses, statistics = stages.judged(
            survey,
            cache,
            options.jobs,
            options.interpretation,
            progress,
            (lambda _: True) if results else asked,
        )
        earlier.keep(lambda texts: kept.pack(misuses, own_part(statistics, survey), texts))
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


def _unpacked(blob: bytes) -> tuple[tuple[tuple[Finding, ...], Statistics], dict[str, bytes]] | None:
    found = kept.unpack(blob)
    return (found[:2], found[2]) if found is not None else None


def own_part(statistics: Statistics, survey: Survey) -> Statistics:
    """Return statistics without what each survey finds out anew."""
    listed = frozenset(survey.unread)
    return replace(statistics, unread=tuple(u for u in statistics.unread if u not in listed))


def told_again(statistics: Statistics, survey: Survey) -> Statistics:
    """Return the statistics of an earlier run that had the same result, as those of this one."""
    unread = sorted({*survey.unread, *statistics.unread}, key=lambda u: (u.file, u.name))
    return replace(
        statistics,
        files=survey.count,
        files_read=survey.read,
        functions_defined=survey.functions_beside(statistics.functions),
        unread=tuple(unread),
        cache_hits=survey.hits,
        seconds=survey.seconds,
    )


def _asked(options: Options) -> list[str]:
    return [str(getattr(options, each.name)) for each in fields(options) if each.name not in _NO_MATTER]


class Earlier:
    """What an earlier run made of the same files and texts with this very program.

    Args: results: None where none are kept. sort: of the result. asked: what else it depends on.
    """

    def __init__(self, results: Cache | None, survey: Survey, sort: str, asked: Sequence[str]) -> None:
        self._results = results
        self._survey = survey
        self._said = [sort, *asked]
        self._content = b""
        self._key = self._name()

    def find(self, unpack: Callable[[bytes], tuple[T, Mapping[str, bytes]] | None]) -> T | None:
        """Return the result that is kept, None where none is.

        Args: unpack: gives the result and the hashes of the texts that it was made of, None for damaged bytes.
        """
        if not self._results or not self._key:
            return None
        index = self._results.get_result(self._key)
        paths = kept.unpack_paths(index) if index else None
        if paths is None:
            return None
        name = _of_texts(self._key, self._survey.texts.hashes(paths))
        blob = self._results.get_result(name)
        known = unpack(blob) if blob is not None else None
        if known is None:
            if blob is not None:
                self._results.forget([name])
            return None
        result, asked = known
        return result if self._survey.texts.hashes(asked) == asked else None

    def begin(self) -> None:
        """Note the content of the files of which a result is about to be made."""
        if self._results:
            self._content = self._survey.digest()

    def keep(self, pack: Callable[[Mapping[str, bytes]], bytes]) -> None:
        """Keep a result, unless a file was changed meanwhile. Args: pack: gives its bytes of the hashes of texts."""
        self._key = self._key or self._name()
        texts = self._survey.texts
        if self._results and self._key and self._survey.digest() == self._content and not texts.changed:
            self._results.put_result(self._key, kept.pack_paths(texts.asked))
            self._results.put_result(_of_texts(self._key, texts.asked), pack(texts.asked))

    def _name(self) -> bytes | None:
        """Return what names the results of these facts; None where some are lost, or none are kept."""
        survey = self._survey
        shape = survey.shape() if self._results else None
        if shape is None:
            return None
        release = kernel.release(survey.tree) if survey.tree else ""
        places = [str(survey.small), *sorted(survey.architectures), *map(str, survey.outside)]
        sort, *asked = self._said
        said = "\0".join([sort, __version__, _program(), release, str(survey.tree), *asked, *places])
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
