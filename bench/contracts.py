"""Print how much of what a kernel says of its functions memdesc knows: bench/contracts.py TREE [--parts 1234]

1. Of the functions in FOLDERS that assert something of a page, folio or address that they are given (VM_BUG_ON_PAGE()
   and its kin, BUG_ON(), WARN_ON(), ASSERT(), `if (...) return -EINVAL`), the share that has that very demand: what
   the assertion refuses is refused at every call. The assertions are found here in the text, by other means than
   memdesc's own: at the outermost level of a function, of a parameter or of its head. Those of what memdesc takes
   for a state of the page (locked, referenced, ...) and not for its kind are counted apart.
2. Shipped demands that no call or store can bring into effect (contracts_effect.py; needs no tree).
3. Siblings among the signatures with unequal demands, and no reason for it (contracts_siblings.py; needs no tree).
4. Calls of unknown functions at which a known kind of memory is lost, by frequency (contracts_lost.py).
"""

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import contracts_effect
import contracts_siblings
from contracts_lost import lost
from memdesc.inference.constrain import Unread, constrain
from memdesc.inference.graph import Graph
from memdesc.inference.link import link
from memdesc.kinds import ANY, BESIDE, STATES, Kind, Layout
from memdesc.layout.kernel_tree import layout_of
from memdesc.layout.shipped import shipped
from memdesc.source import kernel, reading
from memdesc.source.cache import Cache
from memdesc.source.generated import generated
from memdesc.source.signatures import Signature, Signatures, fitted, load
from memdesc.source.structs import described
from memdesc.source.survey import cache_key
from memdesc.source.text import Item, Source, split

FOLDERS = ("mm", "include", "fs", "net/core", "block", "lib", "crypto", "kernel/dma")

_ASSERTION = re.compile(
    rb"\b(?:(?!BUILD_)\w*?(?:BUG|WARN)_ON(?:_\w+)?|WARN|WARN_ONCE|(\w*ASSERT|assert)|(if))\s*(?=\()"
)
_REFUSED = re.compile(rb"\s*(?:\{\s*)?return\s+(?:ERR_PTR\()?-E(?:INVAL|FAULT)\b")
_CALL = re.compile(rb"(!?)\s*(\w+)\s*\(")
_LOCAL = rb"\b%s\s*=\s*(?:page_folio|compound_head|virt_to_head_page|compound_head_fast)\(\s*(\w+)\s*\)"
_LONGEST = 1500
_WORK = 50


@dataclass(frozen=True, slots=True)
class Asserted:
    """One test that a function's parameter must pass: `test` must be answered with `answer`."""

    file: str
    line: int
    function: str
    parameter: int
    test: str
    answer: bool


def closing(text: bytes, at: int) -> int:
    """Return the offset of the parenthesis that closes the one at `at`, the end of the text when there is none."""
    depth = 0
    for n in range(at, min(len(text), at + _LONGEST)):
        if text[n] in b"([{":
            depth += 1
        elif text[n] in b")]}":
            depth -= 1
            if not depth:
                return n
    return len(text)


def top_level(text: bytes, by: bytes) -> list[bytes]:
    """Return the parts of a text that `by`, an operator, separates outside brackets."""
    parts, depth, start, n = [], 0, 0, 0
    while n < len(text):
        if text[n] in b"([{":
            depth += 1
        elif text[n] in b")]}":
            depth -= 1
        elif not depth and text.startswith(by, n):
            parts.append(text[start:n])
            n += len(by)
            start = n
            continue
        n += 1
    return [*parts, text[start:]]


def parameters(source: Source, item: Item) -> list[str]:
    """Return the names of a function's parameters."""
    head = source.masked[item.start : item.body]
    opening = head.find(b"(", head.find(item.name.encode()))
    inner = head[opening + 1 : closing(head, opening)]
    names = (re.findall(rb"\w+", re.sub(rb"\[[^\]]*\]", b"", part)) for part in top_level(inner, b","))
    return [found[-1].decode() if found else "" for found in names]


def asserted(source: Source, file: str) -> Iterator[Asserted]:
    """Yield what the functions of a file assert of their parameters."""
    for item in source.items:
        if item.role != "function":
            continue
        body = source.masked[item.body : item.end]
        names = parameters(source, item)
        for match in _ASSERTION.finditer(body):
            before = body[: match.start()]
            if before.count(b"{") - before.count(b"}") != 1 or before.rstrip()[-1:] not in b"{};":
                continue
            opening = body.index(b"(", match.end() - 1)
            end = closing(body, opening)
            if match[2] and not _REFUSED.match(body, end + 1):
                continue
            said = body[opening + 1 : end]
            condition = said if match[2] else top_level(said, b",")[0]
            line = source.data.count(b"\n", 0, item.body + match.start()) + 1
            for part in top_level(condition, b"&&" if match[1] else b"||"):
                found = _CALL.fullmatch(part.strip()[: part.strip().find(b"(") + 1])
                if found is None or closing(part.strip(), found.end() - 1) != len(part.strip()) - 1:
                    continue
                number = parameter(part.strip()[found.end() : -1].decode(), names, before)
                if number >= 0:
                    answer = bool(found[1]) != bool(match[1])
                    yield Asserted(file, line, item.name, number, found[2].decode(), answer)


def parameter(argument: str, names: list[str], before: bytes) -> int:
    """Return the number of the parameter that an argument is, or is the head of, -1 when it is none."""
    bare = re.sub(r"^\s*(?:\((?:const |struct |unsigned )*\w+ ?\**\)|&)?\s*|->page$|\s+$", "", argument)
    if bare not in names and bare.isidentifier():
        local = re.search(_LOCAL % bare.encode(), before)
        bare = local[1].decode() if local else bare
    return names.index(bare) if bare in names else -1


def all_asserted(tree: Path) -> list[Asserted]:
    """Return what the functions in FOLDERS assert."""
    found = []
    for folder in FOLDERS:
        for path in sorted((tree / folder).rglob("*.[ch]")):
            data = path.read_bytes() if path.is_file() else b""
            if re.search(rb"_ON|WARN|ASSERT|assert|-EINVAL|-EFAULT", data):
                found += asserted(split(data), str(path.relative_to(tree)))
    return found


def refused(known: Signatures, version: tuple[int, ...] | None, test: str, answer: bool) -> Kind | None:
    """Return the kinds that a test refuses when it must be answered so, None when memdesc knows no such test."""
    signature = known.of(test, version)
    if signature is None or not signature.params:
        return None
    guard = next((slot.guard for slot in signature.params if slot.guard), None)
    return ANY & ~guard[0 if answer else 1] & ~(STATES | BESIDE) if guard else Kind.NONE


def demanded(graph: Graph, known: Signatures, version: tuple[int, ...] | None, a: Asserted) -> Kind:
    """Return the kinds that every call of a function refuses for a parameter."""
    accepts = ANY
    signature = known.of(a.function, version)
    if signature is not None and a.parameter < len(signature.params):
        for demand in signature.params[a.parameter].demands:
            if not demand.contents and demand.when is None and not demand.interpretation:
                accepts &= demand.accepts
    spelt = a.function
    if a.file.endswith(".c"):
        file = graph.linked.paths.index(a.file) if a.file in graph.linked.paths else -1
        spelt = f"{a.function}@{file}" if f"{a.function}@{file}" in graph.linked.definitions else spelt
    for derived in graph.derived.demands.get((spelt, a.parameter), ()):
        accepts &= derived.demand.accepts
    if signature is None:  # calls are followed into the body, to where the assertion stands
        for _, row, demand, _ in graph.derived.others:
            if graph.linked.functions[int(graph.linked.rows[row, 6])][1].name == a.function:
                accepts &= demand.accepts
    return ANY & ~accepts


def text_of(path: Path) -> bytes:
    """Return the bytes of a file of the tree, none when there is no such file."""
    return path.read_bytes() if path.is_file() else b""


def graph_of(tree: Path) -> tuple[Graph, Signatures, Unread]:
    """Return what memdesc makes of a tree, the signatures that it used, and what tells of functions not read."""
    version = kernel.version(tree)
    jobs = len(os.sched_getaffinity(0))
    with Cache(cache_key()) as cache:
        survey = reading.survey([tree], tree, cache, jobs, lambda *_: None)
        paths, files = reading.facts(survey, cache, jobs, lambda *_: None)
    linked = link(paths, files, described())
    layout: Layout = layout_of(lambda path: text_of(tree / path), version)
    known = fitted(load(), layout)

    def unread(name: str) -> Signature | None:
        return generated().of(name, version)

    return constrain(linked, known, version, unread), known, unread


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tree", type=Path)
    parser.add_argument("--list", action="store_true", help="print what is missing")
    parser.add_argument("--parts", default="1234", help="which figures to print (default: %(default)s)")
    arguments = parser.parse_args()
    version = kernel.version(arguments.tree)
    if not {"1", "4"}.isdisjoint(arguments.parts):
        graph, known, unread = graph_of(arguments.tree)
        if "1" in arguments.parts:
            assertions(all_asserted(arguments.tree), graph, known, version, arguments.list)
        if "4" in arguments.parts:
            losses(lost(graph, known, version, unread))
    own = fitted(load(), shipped(None))
    if "2" in arguments.parts:
        dead(own)
    if "3" in arguments.parts:
        siblings(own, version)
    return 0


def dead(known: Signatures) -> None:
    """Print the second figure."""
    none, untried, count = contracts_effect.measure(known)
    print(f"{count} shipped demands; {len(none)} cannot come into effect, {len(untried)} could not be tried")
    for effect in (*none, *untried):
        print(f"    {effect.place}: {effect.name}: {effect.demand.action} {effect.demand.word}")


def siblings(known: Signatures, version: tuple[int, ...] | None) -> None:
    """Print the third figure."""
    pairs = list(
        dict.fromkeys((*contracts_siblings.unequal(known, None), *contracts_siblings.unequal(known, version)))
    )
    print(f"{len(pairs)} pairs of siblings with unequal demands and no reason")
    for pair in pairs:
        print(f"    {pair.one.name}, {pair.other.name}: {'|'.join(pair.kinds.names)} ({pair.one.place})")


def losses(found: Counter[tuple[str, int]]) -> None:
    """Print the fourth figure."""
    print(
        f"{sum(found.values())} calls of {len(found)} parameters at which a known kind is lost; the most frequent:"
    )
    for (name, argument), count in found.most_common(_WORK):
        print(f"    {count:5} {name}(), argument {argument + 1}")


def assertions(
    found: list[Asserted], graph: Graph, known: Signatures, version: tuple[int, ...] | None, listing: bool
) -> None:
    """Print the first figure."""
    telling: dict[tuple[str, str], list[Asserted]] = {}
    states: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for a in found:
        kinds = refused(known, version, a.test, a.answer)
        if kinds is None:
            unknown[a.test] += 1
        elif not kinds:
            states[f"{'' if a.answer else '!'}{a.test}"] += 1
        else:
            telling.setdefault((a.file, a.function), []).append(a)
    missing = []
    for group in telling.values():
        lacking = [
            a
            for a in group
            if (refused(known, version, a.test, a.answer) or Kind.NONE) & ~demanded(graph, known, version, a)
        ]
        missing += lacking[:1]
    total = len(telling)
    met = total - len(missing)
    share = 100 * met // max(total, 1)
    print(f"{total} functions assert of which kind a parameter is; {met} have that very demand ({share}%)")
    print(f"besides, {sum(states.values())} assertions of a state: " + _most(states))
    if listing:
        print("tests that are unknown, or of something else: " + _most(unknown))
        for a in missing:
            print(f"    {a.file}:{a.line}: {a.function}(): {'' if a.answer else '!'}{a.test}()")


def _most(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {n}" for name, n in counted.most_common(12))


if __name__ == "__main__":
    sys.exit(main())
