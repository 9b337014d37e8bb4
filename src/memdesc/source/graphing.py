"""The graph of one file as it grows: nodes, edges, symbols, conditions.

The walk over a function is built up in layers, each a class on the one before: `Graphing` emits, `Paths` names
lvalues, `Places` loads and stores them, `Values` evaluates expressions, `Branches` narrows at conditions and
merges, and `collect.Walk` goes through the statements.
"""

from array import array
from dataclasses import dataclass, field

import tree_sitter

from memdesc.source.environment import Env, empty
from memdesc.source.facts import Declared, Said
from memdesc.source.moments import Moments
from memdesc.source.vocabulary import Vocabulary

Node = tree_sitter.Node
Local = tuple[str, int, bool, bool]
"""(name of the type without struct, pointer depth, array, static)"""

CONTAINERS = frozenset(
    {
        "scatterlist",
        "sg_table",
        "bio",
        "bio_vec",
        "sk_buff",
        "skb_frag",
        "skb_frag_t",
        "msghdr",
        "iov_iter",
        "xarray",
        "pagevec",
        "folio_batch",
        "ptr_ring",
        "page_frag",
        "sg_mapping_iter",
        "pipe_buffer",
        "skb_shared_info",
        "request",
        "splice_pipe_desc",
        "xdr_buf",
        "sg_page_iter",
        "kvec",
        "radix_tree_root",
    }
)
PAGES = frozenset(
    {"page", "folio", "slab", "ptdesc", "zpdesc", "netmem_ref", "pgtable_t", "net_iov", "zspage"}
)
DESCRIPTORS = frozenset({"page", "folio", "slab", "ptdesc", "zpdesc", "net_iov"})
"""Structs that lie over struct page, so that a cast between them compiles and works today."""


SCALARS = frozenset(
    {
        "int",
        "bool",
        "u8",
        "u16",
        "u32",
        "s32",
        "char",
        "short",
        "size_t",
        "ssize_t",
        "gfp_t",
        "loff_t",
        "float",
        "unsigned",
        "spinlock_t",
        "atomic_t",
        "__u32",
        "__u16",
        "__u8",
        "s64",
        "s8",
        "s16",
        "time64_t",
        "uint32_t",
        "uint8_t",
    }
)


@dataclass(slots=True)
class Output:
    """What a file's facts are made of while they are collected."""

    strings: dict[str, int] = field(default_factory=dict)
    edges: "array[int]" = field(default_factory=lambda: array("i"))
    nodes: int = 1
    symbols: dict[str, int] = field(default_factory=dict)
    sites: list[Said] = field(default_factory=lambda: [()])
    conditions: list[tuple[tuple[str, bool], ...]] = field(default_factory=lambda: [()])
    condition_numbers: dict[tuple[tuple[str, bool], ...], int] = field(default_factory=lambda: {(): 0})
    stored: list[tuple[str, str]] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)
    aliases: list[tuple[str, str, bool]] = field(default_factory=list)
    """(pointer to a function, pointer that it is a copy of, whether both are known to be ones)"""
    called: set[str] = field(default_factory=set)
    handed: list[tuple[str, int, str, bool, int, int, int, int]] = field(default_factory=list)
    """Members handed to calls: callee, argument, member, by address, site, offset, condition set, function."""


def by_reference(local: Local) -> bool:
    """Whether a parameter is a pointer to one pointer or address, which the function may read and assign.

    A pointer to a pointer to a page is an array of pages.
    """
    if local[0] in PAGES or (local[0] in CONTAINERS and local[1] != 2):
        return False
    return local[1] == 2 or (local[1] == 1 and local[0] in INTEGERS)


INTEGERS = frozenset({"unsigned long", "uintptr_t", "dma_addr_t", "phys_addr_t"})
"""Integers that hold addresses."""


class Graphing:
    """What is common to a file, and what belongs to the function being walked."""

    def __init__(
        self,
        data: bytes,
        words: Vocabulary,
        globals_: dict[str, Local],
        functions: frozenset[str],
        array_members: frozenset[str],
        per_cpu: frozenset[str] = frozenset(),
    ) -> None:
        self.data = data
        self.words = words
        self.globals = globals_
        self.functions = functions
        self.array_members = array_members
        self.per_cpu = set(per_cpu)
        self.flag_macros: dict[str, list[str]] = {}
        self.out = Output()
        self.body = b""
        self.begin("", 0, 0, ())

    def begin(self, name: str, number: int, delta: int, params: tuple[tuple[str, Local], ...]) -> Env:
        """Start the function whose text is `body`; returns the environment at its beginning."""
        self.name, self.number, self.delta = name, number, delta
        self.types: dict[str, Local] = {}
        self.contents: dict[str, int] = {}
        self.predicates: dict[str, Node] = {}
        self.untouched: dict[int, list[tuple[str, int]]] = {}
        self.flagged: dict[str, str] = {}
        self.breaks: list[list[Env]] = []
        self.continues: list[list[Env]] = []
        self.pending: dict[str, list[Env]] = {}
        self.mute = 0
        self.ended: dict[tuple[str, Said], Env] = {}
        self.markers: list[str] = []
        self.result_content = False
        self.pointed: set[str] = set()
        self.arrays_of: dict[str, str] = {}
        self.sites_at: dict[int, int] = {}
        self.stores: dict[str, int] = {}
        self.moments = Moments()
        self.scopes: list[set[str]] = [{name for name, _ in params}]
        self.hidden = 0
        self.renamed: dict[str, str] = {}  # variables that hide one of an enclosing block
        self.turns: dict[str, int] = {}  # how often a loop may have changed what a name stands for
        self.unnamed: dict[int, int] = {}  # conditions that have no name, by place, in their order
        self.compound: set[str] = set()
        self.below: dict[str, list[str]] = {}
        self.cleanups: list[list[tuple[str, str, Node]]] = []
        self.cleaned: set[tuple[str, int]] = set()
        self.left: set[tuple[str, int]] = set()
        self.callable: set[str] = set()
        self.referred: dict[str, int] = {}
        self.variadic = ("", 0)
        env = self.start = empty(self.body)
        env["!"] = 0
        for n, (parameter, local) in enumerate(params):
            self.types[parameter] = local
            env[parameter] = self.symbol(f"p:{name}:{n}")
            if local[0] in CONTAINERS or local[1] > 1:
                self.contents[parameter] = self.symbol(f"p:{name}:{n}[]")
            if by_reference(local):
                held = f"{parameter}[]"
                self.referred[held] = n
                env[held] = self.symbol(f"p:{name}:{n}*")
                self.compound.add(held)
                self.below[parameter] = [held]
        self.params = {parameter: n for n, (parameter, _) in enumerate(params)}
        return env

    def fresh(self) -> int:
        """Return the number of a new node."""
        number = self.out.nodes
        self.out.nodes = number + 1
        return number

    def symbol(self, name: str) -> int:
        """Return the node of a symbol, the same one each time."""
        symbols = self.out.symbols
        number = symbols.get(name)
        if number is None:
            number = symbols[name] = self.fresh()
        return number

    def string(self, text: str) -> int:
        """Return the number of a string."""
        strings = self.out.strings
        number = strings.get(text)
        if number is None:
            number = strings[text] = len(strings)
        return number

    def edge(
        self, source: int, target: int, op: str, node: Node, env: Env | None = None, site: int = 0
    ) -> None:
        """Emit an edge at `node`, under the conditions of `env`."""
        self.out.edges.extend(
            (
                source,
                target,
                self.string(op),
                site,
                self.at(node),
                env["!"] if env else 0,
                self.number,
            )
        )

    def at(self, node: Node) -> int:
        """Return the byte offset in the file of what a node stands for."""
        return node.start_byte + self.delta

    def flow(self, source: int, op: str, node: Node, env: Env | None = None, site: int = 0) -> int:
        """Return a new node to which `source` flows."""
        number = self.fresh()
        self.edge(source, number, op, node, env, site)
        return number

    def also(self, condition: int, atom: str, answer: bool) -> int:
        """Return the condition set with one more answer; the latest answer to a question holds."""
        held = self.out.conditions[condition]
        if (atom, answer) in held or len(held) > 12:
            return condition
        return self._condition((*(h for h in held if h[0] != atom), (atom, answer)))

    def lasting(self, condition: int, before: int) -> int:
        """Return the condition set without what was asked of members since `before`."""
        old = self.out.conditions[before]
        held = self.out.conditions[condition]
        return self._condition(tuple(h for h in held if ":" in h[0] or h in old))

    def common(self, one: int, other: int) -> int:
        """Return the condition set that two branches share."""
        if one == other:
            return one
        mine = set(self.out.conditions[other])
        return self._condition(tuple(h for h in self.out.conditions[one] if h in mine))

    def _condition(self, held: tuple[tuple[str, bool], ...]) -> int:
        number = self.out.condition_numbers.get(held)
        if number is None:
            number = self.out.condition_numbers[held] = len(self.out.conditions)
            self.out.conditions.append(held)
        return number
