"""What is planted is a misuse, keeps every line at its number, and is none where the other would do as well."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from mutants.plants import Mutant, planted

FILE = """
static u8 table[4];

static int swan_read(struct swan *swan, struct usb_device *udev)
{
	u8 answer[8];
	void *buffer = kmalloc(64, GFP_KERNEL);

	if (!buffer)
		return -ENOMEM;
	swan->log = vmalloc(4096);
	usb_control_msg(udev, 0, 0, 0, 0,
			0, buffer, 64, 100);
	swan->page = vmalloc_to_page(swan->log);
	kfree(buffer);
	return 0;
}

static void swan_free(struct swan *swan)
{
	/* vfree(swan->log); */
	vfree(swan->log);
	kvfree(swan->other);
}

static struct page *swan_page(void *address)
{
	if (is_vmalloc_addr(address))
		return vmalloc_to_page(address);
	return virt_to_page(address);
}

static void swan_unlock(struct folio *folio)
{
	folio_unlock(folio);
}
"""


@pytest.fixture(scope="module")
def mutants() -> list[Mutant]:
    """All that can be planted in the file."""
    return [one for one in planted("swan.c", FILE)[0] if isinstance(one, Mutant)]


def test_every_line_keeps_its_number(mutants: list[Mutant]) -> None:
    """Only the lines that a mutant names differ, and each of its calls stays balanced."""
    lines = FILE.split("\n")
    assert mutants
    for mutant in mutants:
        wrong = mutant.apply(FILE).split("\n")
        assert len(wrong) == len(lines)
        changed = {n for n, (one, other) in enumerate(zip(lines, wrong, strict=True), 1) if one != other}
        assert changed
        assert changed <= set(range(mutant.line, mutant.last + 1))
        assert mutant.new.count("(") == mutant.new.count(")")


@pytest.mark.parametrize(
    ("sort", "new"),
    [
        ("free swapped", "vfree(buffer)"),
        ("free swapped", "kfree(swan->log)"),
        ("allocator swapped", "kmalloc(4096, GFP_KERNEL)"),
        ("allocator swapped", "vmalloc(64)"),
        ("argument replaced", "answer"),
        ("argument replaced", "table"),
        ("argument replaced", "swan->log"),
        ("converter swapped", "virt_to_page(swan->log)"),
        ("head from tail", "(struct folio *)folio_page(folio, 1)"),
    ],
)
def test_it_is_planted(mutants: list[Mutant], sort: str, new: str) -> None:
    """Each operator finds its place, by the allocator that the file names."""
    assert any(m.sort == sort and m.new.strip() == new for m in mutants)


def test_what_nothing_is_known_of_is_left_alone(mutants: list[Mutant]) -> None:
    """A free of memory whose allocator is elsewhere, and what a comment says, are no places."""
    assert not any("swan->other" in m.old for m in mutants)
    assert len({m.line for m in mutants if m.sort == "free swapped"}) == 2


def test_a_free_that_would_be_right_is_not_planted(mutants: list[Mutant]) -> None:
    """kvfree() takes back what either of them gave."""
    assert not any(m.new.startswith("kvfree") for m in mutants)


def test_a_guard_is_asked_about_first() -> None:
    """Who calls it with what decides, not that it is there."""
    questions = [one for one in planted("swan.c", FILE)[0] if not isinstance(one, Mutant)]
    assert [(q.mutant.function, q.parameter, q.static) for q in questions] == [("swan_page", 0, True)]
