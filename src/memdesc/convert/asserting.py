"""Assertions for a kernel that is to be booted: each converted parameter is what its type claims.

Every converted function calls memdesc_assert() first, which counts the call and looks at the page: it is no tail, it
has the mark of its type where the tree has a mark for it, and none of another. The first that is not is printed with
the descriptor's words, and the kernel stops at a BUG() whose trace says who called. /proc/memdesc has the counts.

Source: PAGE_TYPE_OPS() and __PAGEFLAG(Slab, ...) in include/linux/page-flags.h; PageTail() there.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from memdesc.convert.edits import Edit, apply
from memdesc.convert.model import Target
from memdesc.convert.parsed import Files, Function
from memdesc.places import Span

PLACE = "mm/memdesc_assert.c"
"""Where the generated file stands in the copy of the tree; a file of mm/ sees the headers that are private to it."""
MAKEFILE = "mm/Makefile"
OBJECT = b"\nobj-y += memdesc_assert.o\n"
COUNTS = "memdesc"
"""The file in /proc: a line for each assertion, its number and how often it was run."""
SAID = "memdesc: assertion"

_MARK = re.compile(
    r"^(?:PAGE_TYPE_OPS|_*PAGEFLAG)\((?P<upper>\w+), *(?P<lower>\w+)"
    r"|^static (?:__always_)?inline (?:bool|int) Page(?P<name>\w+)\((?:const )?struct page \*\w+\)",
    re.M,
)
_DECLARED = b"""\
#ifndef __ASSEMBLY__
extern void memdesc_assert(unsigned int number, const void *page);
#endif
#line 1
"""


@dataclass(frozen=True, slots=True)
class Assertion:
    """One that was put into a text. number: from 0. name: of the parameter."""

    number: int
    target: Target
    name: str


def asserted(
    texts: Mapping[str, bytes], targets: Collection[Target], tag: str
) -> tuple[dict[str, bytes], tuple[Assertion, ...]]:
    """Return converted texts with an assertion for each parameter, and the assertions.

    Args: texts: path -> the text after the conversion. targets: what was converted. tag: of the struct that pages
    became.
    """
    files = Files(lambda path: texts.get(path, b""))
    edits: dict[str, list[Edit]] = {}
    found: list[Assertion] = []
    for target in sorted(t for t in targets if t.index >= 0):
        number = len(found)
        name = ""
        for path in [target.file, *sorted(texts.keys() - {target.file})]:
            for function in files[path].defined(target.function):
                given = _parameter(function, target.index, tag.encode())
                if given is None or (path != target.file and function.static and path.endswith(".c")):
                    continue
                name = given.decode("latin-1")
                at = function.span(function.body).start + 1
                said = b" memdesc_assert(%d, %s);" % (number, given)
                edits.setdefault(path, []).append(Edit(Span(at, at), said))
        if name:
            found.append(Assertion(number, target, name))
    return {path: _with(texts[path], edits[path]) for path in edits}, tuple(found)


def _with(text: bytes, edits: list[Edit]) -> bytes:
    """Return a text with assertions; several at one place are one edit."""
    joined: dict[Span, bytes] = {}
    for edit in edits:
        joined[edit.span] = joined.get(edit.span, b"") + edit.text
    return _DECLARED + apply(text, [Edit(span, said) for span, said in joined.items()])


def _parameter(function: Function, index: int, tag: bytes) -> bytes | None:
    """Return the name of a parameter that is a pointer to `tag`; None where it is another, or has no name."""
    if index >= len(function.parameters):
        return None
    said = function.text(function.parameters[index])
    match = re.fullmatch(rb"(?:const\s+)?struct\s+" + tag + rb"\s*\*\s*(\w+)", said.strip())
    return match[1] if match else None


def marked(flags: str, marks: Collection[str]) -> dict[str, str]:
    """Return mark -> the test that a tree has for it, of those that `marks` names.

    Args: flags: include/linux/page-flags.h. marks: page types, as PGTY_ names them without the prefix.
    """
    found: dict[str, str] = {}
    for match in _MARK.finditer(flags):
        name = match["upper"] or match["name"]
        mark = (match["lower"] or name).lower()
        if mark in marks and name != "uname":
            found.setdefault(mark, f"Page{name}")
    return found


def source(assertions: Collection[Assertion], must: Collection[str], never: Collection[str]) -> bytes:
    """Return the file that defines memdesc_assert().

    Args: must, never: tests that hold, and that do not hold, for each page that is asserted.
    """
    names = "".join(
        f'\t"{one.target.file} {one.target.function}() {one.target.what}",\n' for one in assertions
    )
    said = "".join(
        f'\telse if ({sign}{test}((struct page *)page))\n\t\twhy = "{word} {test}()";\n'
        for sign, word, group in (("!", "not", must), ("", "it is", never))
        for test in sorted(group)
    )
    return _SOURCE.replace("@NAMES", names).replace("@TESTS", said).replace("@COUNTS", COUNTS).encode()


_SOURCE = (
    """\
// SPDX-License-Identifier: GPL-2.0
/* generated by memdesc convert --verify boot */
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mmdebug.h>
#include <linux/page-flags.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

static const char *const names[] = {
@NAMES	NULL
};
static atomic_long_t counts[sizeof(names) / sizeof(names[0])];

void memdesc_assert(unsigned int number, const void *page);
void memdesc_assert(unsigned int number, const void *page)
{
	const char *why = NULL;

	if (IS_ERR_OR_NULL(page))
		return;
	atomic_long_inc(&counts[number]);
	if (PageTail((struct page *)page))
		why = "a tail";
@TESTS	if (!why)
		return;
	pr_emerg("""
    f'"{SAID} '
    """%u failed: %s: %s\\n", number, names[number], why);
	dump_page((struct page *)page, why);
	BUG();
}

static int shown(struct seq_file *out, void *unused)
{
	unsigned int number;

	for (number = 0; names[number]; number++)
		seq_printf(out, "%u %ld\\n", number, atomic_long_read(&counts[number]));
	return 0;
}

static int __init memdesc_assert_init(void)
{
	proc_create_single("@COUNTS", 0400, NULL, shown);
	return 0;
}
late_initcall(memdesc_assert_init);
"""
)
