"""How the cost of `memdesc check` on a lone file grows with the file, for shapes that grow fastest.

    python bench/scaling.py [--bytes N] [--shape NAME ...]

Each shape is made at a quarter, at half and at the whole of N bytes (1,000,000 unless told), and checked in a
process of its own. Printed are seconds of CPU and memory of the whole, and the exponent: the logarithm of how many
times as long the whole takes as the half. A shape that takes more than 60 s or 4 GB is stopped, and the size at which
it was is named.
"""

import argparse
import math
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

STOPPED_SECONDS, STOPPED_BYTES = 60, 4 << 30
Shape = Callable[[int], str]
SWITCH = "void f(int x)\n{\n\tvoid *p;\n\tswitch (x) {\n"
HEAD = "void *kmalloc(unsigned long n, int f);\nvoid kfree(void *p);\nvoid *vmalloc(unsigned long n);\n"


def _many(
    line: str, before: str = "void f(void)\n{\n\tvoid *p = kmalloc(4, 0);\n", after: str = "\tkfree(p);\n}\n"
) -> Shape:
    """Return a function of as many lines as fit; `{n}` is the number of the line."""

    def make(size: int) -> str:
        count = max(1, (size - len(before) - len(after)) // len(line.format(n=10_000)))
        return before + "".join(line.format(n=n) for n in range(count)) + after

    return make


def _functions(text: str, after: str = "") -> Shape:
    def make(size: int) -> str:
        count = max(2, size // len(text.format(n=10_000, m=10_000)))
        return "".join(text.format(n=n, m=n + 1) for n in range(count)) + after

    return make


def _table(size: int) -> str:
    """n functions in a table that is called from n places."""
    count = size // 130
    functions = "".join(f"static void h{n}(void *p) {{ kfree(p); }}\n" for n in range(count))
    table = "struct ops {{ void (*go)(void *); }};\n" + "".join(
        f"struct ops o{n} = {{ .go = h{n} }};\n" for n in range(count)
    )
    calls = "".join(f"void c{n}(struct ops *o) {{ o->go(vmalloc({n})); }}\n" for n in range(count))
    return functions + table.replace("{{", "{").replace("}}", "}") + calls


def _tables_of_tables(size: int) -> str:
    """n tables that lead to n other ones, and n calls through both."""
    count = size // 220
    head = "struct in { void (*go)(void *); };\nstruct out { struct in *in; };\n"
    row = (
        "static void h{n}(void *p) {{ kfree(p); }}\nstatic struct in i{n} = {{ .go = h{n} }};\n"
        "struct out o{n} = {{ .in = &i{n} }};\nvoid c{n}(struct out *o) {{ o->in->go(vmalloc({n})); }}\n"
    )
    return head + "".join(row.format(n=n) for n in range(count))


def _known(line: str, first: str = "\tvoid *p{n} = vmalloc({n});\n", after: str = "}\n") -> Shape:
    """Return a function that comes to know of n paths by `first`, and of all of them in each of n lines."""

    def make(size: int) -> str:
        count = size // len((first + line).format(n=10_000))
        told = "".join(first.format(n=n) for n in range(count))
        return (
            "void f(struct s *s, int i)\n{\n" + told + "".join(line.format(n=n) for n in range(count)) + after
        )

    return make


def _depth(opens: str, closes: str, inside: str) -> Shape:
    def make(size: int) -> str:
        count = size // (len(opens) + len(closes))
        return f"void f(int x, void *p)\n{{\n{opens * count}{inside}{closes * count}\n}}\n"

    return make


def _nested_structs(word: str) -> Shape:
    def make(size: int) -> str:
        count = size // (len(word) + 7)
        opens, closes = f"{word} {{\n" * count, "} a;\n" * count
        return f"struct s {{\n{opens}void *p;\n{closes}}};\nvoid f(struct s *s) {{ kfree(s->a.a.p); }}\n"

    return make


SHAPES: dict[str, Shape] = {
    "goto-out": _many("\tif (g({n})) goto out;\n", after="out:\n\tkfree(p);\n}\n"),
    "goto-labels": _many("\tif (g({n})) goto l{n};\nl{n}:\n\tp = h(p);\n"),
    "goto-back": _many("l{n}:\n\tif (g({n})) goto l{n};\n"),
    "switch-cases": _many("\tcase {n}: p = vmalloc({n}); break;\n", SWITCH, "\t}\n\tkfree(p);\n}\n"),
    "switch-fall": _many("\tcase {n}: p = h(p);\n", SWITCH, "\t}\n\tkfree(p);\n}\n"),
    "if-else-chain": _many("\telse if (x == {n}) p = vmalloc({n});\n", "void f(int x)\n{\n\tvoid *p;\n\tif (x) ;\n"),
    "ifs": _many("\tif (a{n}) p = vmalloc({n});\n"),
    "ifs-same": _many("\tif (a) p = vmalloc({n}); else kfree(p);\n"),
    "returns": _many("\tif (g({n})) return;\n"),
    "loops": _many("\twhile (g({n})) p = h(p);\n"),
    "nested-blocks": _depth("{", "}", "kfree(p);"),
    "nested-ifs": _depth("if (x) {", "}", "kfree(p);"),
    "nested-loops": _depth("while (x) {", "}", "p = vmalloc(4);"),
    "nested-calls": _depth("h(", ")", "p"),
    "parentheses": _depth("(", ")", "p;"),
    "locals": _many("\tvoid *p{n} = kmalloc({n}, 0);\n"),
    "locals-in-loops": _many("\tfor (;;) {{ void *p{n} = vmalloc({n}); kfree(p{n}); }}\n"),
    "copies": _many("\tq = p; p = q;\n", "void f(void)\n{\n\tvoid *q, *p = vmalloc(4);\n"),
    "copies-of-copies": _many("\tvoid *p{n}1 = p{n}; void *p{n}2 = p{n}1;\n", "void f(void *p)\n{\n"),
    "chain": _functions("void *f{n}(void *p) {{ return f{m}(p); }}\n"),
    "chain-out": _functions("void f{n}(void **p) {{ f{m}(p); }}\n", "void e(void **p) { *p = vmalloc(4); }\n"),
    "one-callee": _functions("void f{n}(void) {{ put(vmalloc({n})); }}\n", "void put(void *p) { kfree(p); }\n"),
    "one-caller": _many("\tg{n}(p);\n"),
    "table": _table,
    "findings": _many("\tkfree(vmalloc({n}));\n"),
    "findings-in-a-line": _many(" kfree(vmalloc({n}));"),
    "initialiser": _many("\t{{ .a = {n}, .b = f, .c = &x{n} }},\n", "struct s t[] = {\n", "};\n"),
    "members": _many("\ts->m{n} = vmalloc({n}); kfree(s->m{n});\n", "void f(struct s *s)\n{\n\tvoid *p = 0;\n"),
    "struct": _many("\tvoid *m{n};\n", "struct s {\n", "};\nvoid f(struct s *s) { kfree(s->m1); }\n"),
    "paths": _many("->m", "void f(struct s *s)\n{\n\tvoid *p = s", ";\n\tkfree(p);\n}\n"),
    "conditions": _many(" && a{n}", "void f(void *p)\n{\n\tif (p", ") kfree(p);\n}\n"),
    "comma": _many(" p = h(p),", "void f(void *p)\n{\n", " kfree(p);\n}\n"),
    "macros": _many("#define M{n}(x) M{n}0(x)\n", "void f(void *p)\n{\n\tM1(p);\n}\n", ""),
    "macro-calls": _many("\tM(p);\n", "#define M(x) do { x = h(x); } while (0)\nvoid f(void *p)\n{\n"),
    "directives": _many("#if A{n}\n\tp = vmalloc({n});\n#else\n\tkfree(p);\n#endif\n"),
    "strings": _many('\tg("{n}");\n'),
    "strings-in-a-line": _many(' g("{n}");'),
    "macro-chain": _functions("#define M{n}(x) M{m}(x)\n", "void f(void *p)\n{\n\tM0(p);\n}\n"),
    "structs-nested": _nested_structs("struct"),
    "unions-nested": _nested_structs("union"),
    "unions": _many("\tunion {{ void *a{n}; long b; }};\n", "struct s {\n", "};\nvoid f(struct s *s) { g(s->a); }\n"),
    "typedefs": _functions("typedef t{n} t{m};\n", "void f(t9 *p) { kfree(p); }\n"),
    "labels": _many("l{n}:\n\tp = h(p);\n"),
    "dereferences": _depth("*", "", "p;"),
    "negations": _depth("!", "", "p;"),
    "casts": _depth("(void *)", "", "p;"),
    "ternaries": _depth("x ? p : ", "", "p;"),
    "assignments": _depth("p = ", "", "vmalloc(4);"),
    "else-if-same": _many("\telse if (x) p = vmalloc({n});\n", "void f(int x)\n{\n\tvoid *p;\n\tif (x) ;\n"),
    "initialiser-in-a-line": _many(" f, &x{n},", "void *t[] = {", "};\n"),
    "initialiser-nested": lambda size: "struct s t = " + "{" * (size // 2) + "}" * (size // 2) + ";\n",
    "tables-of-tables": _tables_of_tables,
    "locals-and-branches": _known("\tif (g({n})) kfree(p{n});\n"),
    "locals-and-labels": _known("\tif (g({n})) goto l{n};\nl{n}:\n\tp{n} = h(p{n});\n"),
    "locals-and-gotos": _known("\tif (g({n})) goto out;\n", after="out:\n\tkfree(p1);\n}\n"),
    "locals-and-gotos-between": _many(
        "\tvoid *p{n} = vmalloc({n});\n\tif (!p{n}) goto out;\n", after="out:\n\tkfree(p);\n}\n"
    ),
    "locals-and-returns": _known("\tif (g({n})) return;\n"),
    "locals-and-loops": _known("\twhile (g({n})) p{n} = h(p{n});\n"),
    "locals-and-cases": _known("\tif (i) switch (i) {{ case {n}: p{n} = h(p1); break; case 0: g(); }}\n"),
    "locals-and-ternaries": _known("\tg(i ? p{n} : p1);\n"),
    "locals-and-conditions": _known("\tg(i && h(p{n}));\n"),
    "locals-and-directives": _known("#ifdef A{n}\n\tp{n} = h(p{n});\n#endif\n"),
    "locals-and-assertions": _known(
        "\tVM_BUG_ON(PageSlab(p{n}));\n", "\tstruct page *p{n} = alloc_page({n});\n"
    ),
    "locals-and-refusals": _known(
        "\tif (PageSlab(p{n})) return -EINVAL;\n", "\tstruct page *p{n} = alloc_page({n});\n"
    ),
    "members-and-branches": _known("\tif (g({n})) kfree(s->m{n});\n", "\ts->m{n} = vmalloc({n});\n"),
    "elements": _many("\tp = a{n}[i]; i++;\n", "void f(int i)\n{\n\tvoid *p;\n"),
    "elements-and-branches": _known("\tif (g(i++)) kfree(a{n}[i]);\n", "\ta{n}[i] = vmalloc({n});\n"),
    "elements-and-loops": _known("\twhile (i++) kfree(a{n}[i]);\n", "\ta{n}[i] = vmalloc({n});\n"),
    "unlocks": _many("\tstruct page *p{n} = alloc_page(0); spin_unlock(&l);\n"),
}  # fmt: skip


def measure(shape: str, size: int) -> tuple[float, float] | None:
    """Return seconds of CPU and MiB of checking a shape of so many bytes; None when it was stopped."""
    text = HEAD + SHAPES[shape](size)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.c"
        path.write_text(text)
        words = [
            sys.executable,
            "-m",
            "memdesc",
            "check",
            "--no-cache",
            "--jobs",
            "1",
            "-o",
            os.devnull,
            str(path),
        ]
        try:
            process = subprocess.Popen(words, stderr=subprocess.DEVNULL, preexec_fn=_limited, cwd=folder)
            _, status, used = os.wait4(process.pid, 0)
        except OSError:
            return None
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            return None
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (STOPPED_BYTES, STOPPED_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (STOPPED_SECONDS, STOPPED_SECONDS))


def main() -> None:
    """Print a line a shape."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bytes", type=int, default=1_000_000)
    parser.add_argument("--shape", action="append", choices=list(SHAPES))
    arguments = parser.parse_args()
    start, _ = measure("strings", 100) or (0.0, 0.0)
    print(f"{'shape':20} {'bytes':>9} {'seconds':>8} {'MiB':>7} {'exponent':>8}")
    for shape in arguments.shape or SHAPES:
        before = None
        for size in (arguments.bytes // 4, arguments.bytes // 2, arguments.bytes):
            found = measure(shape, size)
            if found is None:
                print(f"{shape:20} {size:9,} {'stopped':>8}", flush=True)
                break
            grown = (
                f"{math.log2((found[0] - start) / (before - start)):8.2f}"
                if before and before > 2 * start
                else ""
            )
            if size == arguments.bytes:
                print(f"{shape:20} {size:9,} {found[0]:8.2f} {found[1]:7.0f} {grown}", flush=True)
            before = found[0]


if __name__ == "__main__":
    main()
