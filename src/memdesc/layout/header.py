"""A C header out of a design: types, proofs of offsets, converters, one argument type a capability.

The header is self-contained C11. A function that takes any page which may be mapped declares its parameter
as `mappable_arg`: a transparent union of the descriptors that have the capability, as the kernel's own
release_pages_arg is (include/linux/mm.h). What differs between ABIs is written under #if.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from memdesc import __version__
from memdesc.errors import InputError
from memdesc.layout import c_write
from memdesc.layout.abi import Abi
from memdesc.layout.capabilities import derive
from memdesc.layout.design import Descriptor, Design
from memdesc.layout.judge import find_anchor, is_same, judge
from memdesc.layout.model import Declared, Enum, Struct, Type, Typedef
from memdesc.layout.overlay import cells
from memdesc.layout.probes import MAGIC_SIGNATURE, PROBES, magic_mask
from memdesc.layout.rules import CAPABILITIES
from memdesc.layout.values import pointer_bits, poison_delta

ARGUMENTS: dict[str, str] = {
    "refcounted": "refcounted_arg",
    "lockable": "lockable_arg",
    "mappable": "mappable_arg",
    "sendable": "sendable_arg",
    "memcg-charged": "memcg_charged_arg",
    "on the LRU": "lru_arg",
    "page cache": "page_cache_arg",
}
"""Capability -> the name of its argument type."""

_MACRO: dict[str, str] = {
    "x86_64": "defined(__x86_64__) && !defined(__ILP32__)",
    "i386": "defined(__i386__)",
    "arm64": "defined(__aarch64__)",
    "arm": "defined(__arm__)",
    "riscv64": "defined(__riscv) && __riscv_xlen == 64",
    "powerpc64": "defined(__powerpc64__)",
    "powerpc": "defined(__powerpc__) && !defined(__powerpc64__)",
    "s390x": "defined(__s390x__)",
}
_COMMON = ("flags", "_refcount", "_mapcount", "page_type", "mapping", "memcg_data", "compound_head")
_TYPE_SHIFT = 24

_TOP = """/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page descriptors of the design {design}, written by memdesc {version}; do not edit.
 *
 * In a kernel tree (__KERNEL__) the kernel's own basic types are used; define MEMDESC_HAVE_<name> for every
 * struct of the design that the tree already has. The asserts then speak of the tree's structs.
 * Passing one descriptor for another is an error here, not a warning, unless MEMDESC_ONLY_WARN is defined.
 */
#ifndef {guard}
#define {guard}

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/stddef.h>
#include <linux/atomic.h>
#include <linux/spinlock_types.h>
#else
#include <stddef.h>
#endif

#if defined(__GNUC__) && !defined(MEMDESC_ONLY_WARN)
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
#endif
"""


def write_header(designs: Sequence[Design]) -> str:
    """Return the header of a design, given once for each ABI that it is to hold on.

    Raises: InputError: the design has no descriptors, or a type that cannot be written as C.
    """
    first = designs[0]
    chosen = [d for d in first.descriptors if not d.arm]
    if not chosen:
        raise InputError(first.name, "has no descriptors to write a header for")
    base = first.name.rsplit("/", 1)[-1]
    guard = "MEMDESC_" + re.sub(r"\W+", "_", base).upper().removesuffix("_H") + "_H"
    out = [_TOP.format(design=base, version=__version__, guard=guard)]
    out.extend(_types(designs))
    out.extend(_asserts(designs))
    if any("MEMDESC_PP_MASK" in test.refuses for d in chosen for test in _tests(first, d)):
        out.append(_per_abi({d.abi.name: _magic(d.abi) for d in designs}, len(designs)) + "\n")
    out.extend(_converters(first, chosen))
    out.extend(_arguments(designs, chosen))
    out.append(f"#endif /* {guard} */\n")
    return "\n".join(out)


# -- types ------------------------------------------------------------------------------------------


def _types(designs: Sequence[Design]) -> list[str]:
    own = {d.struct.name for d in designs[0].descriptors} | {designs[0].page.name}
    order: list[tuple[str, str]] = []
    texts: dict[tuple[str, str], dict[str, str]] = {}
    forward: dict[str, None] = {}
    for design in designs:
        roots: list[Type] = [design.page, *(d.struct for d in design.descriptors if not d.arm)]
        extra = [e for name in ("pagetype", "memdesc_type", "pageflags") if (e := design.types.enum(name))]
        for kind in [*extra, *_ordered(roots, design, forward)]:
            key = _key(kind)
            if key not in texts:
                order.append(key)
                texts[key] = {}
            texts[key][design.abi.name] = c_write.define(kind, design.abi)
    out = [f"{tag};" for tag in forward] + [""]
    for key in order:
        text = _per_abi(texts[key], len(designs))
        tag, name = key
        if tag == "struct" and name in own:
            text = f"#ifndef MEMDESC_HAVE_{name}\n{text}\n#endif"
        elif name in ("pagetype", "pageflags") or _is_basic(name, designs[0]):
            text = f"#ifndef __KERNEL__\n{text}\n#endif"
        out.append(text + "\n")
    return out


def _is_basic(name: str, design: Design) -> bool:
    """Whether a type is the kernel's own rather than the design's: the design does not declare it."""
    types = design.types
    if isinstance(types, Declared):
        return name not in types.structs and name not in types.typedefs and name not in types.enums
    return True


def _key(kind: Type) -> tuple[str, str]:
    if isinstance(kind, Struct):
        return "struct", kind.name
    if isinstance(kind, Enum):
        return "enum", kind.name
    return "typedef", kind.name if isinstance(kind, Typedef) else c_write.INT128[kind.spelling]


def _ordered(roots: Sequence[Type], design: Design, forward: dict[str, None]) -> list[Type]:
    """Return all types that the roots need, each after what it is made of."""
    out: dict[tuple[str, str], Type] = {}

    def add(kind: Type) -> None:
        for tag, name in c_write.pointed(kind):
            if tag in ("struct", "union"):
                forward.setdefault(f"{tag} {name}")
            elif tag == "" and (found := _typedef(name, design)) is not None:
                add(found)
        for inner in c_write.needs(kind):
            out.setdefault(_key(inner), inner)

    for root in roots:
        add(root)
    return list(out.values())


def _typedef(name: str, design: Design) -> Type | None:
    table = getattr(design.types, "typedefs", None)
    if isinstance(table, dict):
        found = table.get(name)
        return found if isinstance(found, Typedef) else None
    lookup = getattr(design.types, "typedef", None)
    return lookup(name) if lookup is not None else None


def _per_abi(texts: dict[str, str], every: int) -> str:
    """Return the one text, or the texts under #if of the ABIs that they hold on."""
    groups: dict[str, list[str]] = {}
    for abi, text in texts.items():
        groups.setdefault(text, []).append(abi)
    if len(groups) == 1 and len(texts) == every:
        return next(iter(groups))
    out = []
    for n, (text, abis) in enumerate(groups.items()):
        out.append(f"{'#if' if n == 0 else '#elif'} {_condition(abis)}\n{text}")
    return "\n".join([*out, "#endif"])


def _condition(abis: Sequence[str]) -> str:
    return (
        " || ".join(f"({_MACRO[a]})" if "&&" in _MACRO[a] else _MACRO[a] for a in abis if a in _MACRO) or "1"
    )


# -- asserts ----------------------------------------------------------------------------------------


def _asserts(designs: Sequence[Design]) -> list[str]:
    out = ["/* What must hold wherever this is compiled. */"]
    lines = [_coincidences(design) for design in designs]
    everywhere = set(lines[0]).intersection(*lines[1:])
    shared = [line for line in lines[0] if line in everywhere]
    out.extend(shared)
    out.append("\n/* Sizes, alignments and offsets. */")
    texts = {d.abi.name: "\n".join(_places(d)) for d in designs}
    out.append(_per_abi(texts, 0 if len(designs) > 1 else 1) + "\n")
    return out


def _coincidences(design: Design) -> list[str]:
    out = []
    page = design.page.spelling
    for descriptor in design.descriptors:
        if descriptor.arm or descriptor.standalone:
            continue
        name = descriptor.struct.spelling
        if descriptor.separate:
            out.append(f'_Static_assert(sizeof({name}) % 16 == 0, "{name}: a memdesc needs 4 free bits");')
            continue
        if descriptor.struct.size <= design.page.size:
            out.append(f'_Static_assert(sizeof({name}) <= sizeof({page}), "{name} fits {page}");')
        inside = cells(descriptor.struct, frozenset((design.page.name,)))
        for member in dict.fromkeys((*design.common, *_COMMON)):
            anchor = find_anchor(design.page, (member,))
            ours = next((c for c in inside if anchor is not None and is_same(c, anchor)), None)
            if anchor is not None and ours is not None:
                left = f"offsetof({name}, {ours.path})"
                right = f"offsetof({page}, {anchor.path})"
                out.append(f'_Static_assert({left} == {right},\n\t"{name}: {ours.path} is {anchor.path}");')
    return out


def _places(design: Design) -> list[str]:
    out = []
    shown = {d.struct.name: d.struct for d in design.descriptors if not d.arm}
    for struct in [design.page, *(s for s in shown.values() if s is not design.page)]:
        name = struct.spelling
        out.append(f'_Static_assert(sizeof({name}) == {struct.size}, "{name}");')
        if hasattr(design.types, "typedefs"):
            # BTF keeps no alignments; only a header's are known for sure.
            out.append(f'_Static_assert(_Alignof({name}) == {struct.align}, "{name}");')
        for field in struct.leaves():
            if not field.is_bit_field:
                out.append(f'_Static_assert(offsetof({name}, {field.path}) == {field.offset}, "{name}");')
    return out


# -- converters -------------------------------------------------------------------------------------


def _converters(design: Design, chosen: Sequence[Descriptor]) -> list[str]:
    out = ["/* From a page to the descriptor that it is, with what is tested. And back. */"]
    page = design.page.spelling
    unused = "static inline __attribute__((unused))"
    for descriptor in chosen:
        if descriptor.standalone:
            continue
        name, spelling = descriptor.name, descriptor.struct.spelling
        if descriptor.separate:
            out.append(_separate(design, descriptor, unused))
            continue
        tests = _tests(design, descriptor)
        says = _promise(descriptor, tests)
        refuse = ""
        if tests:
            condition = " ||\n\t    ".join(test.refuses for test in tests)
            refuse = f"\tif ({condition})\n\t\treturn NULL;\n"
        out.append(
            f"/* {says} */\n{unused} {spelling} *page_to_{name}({page} *page)\n{{\n{refuse}"
            f"\treturn ({spelling} *)(void *)page;\n}}\n"
        )
        out.append(
            f"{unused} {page} *{name}_to_page({spelling} *desc)\n{{\n\treturn ({page} *)(void *)desc;\n}}\n"
        )
    return out


@dataclass(frozen=True, slots=True)
class _Test:
    """One test of a converter. refuses: C that is true for a page of something else. when: the same in words.

    tells: every page that passes is of the descriptor's kind; else others may pass as well.
    """

    refuses: str
    when: str
    tells: bool = False


def _promise(descriptor: Descriptor, tests: Sequence[_Test]) -> str:
    """Return in words what a converter checks, and what its caller has to know."""
    if not tests:
        return f"Nothing tells a page of {descriptor.name}: nothing is tested, the caller has to know."
    says = "NULL when " + " or ".join(test.when for test in tests) + "."
    if not any(test.tells for test in tests):
        says += f"\n * Other pages that are no {descriptor.name} pass: the caller has to know."
    return says


def untested(design: Design) -> list[str]:
    """Return a sentence for each converter that lets other pages pass, with what the design would have to say."""
    out = []
    for descriptor in design.descriptors:
        if descriptor.arm or descriptor.standalone:
            continue
        name = descriptor.name
        if descriptor.separate:
            if not _marks(design, descriptor):
                out.append(
                    f"no page_to_{name}(): no value of enum memdesc_type in page->memdesc stands for it"
                )
            continue
        tests = _tests(design, descriptor)
        if any(test.tells for test in tests):
            continue
        checks = (
            f"refuses a page only when {' or '.join(t.when for t in tests)}" if tests else "tests nothing"
        )
        marks = " or ".join(f"PGTY_{kind}" for kind in descriptor.types)
        cure = f"page->page_type with {marks} in enum pagetype, or " if marks else ""
        out.append(
            f"page_to_{name}() {checks}; what would tell: {cure}`memdesc: is=EXPRESSION` on the struct"
        )
    return out


def _tests(design: Design, descriptor: Descriptor) -> list[_Test]:
    """Return the tests that a page of the descriptor's kind passes."""
    said = next((n.partition("=")[2].strip() for n in descriptor.struct.notes if n.startswith("is=")), "")
    out = []
    tail = find_anchor(design.page, ("compound_head",))
    if tail is not None and "tail" in descriptor.kinds:
        only = descriptor.kinds == ("tail",)
        out.append(_Test(f"!(page->{tail.path} & 1)", "the page is no tail", only))
    elif tail is not None:
        out.append(_Test(f"(page->{tail.path} & 1)", "the page is a tail"))
    kind = find_anchor(design.page, ("page_type",))
    flags = find_anchor(design.page, ("flags",))
    marks = [t for t in descriptor.types if design.types.enumerator(f"PGTY_{t}") is not None]
    by_flag = flags is not None and design.types.enumerator("PG_slab") is not None
    cached = bool(set(descriptor.kinds) & {"file", "anon"})
    if said:
        out.append(_Test(f"!({said})", "what the design says of it does not hold", True))
    elif kind is not None and marks and len(marks) == len(descriptor.types):
        differs = " && ".join(f"(page->{kind.path} >> {_TYPE_SHIFT}) != PGTY_{t}" for t in marks)
        out.append(_Test(differs, "its type is not " + " or ".join(f"PGTY_{t}" for t in marks), True))
    elif descriptor.kinds == ("slab",) and flags is not None and by_flag:
        out.append(_Test(f"!(page->{flags.path} >> PG_slab & 1)", "PG_slab is not set", True))
    elif descriptor.kinds == ("net",) and (magic := find_anchor(design.page, ("pp_magic",))) is not None:
        differs = f"(page->{magic.path} & MEMDESC_PP_MASK) != MEMDESC_PP_SIGNATURE"
        out.append(_Test(differs, "it lacks the signature of a page_pool", True))
    elif kind is not None and cached and _has_types(design):
        typed = f"(page->{kind.path} >> {_TYPE_SHIFT})"
        other = f"({typed} >= PGTY_buddy && {typed} < PGTY_mapcount_underflow && {typed} != PGTY_hugetlb)"
        out.append(_Test(other, "it has a page type other than PGTY_hugetlb"))
    elif cached and flags is not None and by_flag and "slab" not in descriptor.kinds:
        out.append(_Test(f"(page->{flags.path} >> PG_slab & 1)", "PG_slab is set"))
    return out


def _magic(abi: Abi) -> str:
    """Return the macros that tell a page of a page_pool. Source: PP_MAGIC_MASK, include/linux/mm.h."""
    delta = poison_delta(abi)
    always, _ = pointer_bits(abi)
    mask = magic_mask(abi.bits, delta, always & -always if abi.bits == 32 else 0)
    return f"#define MEMDESC_PP_SIGNATURE {delta + MAGIC_SIGNATURE:#x}UL\n#define MEMDESC_PP_MASK {mask:#x}UL"


def _has_types(design: Design) -> bool:
    return all(
        design.types.enumerator(n) is not None
        for n in ("PGTY_buddy", "PGTY_mapcount_underflow", "PGTY_hugetlb")
    )


_MEMDESC_NAMES = {
    "file": "FILE",
    "anon": "ANON",
    "slab": "SLAB",
    "table": "TABLE",
    "net": "NET",
    "free": "BUDDY",
}


def _separate(design: Design, descriptor: Descriptor, unused: str) -> str:
    name, spelling, page = descriptor.name, descriptor.struct.spelling, design.page.spelling
    word = find_anchor(design.page, ("memdesc",))
    marks = _marks(design, descriptor)
    if word is None or not marks:
        return f"/* No memdesc type leads to {spelling}: its owner has to keep the address. */\n"
    tests = " && ".join(f"(page->{word.path} & 15) != {mark}" for mark in marks)
    return (
        f"/* NULL when its memdesc is not of type {' or '.join(marks)}. */\n"
        f"{unused} {spelling} *page_to_{name}(const {page} *page)\n{{\n\tif ({tests})\n\t\treturn NULL;\n"
        f"\treturn ({spelling} *)(page->{word.path} & ~15UL);\n}}\n"
    )


def _marks(design: Design, descriptor: Descriptor) -> list[str]:
    """Return the values of enum memdesc_type that say that a page's memdesc leads to such a descriptor."""
    if find_anchor(design.page, ("memdesc",)) is None:
        return []
    named = [f"MEMDESC_{_MEMDESC_NAMES[k]}" for k in descriptor.kinds if k in _MEMDESC_NAMES]
    return [mark for mark in named if design.types.enumerator(mark) is not None]


# -- capabilities -----------------------------------------------------------------------------------


def granted_everywhere(designs: Sequence[Design]) -> dict[str, list[str]]:
    """Return capability -> names of the descriptors that have it on every ABI."""
    out: dict[str, list[str]] = {}
    for n, design in enumerate(designs):
        verdicts = [v for d in design.descriptors for p in PROBES for v in judge(p, d, design)]
        have: dict[str, list[str]] = {c: [] for c in CAPABILITIES}
        for right in derive(design, verdicts):
            if right.granted:
                have[right.capability].append(right.descriptor)
        for capability, names in have.items():
            held = set(names)
            out[capability] = names if n == 0 else [x for x in out[capability] if x in held]
    return out


def _arguments(designs: Sequence[Design], chosen: Sequence[Descriptor]) -> list[str]:
    page = designs[0].page.spelling
    have = granted_everywhere(designs)
    out = [
        "/* One argument type a capability: it takes a pointer to any descriptor that has it, "
        "and to no other. */"
    ]
    for capability, name in ARGUMENTS.items():
        granted = set(have[capability])
        members = [d for d in chosen if d.name in granted]
        if not members:
            out.append(f"/* No descriptor is {capability}. */\n")
            continue
        lines = "\n".join(f"\t{d.struct.spelling} *{d.name};" for d in members)
        out.append(
            f"typedef union {{ /* {CAPABILITIES[capability]} */\n{lines}\n"
            f"}} {name} __attribute__((transparent_union));\n"
        )
        if all(not d.separate for d in members):
            out.append(
                f"static inline __attribute__((unused)) {page} *{name}_page({name} any)\n{{\n"
                f"\treturn ({page} *)(void *)any.{members[0].name};\n}}\n"
            )
    return out
