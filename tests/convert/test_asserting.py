"""Assertions stand in each converted function, and say what a page must be and must not be."""

import shutil
import subprocess
from pathlib import Path

import pytest

from memdesc.convert.asserting import PLACE, asserted, marked, source
from memdesc.convert.model import LOCAL, Target

AFTER = b"""\
// a comment
#if A
static int f(int n, struct folio *folio) { return g(&folio->page); }
#else
static int f(int n, struct folio *other)
{
	return 0;
}
#endif
int g(struct page *page) { return f(1, page_folio(page)); }
"""
TARGETS = [Target("a.c", "f", 1), Target("a.c", "g", 0), Target("a.c", "f", LOCAL, "x", 3)]


def test_each_definition_of_a_converted_parameter() -> None:
    """By its name there; what stays a page, a local, and the lines of the file are left alone."""
    texts, found = asserted({"a.c": AFTER, "b.c": b"int x;\n"}, TARGETS, "folio")
    assert [(one.number, one.target, one.name) for one in found] == [(0, TARGETS[0], "other")]
    assert texts.keys() == {"a.c"}
    head, _, text = texts["a.c"].partition(b"#line 1\n")
    assert b"memdesc_assert" in head
    assert text == AFTER.replace(
        b"folio) { return g", b"folio) { memdesc_assert(0, folio); return g"
    ).replace(b"other)\n{\n", b"other)\n{ memdesc_assert(0, other);\n")


def test_several_parameters_of_one_function() -> None:
    """Each has its assertion, at the same place."""
    text = b"void f(struct folio *a, struct folio *b) { }\n"
    texts, found = asserted({"a.h": text}, [Target("a.h", "f", 0), Target("a.h", "f", 1)], "folio")
    assert [one.name for one in found] == ["a", "b"]
    assert b"{ memdesc_assert(0, a); memdesc_assert(1, b); }" in texts["a.h"]


@pytest.mark.parametrize(
    ("flags", "name"),
    [
        ("__PAGEFLAG(Slab, slab, PF_NO_TAIL)\n", "PageSlab"),
        ("static inline bool PageSlab(const struct page *page)\n", "PageSlab"),
        ("PAGE_TYPE_OPS(Zsmalloc, zsmalloc, zsmalloc)\n", "PageZsmalloc"),
        ("PAGE_TYPE_OPS(Table, table)\n", "PageTable"),
    ],
)
def test_tests_are_those_of_the_tree(flags: str, name: str) -> None:
    """As 6.1 and 6.12 write them; what is no mark of a kind is none, nor is the macro itself."""
    other = "#define PAGE_TYPE_OPS(uname, lname)\nPAGEFLAG(Dirty, dirty, PF_HEAD)\n"
    assert marked(other + flags, ("slab", "zsmalloc", "table")) == {name.removeprefix("Page").lower(): name}


STUB = """\
#pragma once
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
struct page { int tail, slab, buddy; };
struct seq_file;
typedef long atomic_long_t;
#define IS_ERR_OR_NULL(p) (!(p))
#define atomic_long_inc(p) (++*(p))
#define atomic_long_read(p) (*(p))
#define PageTail(p) ((p)->tail)
#define PageSlab(p) ((p)->slab)
#define PageBuddy(p) ((p)->buddy)
#define pr_emerg(...) printf(__VA_ARGS__)
#define dump_page(p, why) ((void)(p), (void)(why))
#define BUG() exit(1)
#define seq_printf(out, ...) ((void)(out), printf(__VA_ARGS__))
#define proc_create_single(...) (void)shown(NULL, NULL)
#define __init
#define late_initcall(f) void tell(void) { f(); }
"""
MAIN = """\
#include <linux/kernel.h>
void memdesc_assert(unsigned int number, const void *page);
void tell(void);
int main(int argc, char **argv)
{
	struct page page = { atoi(argv[1]), atoi(argv[2]), atoi(argv[3]) };

	memdesc_assert(1, NULL);
	memdesc_assert(1, &page);
	tell();
	return 0;
}
"""


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
def test_what_it_refuses(tmp_path: Path) -> None:
    """A tail, a page without the mark of its type, one with another mark; the others are counted, NULL is not."""
    headers = tmp_path / "linux"
    headers.mkdir()
    targets = [Target("a.c", "f", 1), Target("b.c", "g", 0)]
    texts = {
        "a.c": b"void f(int n, struct slab *s) { }\n",
        "b.c": b"void g(struct slab *slab) { }\n",
    }
    made = source(asserted(texts, targets, "slab")[1], {"PageSlab"}, {"PageBuddy"}).decode()
    for line in made.splitlines():
        if line.startswith("#include <linux/"):
            (headers / line.split("/")[1].rstrip(">")).write_text("")
    (headers / "kernel.h").write_text(STUB)
    generated = tmp_path / Path(PLACE).name
    generated.write_text("#include <linux/kernel.h>\n" + made)
    (tmp_path / "main.c").write_text(MAIN)
    program = tmp_path / "program"
    words = ["gcc", "-w", f"-I{tmp_path}", "-o", str(program), str(generated), str(tmp_path / "main.c")]
    subprocess.run(words, check=True)

    def run(*page: str) -> tuple[int, str]:
        done = subprocess.run([str(program), *page], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    failed = "memdesc: assertion 1 failed: b.c g() argument 1: "
    assert run("0", "1", "0") == (0, "0 0\n1 1\n")
    assert run("1", "1", "0") == (1, failed + "a tail\n")
    assert run("0", "0", "0") == (1, failed + "not PageSlab()\n")
    assert run("0", "1", "1") == (1, failed + "it is PageBuddy()\n")
