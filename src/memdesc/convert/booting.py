"""A kernel with asserted conversions, built small, booted in QEMU, and given an exercise.

The kernel is built of a copy of the tree that is made of links, with the least configuration that holds the code, a
console, a disk and busybox. It passes when the exercise came to its end and the console has no BUG, no warning and no
assertion that failed; which assertions were run is counted.
"""

import re
import shutil
import subprocess
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from memdesc import door
from memdesc.convert.asserting import MAKEFILE, OBJECT, PLACE, SAID, Assertion
from memdesc.convert.compiling import Shop, make
from memdesc.convert.exercise import Exercise
from memdesc.convert.model import Says, Verdict
from memdesc.errors import InputError

SMALL = """\
CONFIG_64BIT=y
CONFIG_EXPERT=y
CONFIG_MULTIUSER=y
CONFIG_TTY=y
CONFIG_SERIAL_8250=y
CONFIG_SERIAL_8250_CONSOLE=y
CONFIG_PRINTK=y
CONFIG_BUG=y
CONFIG_KALLSYMS=y
CONFIG_DEBUG_BUGVERBOSE=y
CONFIG_UNWINDER_FRAME_POINTER=y
CONFIG_DEBUG_KERNEL=y
CONFIG_DEBUG_VM=y
CONFIG_DEBUG_VM_PGFLAGS=y
CONFIG_PANIC_ON_OOPS=y
CONFIG_BINFMT_ELF=y
CONFIG_BINFMT_SCRIPT=y
CONFIG_BLK_DEV_INITRD=y
CONFIG_PROC_FS=y
CONFIG_PROC_SYSCTL=y
CONFIG_SYSFS=y
CONFIG_DEVTMPFS=y
CONFIG_SHMEM=y
CONFIG_TMPFS=y
CONFIG_POSIX_TIMERS=y
CONFIG_FUTEX=y
CONFIG_BLOCK=y
CONFIG_BLK_DEV=y
CONFIG_PCI=y
CONFIG_VIRTIO_MENU=y
CONFIG_VIRTIO_PCI=y
CONFIG_VIRTIO_BLK=y
CONFIG_COMPACTION=y
CONFIG_MIGRATION=y
"""
"""What the kernel has besides the converted code, on top of allnoconfig."""

_FOLDER = "memdesc-boot"
_QEMU = "qemu-system-x86_64"
_SECONDS = 900
_MOST_BYTES = 64 << 20
_MOST_LINES = 48
_BAD = re.compile(
    rf"{SAID}|\bBUG\b|\bWARNING: CPU|\bOops\b|Kernel panic|general protection fault|\bblocked for more than\b"
)
_COUNT = re.compile(r"^memdesc: count (\d+) (\d+)$", re.M)
_END = re.compile(r"^memdesc: (passed|failed)$", re.M)
_FIRED = re.compile(rf"{SAID} (\d+) failed: .*: (.*)")
_BEGUN = "memdesc: begin"


@dataclass(frozen=True, slots=True)
class Run:
    """What came of an exercise.

    Attributes: passed: whether it came to its end, and nothing else was said. counts: number of an assertion -> how
    often it was run. fired: number of the assertion that failed, and why. lines: what the console has of it.
    """

    passed: bool
    counts: Mapping[int, int]
    fired: tuple[int, str] | None = None
    lines: tuple[str, ...] = ()


def present(exercises: Collection[Exercise] = ()) -> None:
    """Raises: InputError: a program that booting or an exercise needs is missing."""
    needed = {_QEMU, *(each.maker[0] for each in exercises if each.maker)}
    for name in sorted(needed):
        if _program(name) is None:
            raise InputError("--verify boot", f"needs {name}, which is not installed")
    busybox()


def busybox() -> bytes:
    """Return the shell of the guest. Raises: InputError: there is none that needs no libraries."""
    path = _program("busybox")
    if path is None:
        raise InputError("--verify boot", "needs busybox, which is not installed")
    data = door.read(path, _MOST_BYTES)
    if b"/ld-linux" in data or b"/ld-musl" in data:
        raise InputError(path, "is not static: --verify boot needs busybox-static")
    return data


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


def kernel(
    shop: Shop, texts: Mapping[str, bytes], assertions: bytes, config: Collection[str], jobs: int
) -> Path:
    """Return the image of a kernel with `texts` in it. It is kept in the build folder; only what changed is built.

    Args: assertions: the file that defines them. config: lines on top of SMALL.
    Raises: InputError: it does not build.
    """
    place = shop.build / _FOLDER
    place.mkdir(exist_ok=True)
    objects, listed = place / "objects", place / "changed"
    inner = {**texts, PLACE: assertions}
    original = {MAKEFILE: (shop.root / MAKEFILE).read_bytes()}
    inner[MAKEFILE] = inner.get(MAKEFILE, original[MAKEFILE]) + OBJECT
    # What an earlier run changed is newer than the tree, and must be compiled again.
    for path in listed.read_text("utf-8").splitlines() if listed.exists() else ():
        if path not in inner and (shop.root / path).is_file():
            inner[path] = (shop.root / path).read_bytes()
    listed.write_text("".join(f"{path}\n" for path in sorted(inner)), "utf-8")
    tree = shop.shadow(inner, place / "tree").place
    fragment = place / "fragment"
    fragment.write_text(SMALL + "".join(f"{line}\n" for line in sorted(config)))
    objects.mkdir(exist_ok=True)
    make(tree, objects, [f"KCONFIG_ALLCONFIG={fragment}", "allnoconfig"])
    make(tree, objects, [f"-j{jobs}", "KCFLAGS=-Wno-declaration-after-statement", "bzImage"])
    return objects / "arch/x86/boot/bzImage"


def held(shop: Shop, path: str) -> bool:
    """Whether the kernel that was built last holds the object of a C file."""
    return (shop.build / _FOLDER / "objects" / (path[:-1] + "o")).exists()


def cpio(name: str, mode: int, data: bytes) -> bytes:
    """Return an entry of an archive in the format `newc`, which the kernel takes for its first files."""
    words = (0, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08X" % word for word in words) + name.encode() + b"\0"
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def initramfs(exercise: Exercise, shell: bytes) -> bytes:
    """Return the first files of the guest."""
    entries = [
        ("bin", 0o040755, b""),
        ("bin/busybox", 0o100755, shell),
        ("init", 0o100755, (resources.files("memdesc.convert.exercises") / "init").read_bytes()),
        ("exercise", 0o100755, exercise.script),
        ("environment", 0o100644, exercise.environment),
        ("TRAILER!!!", 0, b""),
    ]
    return b"".join(cpio(*entry) for entry in entries)


def disk(exercise: Exercise, path: Path) -> None:
    """Make the disk of an exercise. Raises: InputError: the program that fills it fails."""
    with path.open("wb") as stream:
        stream.truncate(exercise.image << 20)
    if exercise.maker:
        name, *words = exercise.maker
        done = subprocess.run(
            [_program(name) or name, *words, str(path)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        if done.returncode:
            said = done.stdout.decode("utf-8", "replace").strip().splitlines()
            raise InputError(name, f"failed: {said[-1] if said else 'no word why'}")


def boot(image: Path, exercise: Exercise, folder: Path, seconds: int = _SECONDS) -> Run:
    """Boot a kernel and return what came of its exercise. folder: for the files of the guest."""
    first, console, image_of_disk = folder / "initramfs", folder / "console", folder / "disk"
    first.write_bytes(initramfs(exercise, busybox()))
    words = [
        _QEMU, "-accel", "tcg", "-cpu", "max", "-m", str(exercise.memory), "-nodefaults", "-nographic",
        "-no-reboot", "-kernel", str(image), "-initrd", str(first), "-append",
        "console=ttyS0 panic=-1", "-serial", f"file:{console}",
    ]  # fmt: skip
    if exercise.image:
        disk(exercise, image_of_disk)
        words += ["-drive", f"file={image_of_disk},format=raw,if=virtio"]
    console.unlink(missing_ok=True)
    late = ""
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=seconds,
            check=False,
        )  # fmt: skip
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise InputError(_QEMU, f"failed: {said[-1] if said else 'no word why'}")
    except subprocess.TimeoutExpired:
        late = f"no end after {seconds} s"
    text = door.read(console, _MOST_BYTES).decode("utf-8", "replace") if console.exists() else ""
    return judged(text, late)


def judged(console: str, late: str = "") -> Run:
    """Return what a console says of an exercise. late: that the time was over."""
    text = console.replace("\r", "")
    lines = text.splitlines()
    bad = next((number for number, line in enumerate(lines) if _BAD.search(line)), None)
    counts = {int(m[1]): int(m[2]) for m in _COUNT.finditer(text)}
    fired = _FIRED.search(text)
    shown: Sequence[str] = ()
    ended = _END.search(text)
    if bad is not None:
        shown = lines[bad : bad + _MOST_LINES]
        stop = next((n for n, line in enumerate(shown) if "---[ end" in line), len(shown) - 1)
        shown = shown[: stop + 1]
    elif ended is None or ended[1] != "passed":
        why = late or ("" if ended else "the kernel ended before the exercise did")
        shown = [*([why] if why else []), *_last(lines)]
    passed = bad is None and not late and ended is not None and ended[1] == "passed"
    return Run(passed, counts, (int(fired[1]), fired[2]) if fired else None, tuple(shown))


def _last(lines: Sequence[str]) -> Sequence[str]:
    """Return the last lines that an exercise printed; of the console where it did not begin."""
    begun = next((n + 1 for n, line in enumerate(lines) if line == _BEGUN), 0)
    stop = next((n for n in range(begun, len(lines)) if lines[n].startswith(_OURS)), len(lines))
    return lines[begun:stop][-_LAST:]


_OURS = "memdesc: "
_LAST = 8
"""Lines of the console that are shown where it does not say what went wrong."""


def verdicts(
    assertions: Sequence[Assertion], runs: Mapping[str, Run], built: Collection[str]
) -> list[Verdict]:
    """Return a verdict on each exercise, and on each assertion.

    Args: runs: name of the exercise -> what came of it. built: the files that the kernel holds.
    """
    found = []
    ran = {one.number: sum(run.counts.get(one.number, 0) for run in runs.values()) for one in assertions}
    fired = {run.fired[0]: (run.fired[1], run.lines) for run in runs.values() if run.fired}
    for name, run in runs.items():
        lines = run.lines
        passed = run.passed
        if passed and not any(run.counts.values()):
            passed, lines = False, ("no assertion was run",)
        found.append(Verdict(f"exercise {name}", "", Says.PASSED if passed else Says.BROKE, lines))
    for one in assertions:
        what = f"{one.target.what} ({one.name})"
        if one.number in fired:
            why, lines = fired[one.number]
            verdict = (Says.FIRED, (f"{what}: {why}", *lines))
        elif ran[one.number]:
            verdict = (Says.HELD, (f"{what}: {ran[one.number]} times",))
        else:
            left_out = "" if one.target.file in built else ", the kernel that was booted does not hold it"
            verdict = (Says.NOT_RUN, (f"{what}{left_out}",))
        found.append(Verdict(one.target.file, one.target.function, *verdict))
    return found
