"""Functions and parameters of two kernels are paired when that is certain, and dropped when not."""

from collections import Counter

import pytest

from pairing import Change, Function, Parameter, changes, likeness, pairs, partner, read, skeleton

BODY = """
	int n = 0;

	lock_{0}({0});
	while (n < count && !{0}_test_dirty({0}))
		n += {0}_take({0}, n, GFP_KERNEL);
	{0}->mapping = NULL;
	unlock_{0}({0});
"""


def functions(*files: tuple[str, str]) -> list[Function]:
    """Return the functions of a made-up tree, given as (path, text)."""
    return [function for path, text in files for function in read(text.encode(), path)]


def became(old: list[Function], new: list[Function]) -> tuple[dict[str, str], "Counter[str]"]:
    """Return what each page pointer became by `function/parameter`, and what was given up."""
    dropped: Counter[str] = Counter()

    def spell(change: Change) -> str:
        one = change.pair.old
        return f"{one.file}:{one.name}/" + (
            one.parameters[change.index].name if change.index is not None else "result"
        )

    found = [c for pair in pairs(old, new, dropped) for c in changes(pair, dropped)]
    return {spell(c): c.truth for c in found}, dropped


def taking(name: str, kind: str, body: str = BODY, head: str = "int", more: str = "") -> str:
    """Return a function that takes a page or a folio."""
    return f"{head} {name}(struct {kind} *{kind}, int count{more})\n{{{body.format(kind)}}}\n"


def test_the_same_function_in_the_same_file() -> None:
    """A parameter is what the function of that name has at its place."""
    found, dropped = became(
        functions(("mm/a.c", taking("mark", "page"))), functions(("mm/a.c", taking("mark", "folio")))
    )
    assert found == {"mm/a.c:mark/page": "folio"}
    assert not dropped


def test_what_stays_a_page_is_kept_as_such() -> None:
    """The control group is made of the same pairs."""
    found, _ = became(
        functions(("mm/a.c", taking("mark", "page"))), functions(("mm/a.c", taking("mark", "page")))
    )
    assert found == {"mm/a.c:mark/page": "page"}


def test_static_functions_of_one_name_stay_apart() -> None:
    """Each is paired with the one in its own file."""
    old = functions(
        ("fs/a.c", taking("end", "page", head="static int")),
        ("fs/b.c", taking("end", "page", head="static int")),
    )
    new = functions(
        ("fs/a.c", taking("end", "folio", head="static int")),
        ("fs/b.c", taking("end", "page", head="static int")),
    )
    assert became(old, new)[0] == {"fs/a.c:end/page": "folio", "fs/b.c:end/page": "page"}


def test_a_function_is_followed_into_another_file() -> None:
    """If its body went with it, and no other of its name could have moved there."""
    old = functions(("fs/a.c", taking("end", "page")))
    assert became(old, functions(("fs/inode.c", taking("end", "folio"))))[0] == {"fs/a.c:end/page": "folio"}
    other = "\n\treturn bio_add(1, 2, 3) + sg_miter(4) ? count : -EIO;\n"
    found, dropped = became(old, functions(("fs/inode.c", taking("end", "folio", other))))
    assert not found
    assert dropped == {"gone; another of its name has another body": 1}
    twice = functions(("fs/a.c", taking("end", "page")), ("fs/b.c", taking("end", "page")))
    found, dropped = became(twice, functions(("fs/inode.c", taking("end", "folio"))))
    assert not found
    assert dropped == {"several of its name moved": 2}


def test_a_name_that_only_changed_its_descriptor() -> None:
    """foo_page() is foo_folio(), lock_page_now() is folio_lock_now(), if the bodies are alike."""
    old = functions(("mm/a.c", taking("mark_page", "page") + taking("page_mark_now", "page")))
    new = functions(("mm/a.c", taking("mark_folio", "folio") + taking("folio_mark_now", "folio")))
    assert became(old, new)[0] == {"mm/a.c:mark_page/page": "folio", "mm/a.c:page_mark_now/page": "folio"}
    other = "\n\treturn bio_add(1, 2, 3) + sg_miter(4) ? count : -EIO;\n"
    found, dropped = became(old[:1], functions(("mm/a.c", taking("mark_folio", "folio", other))))
    assert not found
    assert dropped == {"gone, or its new name is not certain": 1}


def test_a_name_that_was_there_before_is_no_new_one() -> None:
    """folio_mark() of the old tree is another function, not what became of mark_page()."""
    old = functions(("mm/a.c", taking("mark_page", "page") + taking("folio_mark", "folio")))
    found, dropped = became(old, functions(("mm/a.c", taking("folio_mark", "folio"))))
    assert not found
    assert sum(dropped.values()) == 1


def test_two_functions_that_became_one_count_once() -> None:
    """The second has no successor of its own."""
    old = functions(("mm/a.c", taking("mark_page", "page") + taking("page_mark", "page")))
    found, dropped = became(old, functions(("mm/a.c", taking("mark_folio", "folio"))))
    assert len(found) == 1
    assert dropped == {"two functions became one": 1}


def test_results_and_lost_descriptors() -> None:
    """A result is a pointer like others; what became a number is dropped, and counted."""
    old = functions(
        ("mm/a.c", "struct page *get(int n)\n{\n\treturn find(n);\n}\nint put(struct page *page)\n{\n}\n")
    )
    new = functions(
        ("mm/a.c", "struct folio *get(int n)\n{\n\treturn find(n);\n}\nint put(unsigned long page)\n{\n}\n")
    )
    found, dropped = became(old, new)
    assert found == {"mm/a.c:get/result": "folio"}
    assert dropped == {"parameter: became something that is no descriptor": 1}


def test_arrays_of_pages_are_no_page_pointers() -> None:
    """`struct page **` is out."""
    old = functions(("mm/a.c", "void f(struct page **pages, struct page *all[2])\n{\n}\n"))
    assert became(
        old, functions(("mm/a.c", "void f(struct folio **pages, struct folio *all[2])\n{\n}\n"))
    ) == ({}, {})


def of(*words: str) -> tuple[Parameter, ...]:
    """Return parameters spelt `base*name`."""
    return tuple(
        Parameter(w.replace("*", " ").split()[-1], w.split("*")[0].split()[0], w.count("*")) for w in words
    )


@pytest.mark.parametrize(
    ("old", "new", "index", "expected"),
    [
        (("file*file", "page*page"), ("file*file", "folio*folio"), 1, 1),
        (("page*page",), ("folio*folio", "int n"), 0, 0),
        (("page*page", "int n"), ("inode*inode", "folio*folio", "int n"), 0, 1),
        (("page*src", "page*dst"), ("folio*dst", "folio*src"), 0, "several could be it"),
        (("page*page", "vma*vma"), ("folio*folio", "page*page", "vma*vma"), 0, 1),
        (("int n", "page*page"), ("int n",), 1, "gone"),
    ],
)
def test_parameters_are_aligned(
    old: tuple[str, ...], new: tuple[str, ...], index: int, expected: int | str
) -> None:
    """By name and type; what may be two things is neither."""
    assert partner(of(*old), of(*new), index) == expected


def test_what_is_alike() -> None:
    """Names without their descriptors, and bodies by tokens."""
    assert skeleton("lock_page_killable") == skeleton("folio_lock_killable")
    assert skeleton("page_cache_get") != skeleton("folio_get")
    assert likeness("abcdefgh", "abcdefgh") == 1
    assert likeness("abcdefgh", "ijklmnop") == 0
    assert likeness("", "a") == 0
