"""The door to the tracing of the running kernel. Everything is done in a trace instance of our own.

An instance has its own buffers, clock, options, triggers and events, so that nothing that somebody else has
set up is touched, and removing it restores everything. A guard process holds one end of a pipe: when the
recorder ends in whatever way, SIGKILL included, the guard reads end of file and removes the instance.

Source: Documentation/trace/ftrace.rst, section "Instances"; Documentation/trace/events.rst, "stacktrace".
"""

import contextlib
import ctypes
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from memdesc.errors import InputError
from memdesc.machine.trace.events import EVENTS, Wanted
from memdesc.machine.trace.ring_buffer import Header, parse_header_page

PREFIX = "memdesc-"
PLACES = (Path("/sys/kernel/tracing"), Path("/sys/kernel/debug/tracing"))
_TRIES = 150


class Instance:
    """A trace instance with the wanted events enabled, tracing off; made by `instance()`.

    Attributes: place: its folder. events: those that this kernel has.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self.events: list[Wanted] = []
        self.header = Header(parse_header_page((place.parents[1] / "events/header_page").read_text()))
        self._raw: dict[int, int] = {}

    def prepare(self, buffer_kib: int) -> None:
        """Set the clock, the size of the buffers in KiB for each CPU, and the events.

        Raises: InputError: the kernel has no such buffers or lacks an event without which a trace is none.
        """
        self._write("tracing_on", "0")
        clocks = (self.place / "trace_clock").read_text().split()
        if "mono" not in [clock.strip("[]") for clock in clocks]:
            raise InputError(str(self.place), "the kernel has no trace clock 'mono'")
        self._write("trace_clock", "mono")
        try:
            self._write("buffer_size_kb", str(buffer_kib))
        except OSError as error:
            raise InputError("--buffer", f"the kernel refuses {buffer_kib} KiB: {error.strerror}") from None
        for event in EVENTS:
            if not (self.place / "events" / event.path).is_dir():
                if event.required:
                    raise InputError(str(self.place), f"the kernel has no event {event.path}")
                continue
            if event.stack:
                self._write(f"events/{event.path}/trigger", "stacktrace")
            self._write(f"events/{event.path}/enable", "1")
            self.events.append(event)

    def formats(self) -> dict[str, str]:
        """Return the text of each event's format file, by its path; ftrace/kernel_stack and print as well."""
        names = [event.path for event in self.events] + ["ftrace/kernel_stack", "ftrace/print"]
        return {name: (self.place.parents[1] / "events" / name / "format").read_text() for name in names}

    def open_buffers(self) -> list[int]:
        """Open the raw buffers, without waiting, and return the numbers of the CPUs that have one."""
        for folder in sorted(self.place.glob("per_cpu/cpu*"), key=lambda path: int(path.name[3:])):
            self._raw[int(folder.name[3:])] = os.open(folder / "trace_pipe_raw", os.O_RDONLY | os.O_NONBLOCK)
        return list(self._raw)

    def switch(self, on: bool) -> None:
        """Begin or end tracing."""
        self._write("tracing_on", "1" if on else "0")

    def mark(self, text: str) -> None:
        """Leave `text` in the trace."""
        self._write("trace_marker", text + "\n")

    def read(self, cpu: int, size: int = 65536) -> Iterator[bytes]:
        """Yield what the buffer of `cpu` holds, one sub-buffer at a time without its unused end.

        Args: size: bytes, at least those of a sub-buffer.
        """
        while True:
            try:
                block = os.read(self._raw[cpu], size)
            except BlockingIOError:
                return
            if not block:
                return
            yield block[: self.header.used(block)]

    def lost(self) -> int:
        """Return how many events the buffers of all CPUs lost so far.

        Source: overrun, commit overrun and dropped events in per_cpu/cpu*/stats.
        """
        total = 0
        for path in self.place.glob("per_cpu/cpu*/stats"):
            for line in path.read_text().splitlines():
                name, _, value = line.partition(":")
                if name in ("overrun", "commit overrun", "dropped events"):
                    total += int(value)
        return total

    def close(self) -> None:
        """Close the raw buffers, without which the instance cannot be removed."""
        for descriptor in self._raw.values():
            os.close(descriptor)
        self._raw.clear()

    def _write(self, name: str, text: str) -> None:
        descriptor = os.open(self.place / name, os.O_WRONLY | os.O_TRUNC)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def instance(buffer_kib: int, scratch: Path) -> Iterator[Instance]:
    """Give a prepared trace instance of our own; remove it, and unmount what was mounted for it, afterwards.

    Args: buffer_kib: for each CPU. scratch: a folder that the guard removes when we are killed.

    Instances that a recorder left behind, and that no process owns any more, are removed too.

    Raises: InputError: not root, no tracefs, or a kernel without what recording needs.
    """
    if os.geteuid() != 0:
        raise InputError("memdesc machine record", "reading the kernel's trace needs root")
    folder, mounted = _tracefs()
    try:
        clear(folder)
        place = folder / "instances" / f"{PREFIX}{os.getpid()}"
        guard = _guard(place, folder if mounted else None, scratch)
        made = None
        try:
            try:
                place.mkdir()
            except OSError as error:
                raise InputError(str(place), f"cannot make a trace instance: {error.strerror}") from None
            made = Instance(place)
            made.prepare(buffer_kib)
            yield made
        finally:
            if made is not None:
                made.close()
            remove(place)
            os.write(guard, b"!")
            os.close(guard)
    finally:
        if mounted:
            umount(folder)


def clear(folder: Path) -> None:
    """Remove the instances of recorders that are gone."""
    for left in folder.glob(f"instances/{PREFIX}*"):
        owner = left.name.removeprefix(PREFIX)
        if owner.isdigit() and not Path("/proc", owner).exists():
            remove(left)


def remove(place: Path) -> None:
    """Switch off and remove an instance; no error when it is gone or somebody still reads it."""
    for _ in range(_TRIES):
        if not place.is_dir():
            return
        with contextlib.suppress(OSError):
            (place / "tracing_on").write_text("0")
            (place / "events/enable").write_text("0")
        with contextlib.suppress(OSError):
            place.rmdir()
            return
        time.sleep(0.02)


def _tracefs() -> tuple[Path, bool]:
    """Return where tracefs is, and whether it was mounted for us."""
    for place in PLACES:
        if (place / "instances").is_dir():
            return place, False
    place = PLACES[0]
    if place.is_dir() and mount(place) and (place / "instances").is_dir():
        return place, True
    raise InputError(str(place), "the kernel has no tracefs (CONFIG_EVENT_TRACING)")


def mount(place: Path) -> bool:
    """Mount tracefs at `place`; return whether that went well."""
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.mount(b"tracefs", os.fsencode(place), b"tracefs", 0, None) == 0)


def umount(place: Path) -> None:
    """Unmount what is at `place`; nothing happens when it is in use."""
    ctypes.CDLL(None, use_errno=True).umount2(os.fsencode(place), 0)


def _guard(place: Path, mounted: Path | None, scratch: Path) -> int:
    """Start the process that removes the instance when we end, and return the pipe that it watches."""
    reader, writer = os.pipe()
    if os.fork():
        os.close(reader)
        return writer
    # Only system calls from here on, and no way back into the caller's code.
    try:
        os.close(writer)
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        # Whoever waits for the recorder's output must not wait for its guard.
        null = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):
            os.dup2(null, standard)
        orderly = os.read(reader, 1)
        remove(place)
        if not orderly:
            shutil.rmtree(scratch, ignore_errors=True)
        if mounted is not None:
            umount(mounted)
    finally:
        os._exit(0)
