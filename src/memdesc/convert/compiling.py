"""Compiling changed files as kbuild compiles them, before and after, without a change to the tree.

kbuild configures and prepares a build folder outside of the tree, and compiles the objects of the changed files
once as they are. What it ran for each is kept there (`.NAME.o.cmd`), and is run again for the changed text, which
stands in a copy of the tree that is made of links.

Source: cmd_and_fixdep in scripts/Kbuild.include: `cmd_X := ...` before 6.3, `savedcmd_X := ...` since.
"""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from memdesc.convert.memo import Memo
from memdesc.convert.model import Conversion, Says, Target, Verdict
from memdesc.errors import InputError
from memdesc.places import Lines
from memdesc.source.text import split

WIDE = """\
CONFIG_WERROR=n
CONFIG_KASAN=n
CONFIG_KCSAN=n
CONFIG_KCOV=n
CONFIG_UBSAN=n
CONFIG_GCOV_KERNEL=n
CONFIG_DEBUG_INFO_NONE=y
CONFIG_DEBUG_VM=n
CONFIG_PROVE_LOCKING=n
CONFIG_LOCK_STAT=n
CONFIG_DEBUG_LOCK_ALLOC=n
CONFIG_FTRACE=n
CONFIG_GCC_PLUGINS=n
CONFIG_RANDSTRUCT_NONE=y
CONFIG_MODULE_SIG=n
CONFIG_SYSTEM_TRUSTED_KEYRING=n
CONFIG_RUST=n
"""
"""What `wide` takes from allmodconfig: what makes other code of the same source."""

_NEEDED = ("make", "gcc", "ld", "objdump", "flex", "bison", "bc", "perl")
_INCLUDED = re.compile(r"^  ([^\s$]+) \\$", re.M)
_COMMAND = re.compile(r"^(?:saved)?cmd_\S+ := (.*)$", re.M)
_SAID = re.compile(
    r"^(?P<path>[^\s:]+):(?P<line>\d+):(?:\d+:)? "
    r"(?:(?:warning|error|fatal error): |note: in expansion of macro )"
)
_QUOTED = re.compile(r"['\u2018](\w+)['\u2019]")
_AT_ONCE = 200


def present() -> None:
    """Raises: InputError: a program that building a kernel needs is missing."""
    for name in _NEEDED:
        if shutil.which(name) is None:
            raise InputError("--verify", f"needs {name}, which is not installed")


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a compiler did.

    Attributes: done: whether it gave an object. said: its errors and warnings, with paths of the tree. functions:
    what was read of the object.
    """

    done: bool
    said: tuple[str, ...]
    functions: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Version:
    """A tree to compile. place: its top. texts: what differs from the tree as it is."""

    place: Path
    texts: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What to make of an object. read: gives function -> its lines. depends: on what that depends besides."""

    read: Callable[[Path], dict[str, list[str]]]
    depends: bytes


@dataclass(frozen=True, slots=True)
class Shop:
    """A prepared build folder. work: a temporary folder. root, build: real paths. memo: what was compiled before."""

    root: Path
    build: Path
    work: Path
    jobs: int
    memo: Memo

    @property
    def before(self) -> Version:
        """The tree as it is."""
        return Version(self.root)

    def objects(self, paths: Collection[str]) -> dict[str, list[str]]:
        """Return file -> what kbuild runs to compile it; no file that this configuration leaves out."""
        wanted = sorted(path for path in paths if path.endswith(".c"))
        missing = [path[:-1] + "o" for path in wanted if self._command(path) is None]
        for start in range(0, len(missing), _AT_ONCE):
            make(
                self.root,
                self.build,
                ["-k", "W=1", f"-j{self.jobs}", *missing[start : start + _AT_ONCE]],
                strict=False,
            )
        found = {path: self._command(path) for path in wanted}
        return {path: command for path, command in found.items() if command}

    def _saved(self, path: str) -> str:
        """Return what kbuild keeps of how it compiled a file: the command, and what the file includes."""
        folder, _, name = path.rpartition("/")
        try:
            return (self.build / folder / f".{name[:-1]}o.cmd").read_text("utf-8", "surrogateescape")
        except OSError:
            return ""

    def _command(self, path: str) -> list[str] | None:
        match = _COMMAND.search(self._saved(path))
        if match is None or not (self.build / (path[:-1] + "o")).exists():
            return None
        words = shlex.split(match[1].replace("$(pound)", "#").replace("$$", "$"))
        command = words[: words.index(";")] if ";" in words else words
        return [word.removesuffix(";") for word in command if not word.startswith("-Wp,-MMD")]

    def shadow(self, texts: Mapping[str, bytes], top: Path | None = None) -> Version:
        """Return a copy of the tree, of links, in which `texts` stand. top: where, else in the temporary folder."""
        top = top or self.work / "after"
        if top.exists():
            shutil.rmtree(top)
        top.mkdir()
        changed = {path.split("/")[0] for path in texts}
        for entry in os.scandir(self.root):
            if entry.is_dir() and entry.name in changed:
                _linked(Path(entry.path), top / entry.name)
            else:
                os.symlink(entry.path, top / entry.name)
        for path, data in texts.items():
            (top / path).unlink(missing_ok=True)
            (top / path).write_bytes(data)
        return Version(top, texts)

    def compile(
        self,
        path: str,
        command: Sequence[str],
        version: Version,
        more: Sequence[str] = (),
        last: Sequence[str] = (),
        reading: Reading | None = None,
    ) -> Compiled:
        """Run a command of objects(), if that was not done before.

        Args: more, last: options before and after its own.
        """
        key = self._key(path, [*command, "", *more, "", *last], version, reading)
        kept = self.memo.get(key) if key else None
        if kept is not None:
            return Compiled(*kept)
        target = self.work / f"{path.replace('/', '_')}.{version.place.name}.o"
        words = [word.replace(f"{self.root}/", f"{version.place}/") for word in command]
        words[words.index("-o") + 1] = str(target)
        done = subprocess.run(
            [words[0], *more, *words[1:], *last],
            cwd=self.build,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
        text = done.stdout.decode("utf-8", "replace").replace(f"{version.place}/", "")
        said = [line for line in text.splitlines() if _SAID.match(line)]
        if done.returncode and not said:
            said = text.splitlines()[:3]
        functions = reading.read(target) if reading is not None and not done.returncode else {}
        target.unlink(missing_ok=True)
        if key:
            self.memo.put(key, (done.returncode == 0, tuple(said), functions))
        return Compiled(done.returncode == 0, tuple(said), functions)

    def _key(self, path: str, words: Sequence[str], version: Version, reading: Reading | None) -> str:
        """Return what names the result of a command; nothing where it is not known what the file includes."""
        included = _INCLUDED.findall(self._saved(path))
        if not included:
            return ""
        contents = [reading.depends if reading is not None else b"", _program(words[0])]
        top = f"{self.root}/"
        for name in [top + path, *included]:
            own = version.texts.get(name.removeprefix(top)) if name.startswith(top) else None
            contents.append(self.memo.digest(self.build / name) if own is None else own)
        for name, data in sorted(version.texts.items()):
            if not (self.root / name).exists():  # a new header, which nobody included before
                contents += [name.encode(), data]
        return self.memo.key([word.replace(f"{self.work}/", "") for word in words], contents)

    def documented(self, version: Version, path: str) -> tuple[str, ...]:
        """Return what the kernel's own check says of the comments of a file, as a build with W=1 does."""
        script = self.root / "scripts" / "kernel-doc"
        if not script.exists() or b"perl" not in script.read_bytes()[:64]:
            return ()
        source = version.place / path
        key = self.memo.key(["kernel-doc", path], [self.memo.digest(script), source.read_bytes()])
        kept = self.memo.get(key)
        if kept is not None:
            return kept[1]
        done = subprocess.run(
            ["perl", str(script), "-none", str(source)],
            capture_output=True,
            check=False,
            cwd=self.work,
        )
        text = done.stderr.decode("utf-8", "replace").replace(f"{version.place}/", "")
        said = tuple(line for line in text.splitlines() if "warning:" in line)
        self.memo.put(key, (True, said, {}))
        return said

    def build_both(self, texts: Mapping[str, bytes], only: Collection[str] | None = None) -> list[Verdict]:
        """Return a verdict on each file of `texts`: whether it compiles, with no error or warning that is new.

        Args: only: the files to compile; None for all.
        """
        chosen = texts.keys() if only is None else set(only)
        commands = self.objects(chosen)
        after = self.shadow(texts)

        def one(path: str) -> Verdict:
            if path not in commands:
                return Verdict(path, "", Says.NOT_BUILT)
            result = self.compile(path, commands[path], after)
            said = [*result.said, *self.documented(after, path)]
            if said:
                old = self.compile(path, commands[path], self.before)
                said = _new([*old.said, *self.documented(self.before, path)], said)
            fails = bool(said) or not result.done
            return Verdict(path, "", Says.FAILS if fails else Says.BUILDS, tuple(said))

        with ThreadPoolExecutor(self.jobs) as pool:
            return list(pool.map(one, [path for path in sorted(chosen) if path.endswith(".c")]))


@contextlib.contextmanager
def workshop(root: Path, build: Path | None, config: str, jobs: int) -> Iterator[Shop]:
    """Give a build folder that is configured and prepared.

    Args: build: the folder to use, which is left as it is where it is prepared already; None: a temporary one.
    config: "wide", a target of kbuild, or a file.
    Raises: InputError: kbuild refuses, or no files can be made.
    """
    real = Path(os.path.realpath(root))
    if (real / ".config").exists() or (real / "include" / "config").exists():
        raise InputError(
            str(root), "was built in place; kbuild wants `make mrproper` there before it builds elsewhere"
        )
    try:
        with tempfile.TemporaryDirectory(prefix="memdesc-") as work:
            folder = Path(os.path.realpath(build or Path(work) / "build"))
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / "include" / "generated" / "autoconf.h").exists():
                _configure(real, folder, config)
                make(real, folder, [f"-j{jobs}", "prepare"])
            yield Shop(real, folder, Path(work), jobs, Memo(folder))
    except OSError as error:
        raise InputError(
            str(error.filename or build or "temporary folder"), (error.strerror or str(error)).lower()
        ) from error


def _configure(root: Path, build: Path, config: str) -> None:
    if config == "wide":
        fragment = build / "memdesc.config"
        fragment.write_text(WIDE)
        make(root, build, [f"KCONFIG_ALLCONFIG={fragment}", "allmodconfig"])
    elif Path(config).is_file():
        shutil.copyfile(config, build / ".config")
        make(root, build, ["olddefconfig"])
    elif re.fullmatch(r"[\w-]+config", config):
        make(root, build, [config])
    else:
        raise InputError(f"--config {config}", "is neither a file nor a target such as defconfig")


def make(root: Path, build: Path, words: Sequence[str], *, strict: bool = True) -> None:
    """Run kbuild, without a word. Raises: InputError: it fails, and `strict` says that it must not."""
    done = subprocess.run(
        ["make", "-s", "-C", str(root), f"O={build}", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "LC_ALL": "C"},
        check=False,
    )
    if done.returncode and strict:
        said = [line for line in done.stdout.decode("utf-8", "replace").splitlines() if line.strip()]
        why = next(
            (line for line in said if "***" in line or "error" in line), said[-1] if said else "no word why"
        )
        raise InputError(f"make {words[-1]}", f"failed: {why.strip()}")


def _linked(folder: Path, copy: Path) -> None:
    copy.mkdir()
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            _linked(Path(entry.path), copy / entry.name)
        else:
            os.symlink(entry.path, copy / entry.name)


@cache
def _program(name: str) -> bytes:
    """Return what tells a compiler from another, or from an older one of the same name."""
    path = shutil.which(name)
    if path is None:
        return b""
    found = os.stat(path)
    return f"{os.path.realpath(path)} {found.st_size} {found.st_mtime_ns}".encode()


def _new(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return the lines that were not there before, wherever they stood."""
    old = Counter(re.sub(r":\d+", "", line) for line in before)
    fresh = []
    for line in after:
        key = re.sub(r":\d+", "", line)
        if old[key]:
            old[key] -= 1
        else:
            fresh.append(line)
    return fresh


def blamed(made: Conversion, verdicts: Sequence[Verdict], after: Mapping[str, bytes]) -> frozenset[Target]:
    """Return the converted parameters whose edits are to blame for what does not compile: those that edit the
    function of an error, else those that edit the file."""
    found: set[Target] = set()
    for verdict in verdicts:
        if verdict.says is not Says.FAILS:
            continue
        places = {(verdict.file, "")}
        for line in verdict.lines:
            if (match := _SAID.match(line)) and match["path"] in after:
                places.add((match["path"], _function(after[match["path"]], int(match["line"]))))
        words = {word for line in verdict.lines for word in _QUOTED.findall(line)}
        mine = {file for file, _ in places}
        exact = {
            t
            for t in made.converted
            if made.touched[t] & {place for place in places if place[1]}
            or (t.function in words and mine & {file for file, _ in made.touched[t]})
        }
        found |= exact or {t for t in made.converted if mine & {file for file, _ in made.touched[t]}}
    return frozenset(found)


def _function(data: bytes, line: int) -> str:
    lines = Lines(data)
    for item in split(data).items:
        if item.role == "function" and lines.line(item.start) <= line <= lines.line(item.end):
            return item.name
    return ""
