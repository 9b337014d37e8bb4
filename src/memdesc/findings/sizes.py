"""How much is freed: a free that says an order or a size, against the allocation it is of.

Only what can be compared is: two numbers (with the constants that the files define), or one expression and the same
with a number added.
"""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass

from memdesc.inference.graph import INTRA, Sink
from memdesc.inference.solve import Solution
from memdesc.inference.trace import Tracer, Way
from memdesc.kinds import BITS, STATES, Kind
from memdesc.source.signatures import Signature, load

_PAGES = {"PAGE_SIZE": 4096, "PAGE_SHIFT": 12}
_NAME = re.compile(r"\b[A-Za-z_]\w*\b")
_LITERAL = re.compile(r"\b(0[xX][0-9a-fA-F]+|\d+)[uUlL]*\b")
_COMPARED = re.compile(r"^\((?P<base>.+)(?P<sign>[+-])(?P<by>\d+)\)$")
_LONGEST, _MOST = 200, 1 << 48
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Amount:
    """How much a call allocates or frees: the unit, the expression, and how the source spells it."""

    unit: str
    said: str
    text: str


@dataclass(slots=True)
class Sizes:
    """Compares what frees say with what allocations said."""

    solution: Solution
    tracer: Tracer
    texts: Callable[[str], bytes]

    def mismatch(self, sink: Sink) -> tuple[Kind, Way, str] | None:
        """Return (kind, way, what differs) when a free is of another amount than all that was allocated for it."""
        if sink.demand.action != "free":
            return None
        welcome = self.solution.at(sink.node) & int(sink.demand.accepts & ~STATES)
        freed = self._amount(sink.name, sink.row) if welcome else None
        if freed is None:
            return None
        for kind in BITS:
            if welcome & kind:
                way = self.tracer.find(sink.node, int(kind), sink.row)
                why = self._differs(way, sink, freed)
                if way is None or not why:
                    continue
                other = self.tracer.find(sink.node, int(kind), sink.row, way.row)
                if other is None or self._differs(other, sink, freed):
                    return kind, way, why
        return None

    def _differs(self, way: Way | None, sink: Sink, freed: Amount) -> str:
        if way is None or way.assumed or self._divided(way):
            return ""
        given = self._amount(way.source, way.row)
        if given is None or given.unit != freed.unit or given.said == freed.said:
            return ""
        one, other = self._number(given.said, way.row), self._number(freed.said, sink.row)
        if one is not None and other is not None:
            if freed.unit == "bytes" and sink.name.endswith("_exact"):
                one, other = -(-one // 4096), -(-other // 4096)
            different = one != other
        else:
            different = self._shifted(given, freed, way)
        return f"{_told(given)} from {way.source}(), {_told(freed)} freed" if different else ""

    def _shifted(self, given: Amount, freed: Amount, way: Way) -> bool:
        """Whether one is the other with a number added; locals must be those of one run of one function."""
        one, other = _linear(given.said), _linear(freed.said)
        if one[0] != other[0] or one[1] == other[1]:
            return False
        heap = self.solution.graph.heap
        return ":" not in one[0] or all(hop.sort == INTRA and not heap[hop.target] for hop in way.hops)

    def _divided(self, way: Way) -> bool:
        """Whether the way leads to another part of the block, or through a call that makes it another."""
        linked = self.solution.graph.linked
        ops = (linked.ops[int(linked.rows[hop.row, 2])] for hop in way.hops if hop.row >= 0)
        return any(op == "+" or op[:2] == "t:" for op in ops)

    def _amount(self, name: str, row: int) -> Amount | None:
        signature: Signature | None = load().of(name)
        if signature is None:
            return None
        unit, at, number = signature.measured()
        if not unit:
            return None
        if at < 0:
            return Amount(unit, number, number)
        linked = self.solution.graph.linked
        said = dict(linked.sites[int(linked.rows[row, 3])]).get(at, "")
        text, _, compared = said.partition("\0")
        return Amount(unit, compared, text) if compared else None

    def _number(self, said: str, row: int) -> int | None:
        """Return the value of an expression of numbers and of constants that the file defines."""
        if ":" in said or "." in said or "sizeof" in said or len(said) > _LONGEST:
            return None
        linked = self.solution.graph.linked
        text = self.texts(linked.paths[int(linked.rows[row, 7])])
        for _ in range(_DEEPEST):
            names = set(_NAME.findall(said)) - {"get_order", "PAGE_ALIGN"} - set(_PAGES)
            if not names or len(said) > _LONGEST:
                break
            for name in names:
                value = _defined(name, text)
                if value is None:
                    return None
                said = re.sub(rf"\b{name}\b", lambda _, value=value: f"({value})", said)  # type: ignore[misc]
        try:
            return _value(ast.parse(_LITERAL.sub(r"\1", said), mode="eval").body)
        except (SyntaxError, ValueError, RecursionError):
            return None


def _told(amount: Amount) -> str:
    if amount.unit != "order":
        return f"{amount.text} {amount.unit}"
    return f"order {amount.text}"


def _linear(said: str) -> tuple[str, int]:
    """Return (expression, number added to it)."""
    match = _COMPARED.match(said)
    if match is None:
        return said, 0
    return match["base"], int(match["by"]) * (1 if match["sign"] == "+" else -1)


def _defined(name: str, text: bytes) -> str | None:
    """Return what a file defines a constant to be, None when it does not, or not once."""
    found = re.findall(rb"^[ \t]*#[ \t]*define[ \t]+" + name.encode() + rb"[ \t]+([^\n]*)$", text, re.M)
    found += re.findall(rb"\b" + name.encode() + rb"\s*=\s*(\d\w*)\s*[,}\n]", text)
    if len(found) != 1:
        return None
    value = re.sub(r"/\*.*?\*/|//.*", "", found[0].decode("utf-8", "replace")).strip()
    return value if value and re.fullmatch(r"[\w\s()+*<>-]+", value) and len(value) < 80 else None


def _value(node: ast.expr) -> int:
    """Return the value of an expression. Raises: ValueError: it is none of small numbers."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        value = node.value
    elif isinstance(node, ast.Name) and node.id in _PAGES:
        value = _PAGES[node.id]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        pages = -(-_value(node.args[0]) // 4096)
        if node.func.id == "get_order":
            value = max(pages - 1, 0).bit_length()
        elif node.func.id == "PAGE_ALIGN":
            value = pages * 4096
        else:
            raise ValueError(node.func.id)
    elif isinstance(node, ast.BinOp):
        left, right = _value(node.left), _value(node.right)
        if isinstance(node.op, ast.Add):
            value = left + right
        elif isinstance(node.op, ast.Sub):
            value = left - right
        elif isinstance(node.op, ast.Mult):
            value = left * right
        elif isinstance(node.op, ast.LShift) and 0 <= right < 48:
            value = left << right
        elif isinstance(node.op, ast.RShift) and 0 <= right < 64:
            value = left >> right
        else:
            raise ValueError("an operator")
    else:
        raise ValueError("no number")
    if not 0 <= value < _MOST:
        raise ValueError("too large")
    return value
