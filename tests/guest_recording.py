"""A recording made by a kernel of Debian's in a virtual machine, with nothing there but a shell.

PYTHONPATH=src:tests python3 tests/guest_recording.py 6.12 /some/folder [MEBIBYTES]
"""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from guest import Missing, _modules, find_kernel
from memdesc.convert.booting import cpio
from memdesc.machine.trace.events import EVENTS

HERE = Path(__file__).parent / "machine/guest"
_SECONDS = 420


def record_in_guest(series: str, kernels: Path, folder: Path, mebibytes: int = 1024) -> Path:
    """Return the spool that a kernel of `series` recorded of itself, with `mebibytes` of memory.

    Raises: Missing: a program or a kernel cannot be had.
    """
    kernel = find_kernel(series, kernels)
    qemu = shutil.which("qemu-system-x86_64")
    busybox = shutil.which("busybox", path="/bin:/usr/bin")
    if not qemu or not busybox:
        raise Missing("qemu-system-x86_64 and busybox are needed to boot a guest")
    folder.mkdir(parents=True, exist_ok=True)
    entries = [
        *((name, 0o040755, b"") for name in ("bin", "modules", "dev", "proc", "sys")),
        ("bin/busybox", 0o100755, Path(busybox).read_bytes()),
        ("init", 0o100755, (HERE / "init").read_bytes()),
        ("events", 0o100644, "\n".join(event.path for event in EVENTS).encode()),
        ("kib", 0o100644, str(mebibytes * 64).encode()),
        *(
            (f"modules/{number:02}-{name}.ko", 0o100644, raw)
            for number, (name, raw) in enumerate(_modules(kernel.root, ["virtio_pci", "virtio_console"]))
        ),
        ("TRAILER!!!", 0, b""),
    ]
    initramfs, out, console = folder / "initramfs", folder / "spool.tar", folder / "console"
    initramfs.write_bytes(b"".join(cpio(*entry) for entry in entries))
    command = [
        qemu, "-accel", "tcg", "-cpu", "max", "-m", str(mebibytes), "-smp", "2", "-nodefaults", "-nographic",
        "-no-reboot", "-kernel", str(kernel.vmlinuz), "-initrd", str(initramfs),
        "-append", "console=ttyS0 loglevel=4 panic=-1 tsc=reliable", "-serial", f"file:{console}",
        "-device", "virtio-serial-pci", "-chardev", f"file,id=out,path={out}",
        "-device", "virtserialport,chardev=out,name=out",
    ]  # fmt: skip
    subprocess.run(command, stdin=subprocess.DEVNULL, check=True, timeout=_SECONDS)
    said = console.read_text("utf-8", "replace")
    assert "SENT" in said, said[-3000:]
    spool = folder / "spool"
    shutil.rmtree(spool, ignore_errors=True)
    with tarfile.open(out) as archive:
        archive.extractall(spool, filter="data")
    return spool


if __name__ == "__main__":
    place = Path(sys.argv[2])
    print(record_in_guest(sys.argv[1], place / "kernels", place / sys.argv[1], *map(int, sys.argv[3:4])))
