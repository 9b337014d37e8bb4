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
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

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
    """What a compiler did: whether it gave an object, and its errors and warnings, with paths of the tree."""

    done: bool
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shop:
    """A prepared build folder. work: a temporary folder. root, build: real paths."""

    root: Path
    build: Path
    work: Path
    jobs: int

    def objects(self, paths: Collection[str]) -> dict[str, list[str]]:
        """Return file -> what kbuild runs to compile it; no file that this configuration leaves out."""
        wanted = sorted(path for path in paths if path.endswith(".c"))
        missing = [path[:-1] + "o" for path in wanted if self._command(path) is None]
        for start in range(0, len(missing), _AT_ONCE):
            _make(
                self.root,
                self.build,
                ["-k", "W=1", f"-j{self.jobs}", *missing[start : start + _AT_ONCE]],
                strict=False,
            )
        found = {path: self._command(path) for path in wanted}
        return {path: command for path, command in found.items() if command}

    def _command(self, path: str) -> list[str] | None:
        folder, _, name = path.rpartition("/")
        saved = self.build / folder / f".{name[:-1]}o.cmd"
        try:
            match = _COMMAND.search(saved.read_text("utf-8", "surrogateescape"))
        except OSError:
            return None
        if match is None or not (self.build / (path[:-1] + "o")).exists():
            return None
        words = shlex.split(match[1].replace("$(pound)", "#").replace("$$", "$"))
        command = words[: words.index(";")] if ";" in words else words
        return [word.removesuffix(";") for word in command if not word.startswith("-Wp,-MMD")]

    def shadow(self, name: str, texts: Mapping[str, bytes]) -> Path:
        """Return a copy of the tree, of links, in which `texts` stand."""
        top = self.work / name
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
        return top

    def compile(
        self,
        command: Sequence[str],
        source: Path,
        target: str,
        more: Sequence[str] = (),
        last: Sequence[str] = (),
    ) -> Compiled:
        """Run a command of objects() for the tree at `source`. Args: more, last: options before and after its own."""
        words = [word.replace(f"{self.root}/", f"{source}/") for word in command]
        words[words.index("-o") + 1] = target
        done = subprocess.run(
            [words[0], *more, *words[1:], *last],
            cwd=self.build,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
        text = done.stdout.decode("utf-8", "replace").replace(f"{source}/", "")
        said = [line for line in text.splitlines() if _SAID.match(line)]
        return Compiled(
            done.returncode == 0, tuple(said or text.splitlines()[:3] if done.returncode else said)
        )

    def documented(self, source: Path, path: str) -> tuple[str, ...]:
        """Return what the kernel's own check says of the comments of a file, as a build with W=1 does."""
        script = self.root / "scripts" / "kernel-doc"
        if not script.exists() or b"perl" not in script.read_bytes()[:64]:
            return ()
        done = subprocess.run(
            ["perl", str(script), "-none", str(source / path)],
            capture_output=True,
            check=False,
            cwd=self.work,
        )
        text = done.stderr.decode("utf-8", "replace").replace(f"{source}/", "")
        return tuple(line for line in text.splitlines() if "warning:" in line)

    def build_both(self, texts: Mapping[str, bytes], only: Collection[str] | None = None) -> list[Verdict]:
        """Return a verdict on each file of `texts`: whether it compiles, with no error or warning that is new.

        Args: only: the files to compile; None for all.
        """
        chosen = texts.keys() if only is None else set(only)
        commands = self.objects(chosen)
        after = self.shadow("after", texts)

        def one(path: str) -> Verdict:
            if path not in commands:
                return Verdict(path, "", Says.NOT_BUILT)
            result = self.compile(commands[path], after, str(self.work / f"{_flat(path)}.o"))
            said = [*result.said, *self.documented(after, path)]
            if said:
                old = self.compile(commands[path], self.root, str(self.work / f"{_flat(path)}.old.o"))
                said = _new([*old.said, *self.documented(self.root, path)], said)
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
                _make(real, folder, [f"-j{jobs}", "prepare"])
            yield Shop(real, folder, Path(work), jobs)
    except OSError as error:
        raise InputError(
            str(error.filename or build or "temporary folder"), (error.strerror or str(error)).lower()
        ) from error


def _configure(root: Path, build: Path, config: str) -> None:
    if config == "wide":
        fragment = build / "memdesc.config"
        fragment.write_text(WIDE)
        _make(root, build, [f"KCONFIG_ALLCONFIG={fragment}", "allmodconfig"])
    elif Path(config).is_file():
        shutil.copyfile(config, build / ".config")
        _make(root, build, ["olddefconfig"])
    elif re.fullmatch(r"[\w-]+config", config):
        _make(root, build, [config])
    else:
        raise InputError(f"--config {config}", "is neither a file nor a target such as defconfig")


def _make(root: Path, build: Path, words: Sequence[str], *, strict: bool = True) -> None:
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


def _flat(path: str) -> str:
    return path.replace("/", "_")


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
