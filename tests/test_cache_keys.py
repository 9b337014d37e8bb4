"""What is kept is used only for the very same input: whatever a result depends on, a change of it is seen."""

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

import pytest

import memdesc
from memdesc import checking, pipeline, stages
from memdesc.findings.model import Interpretation, Level, Report
from memdesc.inference.declare import Inference
from memdesc.source import reading
from memdesc.source.survey import Survey

PACKAGE = Path(memdesc.__file__).parent
TREE = Path(__file__).parents[1] / "examples" / "tree"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with a header that is a link, Kconfig files, and files that look settled; a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "tree"
    shutil.copytree(TREE, root)
    (root / "arch" / "x86").mkdir(parents=True, exist_ok=True)
    (root / "arch" / "x86" / "Kconfig").write_text("config X86\n\tselect HAVE_ARCH_VMAP_STACK\n")
    (root / "arch" / "x86" / "a.c").write_text("int a;\n")
    (root / "include" / "net").mkdir(exist_ok=True)
    (root / "real").write_text("struct net_iov {\n\tunsigned long flags;\n};\n")
    (root / "include" / "net" / "netmem.h").symlink_to("../../real")
    return root


def _options(
    level: Level = Level.NOTE, interpretation: Interpretation = Interpretation.OTTAWA
) -> pipeline.Options:
    return pipeline.Options(1, True, level, interpretation)


class _Runs:
    """Runs that say whether they found a result that was kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, paths: list[Path], options: pipeline.Options | None = None) -> tuple[Report, bool]:
        solved = []
        real = stages.solved

        def solve(*args: object) -> object:
            solved.append(1)
            return real(*args)  # type: ignore[arg-type]

        with self._monkeypatch.context() as patch:
            patch.setattr(stages, "solved", solve)
            report = pipeline.check(paths, None, options or _options(), lambda *_: None)
        return report, not solved


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> _Runs:
    """Runs a check."""
    return _Runs(monkeypatch)


def _edit(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        text = (root / path).read_text()
        assert old in text
        (root / path).write_text(text.replace(old, new, 1))

    return change


def _relink(root: Path) -> None:
    link = root / "include" / "net" / "netmem.h"
    (root / "other").write_text("struct net_iov {\n\tunsigned long a;\n};\n")
    link.unlink()
    link.symlink_to("../../other")


def _cut_link(root: Path) -> None:
    (root / "include" / "net" / "netmem.h").unlink()


def _rename(root: Path) -> None:
    (root / "arch" / "x86" / "a.c").rename(root / "arch" / "x86" / "b.c")


def _new_kconfig(root: Path) -> None:
    (root / "drivers" / "iommu").mkdir(parents=True)
    (root / "drivers" / "iommu" / "Kconfig").write_text("config IOMMU_DMA\n\tdef_bool X86\n")


def _new_header(root: Path) -> None:
    (root / "mm").mkdir(exist_ok=True)
    (root / "mm" / "zpdesc.h").write_text("struct zpdesc {\n\tunsigned long flags;\n};\n")


CHANGES: dict[str, Callable[[Path], None]] = {
    "version": _edit("Makefile", "VERSION = 6", "VERSION = 5"),
    "patchlevel": _edit("Makefile", "PATCHLEVEL = 1", "PATCHLEVEL = 12"),
    "sublevel": _edit("Makefile", "SUBLEVEL = 0", "SUBLEVEL = 7"),
    "Kconfig": _edit("arch/x86/Kconfig", "HAVE_ARCH_VMAP_STACK", "NOTHING"),
    "a Kconfig that is new": _new_kconfig,
    "what a link leads to": _edit("real", "flags", "words"),
    "where a link leads": _relink,
    "a link that goes": _cut_link,
    "a header that is new": _new_header,
    "a C file": _edit("arch/x86/a.c", "int a", "int b"),
    "the name of a file": _rename,
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_seen(name: str, tree: Path, run: _Runs) -> None:
    """The result is the one that a run without a cache gives; without a change, the one that was kept."""
    first, kept = run([tree])
    assert not kept
    again, kept = run([tree])
    assert kept
    assert (again.findings, again.kernel) == (first.findings, first.kernel)
    assert again.statistics.unread == first.statistics.unread
    CHANGES[name](tree)
    changed, kept = run([tree])
    assert not kept
    fresh = pipeline.check(
        [tree], None, pipeline.Options(1, False, Level.NOTE, Interpretation.OTTAWA), lambda *_: None
    )
    assert (changed.findings, changed.kernel) == (fresh.findings, fresh.kernel)
    assert changed.statistics.layout == fresh.statistics.layout
    assert run([tree])[1]


def test_an_edit_that_moves_code(tree: Path, run: _Runs) -> None:
    """Where no finding leads through a file, lines more or less change nothing; where one does, it moves along."""
    first, _ = run([tree])
    named = {step.file for finding in first.findings for step in finding.trace}
    before = {path: path.read_text() for path in sorted(tree.rglob("*.c"))}
    kept_files = 0
    for path, text in before.items():
        path.write_text("\n/* a comment */\n\n" + text)
        report, kept = run([tree])
        file = str(path.relative_to(tree))
        assert file not in named or not kept
        kept_files += kept
        assert [replace(f, line=0, trace=()) for f in report.findings] == [
            replace(f, line=0, trace=()) for f in first.findings
        ]
        for was, now in zip(first.findings, report.findings, strict=True):
            assert now.line - was.line == (3 if now.file == file else 0)
        path.write_text(text)
        assert run([tree])[1]  # the first result is there still
    assert 0 < kept_files < len(before)


_EDITS: tuple[Callable[[random.Random, list[str]], None], ...] = (
    lambda chance, lines: lines.insert(chance.randrange(len(lines)), "/* a comment */"),
    lambda chance, lines: lines.__delitem__(chance.randrange(len(lines))),
    lambda chance, lines: lines.insert(chance.randrange(len(lines)), "\tmark_it(7);"),
    lambda _, lines: lines.append("int another(int n)\n{\n\treturn n + 1;\n}"),
    lambda _, lines: lines.insert(0, "#define GFP_KERNEL 3"),
    lambda _, lines: lines.append("void late(void *p)\n{\n\tkfree(vmalloc(8));\n\tkfree(p);\n}"),
    lambda chance, lines: chance.shuffle(lines),
)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("small", [True, False])
def test_edits_at_random(
    small: bool, seed: int, tree: Path, run: _Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edit after edit, what a run with the cache says is what a run without it says."""
    if not small:
        monkeypatch.setattr("memdesc.source.survey.SMALL_TREE", 0)
    chance = random.Random(seed)
    paths = sorted(p for p in tree.rglob("*.[ch]") if not p.is_symlink())
    run([tree])
    for _ in range(6):
        path = chance.choice(paths)
        lines = path.read_text().splitlines()
        if lines:
            chance.choice(_EDITS)(chance, lines)
        path.write_text("\n".join(lines) + "\n")
        report, _ = run([tree])
        fresh = pipeline.check([tree], None, replace(_options(), cache=False), lambda *_: None)
        assert report.findings == fresh.findings
        unlike = {"cache_hits": 0, "seconds": {}, "peak_memory_bytes": 0}
        assert replace(report.statistics, **unlike) == replace(fresh.statistics, **unlike)


def test_what_is_asked_is_seen(tree: Path, run: _Runs) -> None:
    """The interpretation; of one result, levels and paths choose, and how many processes read is no matter."""
    assert not run([tree])[1]
    assert not run([tree], _options(interpretation=Interpretation.NEWYORK))[1]
    for paths, options in (
        ([tree], _options(level=Level.ERROR)),
        ([tree / "net"], _options()),
        ([tree / "net", tree / "drivers"], pipeline.Options(2, True, Level.WARNING, Interpretation.OTTAWA)),
    ):
        report, kept = run(paths, options)
        assert kept
        assert (
            report.findings
            == pipeline.check(paths, None, replace(options, cache=False), lambda *_: None).findings
        )


def test_another_tree_of_the_same_content(tree: Path, run: _Runs) -> None:
    """It has results of its own: paths are named from its top."""
    assert not run([tree])[1]
    tree.rename(tree.with_name("moved"))
    report, kept = run([tree.with_name("moved")])
    assert not kept
    assert report.tree == str(tree.with_name("moved"))


def test_another_program(tree: Path, run: _Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its results are not ours."""
    assert not run([tree])[1]
    monkeypatch.setattr(checking, "PROGRAM", checking.PROGRAM[1:])
    assert not run([tree])[1]


def test_a_worker_that_died_leaves_no_result(tree: Path, run: _Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lacks a file is not kept under the name of what has it."""
    real = reading.facts

    def facts(found: Survey, *args: object) -> object:
        got = real(found, *args)  # type: ignore[arg-type]
        found.hashes[0] = b""
        return got

    with monkeypatch.context() as patch:
        patch.setattr(reading, "facts", facts)
        run([tree])
    assert not run([tree])[1]
    assert run([tree])[1]


def _edit_behind_the_reader(tree: Path, patch: pytest.MonkeyPatch) -> None:
    """Let each file get another line once its facts were read."""
    real = reading.facts

    def facts(*args: object) -> object:
        got = real(*args)  # type: ignore[arg-type]
        for path in tree.rglob("*.c"):
            path.write_text("\n" + path.read_text())
        return got

    patch.setattr(reading, "facts", facts)


def test_a_file_that_changes_meanwhile_leaves_no_result(
    tree: Path, run: _Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines that are shown were not those that were read."""
    with monkeypatch.context() as patch:
        _edit_behind_the_reader(tree, patch)
        assert run([tree])[0].findings
    assert not run([tree])[1]


def test_a_refused_file_is_named(tree: Path, run: _Runs) -> None:
    """A header that is a link out of the tree, a FIFO as Kconfig: not read, not waited for, and said."""
    header = tree / "include" / "net" / "netmem.h"
    header.unlink()
    header.symlink_to("/dev/zero")
    (tree / "arch" / "x86" / "Kconfig").unlink()
    os.mkfifo(tree / "arch" / "x86" / "Kconfig")
    os.mkfifo(tree / "net" / "fifo.c")
    (tree / "mm").mkdir(exist_ok=True)
    (tree / "mm" / "slab.h").unlink(missing_ok=True)
    (tree / "mm" / "slab.h").symlink_to("/etc/shadow")
    expected = {
        "include/net/netmem.h": "leads out of the tree",
        "mm/slab.h": "leads out of the tree",
        "arch/x86/Kconfig": "is a FIFO; a regular file was expected",
        "net/fifo.c": "is a FIFO",
    }
    for _ in range(2):
        report, _kept = run([tree])
        assert {u.file: u.reason for u in report.statistics.unread if not u.name} == expected
        assert report.statistics.files_read == report.statistics.files


PROBE = """
import json, os, sys
opened = []
def hook(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)) and not args[0].endswith(".sqlite"):
        opened.append(os.path.abspath(os.fsdecode(args[0])))
sys.addaudithook(hook)
from memdesc import checking, pipeline, stages
from memdesc.findings.model import Interpretation, Level
from memdesc.source import configuration, reading, survey
surveys = []
real = survey.known
survey.known = lambda *a, **k: surveys.append(real(*a, **k)) or surveys[-1]
ROGUE
options = pipeline.Options(1, True, Level.NOTE, Interpretation.OTTAWA)
report = pipeline.COMMAND([__import__("pathlib").Path(sys.argv[1])], None, options, lambda *_: None)
said = report.findings if hasattr(report, "findings") else report.entities
found, = surveys
found.unfold()
modules = [m.__file__ for n, m in sys.modules.items() if n.startswith("memdesc") and m.__file__]
json.dump({
    "opened": opened, "modules": modules, "findings": len(said),
    "listed": [p for p, _ in found.files], "others": list(found.texts.asked),
}, sys.stdout)
"""


def _unnamed(tree: Path, rogue: str = "", command: str = "check") -> set[str]:
    """Return what a command opens that is not in the name of its result, by running it."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.replace("ROGUE", rogue).replace("COMMAND", command), str(tree / "net")],
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    said = json.loads(done.stdout)
    assert said["findings"]
    named = {os.path.realpath(tree / path) for path in (*said["listed"], *said["others"])}
    elsewhere = (
        sys.prefix,
        sys.base_prefix,
        os.environ["XDG_CACHE_HOME"],
        "/proc/",
        "/usr/",
        "/lib",
        "/etc/ld",
        "/sys/",
    )
    left = set()
    for path in {*said["opened"], *said["modules"]}:
        if Path(path).is_relative_to(PACKAGE):
            inside = str(Path(path).relative_to(PACKAGE))
            with contextlib.suppress(ValueError):
                if "__pycache__" in path or _covered(inside):
                    continue
        elif Path(path).is_relative_to(tree):
            if os.path.realpath(path) in named or path.endswith(
                "/Makefile"
            ):  # the release and the tree's top are in the name
                continue
        elif path.startswith(elsewhere) or path == os.devnull:
            continue
        left.add(path)
    return left


def _covered(inside: str) -> bool:
    """Whether a file of the package is in the name of a result, or of the cache."""
    patterns = (*checking.PROGRAM, "source/signatures/*.h")
    return any(fnmatch(inside, pattern.replace("**/", "*")) for pattern in patterns)


@pytest.mark.parametrize("command", ["check", "infer"])
def test_all_that_is_read_is_named(command: str, tree: Path) -> None:
    """Every file that a command opens is listed, noted by its texts, or a part of the program."""
    assert _unnamed(tree, command=command) == set()


class _Inferences:
    """Inferences that say whether they found a result that was kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(
        self, paths: list[Path], design: str | None = None, options: pipeline.Options | None = None
    ) -> tuple[Inference, bool]:
        solved = []
        real = pipeline.solved

        def solve(*args: object) -> object:
            solved.append(1)
            return real(*args)  # type: ignore[arg-type]

        with self._monkeypatch.context() as patch:
            patch.setattr(pipeline, "solved", solve)
            found = pipeline.infer(paths, None, options or _options(), lambda *_: None, design)
        return found, not solved


@pytest.fixture
def infer(monkeypatch: pytest.MonkeyPatch) -> _Inferences:
    """Runs an inference."""
    return _Inferences(monkeypatch)


def _same(one: Inference, other: Inference) -> bool:
    """Whether two inferences say the same; what they cost is no matter."""
    unlike = {"cache_hits": 0, "seconds": {}, "peak_memory_bytes": 0}
    return replace(one, statistics=replace(one.statistics, **unlike)) == replace(
        other, statistics=replace(other.statistics, **unlike)
    )


@pytest.mark.parametrize("name", [*CHANGES, "lines that move"])
def test_a_change_is_seen_by_an_inference(name: str, tree: Path, infer: _Inferences) -> None:
    """What it says is what it says without a cache, and of one file what it says of all."""
    moved = tree / "mm" / "dipper.c"
    first, kept = infer([tree])
    assert first.entities
    assert not kept
    again, kept = infer([tree])
    assert kept
    assert _same(first, again)
    one, kept = infer([moved])
    assert kept
    assert one.entities
    assert one.entities == tuple(e for e in first.entities if e.file == "mm/dipper.c")
    if name in CHANGES:
        CHANGES[name](tree)
    else:
        moved.write_text("\n\n" + moved.read_text())
    changed, kept = infer([tree])
    assert kept == ("Kconfig" in name)  # an inference holds for every configuration
    fresh, _ = infer([tree], options=replace(_options(), cache=False))
    assert _same(changed, fresh)
    assert infer([tree])[1]


def test_a_design_is_seen_by_an_inference(tree: Path, infer: _Inferences, tmp_path: Path) -> None:
    """Another design, and another content of the same file."""
    own = tmp_path / "own.h"
    text = (PACKAGE / "layout" / "designs" / "proposal-2021.h").read_text()
    own.write_text(text)
    assert not infer([tree])[1]
    assert not infer([tree], "proposal-2021")[1]
    assert infer([tree], "proposal-2021")[1]
    assert not infer([tree], str(own))[1]
    assert infer([tree], str(own))[1]
    assert "struct net_page" in text
    own.write_text(text.replace("net_page", "wire_page"))
    found, kept = infer([tree], str(own))
    assert not kept
    assert "wire_page" in found.types
    assert infer([tree])[1]


def test_a_file_that_changes_meanwhile_leaves_no_inference(
    tree: Path, infer: _Inferences, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines that are told were not those that were read."""
    with monkeypatch.context() as patch:
        _edit_behind_the_reader(tree, patch)
        assert infer([tree])[0].entities
    assert not infer([tree])[1]


ROGUE = "real_{0} = {1}\n{1} = lambda *a: (os.open(sys.argv[1] + '/x.txt', 0), real_{0}(*a))[1]"


@pytest.mark.parametrize(
    ("command", "where"),
    [
        ("check", "configuration.read"),
        ("check", "reading.facts"),
        ("check", "survey.kernel.version"),
        ("infer", "reading.facts"),
    ],
)
def test_a_new_read_is_noticed(command: str, where: str, tree: Path) -> None:
    """The test above can fail: a read that passes the texts by is found."""
    rogue = tree / "net" / "x.txt"
    rogue.touch()
    assert _unnamed(tree, ROGUE.format(where.rpartition(".")[2], where), command) == {str(rogue)}
