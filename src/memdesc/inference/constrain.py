"""Constraining: what the linked facts mean by the signatures; flows, sources and demands, each with its row.

`constrain(linked, signatures, version)` is the entrance. A call of a function with a signature means what the
signature says; of any other, it leads into the function's definition and back.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from memdesc.inference.answered import answered
from memdesc.inference.bodies import Bodies
from memdesc.inference.contracts import held
from memdesc.inference.derive import Derivation, derive
from memdesc.inference.effects import Effects
from memdesc.inference.fields import declare, spellings
from memdesc.inference.graph import CALL, DESCRIPTORS, INTRA, RETURN, Graph, Ints, Sink
from memdesc.inference.link import Linked
from memdesc.inference.members import brought
from memdesc.inference.packets import meet
from memdesc.inference.slots import accepted, accepting, converts, joins, of_contents, takes_folio
from memdesc.inference.transfer import MOVED, RELEASED, SAME, Table, Transfer, becoming, keeping, viewing
from memdesc.kinds import ANY, NAMES, Kind
from memdesc.source.callbacks import handed
from memdesc.source.facts import FunctionFacts
from memdesc.source.signatures import Condition, Demand, Member, Signature, Signatures, Slot

Unread = Callable[[str], Signature | None]
_SOURCE, _TARGET = -1, -2
_FEW = 3
"""Functions that may stand behind one pointer for their results to be told of its call."""
_MANY = 12
"""Functions behind one pointer from which on its calls share a node, so that calls and functions do not multiply."""

_SOURCES = {f"s:{NAMES[kind]}": kind for kind in (Kind.STACK, Kind.GLOBAL, Kind.PERCPU, Kind.USER)}

_GFP = re.compile(
    r"~?(?:__GFP_\w+|GFP_(?:ATOMIC|KERNEL(?:_ACCOUNT)?|NOWAIT|NOIO|NOFS|USER|DMA(?:32)?|HIGHUSER\w*|PGTABLE_\w+))"
)
"""Flags that are without __GFP_COMP unless it is named: include/linux/gfp_types.h, include/asm-generic/pgalloc.h."""

_FRESH = Kind.DRIVER | Kind.BLOCK | Kind.NONCOMP | Kind.EXACT | Kind.UNTYPED_TABLE | Kind.FREE | Kind.RESERVED
"""Memory that has yet to become what it will be."""

_HEAD = Demand("head", ANY & ~Kind.TAIL)
_CAST = Demand("newyork:raw-cast", Kind.NONE, "cast", interpretation="newyork")
"""A cast is no call that a signature could tell of."""


class _Constrainer:
    def __init__(
        self, linked: Linked, signatures: Signatures, version: tuple[int, ...] | None, unread: Unread
    ) -> None:
        self.linked = linked
        self.unread = unread
        self.version = version
        self.signatures = signatures
        self.graph = Graph(linked, Table())
        self.graph.converters.update(s.name for s in signatures if converts(s))
        self.members: dict[tuple[str, str], Member] = {}
        for member in signatures.members:
            if version is None or (
                version >= member.since and not (member.until and version >= member.until)
            ):
                self.members[member.struct, member.name] = member
        self.by_member: dict[str, str] = {}
        for name in signatures.functions:
            if "." in name:
                self.by_member[name.split(".", 1)[1]] = name
        self.cache: dict[str, Signature | None] = {}
        self.marks: dict[int, set[str]] = {}
        self.callers: dict[str, set[int]] = {}
        self.calls: dict[str, list[int]] = {}
        self.by_op: tuple[npt.NDArray[np.intp], list[int]] = np.zeros(0, dtype=np.intp), []
        self.joined: dict[int, dict[tuple[str, int], tuple[int, int]]] = {}
        self.joined_by: dict[int, Signature] = {}
        self.derived = Derivation()
        # (rows, sort, transfer, source, target) of flows that are alike; a node, or which of the row's
        self.pieces: list[tuple[npt.NDArray[np.intp], int, int, int, int]] = []

    def signature(self, name: str) -> Signature | None:
        """Return the signature that a call of `name` has; a file's own static function has none."""
        if name not in self.cache:
            found = None
            if name.startswith("."):
                bare = (
                    name[1:].split("@", 1)[0]
                    if "@" not in name
                    else name[1:].split("@")[0] + "." + name.rpartition(".")[2]
                )
                found = self.signatures.of(bare, self.version)
                if found is None:
                    last = name.rpartition(".")[2]
                    tag = name[1:].rpartition(".")[0]
                    if last in self.by_member and (
                        tag == "?" or "." in tag or tag.startswith("@") or tag not in self._tags()
                    ):
                        found = self.signatures.of(self.by_member[last], self.version)
            elif "@" not in name:
                found = self.signatures.of(name, self.version)
                if found is None and name not in self.linked.definitions:
                    found = self.unread(name)
            self.cache[name] = found
        return self.cache[name]

    def _tags(self) -> set[str]:
        return (
            {tag for facts in self.linked.files for tag in facts.packed_structs}
            if len(self.linked.files) < 3
            else set()
        )

    def run(self) -> Graph:
        graph, linked = self.graph, self.linked
        declare(linked, self.signatures)
        rows = linked.rows
        graph.heap = np.zeros(linked.node_count, dtype=bool)
        graph.heap[[number for name, number in linked.symbols.items() if name[0] in "fg"]] = True
        order = np.argsort(rows[:, 2], kind="stable")
        sorted_ops = rows[order, 2]
        starts = np.searchsorted(sorted_ops, np.arange(len(linked.ops) + 1)).tolist()
        self.by_op = order, starts
        groups = [
            (op, starts[n], starts[n + 1]) for n, op in enumerate(linked.ops) if starts[n] < starts[n + 1]
        ]
        bodies = Bodies(linked, self._told, self._view)
        self.derived = graph.derived = derive(bodies)
        for node, row, demand, by in self.derived.others:
            if not by.startswith("-"):  # whoever returns an error handles it
                graph.sinks.append(Sink(node, demand, by, row, row))
        for op, start, end in groups:
            if op[:2] in ("a:", "r:"):
                self._mark(op, order[start:end])
        for op, start, end in groups:
            self._op(op, order[start:end])
        graph.sources += brought(linked, self.members.values())
        graph.alike = self._alike()
        meet(graph)
        for site, parts in self.joined.items():
            self._site(site, parts, self.joined_by[site])
        self._offer()
        given, returned = held(linked, ((name, self.signature(name)) for name in self.signatures.functions))
        graph.sources += [*given, *answered(linked, graph.sinks, self._told)]
        graph.sinks += returned
        self._follow(bodies)
        return graph

    def _follow(self, bodies: Bodies) -> None:
        """Hold calls of functions that have a signature to what their bodies do as well."""
        uses = (
            (s.node, s.demand, s.name, s.row)
            for s in self.graph.sinks
            if not (
                s.demand.interpretation or s.demand.contents or s.demand.when or s.demand.action == "return"
            )
        )
        found = self.graph.effects = Effects(bodies, uses, lambda name: self.signature(name) is not None)
        signed = ((name, self.signature(name)) for name in self.signatures.functions)
        numbers = {op: number for number, op in enumerate(self.linked.ops) if op[:2] == "a:"}
        order, starts = self.by_op
        for name, number, demands in found.beyond(signed, self.derived):
            op = numbers.get(f"a:{name}:{number}", 0)
            for row in order[starts[op] : starts[op + 1]].tolist() if op else ():
                node = int(self.linked.rows[row, 0])
                self.graph.sinks += (Sink(node, d.demand, name, row, d.row) for d in demands)

    def _offer(self) -> None:
        symbols = self.linked.symbols
        for name in self.linked.definitions:
            signature = self.signature(name)
            if signature is None:
                continue
            slots = [(f"p:{name}:{n}", slot) for n, slot in enumerate(signature.params)]
            if signature.result.descriptor:
                slots.append((f"r:{name}", signature.result))
            for spelt, slot in slots:
                if spelt in symbols:
                    self.graph.offered[symbols[spelt]] = slot.descriptor

    def _mark(self, op: str, rows: npt.NDArray[np.intp]) -> None:
        _, name, *_ = op.split(":")
        signature = self.signature(name)
        if signature is None:
            return
        for slot in signature.params:
            for mark in slot.sets:
                for function, offset in self.linked.rows[rows][:, [6, 4]].tolist():
                    self.marks.setdefault(function, set()).add(mark)
                    self.graph.marked.setdefault(function, []).append((offset, mark))

    def _plain(self, rows: npt.NDArray[np.intp], transfer: Transfer) -> None:
        self.pieces.append((rows, INTRA, self.graph.table.number(transfer), _SOURCE, _TARGET))

    def _alike(self) -> Ints:
        """Return the flows of all pieces, a row each."""
        if not self.pieces:
            return np.empty((0, 6), dtype=np.int32)
        rows = np.concatenate([piece[0] for piece in self.pieces])
        said = np.array([piece[1:] for piece in self.pieces], dtype=np.int32)
        sort, transfer, source, target = np.repeat(said, [len(piece[0]) for piece in self.pieces], axis=0).T
        facts = self.linked.rows[rows]
        columns = (
            np.where(source < 0, np.where(source == _SOURCE, facts[:, 0], facts[:, 1]), source),
            np.where(target < 0, np.where(target == _SOURCE, facts[:, 0], facts[:, 1]), target),
            sort,
            transfer,
            rows,
            np.where(sort == INTRA, 0, facts[:, 3]),
        )
        return np.stack(columns, axis=1).astype(np.int32)

    def _op(self, op: str, rows: npt.NDArray[np.intp]) -> None:
        if op in ("=", "&", "[]"):
            self._plain(rows, SAME)
        elif op == "+":
            self._plain(rows, MOVED)
        elif op == "arr":
            arrays = np.fromiter(self.linked.arrays, dtype=np.int32, count=len(self.linked.arrays))
            self._plain(rows[np.isin(self.linked.rows[rows, 3], arrays)], SAME)
        elif op in _SOURCES:
            for row in rows.tolist():
                self.graph.sources.append((int(self.linked.rows[row, 1]), int(_SOURCES[op]), row, op[2:]))
        else:
            sort, name, *rest = op.split(":")
            number = int(rest[0]) if rest and rest[0].isdigit() else -1
            if sort in ("g+", "g-"):
                self._plain(rows, self._guard(name, number, sort == "g+"))
            elif sort == "gs":
                self._plain(rows, keeping(ANY & ~(Kind.STACK | Kind.GLOBAL | Kind.PERCPU)))
            elif sort == "gm":
                self._plain(rows, self._member_guard(name, op.endswith("+")))
            elif sort == "t":
                self._turn(name, number, rows)
            elif sort == "e":
                signature = self.signature(name)
                ends = signature is not None and bool(signature.result.ends)
                self._plain(rows, RELEASED if ends else SAME)
            elif sort in ("m", "o", "u", "w"):
                self._member(name, sort, rows)
            elif sort == "v":
                pass  # see derive
            elif sort == "h":
                self._hand(name, number, rest[1], int(rest[2]), rows)
            elif sort == "x":
                for row in rows.tolist():
                    self.graph.sinks.append(
                        Sink(int(self.linked.rows[row, 0]), _CAST, f"struct {rest[0]} *", row)
                    )
            else:
                self._call(sort, name, number, rows)

    def _guard(self, name: str, number: int, answer: bool) -> Transfer:
        signature = self.signature(name)
        if signature is None or number >= len(signature.params):
            return SAME
        slot = signature.params[number]
        if slot.guard is not None:
            self.graph.told.add(name)
        drops = slot.drops if answer else Kind.NONE
        if slot.guard is None:
            return Transfer(int(ANY & ~drops))
        return keeping(slot.guard[0 if answer else 1] & ~drops)

    def _told(self, name: str, number: int, answer: bool) -> Transfer:
        """Return what passes a test by what its signature tells of kinds alone."""
        signature = self.signature(name)
        slot = signature.params[number] if signature is not None and number < len(signature.params) else None
        return (
            keeping(slot.guard[0 if answer else 1]) if slot is not None and slot.guard is not None else SAME
        )

    def _view(self, name: str) -> tuple[int, Transfer] | None:
        signature = self.signature(name)
        at = signature.index(signature.result.gives_kind_of) if signature is not None else -1
        if signature is None or at < 0:
            return None
        return at, viewing(signature.result.gives_mask, *signature.result.gives_turned)

    def _member_guard(self, name: str, answer: bool) -> Transfer:
        tag, _, member = name.partition(".")
        found = self.members.get((tag.split("@")[0], member))
        return (
            keeping(found.guard[0 if answer else 1])
            if found is not None and found.guard is not None
            else SAME
        )

    def _turn(self, name: str, number: int, rows: npt.NDArray[np.intp]) -> None:
        """What a call leaves of the memory of its argument."""
        signature = self.signature(name)
        slot = signature.params[number] if signature is not None and number < len(signature.params) else None
        if signature is None or slot is None or not (slot.becomes or slot.drops):
            self._plain(rows, SAME)
            return
        turned = becoming(slot.source, slot.becomes, slot.drops)
        when = slot.becomes_when
        if when is None:
            self._plain(rows, turned)
            return
        holds = np.array([self._holds(when, signature, row) for row in rows.tolist()], dtype=bool)
        self._plain(rows[holds], turned)
        self._plain(rows[~holds], SAME)

    def _member(self, name: str, sort: str, rows: npt.NDArray[np.intp]) -> None:
        tag, _, member = name.partition(".")
        tag = tag.split("@")[0]
        found = self.members.get((tag, member))
        if found is None:
            return
        nodes = self.linked.rows[rows, 0].tolist()
        if sort == "w":
            for node, row in zip(nodes, rows.tolist(), strict=True):
                for demand in found.demands:
                    self.graph.sinks.append(Sink(node, demand, f"{tag}.{member}", row))
            return
        for demand in found.reads if sort == "m" else ():
            for node, row in zip(nodes, rows.tolist(), strict=True):
                self.graph.sinks.append(Sink(node, demand, f"{tag}->{member}", row))
        if sort in ("m", "u") and found.owners != ANY:
            owners = found.owners | Kind.PTL | Kind.UNREF | Kind.STACK | Kind.GLOBAL | Kind.PERCPU
            if sort == "u":  # whoever writes it may be making the memory what it will be
                owners |= _FRESH
            demand = Demand("member", owners, "member")
            for node, row in zip(nodes, rows.tolist(), strict=True):
                self.graph.sinks.append(Sink(node, demand, f"{tag}->{member}", row))
        if found.descriptor in DESCRIPTORS:
            bit = 1 << DESCRIPTORS.index(found.descriptor)
            for node, row in zip(nodes, rows.tolist(), strict=True):
                self.graph.evidence.append((node, bit, row, f"{tag}->{member}"))

    def _call(self, sort: str, name: str, number: int, rows: npt.NDArray[np.intp]) -> None:
        signature = self.signature(name)
        if signature is None:
            targets = self.linked.stored.get(name[1:], ()) if name[:1] == "." else (name,)
            if sort in ("i", "d"):
                self._refer(sort, targets, number, rows)
                return
            if len(targets) > _MANY and sort in ("a", "c"):
                self._enter_many(sort, name, targets, number, rows)
                return
            for target in targets:
                if len(targets) == 1 and name[:1] == "." and self.signature(target) is not None:
                    self._call(sort, target, number, rows)
                    continue
                if sort in ("r", "k") and len(targets) > _FEW:
                    continue  # what one of many gives back says nothing of this call
                if sort == "a" and len(targets) <= _FEW:
                    self._asserted(target, number, ANY, rows)
                if sort == "a" and self._declares_folio(target, number):
                    for node, row in zip(self.linked.rows[rows, 0].tolist(), rows.tolist(), strict=True):
                        self.graph.sinks.append(Sink(node, _HEAD, target.partition("@")[0], row))
                self._enter(sort, target, number, rows, len(targets) <= _FEW)
            return
        if sort in ("i", "d"):
            self._refer(sort, (), number, rows)
        if sort in ("i", "d", "k"):
            return
        facts = self.linked.rows
        nodes = facts[rows, 1 if sort == "r" else 0].tolist()
        if sort == "r":
            self._result(signature, nodes, rows)
        elif number < len(signature.params):
            slot = signature.params[number]
            for demand in slot.demands:
                if demand.contents != (sort == "c"):
                    continue
                if demand.accepts == ANY:
                    continue
                for node, row in zip(nodes, rows.tolist(), strict=True):
                    asked = demand.when
                    if asked is None or of_contents(demand) or self._holds(asked, signature, row):
                        self.graph.sinks.append(Sink(node, demand, name.rpartition(".")[2], row))
            if sort == "a" and name[:1] != ".":
                self._asserted(name, number, accepting(slot), rows)
            if sort == "a" and takes_folio(slot):
                for node, row in zip(nodes, rows.tolist(), strict=True):
                    self.graph.sinks.append(Sink(node, _HEAD, name.rpartition(".")[2], row))
            if sort == "a" and slot.descriptor in DESCRIPTORS:
                bit = 1 << DESCRIPTORS.index(slot.descriptor)
                for node, row in zip(nodes, rows.tolist(), strict=True):
                    self.graph.evidence.append((node, bit, row, f"{name}()"))
            if sort == "c" and slot.holds:
                for node, row in zip(nodes, rows.tolist(), strict=True):
                    self.graph.sources.append((node, int(slot.holds), row, name))
        if joins(signature):
            for node, row in zip(nodes, rows.tolist(), strict=True):
                site = int(facts[row, 3])
                self.joined.setdefault(site, {})[sort, number] = (node, row)
                self.joined_by[site] = signature

    def _asserted(self, target: str, number: int, said: Kind, rows: npt.NDArray[np.intp]) -> None:
        """Let the calls in `rows` be held to what the body of `target` asserts, beyond what is `said` of it."""
        for derived in self.derived.demands.get((target, number), ()):
            if not said & ~derived.demand.accepts:
                continue
            for node, row in zip(self.linked.rows[rows, 0].tolist(), rows.tolist(), strict=True):
                self.graph.sinks.append(
                    Sink(node, derived.demand, target.partition("@")[0], row, derived.row)
                )

    def _declares_folio(self, name: str, number: int) -> bool:
        """Whether a function that was read declares a parameter as a folio."""
        definition = self.linked.definitions.get(name)
        params = self.linked.functions[definition][1].params if definition is not None else ()
        return number < len(params) and params[number][1].replace("const ", "").startswith("folio *")

    def _hand(self, name: str, at: int, callback: str, argument: int, rows: npt.NDArray[np.intp]) -> None:
        """A function is handed to one of the kernel's that calls it, with an argument of the same call."""
        for parameter, given in handed(name).get(at, ()):
            if given == argument:
                self._enter("a", callback, parameter, rows, False)

    def _refer(self, sort: str, targets: Sequence[str], number: int, rows: npt.NDArray[np.intp]) -> None:
        """What a pointer to a pointer leads to: into functions, and back from them; kept by all others."""
        symbols = self.linked.symbols
        found = [s for t in targets if (s := symbols.get(f"{'p' if sort == 'i' else 'q'}:{t}:{number}*"))]
        for symbol in found if sort == "i" or len(found) <= _FEW else ():
            if sort == "i":
                self.pieces.append((rows, CALL, 0, _SOURCE, symbol))
            else:
                self.pieces.append((rows, RETURN, 0, symbol, _TARGET))
        if sort == "d" and not found:
            self._plain(rows[self.linked.rows[rows, 0] != 0], SAME)

    def _enter_many(
        self, sort: str, name: str, targets: Sequence[str], number: int, rows: npt.NDArray[np.intp]
    ) -> None:
        """A call through a pointer behind which many functions stand: they share a node that all calls lead to."""
        linked = self.linked
        contents = "[]" if sort == "c" else ""
        spelt = (f"p:{target}:{number}{contents}" for target in targets)
        symbols = [symbol for s in spelt if (symbol := linked.symbols.get(s)) is not None]
        if not symbols:
            return
        middle = linked.node_count
        linked.node_count += 1
        linked.names[middle] = f"p:{name.lstrip('.')}:{number}{contents}"
        self.graph.heap = np.append(self.graph.heap, False)
        self.pieces.append((rows, CALL, 0, _SOURCE, middle))
        self.graph.flows.extend((middle, symbol, INTRA, 0, -1, 0) for symbol in symbols)
        folio = next((t for t in targets if sort == "a" and self._declares_folio(t, number)), "")
        if folio:
            for node, row in zip(linked.rows[rows, 0].tolist(), rows.tolist(), strict=True):
                self.graph.sinks.append(Sink(node, _HEAD, folio.partition("@")[0], row))

    def _enter(self, sort: str, target: str, number: int, rows: npt.NDArray[np.intp], back: bool) -> None:
        spelt = f"r:{target}" if sort in ("r", "k") else f"p:{target}:{number}"
        symbol = self.linked.symbols.get(spelt + "[]" if sort in ("c", "k") else spelt)
        if symbol is None:
            return  # most functions that are called are not read
        if sort in ("r", "k"):
            self.pieces.append((rows, RETURN, 0, symbol, _TARGET))
        if sort == "k":
            self.pieces.append((rows, CALL, 0, _TARGET, symbol))
        if sort in ("a", "c"):
            self.pieces.append((rows, CALL, 0, _SOURCE, symbol))
        if sort == "c" and back:
            self.pieces.append((rows, RETURN, 0, symbol, _SOURCE))

    def _result(self, signature: Signature, nodes: list[int], rows: npt.NDArray[np.intp]) -> None:
        result = signature.result
        name = signature.name
        for node, row in zip(nodes, rows.tolist(), strict=True):
            kinds = int(result.gives)
            if result.pages:
                kinds = int(result.gives & ~Kind.DRIVER | self._pages(result, signature, row))
            for given, condition in result.gives_when:
                if self._holds(condition, signature, row):
                    kinds |= int(given)
            if kinds:
                self.graph.sources.append((node, kinds, row, name))
            elif result.gives_field:
                symbol = self._field(result.gives_field, row)
                if symbol is not None:
                    self.graph.flows.append((symbol, node, INTRA, 0, row, 0))

    def _field(self, name: str, row: int) -> int | None:
        """Return the node of a member as the file of `row` knows it."""
        symbols = self.linked.symbols
        path = self.linked.paths[int(self.linked.rows[row, 7])]
        return next((symbols[s] for s in spellings(name, path) if s in symbols), None)

    def _pages(self, result: Slot, signature: Signature, row: int) -> Kind:
        assert result.pages is not None
        gfp, order = (self._said(signature, row, name) if name else ("", "") for name in result.pages)
        if not result.pages[1] or order[0].strip() in ("0", ""):
            return Kind.DRIVER
        words = gfp[1].split()
        if "__GFP_COMP" in words and "~__GFP_COMP" not in words:
            return Kind.DRIVER | Kind.COMPOUND
        if not words or any("COMP" in w or not _GFP.fullmatch(w) for w in words):
            return Kind.DRIVER
        return Kind.BLOCK

    def _said(self, signature: Signature, row: int, name: str) -> tuple[str, str]:
        said = dict(self.linked.sites[int(self.linked.rows[row, 3])]).get(signature.index(name), "\0")
        text, _, words = said.partition("\0")
        return text, words

    def _holds(self, condition: Condition, signature: Signature, row: int) -> bool:
        """Whether a condition is known to hold at the call in `row`; what is unknown does not."""
        name, relation, word, positive = condition
        if word == "tested":
            return True  # whoever reports it asks `tested.py`
        if relation == "has" and any(word in slot.sets or word == "pp_recycle" for slot in signature.params):
            function = int(self.linked.rows[row, 6])
            marked = word in self.marks.get(function, ())
            text, facts = self._said(signature, row, name)[0], self.linked.functions[function][1]
            callers = self._callers(facts)
            if text.strip() in dict(facts.params):  # its maker may have marked it, if anybody near marks
                near = self.graph.marks_near((function, *callers), word)
                marked = marked or (near if callers else facts.static)
            elif facts.result.startswith("sk_buff"):  # whoever gets it may mark it
                marked = marked or any(word in self.marks.get(f, ()) for f in callers)
            return marked == positive
        text, words = self._said(signature, row, name)
        if relation == "is" and word.isdigit() and not text.strip().isdigit():
            return False
        if relation == "is":
            return (text.strip() == word) == positive
        found = words.split()
        if f"~{word}" in found:
            return not positive
        if word in found:
            return positive
        return not positive and bool(found) and "?" not in found

    def _callers(self, facts: FunctionFacts) -> set[int]:
        """Return the functions that call one."""
        if not self.calls:
            for number, op in enumerate(self.linked.ops):
                if op[:2] in ("r:", "a:"):
                    self.calls.setdefault(op[2:].split("@")[0].split(":")[0], []).append(number)
        if facts.name not in self.callers:
            numbers = self.calls.get(facts.name, ())
            order, starts = self.by_op
            self.callers[facts.name] = {
                int(function)
                for number in numbers
                for function in self.linked.rows[order[starts[number] : starts[number + 1]], 6]
            }
        return self.callers[facts.name]

    def _site(self, site: int, parts: dict[tuple[str, int], tuple[int, int]], signature: Signature) -> None:
        """Flows between the arguments and the result of one call."""
        graph = self.graph
        result = parts.get(("r", -1))
        given = signature.result
        if result is not None:
            for word, sort in ((given.gives_kind_of, "a"), (given.gives_in, "c"), (given.gives_same, "a")):
                part = parts.get((sort, signature.index(word))) if word else None
                if part is None:
                    if word == given.gives_kind_of and word and given.gives_else:
                        graph.sources.append((result[0], int(given.gives_else), result[1], signature.name))
                    continue
                transfer = SAME
                if word == given.gives_kind_of:
                    transfer = viewing(given.gives_mask & accepted(signature, word), *given.gives_turned)
                graph.flows.append((part[0], result[0], INTRA, graph.table.number(transfer), result[1], site))
                if word == given.gives_kind_of and given.gives_else:
                    graph.late.append((result[0], int(given.gives_else), result[1], signature.name, part[0]))
        for n, slot in enumerate(signature.params):
            for target in slot.into:
                value = parts.get(("a", n))
                if value is None:
                    continue
                if "." in target:
                    symbol = self._field(target, value[1])
                    if symbol is not None:
                        graph.flows.append((value[0], symbol, INTRA, 0, value[1], site))
                    continue
                held = parts.get(("c", signature.index(target)))
                if held is not None:
                    graph.flows.append((value[0], held[0], INTRA, 0, value[1], site))
            for target in slot.merges:
                one, other = parts.get(("c", n)), parts.get(("c", signature.index(target)))
                if one is not None and other is not None:
                    graph.flows.append((other[0], one[0], INTRA, 0, one[1], site))


def _silent(_name: str) -> None:
    """Tell nothing of a function whose body was not read."""


def constrain(
    linked: Linked, signatures: Signatures, version: tuple[int, ...] | None, unread: Unread = _silent
) -> Graph:
    """Return what the facts mean for a kernel of `version` (None: any).

    Args: unread: tells of functions that have neither a signature nor a body here.
    """
    return _Constrainer(linked, signatures, version, unread).run()
