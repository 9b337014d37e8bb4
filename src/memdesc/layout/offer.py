"""The types that a design offers for pointers, and whose each word of struct page is.

`types_of()` is the entrance. A word has an owner when one descriptor alone keeps something of its own there: by the
arms of the tree's own struct page first, then by the members of all descriptors that are known.
"""

from collections.abc import Iterable

from memdesc.kinds import BY_NAME, Kind
from memdesc.layout.design import SHIPPED, Descriptor, Design, load
from memdesc.types import Type, Types

NEWEST = "linux-6.18"
"""The shipped kernel whose descriptors older ones are going to have."""
_CALLED = {"netmem_desc": "netmem"}
"""What a type is called where no design was named: network memory goes by netmem_ref as well."""
_BESIDES = {
    Kind.SLAB: Kind.LARGE,
    Kind.TABLE: Kind.UNTYPED_TABLE | Kind.RESERVED,
    Kind.ZSMALLOC: Kind.MOVABLE,
}
"""Kinds that may arrive where one is used: kmalloc() beyond the caches, tables of the boot, pages that zsmalloc
marks as movable."""
_LENT = Kind.NET
"""Memory that its owner gives to others as bare pages."""
_CARVED = Kind.SLAB
"""Memory of which others get pieces."""

_EVERYONES = frozenset(
    ("flags", "_refcount", "_mapcount", "page_type", "memcg_data", "memdesc", "pfn", "callback_head", "rcu_head")
)  # fmt: skip
"""What every descriptor may keep, or keeps in an end form."""
_ANYBODYS = Kind.FILE | Kind.ANON | Kind.DRIVER | Kind.TAIL
"""Memory whose words others read, too: generic code asks any page for its mapping, and a head for its tails'."""


def kinds_of(descriptor: Descriptor) -> Kind:
    """Return the kinds that a descriptor describes."""
    total = Kind.NONE
    for name in descriptor.kinds:
        total |= BY_NAME[name]
    return total


def words(tree: Design | None, designs: Iterable[Design]) -> dict[str, Kind]:
    """Return member of struct page -> the kinds whose descriptor alone has it.

    Args: tree: what the kernel at hand declares; where its struct page says whose a member is, nobody else is
    asked. designs: others whose descriptors are known.
    """
    found: dict[str, Kind] = {}
    if tree is not None:
        arms = [d for d in tree.descriptors if d.arm]
        everywhere = set.intersection(*(_members(d) for d in arms)) if arms else set()
        found = _owned(arms, everywhere)
    known = [d for design in designs for d in design.descriptors if not d.arm]
    if tree is not None:
        known += [d for d in tree.descriptors if not d.arm]
    for name, kinds in _owned(known, set()).items():
        found.setdefault(name, kinds)
    return {name: kinds for name, kinds in found.items() if kinds}


def _members(descriptor: Descriptor) -> set[str]:
    """Return the members of a descriptor that may say what it is."""
    names = {f.path.partition(".")[0] for f in descriptor.struct.fields()}
    return {name for name in names - _EVERYONES if "pad" not in name and not name.startswith("__")}


def _owned(descriptors: Iterable[Descriptor], shared: set[str]) -> dict[str, Kind]:
    """Return member -> kinds of the one descriptor that has it, no kind where several have or none is told."""
    held: dict[str, list[Kind]] = {}
    for descriptor in descriptors:
        kinds = kinds_of(descriptor)
        for name in _members(descriptor) - shared if kinds else ():
            held.setdefault(name, []).append(kinds)
    out: dict[str, Kind] = {}
    for name, several in held.items():
        total = Kind.NONE
        for kinds in several:
            total |= kinds
        alike = all(kinds & other for kinds in several for other in several)
        out[name] = total if alike and not total & _ANYBODYS else Kind.NONE
    return out


def tags(designs: Iterable[Design]) -> dict[str, Kind]:
    """Return struct -> kinds that it describes."""
    found: dict[str, Kind] = {}
    for design in designs:
        for descriptor in design.descriptors:
            if not descriptor.arm and descriptor.struct.name:
                found[descriptor.struct.name] = found.get(descriptor.struct.name, Kind.NONE) | kinds_of(
                    descriptor
                )
    return found


def types_of(tree: Design | None, design: Design | None) -> Types:
    """Return the types that pointers may be given.

    Args: tree: what the kernel at hand declares, None when that is not known. design: where the types come from;
    None means those that the tree declares, and those that are known to come. They also are what a design leaves
    open that has no struct page of its own.
    """
    known = [load(name) for name in SHIPPED]
    given = [design] if design is not None else []
    chosen = [*given]
    if design is None or design.page_from:
        chosen += [*([tree] if tree is not None else []), load(NEWEST)]
    found: list[Type] = []
    told = Kind.NONE
    for one in chosen:
        before = told
        for descriptor in one.descriptors:
            kinds = kinds_of(descriptor)
            if kinds and not kinds & before and not descriptor.arm and not descriptor.standalone:
                name = descriptor.name if one is design else _CALLED.get(descriptor.name, descriptor.name)
                found.append(_type(name, kinds))
                told |= kinds
    return Types(
        design.name if design is not None else "the tree" if tree is not None else NEWEST,
        tuple(found),
        words(tree, [*given, *known]),
        tags([*given, *([tree] if tree is not None else []), *known]),
    )


def _type(name: str, kinds: Kind) -> Type:
    if kinds & Kind.FILE:
        kinds |= Kind.HUGETLB  # hugetlb keeps its pages in a page cache of its own
    besides = Kind.NONE
    for kind, others in _BESIDES.items():
        if kinds & kind:
            besides |= others
    return Type(name, kinds, besides & ~kinds, bool(kinds & _LENT), bool(kinds & _CARVED))
