"""The header compiles without a warning, works, and makes gcc and clang refuse mixed-up types."""

import subprocess
from pathlib import Path

import pytest

from memdesc.errors import InputError
from memdesc.layout import design
from memdesc.layout.abi import ABIS
from memdesc.layout.header import ARGUMENTS, granted_everywhere, write_header

pytestmark = pytest.mark.real

# gcc calls every argument conversion to a transparent union pedantic, so calls go without -Wpedantic.
_CALLS = ("-Wall", "-Wextra", "-Werror", "-ffreestanding")
_STRICT = ("-Wall", "-Wextra", "-Wpedantic", "-Werror", "-ffreestanding")


def _designs(name: str) -> list[design.Design]:
    return [design.load(name, abi) for abi in ABIS.values()]


def _descriptors(name: str) -> list[str]:
    return [d.name for d in design.load(name).descriptors if not d.arm]


@pytest.fixture(scope="module")
def headers() -> dict[str, str]:
    """Give the header of every shipped design, made for all ABIs."""
    return {name: write_header(_designs(name)) for name in design.SHIPPED}


@pytest.mark.parametrize("judge", ["gcc", "clang"])
@pytest.mark.parametrize("abi", ABIS.values(), ids=lambda abi: abi.name)
@pytest.mark.parametrize("name", design.SHIPPED)
def test_offsets_hold(name: str, abi, judge: str, compiler, headers: dict[str, str]) -> None:
    """Every size, alignment and offset asserted holds on every ABI, in C11 and gnu11, without a warning."""
    tool = compiler(judge, abi)
    assert headers[name].count("_Static_assert") > 40
    for standard in ("-std=c11", "-std=gnu11"):
        fine, said = tool.accepts(headers[name] + "\nint used;\n", standard, *_STRICT)
        assert fine, said


@pytest.mark.parametrize("judge", ["gcc", "clang"])
@pytest.mark.parametrize("name", ["proposal-2021", "linux-6.18"])
def test_no_descriptor_passes_for_another(name: str, judge: str, compiler, headers: dict[str, str]) -> None:
    """For every ordered pair, one descriptor given to a function of the other is an error naming both."""
    tool = compiler(judge, ABIS["x86_64"])
    names = _descriptors(name)
    pairs = 0
    for taken in names:
        for given in names:
            text = headers[name] + (
                f"\nextern void take(struct {taken} *desc);\n"
                f"void give(struct {given} *desc);\nvoid give(struct {given} *desc)\n{{\n\ttake(desc);\n}}\n"
            )
            fine, said = tool.accepts(text, "-std=gnu11", *_STRICT)
            assert fine == (taken == given), said
            if not fine:
                assert f"struct {given}" in said
                assert f"struct {taken}" in said
                pairs += 1
    assert pairs == len(names) * (len(names) - 1)


@pytest.mark.parametrize("judge", ["gcc", "clang"])
@pytest.mark.parametrize("name", ["proposal-2021", "linux-6.18", "memdesc-32"])
def test_capabilities_are_enforced(name: str, judge: str, compiler, headers: dict[str, str]) -> None:
    """A function of a capability takes each descriptor that has it, and refuses each that lacks it."""
    tool = compiler(judge, ABIS["x86_64"])
    have = granted_everywhere(_designs(name))
    refused = 0
    for capability, argument in ARGUMENTS.items():
        if f"}} {argument} " not in headers[name]:
            assert not [d for d in have[capability] if d in _descriptors(name)]
            continue
        for given in _descriptors(name):
            text = headers[name] + (
                f"\nextern void take({argument} any);\n"
                f"void give(struct {given} *desc);\nvoid give(struct {given} *desc)\n{{\n\ttake(desc);\n}}\n"
            )
            fine, said = tool.accepts(text, "-std=gnu11", *_CALLS)
            assert fine == (given in have[capability]), said
            if not fine:
                assert f"struct {given}" in said
                assert argument in said
                refused += 1
    assert refused > 5


@pytest.mark.parametrize("judge", ["gcc", "clang"])
def test_the_proposals_own_example(judge: str, compiler, headers: dict[str, str]) -> None:
    """You cannot pass a net_page to a slab function, or vice versa, nor either table or slab to be mapped."""
    tool = compiler(judge, ABIS["x86_64"])
    program = (
        headers["proposal-2021"]
        + """
extern void slab_free(struct slab_page *slab);
extern void pool_put(struct net_page *pool);
extern void map_to_user(mappable_arg any);
void use(struct slab_page *slab, struct net_page *pool, struct table_page *table, struct folio *folio);
void use(struct slab_page *slab, struct net_page *pool, struct table_page *table, struct folio *folio)
{
	(void)slab, (void)pool, (void)table, (void)folio;
	%s;
}
"""
    )
    for call in ("slab_free(slab)", "pool_put(pool)", "map_to_user(pool)", "map_to_user(folio)"):
        fine, said = tool.accepts(program % call, "-std=c11", *_CALLS)
        assert fine, said
    for call in (
        "slab_free(pool)",
        "pool_put(slab)",
        "map_to_user(slab)",
        "map_to_user(table)",
        "slab_free(folio)",
    ):
        fine, said = tool.accepts(program % call, "-std=c11", *_CALLS)
        assert not fine, call
        assert "struct" in said


@pytest.mark.parametrize("judge", ["gcc", "clang"])
def test_converters_run(judge: str, compiler, headers: dict[str, str], tmp_path: Path) -> None:
    """A page is given as what it is and as nothing else, and comes back as the same page."""
    tool = compiler(judge, ABIS["x86_64"])
    source, program = tmp_path / "run.c", tmp_path / "run"
    source.write_text(
        headers["linux-6.18"]
        + """
static struct page *mapped;
static void map_to_user(mappable_arg any) { mapped = mappable_arg_page(any); }

int main(void)
{
	static struct page page;

	page.page_type = (unsigned int)PGTY_slab << 24 | 7;
	if (!page_to_slab(&page) || page_to_ptdesc(&page) || page_to_folio(&page))
		return 1;
	if (slab_to_page(page_to_slab(&page)) != &page)
		return 2;
	page.page_type = ~0u;
	if (page_to_slab(&page) || !page_to_folio(&page))
		return 3;
	map_to_user(page_to_folio(&page));
	if (mapped != &page)
		return 4;
	if (page_to_netmem_desc(&page))
		return 5;
	page.pp_magic = 0xffff888100000040UL;	/* a kernel pointer that ends as the magic number does */
	if (page_to_netmem_desc(&page))
		return 6;
	page.pp_magic = 0xdead000000000040UL | 5UL << 7;	/* with the index of a DMA mapping */
	if (!page_to_netmem_desc(&page))
		return 7;
	page.compound_head = (unsigned long)&page | 1;
	if (page_to_folio(&page) || page_to_netmem_desc(&page))
		return 8;
	return 0;
}
"""
    )
    command = [*tool.command, "-std=gnu11", "-Wall", "-Wextra", "-Werror", str(source), "-o", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert subprocess.run([str(program)], check=False).returncode == 0


def test_separate_descriptors_are_reached_through_memdesc(
    compiler, headers: dict[str, str], tmp_path: Path
) -> None:
    """The low four bits of memdesc say the type, the rest is the address."""
    tool = compiler("gcc", ABIS["x86_64"])
    source, program = tmp_path / "run.c", tmp_path / "run"
    source.write_text(
        headers["memdesc-8"]
        + """
int main(void)
{
	static struct slab slab;
	struct page page = { .memdesc = (unsigned long)&slab | MEMDESC_SLAB };

	return !(page_to_slab(&page) == &slab && !page_to_folio(&page) && !page_to_ptdesc(&page));
}
"""
    )
    command = [*tool.command, "-std=c11", "-Wall", "-Wextra", "-Werror", str(source), "-o", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert subprocess.run([str(program)], check=False).returncode == 0


def test_in_a_kernel_tree(compiler, headers: dict[str, str], tmp_path: Path) -> None:
    """With __KERNEL__ the basic types are the tree's, and a struct that the tree has is left to it."""
    tool = compiler("gcc", ABIS["x86_64"])
    include = tmp_path / "linux"
    include.mkdir()
    (include / "types.h").write_text(
        "typedef struct { int counter; } atomic_t; typedef struct { long counter; } atomic_long_t;\n"
        "struct list_head { struct list_head *next, *prev; };\n"
        "struct callback_head { struct callback_head *next; void (*func)(struct callback_head *); };\n"
        "typedef struct page *pgtable_t;\n"
        "enum pageflags { PG_locked, PG_slab = 9 };\n"
        "struct folio { unsigned long flags; struct list_head lru; void *mapping; unsigned long index;\n"
        "void *private; atomic_t _mapcount, _refcount; unsigned long memcg_data; };\n"
    )
    (include / "stddef.h").write_text("#include <stddef.h>\n")
    (include / "atomic.h").write_text("")
    (include / "spinlock_types.h").write_text("typedef struct { unsigned int slock; } spinlock_t;\n")
    text = headers["proposal-2021"] + "\nint used;\n"
    options = ("-std=gnu11", "-D__KERNEL__", "-DMEMDESC_HAVE_folio", f"-I{tmp_path}", *_STRICT)
    fine, said = tool.accepts(text, *options)
    assert fine, said


def test_a_design_without_descriptors_has_no_header(tmp_path: Path) -> None:
    """There is nothing to write for a struct page alone."""
    path = tmp_path / "page.h"
    path.write_text("struct page { unsigned long flags; };")
    with pytest.raises(InputError, match="no descriptors"):
        write_header([design.load(path)])
