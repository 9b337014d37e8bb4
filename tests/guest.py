"""A real kernel in a virtual machine: boots Debian's, lets it make memory of known kinds, stops it, dumps it.

`boot()` returns a `Guest`: the dumps, and what the guest's own kernel said of every page at the moment when
it was stopped. Needs qemu-system-x86_64, a static busybox and gcc. QEMU's own translation runs it, not KVM: that is
fast enough, is there everywhere, and gives the same processor everywhere.

    python3 tests/guest.py 6.12 /some/folder [MEBIBYTES]        # to have a dump to look at
"""

import json
import lzma
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from memdesc.convert.booting import cpio

HERE = Path(__file__).parent / "kernel" / "guest"
MODULES = {"6.1": ("qemu_fw_cfg", "lzo_rle", "zram"), "6.12": ("qemu_fw_cfg", "zram")}
"""Kernel -> the modules that the guest loads, without what they need."""
HUGE = 2 << 20


class Missing(Exception):
    """Something that a guest needs is not on this machine."""


@dataclass(frozen=True)
class Kernel:
    """A kernel of Debian's. series: "6.1". root: its unpacked package."""

    series: str
    vmlinuz: Path
    root: Path


@dataclass(frozen=True, eq=False)
class Guest:
    """A guest that was stopped.

    Attributes: dump, compressed: an ELF core, and a kdump in zlib. sections: what /proc said, by name, and
    physical frame numbers of known kinds (frames-*). known: counts of what the workload made. notes: what it
    could not do.
    """

    kernel: Kernel
    dump: Path
    compressed: Path
    sections: dict[str, bytes]
    known: dict[str, int]
    notes: tuple[str, ...]


def find_kernel(series: str, folder: Path) -> Kernel:
    """Return Debian's newest cloud kernel of `series`, unpacked below `folder`, fetched when it is not there.

    Raises: Missing: no such package can be had.
    """
    for vmlinuz in sorted(folder.glob(f"*/boot/vmlinuz-{series}.*")):
        return Kernel(series, vmlinuz, vmlinuz.parents[1])
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise Missing("kernels come from Debian's packages, and apt-get is not here")
    pattern = f"^linux-image-{series}".replace(".", "\\.") + "\\..*-cloud-amd64$"
    names = _packages(pattern)
    if not names:  # nobody has asked this machine for its packages yet
        subprocess.run(["apt-get", "-qq", "update"], capture_output=True, check=False)
        names = _packages(pattern)
    if not names:
        raise Missing(f"no package of a cloud kernel {series} is known to apt")
    name = max(
        names, key=lambda each: [int(n) for n in "".join(c if c.isdigit() else " " for c in each).split()]
    )
    folder.mkdir(parents=True, exist_ok=True)
    fetched = subprocess.run(
        ["apt-get", "-qq", "download", name], cwd=folder, capture_output=True, text=True, check=False
    )
    if fetched.returncode:
        raise Missing(f"{name} cannot be fetched: {fetched.stderr.strip()[-200:]}")
    (package,) = folder.glob(f"{name}_*.deb")
    subprocess.run(["dpkg", "-x", str(package), str(folder / name)], check=True)
    package.unlink()
    (vmlinuz,) = (folder / name / "boot").glob("vmlinuz-*")
    return Kernel(series, vmlinuz, folder / name)


def _packages(pattern: str) -> list[str]:
    listed = subprocess.run(
        ["apt-cache", "search", "--names-only", pattern], capture_output=True, text=True, check=False
    )
    return [line.split()[0] for line in listed.stdout.splitlines()]


def boot(
    kernel: Kernel, folder: Path, mebibytes: int = 384, note: bool = True, nodes: int = 1, options: str = ""
) -> Guest:
    """Boot `kernel` with `mebibytes` of memory, let it work, stop it, dump it into `folder`.

    note: whether the guest may tell QEMU where its VMCOREINFO is, so that the dump has it as a note. nodes: NUMA
    nodes that share its memory. options: for the kernel's command line.
    Raises: Missing: a program is not here.
    """
    qemu = shutil.which("qemu-system-x86_64")
    busybox = shutil.which("busybox", path="/bin:/usr/bin")
    if not qemu or not busybox or not shutil.which("gcc"):
        raise Missing("qemu-system-x86_64, busybox and gcc are needed to boot a guest")
    if b"/ld-linux" in Path(busybox).read_bytes():
        raise Missing(f"{busybox} is not static: install busybox-static")
    folder.mkdir(parents=True, exist_ok=True)
    # Flags and counts are 16 bytes a page, the owner 8; the rest is text.
    buffers = 3 + -(-(mebibytes + 128) * 256 * 24 // HUGE)
    initramfs = folder / "initramfs"
    initramfs.write_bytes(_initramfs(kernel, Path(busybox), folder, buffers, note))
    said, console = folder / "said", folder / "console"
    # The path of a socket must be short, wherever the folder is.
    control = Path(tempfile.mkdtemp(prefix="guest")) / "qmp"
    for path in folder.glob("dump.*"):
        path.unlink()
    machine = subprocess.Popen(
        [qemu, "-accel", "tcg", "-cpu", "max", "-m", str(mebibytes), "-smp", "2", "-nodefaults",
         "-nographic", "-no-reboot", "-kernel", str(kernel.vmlinuz), "-initrd", str(initramfs),
         "-append", f"console=ttyS0 loglevel=4 panic=-1 hugepages={buffers} {options}", *_numa(mebibytes, nodes),
         "-serial", f"file:{console}", "-device", "pvpanic", "-action", "panic=pause",
         *(["-device", "vmcoreinfo"] if note else []),
         "-chardev", f"file,id=said,path={said}", "-device", "isa-debugcon,iobase=0xe9,chardev=said",
         "-qmp", f"unix:{control},server=on,wait=off"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        with _monitor(control, machine) as ask:
            _until_stopped(ask, machine, console)
            dump, compressed = folder / "dump.elf", folder / "dump.kdump"
            for path, form in (dump, {}), (compressed, {"format": "kdump-zlib"}):
                ask("dump-guest-memory", {"paging": False, "protocol": f"file:{path}", **form})
            ask("quit")
    finally:
        machine.kill()
        machine.communicate()
        shutil.rmtree(control.parent, ignore_errors=True)
    return _report(kernel, dump, compressed, said.read_text("ascii", "replace"))


def _numa(mebibytes: int, nodes: int) -> list[str]:
    """Return the options of QEMU that divide the memory among nodes, the first with a processor each."""
    out: list[str] = []
    for node in range(nodes if nodes > 1 else 0):
        out += ["-object", f"memory-backend-ram,id=m{node},size={mebibytes // nodes}M"]
        out += [
            "-numa",
            f"node,nodeid={node},memdev=m{node},cpus={node}" if node < 2 else f"node,memdev=m{node}",
        ]
    return out


def _until_stopped(ask: Callable[..., object], machine: "subprocess.Popen[bytes]", console: Path) -> None:
    end = time.monotonic() + 300
    while True:
        status = ask("query-status")
        assert isinstance(status, dict)
        if status["status"] == "guest-panicked":
            return
        if time.monotonic() > end or machine.poll() is not None:
            raise AssertionError(f"the guest did not finish: {console.read_text('utf-8', 'replace')[-2000:]}")
        time.sleep(0.1)


def _connected(path: Path, machine: "subprocess.Popen[bytes]") -> socket.socket:
    while True:
        if machine.poll() is not None:
            assert machine.stderr
            raise AssertionError(f"qemu ended: {machine.stderr.read().decode('utf-8', 'replace')[-500:]}")
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            line.close()
            time.sleep(0.02)
        else:
            return line


@contextmanager
def _monitor(path: Path, machine: "subprocess.Popen[bytes]") -> Iterator[Callable[..., object]]:
    """Speak QMP: yield a function that sends a command and returns its answer."""
    with _connected(path, machine) as line:
        stream = line.makefile("rw", encoding="utf-8")

        def ask(command: str, arguments: dict[str, object] | None = None) -> object:
            stream.write(json.dumps({"execute": command, "arguments": arguments or {}}) + "\n")
            stream.flush()
            for text in stream:
                answer = json.loads(text)
                if "error" in answer:
                    raise AssertionError(f"{command}: {answer['error']}")
                if "return" in answer:
                    return answer["return"]
            return None

        stream.readline()
        ask("qmp_capabilities")
        yield ask


def _initramfs(kernel: Kernel, busybox: Path, folder: Path, buffers: int, note: bool) -> bytes:
    """Return a cpio archive with busybox, the workload and the modules in the order in which they load."""
    workload = folder / "workload"
    subprocess.run(["gcc", "-O1", "-static", "-o", str(workload), str(HERE / "workload.c")], check=True)
    entries = [
        *((name, 0o040755, b"") for name in ("bin", "modules", "dev")),
        ("bin/busybox", 0o100755, busybox.read_bytes()),
        ("init", 0o100755, (HERE / "init").read_bytes()),
        ("workload", 0o100755, workload.read_bytes()),
        ("buffers", 0o100644, str(buffers).encode()),
    ]
    wanted = [name for name in MODULES[kernel.series] if note or name != "qemu_fw_cfg"]
    for number, (name, raw) in enumerate(_modules(kernel.root, wanted)):
        entries.append((f"modules/{number:02}-{name}.ko", 0o100644, raw))
    return b"".join(cpio(*entry) for entry in [*entries, ("TRAILER!!!", 0, b"")])


def _modules(root: Path, wanted: list[str]) -> list[tuple[str, bytes]]:
    """Return (name, ELF) of the modules `wanted` and of what they depend on, dependencies first."""
    found = {path.name.split(".ko")[0].replace("-", "_"): path for path in root.rglob("*.ko*")}
    out: dict[str, bytes] = {}

    def add(name: str) -> None:
        if name in out or name not in found:
            return
        raw = found[name].read_bytes()
        raw = lzma.decompress(raw) if found[name].suffix == ".xz" else raw
        at = raw.find(b"\0depends=")
        for need in raw[at + 9 : raw.index(b"\0", at + 9)].decode().split(",") if at >= 0 else ():
            add(need.replace("-", "_"))
        out[name] = raw

    for name in wanted:
        add(name)
    return list(out.items())


def _report(kernel: Kernel, dump: Path, compressed: Path, said: str) -> Guest:
    """Return what the guest said: find its buffers in the dump, and the sections in the buffers."""
    lines = [line.split() for line in said.splitlines()]
    assert ["READY"] in lines, said
    raw = b"".join(read_physical(dump, int(line[2]), HUGE) for line in lines if line[0] == "BUFFER")
    sections = {
        line[1]: raw[int(line[2]) : int(line[2]) + int(line[3])] for line in lines if line[0] == "SECTION"
    }
    known = {line[1]: int(line[2]) for line in lines if line[0] == "KNOWN"}
    notes = tuple(" ".join(line[1:]) for line in lines if line[0] == "NOTE")
    sections = {
        name: text if name.startswith(("k", "frames")) else text.rstrip(b"\0")
        for name, text in sections.items()
    }
    return Guest(kernel, dump, compressed, sections, known, notes)


def read_physical(path: Path, address: int, size: int) -> bytes:
    """Return memory of an ELF core: a reading of its own, to judge ours by."""
    with path.open("rb") as file:
        head = file.read(64)
        (table,) = struct.unpack_from("<Q", head, 32)
        each, count = struct.unpack_from("<HH", head, 54)
        for number in range(count):
            file.seek(table + number * each)
            kind, _, offset, _, start, length, _, _ = struct.unpack("<IIQQQQQQ", file.read(56))
            if kind == 1 and start <= address and address + size <= start + length:
                file.seek(offset + address - start)
                return file.read(size)
    raise AssertionError(f"{address:#x} is not in {path}")


if __name__ == "__main__":
    place = Path(sys.argv[2])
    guest = boot(find_kernel(sys.argv[1], place / "kernels"), place / sys.argv[1], *map(int, sys.argv[3:4]))
    print(guest.known, guest.notes, {name: len(raw) for name, raw in guest.sections.items()})
