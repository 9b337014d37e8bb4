"""How much of a kernel tree is read: functions without a faultless tree, judged against universal-ctags.

    python bench/reading.py TREE [TREE...] [--jobs N] [--list] [--ends] [--problems]

For every function that ctags lists and whose lines mention a page type, asks whether there is a function item
around the line that ctags gives, and whether its tree is free of ERROR and MISSING nodes. The second figure
does the same for all functions of the files that use memory by address. --list prints every unread function
with the reason, --ends those that end on another line than ctags says.

ctags lists as functions some things that are none; they are left out by the rule of `no_function`, and
counted.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import tree_sitter

from memdesc.places import Lines
from memdesc.source.text import Item, Source, shape, split
from memdesc.source.tree import Reader
from memdesc.source.words import GROUP

PAGE_TYPES = re.compile(rb"struct page|folio|slab|ptdesc|zpdesc|netmem_ref|net_iov|page_pool|zspage")
ADDRESSES = re.compile(
    rb"virt_to_|sg_set_|sg_init_|dma_map_|vmalloc|kvmalloc|kvfree|vfree|usb_control_msg|get_free_page|alloc_page"
    rb"|free_page|sendpage"
)
CHUNK = 200


@dataclass(slots=True)
class Count:
    """What was counted over some files; times in seconds, sizes in bytes."""

    functions: int = 0
    addressed: int = 0
    bytes_split: int = 0
    bytes_parsed: int = 0
    seconds_split: float = 0
    seconds_shape: float = 0
    seconds_tree: float = 0
    false_functions: int = 0
    unread: list[str] = field(default_factory=list)
    addressed_unread: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, other: "Count") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def listed(paths: list[Path]) -> dict[str, list[tuple[int, int, str]]]:
    """Return, per file, (line, end line, name) of each function that ctags lists."""
    with tempfile.NamedTemporaryFile("w", suffix=".list") as names:
        names.write("\n".join(map(str, paths)))
        names.flush()
        command = ["ctags", "--c-kinds=f", "--languages=C", "--langmap=C:.c.h", "--output-format=json"]
        command += ["--fields=+ne", "--sort=no", "-f", "-", "-L", names.name]
        out = subprocess.run(command, capture_output=True, check=True).stdout
    found: dict[str, list[tuple[int, int, str]]] = {}
    for line in out.splitlines():
        tag = json.loads(line.decode("utf-8", "replace"))
        if tag.get("_type") == "tag":
            found.setdefault(tag["path"], []).append((tag["line"], tag.get("end", tag["line"]), tag["name"]))
    return found


def no_function(source: Source, name: str, start: int, end: int) -> bool:
    """Return whether what ctags lists between two offsets is certainly no function definition.

    ctags takes for a function what looks like a call at file scope when, further down, a brace opens: a
    macro's invocation without a semicolon, `DEFINE_FUNCTIONS(a, b)`, gets the body of the function behind it.
    In C nothing but attributes can stand between a function's parameters and its body.
    """
    text = source.masked[start:end]
    found = re.search(
        rb"\b" + re.escape(name.encode("latin-1", "replace")) + rb"\s*(" + GROUP + rb")\s*", text
    )
    if not found:
        return False
    rest = re.sub(rb"^#.*$", b"", text[found.end() :], flags=re.MULTILINE).lstrip()
    while attribute := re.match(rb"__\w+(\s*" + GROUP + rb")?\s*", rest):
        rest = rest[attribute.end() :]
    return rest[:1] not in (b"{", b"(")


def reason(tree: tree_sitter.Tree, delta: int, lines: Lines) -> str:
    """Return the kind and place of the first fault in a tree."""
    node = tree.root_node
    while node.type != "ERROR" and not node.is_missing:
        node = next((child for child in node.children if child.has_error), node)
        if not node.has_error or not any(child.has_error for child in node.children):
            break
    line = lines.line(node.start_byte + delta)
    kind = "missing " + node.type if node.is_missing else node.type
    return f"{kind} at line {line}: {lines.text_of(line).strip()}"


def judge(paths: list[Path]) -> Count:
    """Count over some files."""
    count = Count()
    reader = Reader()
    contents = {str(path): path.read_bytes() for path in paths}
    picked = [
        path
        for path in paths
        if PAGE_TYPES.search(contents[str(path)]) or ADDRESSES.search(contents[str(path)])
    ]
    tags = listed(picked) if picked else {}
    for path in picked:
        data = contents[str(path)]
        addressed = ADDRESSES.search(data) is not None
        begin = time.process_time()
        source = split(data)
        count.seconds_split += time.process_time() - begin
        count.bytes_split += len(data)
        lines = Lines(data)
        count.problems += [f"{path}:{lines.line(at)}: {why}" for at, why in source.problems]
        functions = [item for item in source.items if item.role == "function"]
        starts = [item.start for item in functions]
        verdicts: dict[int, str] = {}
        for line, last, name in tags.get(str(path), []):
            start, end = lines.start_of(line), lines.start_of(last + 1)
            mentions = PAGE_TYPES.search(data, start, end) is not None
            if not mentions and not addressed:
                continue
            at = bisect_right(starts, lines.start_of(line + 1) - 1) - 1
            item = functions[at] if at >= 0 else None
            if item is None or item.end <= start or not contains(item, start, source):
                if no_function(source, name, start, end):
                    count.false_functions += 1
                    continue
                verdict = "not found"
            elif item.start in verdicts:
                verdict = verdicts[item.start]
            else:
                begin = time.process_time()
                shape(source, item)
                middle = time.process_time()
                tree, delta = reader.tree(source, item)
                count.seconds_shape += middle - begin
                count.seconds_tree += time.process_time() - middle
                count.bytes_parsed += item.end - item.start
                verdict = reason(tree, delta, lines) if tree.root_node.has_error else ""
                verdicts[item.start] = verdict
                if lines.line(item.end - 1) != last:
                    count.ends.append(
                        f"{path}:{line}: {name}: ends at {lines.line(item.end - 1)}, ctags {last}"
                    )
            where = f"{path}:{line}: {name}: {verdict}"
            if mentions:
                count.functions += 1
                if verdict:
                    count.unread.append(where)
            if addressed:
                count.addressed += 1
                if verdict:
                    count.addressed_unread.append(where)
    return count


def contains(item: Item, start: int, source: Source) -> bool:
    """Return whether a line belongs to an item: to its head, or to another head for the same body."""
    return start <= item.body or b"#" in source.masked[item.start : start]


def chunks(tree: Path) -> Iterator[list[Path]]:
    paths = sorted(path for path in tree.rglob("*.[ch]") if path.is_file() and not path.is_symlink())
    for at in range(0, len(paths), CHUNK):
        yield paths[at : at + CHUNK]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("trees", nargs="+", type=Path, metavar="TREE")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="print every unread function with the reason")
    parser.add_argument(
        "--ends", action="store_true", help="print functions that end elsewhere than ctags says"
    )
    parser.add_argument("--problems", action="store_true", help="print what split() found odd")
    options = parser.parse_args()
    worst = 0.0
    for tree in options.trees:
        total = Count()
        with ProcessPoolExecutor(options.jobs) as pool:
            for count in pool.map(judge, chunks(tree)):
                total.add(count)
        unread = len(total.unread)
        rate = unread * 1000 / max(1, total.functions)
        worst = max(worst, rate)
        print(
            f"{tree}: {total.functions} functions mention a page type, {unread} unread ({rate:.2f} in 1000)"
        )
        other = len(total.addressed_unread)
        print(
            f"    {total.addressed} functions in files that use memory by address, {other} unread"
            f" ({other * 300 / max(1, total.addressed):.2f} in 300)"
        )
        print(f"    ctags lists {total.false_functions} that are none; {len(total.ends)} end elsewhere")
        megabytes = total.bytes_parsed / 1e6
        print(
            f"    split {total.bytes_split / 1e6 / max(1e-9, total.seconds_split):.1f} MB/s,"
            f" shape {megabytes / max(1e-9, total.seconds_shape):.1f} MB/s,"
            f" shape and parse {megabytes / max(1e-9, total.seconds_tree):.1f} MB/s"
            f" ({megabytes:.0f} MB parsed), {len(total.problems)} oddities"
        )
        if options.list:
            for line in sorted({*total.unread, *total.addressed_unread}):
                print("    " + line)
        if options.ends:
            print("\n".join("    end: " + line for line in total.ends))
        if options.problems:
            print("\n".join("    odd: " + line for line in total.problems))
    return 1 if worst > 1 else 0


if __name__ == "__main__":
    sys.exit(main())
