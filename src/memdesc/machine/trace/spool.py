"""A recording before it is a trace: a folder of what the kernel said, untouched.

Recording must cost little, so it only copies; `convert` makes a trace of the copy afterwards. A shell can fill
such a folder as well, on a machine that has nothing but a shell (tests/kernel does so):

    release, machine    what `uname -r` and `uname -m` say
    header_page         events/header_page of tracefs
    formats/GROUP.EVENT events/GROUP/EVENT/format; ftrace.kernel_stack as well
    kallsyms            /proc/kallsyms
    cpuN.raw            what per_cpu/cpuN/trace_pipe_raw gave
    whole               present when the sub-buffers in there have their full size, unused ends included
    lost                how many events were lost, when known
    marks               lines "NAME BEGIN END" in nanoseconds of CLOCK_MONOTONIC; NAME is `trace`, a population
                        or a sample
    population.PFN      words of /proc/kpageflags from page frame PFN on, read at the beginning
    sample.NAME/        read later, each of them or only some: vmstat, meminfo, zoneinfo; and kpageflags (words)
                        or kinds (JSON: pages by kind, counted from these words)
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from memdesc.errors import InputError
from memdesc.machine.trace.events import EVENTS, Wanted
from memdesc.machine.trace.file import Sample
from memdesc.machine.trace.population import (
    Runs,
    classify,
    counts,
    encode,
    parse_counters,
    parse_free,
)
from memdesc.machine.trace.ring_buffer import Block, Format, Header, parse_format, parse_header_page
from memdesc.machine.trace.stacks import Symbols

MACHINES = ("x86_64", "aarch64", "riscv64", "loongarch64", "ppc64le")
"""Names, as `uname -m` has them, of what is understood: 64 bits, little endian."""
_FLAGS = "population."
_SAMPLE = "sample."


@dataclass(frozen=True, slots=True)
class Mark:
    """When something was read: nanoseconds of CLOCK_MONOTONIC, the clock of the trace."""

    name: str
    begin: int
    end: int


class Spool:
    """A folder as above, for reading."""

    def __init__(self, folder: Path) -> None:
        """Raises: InputError: a file that is needed is missing or says something else."""
        self.folder = folder
        self.release = self._text("release").strip()
        self.machine = self._text("machine").strip()
        if self.machine not in MACHINES:
            raise InputError(
                str(folder / "machine"),
                f"recordings of '{self.machine[:30]}' are not understood: 64 bits, little endian only",
            )
        self.fields = parse_header_page(self._text("header_page"))
        self.header = Header(self.fields)
        self.symbols = Symbols(self._text("kallsyms"))
        self.marks = self._marks()
        self.origin = self.marks["trace"].begin if "trace" in self.marks else 0
        self.formats: dict[str, Format] = {}
        for path in sorted((folder / "formats").glob("*")):
            self.formats[path.name.replace(".", "/", 1)] = parse_format(path.read_text())
        needed = [event.path for event in EVENTS if event.required]
        for name in ("ftrace/kernel_stack", *needed):
            if name not in self.formats:
                raise InputError(str(folder / "formats"), f"lacks {name.replace('/', '.')}")
        if not self.symbols.known:
            raise InputError(str(folder / "kallsyms"), "has no addresses; it is to be read as root")

    @property
    def events(self) -> list[Wanted]:
        """The events that were recorded."""
        return [event for event in EVENTS if event.path in self.formats]

    @property
    def lost(self) -> int:
        """How many events the kernel said were lost; 0 when it said nothing."""
        path = self.folder / "lost"
        return int(path.read_text().split()[0]) if path.exists() else 0

    def cpus(self) -> list[int]:
        """Return the CPUs of which there is something."""
        return sorted(int(path.stem[3:]) for path in self.folder.glob("cpu*.raw"))

    def size_bytes(self) -> int:
        """Return the bytes of all that cpus() have."""
        return sum((self.folder / f"cpu{cpu}.raw").stat().st_size for cpu in self.cpus())

    def blocks(self, cpu: int) -> Iterator[Block]:
        """Yield the sub-buffers of `cpu` in their order; a last one that is not whole is left out."""
        whole = (self.folder / "whole").exists()
        data, head = self.fields["data"], self.fields["data"].offset
        with (self.folder / f"cpu{cpu}.raw").open("rb") as stream:
            while len(first := stream.read(head)) == head:
                used = self.header.used(first)
                rest = stream.read(data.size if whole else used - head)
                if head + len(rest) < used:
                    return
                yield self.header.read(first + rest[: used - head])

    def population(self) -> Iterator[Runs]:
        """Yield what the pages were at the beginning, piece by piece."""
        pieces = sorted(
            (int(name.removeprefix(_FLAGS)), mark)
            for name, mark in self.marks.items()
            if name.startswith(_FLAGS)
        )
        carried = 0
        for pfn, mark in pieces:
            flags = np.fromfile(self.folder / mark.name, "<u8")
            if not len(flags):
                continue
            yield encode(flags, pfn, self.since(mark.begin), self.since(mark.end), carried)
            carried = int(classify(flags, carried)[-1])

    def samples(self) -> list[Sample]:
        """Return what the kernel counted, in the order of time."""
        marks = sorted(
            (m for n, m in self.marks.items() if n.startswith(_SAMPLE)), key=lambda mark: mark.begin
        )
        return [self._sample(mark) for mark in marks]

    def since(self, time: int) -> int:
        """Return nanoseconds since the trace began."""
        return max(0, time - self.origin)

    def _sample(self, mark: Mark) -> Sample:
        place = self.folder / mark.name
        kinds: dict[str, int] = {}
        if (place / "kinds").exists():
            kinds = json.loads((place / "kinds").read_text())
        elif (place / "kpageflags").exists():
            kinds = counts(classify(np.fromfile(place / "kpageflags", "<u8")))
        text = {
            name: (place / name).read_text() if (place / name).exists() else ""
            for name in ("vmstat", "meminfo", "zoneinfo")
        }
        return Sample(
            self.since(mark.begin),
            self.since(mark.end),
            parse_counters(text["vmstat"]),
            parse_counters(text["meminfo"]),
            parse_free(text["zoneinfo"]) if text["zoneinfo"] else -1,
            kinds,
        )

    def _marks(self) -> dict[str, Mark]:
        found = {}
        for number, line in enumerate(self._text("marks").splitlines(), 1):
            words = line.split()
            if len(words) != 3 or not (words[1] + words[2]).isdigit():
                raise InputError(f"{self.folder / 'marks'}:{number}", f"'{line[:60]}' is no mark")
            found[words[0]] = Mark(words[0], int(words[1]), int(words[2]))
        return found

    def _text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text()
        except OSError as error:
            raise InputError(str(self.folder / name), f"cannot be read: {error.strerror}") from None
