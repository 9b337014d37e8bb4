"""What fuzz.py feeds to the readers of the cache.

Three targets: packed facts, of which some that are taken go through all later stages; results; and whole database
files, damaged between two runs that share them. Damage is aware of the structure: words set to what hurts, strings
and records exchanged with others, pieces cut, doubled and moved, and, in a database, whole pages copied over others.
"""

import json
import logging
import random
from array import array
from dataclasses import replace
from pathlib import Path
from zlib import crc32

from memdesc.findings import kept
from memdesc.findings.judge import judge
from memdesc.findings.levels import select
from memdesc.findings.model import Finding, Interpretation, Level, Statistics, Step, Unread
from memdesc.findings.registry import rules
from memdesc.inference import answer
from memdesc.inference.constrain import constrain
from memdesc.inference.link import link
from memdesc.inference.solve import solve
from memdesc.kinds import Kind
from memdesc.layout.offer import types_of
from memdesc.source import cache, gather
from memdesc.source.cache import Cache
from memdesc.source.facts import FileFacts, pack_conditions
from memdesc.source.packing import pack, unpack
from memdesc.source.signatures import load
from memdesc.source.structs import described
from memdesc.source.vocabulary import vocabulary

CASES = Path(__file__).parents[1] / "tests" / "c" / "cases"
WORDS = (0, 1, 2, 7, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_STEP = Step("mm/a.c", 3, 7, "f", "\tput_page(p);", "a step \udc80 \x1b[31m é")
_CONSTRUCTS = (
    "a:{}:0",
    "r:{}",
    "m:{}",
    "g+:{}:0",
    "c:{}:1",
    "k:{}",
    "w:{}",
    "o:{}",
    "t:{}:0",
    "v:{}:-PageTail/0",
)
_USED = 100
"""Of so many of the facts that are taken, one goes through the later stages, which takes a hundred times as long."""


def facts_of(path: Path) -> FileFacts:
    """Return the facts of a case."""
    return gather.gather(path.read_bytes(), vocabulary(), described(), gather.Scope(True))


def damaged(blob: bytes, source: random.Random) -> bytes:
    """Return bytes with some damage."""
    bad = bytearray(blob)
    for _ in range(source.choice((1, 1, 1, 2, 4))):
        if len(bad) < 8:
            return bytes(bad)
        at = source.randrange(20 if source.random() < 0.2 else len(bad) // 4) * 4 % (len(bad) - 3)
        size = source.choice((1, 4, 8, 40, 400))
        match source.randrange(8):
            case 0 | 1:
                bad[at : at + 4] = source.choice((*WORDS, source.getrandbits(32))).to_bytes(4, "little")
            case 2:
                word = int.from_bytes(bad[at : at + 4], "little") + source.choice((-1, 1, 7, 256))
                bad[at : at + 4] = (word & 0xFFFFFFFF).to_bytes(4, "little")
            case 3:
                bad[source.randrange(len(bad))] = source.choice(
                    (0, 1, 10, 58, 0x80, 0xFF, source.getrandbits(8))
                )
            case 4:
                del bad[at : at + size]
            case 5:
                bad[at:at] = source.randbytes(size)
            case 6:
                bad[at:at] = bad[at : at + size]
            case 7:
                other = source.randrange(len(bad) // 4) * 4
                bad[at : at + size] = bad[other : other + size]
    return bytes(bad)


def twisted(facts: FileFacts, source: random.Random) -> FileFacts:
    """Return facts in which records name others than they did; well formed, mostly."""
    for _ in range(source.choice((1, 1, 2, 5))):
        match source.randrange(7):
            case 0:
                edges = array("i", facts.edges)
                for _ in range(source.choice((1, 3, 50))):
                    at = source.randrange(len(edges) or 1)
                    if at < len(edges):
                        edges[at] = source.choice(
                            (edges[source.randrange(len(edges))], source.randrange(200), 0)
                        )
                facts = replace(facts, edges=edges)
            case 1:
                strings = list(facts.strings)
                source.shuffle(strings)
                facts = replace(facts, strings=tuple(strings))
            case 2:
                names = [name for _, name in facts.symbols]
                source.shuffle(names)
                numbers = [number for number, _ in facts.symbols]
                facts = replace(facts, symbols=tuple(zip(numbers, names, strict=True)))
            case 3:
                words = {
                    w for s in (*facts.strings, *(n for _, n in facts.symbols)) for w in s.split(":")[1:2]
                }
                if words and facts.strings:
                    strings = list(facts.strings)
                    at = source.randrange(len(strings))
                    strings[at] = source.choice(_CONSTRUCTS).format(source.choice(sorted(words)))
                    facts = replace(facts, strings=tuple(strings))
            case 4:
                sets = [list(held) for held in facts.conditions()]
                source.shuffle(sets)
                facts = replace(facts, packed_conditions=pack_conditions(tuple(map(tuple, sets))))
            case 5:
                functions = tuple(replace(f, params=f.params[: source.randrange(3)]) for f in facts.functions)
                facts = replace(facts, functions=functions)
            case 6:
                stored = tuple((member, source.choice(facts.stored)[1]) for member, _ in facts.stored)
                facts = replace(facts, stored=stored, typedefs={tag: tag for tag in facts.packed_structs})
    return facts


def used(facts: list[FileFacts]) -> None:
    """Do with facts what the commands do."""
    paths = [f"drivers/a/{n}.{'h' if n % 2 else 'c'}" for n in range(len(facts))]

    def texts(_path: str) -> bytes:
        return b"struct page *p;\n" * 40

    linked = link(paths, facts, described())
    solution = solve(constrain(linked, load(), (6, 1)))
    select(judge(solution, texts, Interpretation.OTTAWA), Level.NOTE, lambda _: True)
    answer.entities(solution, texts, lambda _: True, types_of(None, None))
    answer.dump_facts(facts, paths)


class Facts:
    """Packed facts of the cases."""

    def __init__(self, _folder: Path) -> None:
        self.known = [facts_of(path) for path in sorted(CASES.glob("*.c"))]
        self.seeds = [pack(facts) for facts in self.known]

    def damage(self, source: random.Random, base: bytes) -> bytes:
        """Return packed facts with some damage, or well-formed ones that say something else."""
        found = unpack(base) if source.random() < 0.3 else None
        return damaged(base, source) if found is None else pack(twisted(found, source))

    def feed(self, blob: bytes) -> str:
        """Read packed facts; what is taken must serve."""
        found = unpack(blob)
        if found is None:
            return "refused"
        assert pack(found) is not None
        chance = crc32(blob)
        if chance % _USED:
            return "taken"
        used([found, self.known[chance // _USED % len(self.known)]])
        return "taken and used"


_ODD: tuple[object, ...] = (
    None, True, -1, 1 << 70, 1.5, "", "x", [], {}, [[]], float("nan"), "\udc80", 0, 1, 255,
)  # fmt: skip


class Results:
    """Kept results."""

    def __init__(self, _folder: Path) -> None:
        finding = Finding(
            next(iter(rules())), Level.ERROR, "mm/a.c", 3, 7, "f", "p", Kind.SLAB, Kind.FILE, "m", "put_page",
            "kmalloc", (_STEP, _STEP),
        )  # fmt: skip
        statistics = Statistics(5, 4, 3, 2, (Unread("a.c", "", "no"),), 1, {}, 1 << 40, 7, 8, "its own")
        self.seeds = [kept.pack((finding, finding), statistics, {"Kconfig": b"hash"})]

    def damage(self, source: random.Random, base: bytes) -> bytes:
        """Return a kept result with some damage, or with a value that is another."""
        if source.random() < 0.5:
            return damaged(base, source)
        try:
            parts = json.loads(base)
        except ValueError:  # it was damaged before
            return damaged(base, source)
        return json.dumps(self._changed(parts, source)).encode("utf-8", "surrogatepass")

    def feed(self, blob: bytes) -> str:
        """Read a kept result."""
        found = kept.unpack(blob)
        if found is None:
            return "refused"
        assert kept.unpack(kept.pack(*found)) == found
        return "taken"

    def _changed(self, value: object, source: random.Random) -> object:
        if not isinstance(value, list) or not value or source.random() < 0.15:
            return source.choice(_ODD)
        at = source.randrange(len(value))
        if source.random() < 0.1:
            return [*value[:at], *value[at + 1 :]]
        return [*value[:at], self._changed(value[at], source), *value[at + 1 :]]


class Databases:
    """Whole files of a cache."""

    def __init__(self, folder: Path) -> None:
        self.where = folder
        self.where.chmod(0o700)
        source = random.Random(0)
        self.keys = [source.randbytes(17) for _ in range(40)]
        with Cache("k", self.where) as store:
            store.put_many((key, source.randbytes(source.randrange(1_000))) for key in self.keys)
            store.put_folders((f"/t/{n}", key * 3, key[:16]) for n, key in enumerate(self.keys))
            store.put_result(b"r", b"result")
        (self.path,) = self.where.glob("*.sqlite")
        self.seeds = [self.path.read_bytes()]

    def damage(self, source: random.Random, base: bytes) -> bytes:
        """Return a file with bytes changed, pages copied over others, and heads of pages that say something else."""
        bad = bytearray(damaged(base, source))
        for _ in range(source.choice((0, 0, 1, 3))):
            pages = len(bad) // 8192
            one, other = source.randrange(pages) * 8192, source.randrange(pages) * 8192
            bad[one : one + 8192] = bad[other : other + 8192]
        for _ in range(source.choice((0, 1, 5, 30))):  # heads of pages, where counts and pointers lie
            at = source.randrange(len(bad) // 8192) * 8192 + source.randrange(64)
            bad[at] = source.choice((0, 1, 2, 5, 10, 13, 0xFF, source.getrandbits(8)))
        return bytes(bad)

    def feed(self, blob: bytes) -> str:
        """Use a file as a run does."""
        for path in self.where.iterdir():
            path.unlink()
        self.path.write_bytes(blob)
        cache._SAID.clear()
        said: list[str] = []
        handler = logging.Handler()
        handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
        log = logging.getLogger("memdesc.source.cache")
        log.addHandler(handler)
        try:
            with Cache("k", self.where) as store:
                store.folders(Path("/t"))
                store.sizes()
                store.get_many(self.keys)
                store.get_many(self.keys[:5])
                store.get_result(b"r")
                store.put_many([(b"new", b"1"), (self.keys[0], b"2")])
                store.put_folders([("/t/new", b"l", b"h")])
                store.forget([self.keys[1]])
                store.put_result(b"r", b"2")
                if store.usable and not said:
                    assert store.get_many([b"new"]) == {b"new": b"1"}
        finally:
            log.removeHandler(handler)
        return said[0].partition("(")[2].partition(")")[0] or "rebuilt in part" if said else "nothing noticed"
