"""The judge build: whether two versions of a function are the same, provided that the page is a head.

In it compound_head() returns its argument, and so page_folio() does. Both versions are compiled with it, and their
instructions compared function by function; a call of a wrapper counts as a call of the folio function that it calls.
For an equal pair the hypothesis that inference claims, "it is always a head", is all that is left to show.

Source: compound_head() and _compound_head() in include/linux/page-flags.h; mm/folio-compat.c.
"""

import re
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import unified_diff
from functools import partial
from pathlib import Path

from memdesc.convert.compiling import Reading, Shop
from memdesc.convert.correspondences import FLAGS
from memdesc.convert.model import Conversion, Says, Verdict
from memdesc.convert.parsed import File, Files
from memdesc.errors import InputError

_HEAD = re.compile(
    rb"(static\s+(?:__always_)?inline\s+(?:unsigned\s+long\s+_|struct\s+page\s*\*\s*)compound_head\s*\([^()]*\bpage\)\s*\{)"
)
_DECLARED = re.compile(rb"^(?:extern[ \t]+)?(\w+)[ \t]+(\w+)\(struct page \*(?:\w+)?\);", re.M)
_INLINE = b"extern __inline__ __attribute__((__gnu_inline__, __always_inline__)) "
_SYMBOL = re.compile(r"^[0-9a-f]+ <([^>]+)>:$")
_PLACE = re.compile(r"^\s*[0-9a-f]+:\s*")
_NUMBERED = re.compile(r"\.(?:constprop|isra|part|cold)?\.?\d+\b")
_NAME = re.compile(r"[A-Za-z_]\w*")
_JUMP = re.compile(r"\b([0-9a-f]+) <[^<>]+>")
_RELOCATED = re.compile(r" [0-9a-f]+: R_")
_STRING = re.compile(
    r"R_X86_64_(?P<kind>\w+) (?P<name>\.LC\d+|\.rodata[\w.]*\.str\d[\w.]*)(?P<at>[+-]0x[0-9a-f]+)?"
)
_LABEL = re.compile(r"([0-9a-f]+) l .*\s(\.rodata\S*)\s+[0-9a-f]+ (\.LC\d+)")
_MOST_LINES = 12
_PART = "it is part of a function that differs"
_LEVELS: tuple[tuple[str, ...], ...] = (
    (),
    ("-O1",),
    ("-Os", "-fno-inline-functions-called-once"),
    ("-Og",),
)
"""What each file is compiled with besides, until its functions are the same: the order of instructions may change
with a type, and of two versions that are the same at one level the meaning is the same at each."""


def judged(flags: bytes, same: Mapping[str, str] | None = None) -> bytes:
    """Return page-flags.h in which every page is its own head.

    A wrapper of what is a macro there is spelt out, for the macro may add arguments: set_page_writeback() calls
    folio_start_writeback(), which is __folio_start_writeback(folio, false).

    Args: same: function for pages -> the folio function that it calls.
    Raises: InputError: compound_head() is not as it was in any release up to 6.18.
    """
    changed, count = _HEAD.subn(rb"\1 return (__typeof__(_memdesc_head(page)))page;", flags)
    if count != 1:
        raise InputError(FLAGS, "has another compound_head() than is known; no judge build can be made")
    changed = _spelt_out(changed, same or {})
    result = b"unsigned long" if re.search(rb"unsigned\s+long\s+_compound_head", flags) else b"struct page *"
    return changed.replace(b"(__typeof__(_memdesc_head(page)))", b"(" + result + b")")


def _spelt_out(flags: bytes, same: Mapping[str, str]) -> bytes:
    """Return page-flags.h with definitions of what it declares as a wrapper of one of its macros."""
    for match in _DECLARED.finditer(flags):
        kind, name = match[1], match[2]
        macro = same.get(name.decode("latin-1"), "").encode()
        defined = (
            re.search(rb"^#define[ \t]+%s\((?:[^\n]*\\\n)*[^\n]*\n" % macro, flags, re.M) if macro else None
        )
        if defined is None:
            continue
        text = b"%s%s %s(struct page *page)\n{ %s%s(page_folio(page)); }\n" % (
            _INLINE,
            kind,
            name,
            b"" if kind == b"void" else b"return ",
            macro,
        )
        flags = flags[: defined.end()] + text + flags[defined.end() :]
    return flags


def compare(
    shop: Shop, after: Mapping[str, bytes], made: Conversion, same: Mapping[str, str], flags: bytes | None
) -> list[Verdict]:
    """Return a verdict on every converted or edited function, and on any other that is not as before.

    Args: same: function for pages -> the folio function that it calls. flags: include/linux/page-flags.h; None for
    types that never had tails, whose ordinary build is compared.
    """
    options = ["-ffunction-sections", "-w"]
    if flags is not None:
        folder = shop.work / "judge" / "linux"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "page-flags.h").write_bytes(judged(flags, same))
        options.insert(0, f"-I{folder.parent}")
    lineless = [*options, "-D__LINE__=1"]
    commands = shop.objects(after)
    tree = shop.shadow(after)
    told = repr(sorted(same.items())).encode()
    reading = Reading(
        partial(_functions, same=same), told + (judged(flags, same) if flags is not None else b"")
    )
    edited: dict[str, set[str]] = {}
    for places in made.touched.values():
        for file, function in places:
            if function:
                edited.setdefault(file, set()).add(function)

    def both(path: str, last: Sequence[str]) -> list[Mapping[str, list[str]]] | tuple[str, ...]:
        """The functions before and after; what the compiler says where it gives no object."""
        said: tuple[str, ...] = ()
        for chosen in (lineless, options):  # some files make names of line numbers
            texts: list[Mapping[str, list[str]]] = []
            for version in (shop.before, tree):
                done = shop.compile(path, commands[path], version, chosen, last, reading)
                if not done.done:
                    said = done.said
                    break
                texts.append(done.functions)
            if len(texts) == len(("before", "after")):
                return texts
        return said

    def one(path: str) -> list[Verdict]:
        mine, file = edited.get(path, set()), Files(lambda _: after.get(path, b""))[path]
        found: list[Verdict] = []
        apart: set[str] | None = None
        for last in _LEVELS:
            texts = both(path, last)
            if isinstance(texts, tuple):
                return found or [Verdict(path, "", Says.FAILS, texts)]
            found = _better(found, _verdicts(file, texts[0], texts[1], mine))
            apart = set(texts[0]) if apart is None else apart & set(texts[0])
            if all(verdict.says is Says.IDENTICAL for verdict in found):
                break
        return _settled(found, file, apart or set())

    with ThreadPoolExecutor(shop.jobs) as pool:
        return [verdict for found in pool.map(one, sorted(commands)) for verdict in found]


def _better(first: list[Verdict], second: list[Verdict]) -> list[Verdict]:
    """Return the verdicts, identical where one of two says so: the same source then means the same."""
    if not first:
        return second
    told = {v.function: v for v in second if v.lines != (_PART,)}
    first = [told.get(v.function, v) if v.lines == (_PART,) else v for v in first]
    proved = {v.function for v in second if v.says is Says.IDENTICAL}
    unlike = {v.function for v in second if v.says is not Says.IDENTICAL}
    return [
        Verdict(v.file, v.function, Says.IDENTICAL)
        if v.function in proved or (v.function not in unlike and v.says is not Says.IDENTICAL)
        else v
        for v in first
    ]


def _verdicts(
    file: File, before: Mapping[str, list[str]], after: Mapping[str, list[str]], edited: set[str]
) -> list[Verdict]:
    """Return the verdicts of one level."""
    names = sorted(before.keys() | after.keys())
    unlike = {name for name in names if before.get(name) != after.get(name)}
    found = []
    for name in sorted(edited | unlike):
        if name in unlike:
            lines = list(
                unified_diff(before.get(name, []), after.get(name, []), "before", "after", "", "", 0, "")
            )
            found.append(Verdict(file.path, name, Says.DIFFERS, tuple(lines[2 : 2 + _MOST_LINES])))
        elif name in before or not unlike:
            found.append(Verdict(file.path, name, Says.IDENTICAL))
        else:
            found.append(Verdict(file.path, name, Says.DIFFERS, (_PART,)))
    return _settled(found, file, set(before))


def _settled(found: list[Verdict], file: File, apart: set[str]) -> list[Verdict]:
    """Return the verdicts; a function that is always a part of others is identical where all of these are.

    Args: apart: the functions that the object has, at every level that was tried.
    """
    differing = {v.function for v in found if v.says is Says.DIFFERS and v.lines != (_PART,)}
    settled = []
    for verdict in found:
        holders = _holders(file, verdict.function, apart) if verdict.lines == (_PART,) else None
        if holders and not holders & differing:
            settled.append(Verdict(verdict.file, verdict.function, Says.IDENTICAL))
        else:
            settled.append(verdict)
    return settled


def _holders(file: File, name: str, apart: set[str]) -> set[str]:
    """Return the functions that a function may have become a part of; none where a macro names it."""
    holders: set[str] = set()
    left = [name]
    while left:
        word = left.pop().encode("latin-1")
        if any(i.role == "macro" and word in file.source.masked[i.start : i.end] for i in file.source.items):
            return set()
        for each in file.holding(word):
            if each.name != name and each.name not in holders:
                holders.add(each.name)
                if each.name not in apart:
                    left.append(each.name)
    return holders


def _functions(target: Path, same: Mapping[str, str]) -> dict[str, list[str]]:
    """Return function -> its instructions and relocations, with the names that a wrapper stands for.

    What is jumped to is named by its order, and a string by itself: neither is told by where it lies.
    """
    done = subprocess.run(
        ["objdump", "-dr", "--no-show-raw-insn", "-w", str(target)], capture_output=True, check=True
    )
    strings = _strings(target, same)
    found: dict[str, list[tuple[str, str]]] = {}
    lines: list[tuple[str, str]] = []
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        match = _SYMBOL.match(line)
        if match and not match[1].startswith(".L"):
            lines = found.setdefault(_NUMBERED.sub("", match[1]), [])
        elif line.startswith((" ", "\t")):
            place = _PLACE.match(line)
            said = " ".join(_PLACE.sub("", line.replace("\t", " ")).split())
            said = _STRING.sub(strings.at, said)
            said = _NUMBERED.sub("", said)
            said = _NAME.sub(lambda m: same.get(m[0], m[0]), said) if "R_" in said else said
            lines.append((place[0].strip(" \t:") if place else "", _RELOCATED.sub(" R_", said)))
    return {name: _labelled(each) for name, each in found.items()}


def _labelled(lines: list[tuple[str, str]]) -> list[str]:
    """Return the lines of a function with labels in the place of addresses inside of it."""
    labels: dict[str, str] = {}
    for _, said in lines:
        if (match := _JUMP.search(said)) and "R_" not in said:
            labels.setdefault(match[1], f"L{len(labels) + 1}")
    out = []
    for place, said in lines:
        if place in labels:
            out.append(f"{labels[place]}:")
        out.append(_JUMP.sub(lambda m: labels.get(m[1], m[0]), said) if "R_" not in said else said)
    return out


@dataclass(frozen=True, slots=True)
class _Strings:
    """Sections of strings, and the labels that lie in them.

    Attributes: labels: name -> section and offset. same: function for pages -> the folio function that it calls.
    """

    sections: Mapping[str, bytes]
    labels: Mapping[str, tuple[str, int]]
    same: Mapping[str, str]

    def at(self, match: re.Match[str]) -> str:
        """Return a relocation with the string itself; as it is where it points to no string."""
        section, offset = self.labels.get(match["name"], (match["name"], 0))
        offset += int(match["at"] or "0", 16) + (_BEFORE_NEXT if match["kind"] in ("PC32", "PLT32") else 0)
        data = self.sections.get(section, b"")
        if not 0 <= offset < len(data):
            return match[0]
        return f"R_X86_64_{match['kind']} {self._named(data[offset : data.find(0, offset)]).hex()}"

    def _named(self, text: bytes) -> bytes:
        """Return a string with the names that the conversion gives: an assertion has its condition as a string."""
        said = _NAME.sub(lambda m: self.same.get(m[0], m[0]), text.decode("latin-1"))
        return said.replace("page", "folio").encode("latin-1") if "(" in said else text


def _strings(target: Path, same: Mapping[str, str]) -> _Strings:
    done = subprocess.run(["objdump", "-st", str(target)], capture_output=True, check=True)
    found: dict[str, list[bytes]] = {}
    labels: dict[str, tuple[str, int]] = {}
    data: list[bytes] | None = None
    for line in done.stdout.decode("latin-1").splitlines():
        if line.startswith("Contents of section "):
            name = line.removeprefix("Contents of section ").rstrip(":")
            data = found.setdefault(name, []) if ".str" in name else None
        elif data is not None and line.startswith(" "):
            data.append(bytes.fromhex(line[1:].split("  ")[0].partition(" ")[2].replace(" ", "")))
        elif match := _LABEL.fullmatch(line):
            labels[match[3]] = match[2], int(match[1], 16)
    return _Strings({name: b"".join(parts) for name, parts in found.items()}, labels, same)


_BEFORE_NEXT = 4
"""What a relative relocation is given less, because it counts from the next instruction."""
