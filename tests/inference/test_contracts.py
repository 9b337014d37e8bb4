"""Bodies are held to the signatures of their functions, by what callers give and what they rely on."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Level


def _found(folder: Path, text: str) -> list[tuple[str, str, int]]:
    file = folder / "a.c"
    file.write_text(text)
    options = pipeline.Options(jobs=1, cache=False, level=Level.WARNING)
    report = pipeline.check([file], None, options, lambda *_: None)
    return [(f.rule, f.sink, f.line) for f in report.findings]


_OLD = """static void old_page(struct page *page, int kernel)
{
	if (!kernel)
		pgtable_pte_page_dtor(page);
	__free_page(page);
}
"""


@pytest.mark.parametrize(("kernel", "wrong"), [("0", False), ("false", False), ("1", True), ("true", True)])
def test_a_constant_argument_answers_the_conditions_of_its_parameter(
    tmp_path: Path, kernel: str, wrong: bool
) -> None:
    """What stands under `if (!kernel)` is passed by only where `kernel` is true."""
    text = (
        f"{_OLD}void pte_free(struct mm_struct *mm, struct page *pte)\n{{\n\told_page(pte, {kernel});\n}}\n"
    )
    assert _found(tmp_path, text) == ([("table-not-destructed", "__free_page", 5)] if wrong else [])


def test_a_parameter_that_is_handed_on_keeps_its_answer(tmp_path: Path) -> None:
    """The constant is that of the outermost call, by however many functions it goes."""
    middle = "static void middle(struct page *page, int kernel)\n{\n\told_page(page, kernel);\n}\n"
    text = _OLD + middle + "void pte_free(struct mm_struct *mm, struct page *pte)\n{\n\tmiddle(pte, %s);\n}\n"
    assert _found(tmp_path, text % "0") == []
    assert _found(tmp_path, text % "1") == [("table-not-destructed", "__free_page", 5)]


_NEW = """static struct page *new_page(int type)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (type == USER_TABLE)
		pgtable_pte_page_ctor(page);
	return page;
}
"""


def test_what_callers_rely_on_is_demanded_of_each_return(tmp_path: Path) -> None:
    """A page without a constructor is no result of pte_alloc_one(), a constructed one is."""
    text = "pgtable_t pte_alloc_one(struct mm_struct *mm)\n{\n\treturn alloc_page(GFP_KERNEL);\n}\n"
    assert _found(tmp_path, text) == [("table-not-constructed", "pte_alloc_one", 3)]
    text = _NEW + "pgtable_t pte_alloc_one(struct mm_struct *mm)\n{\n\treturn new_page(USER_TABLE);\n}\n"
    assert _found(tmp_path, text) == []


def test_each_definition_answers_for_itself(tmp_path: Path) -> None:
    """What is given to a parameter does not come out of another definition of the function."""
    text = (
        "#ifdef CONFIG_A\nvoid pte_free(struct mm_struct *mm, struct page *pte)\n{\n\told_page(pte, 0);\n}\n"
        "#else\nvoid pte_free(struct mm_struct *mm, struct page *pte)\n{\n\told_page(pte, 1);\n}\n#endif\n"
    )
    assert _found(tmp_path, _OLD + text) == [("table-not-destructed", "__free_page", 5)]


def test_code_that_is_never_run_says_nothing(tmp_path: Path) -> None:
    """Under `if (0)` nothing is freed, unless a label leads there."""
    text = "void f(void)\n{\n\tvoid *p = vmalloc(9);\n\tif (0)\n\t\tkfree(p);\n\telse\n\t\tvfree(p);\n}\n"
    assert _found(tmp_path, text) == []
    text = "int f(void)\n{\n\tvoid *p = vmalloc(9);\n\tif (!p)\n\t\treturn 0;\n\tif (g())\n\t\tgoto out;\n"
    text += "\tif (0) {\nout:\n\t\tkfree(p);\n\t}\n\treturn 1;\n}\n"
    assert _found(tmp_path, text) == [("mismatched-free", "kfree", 10)]


def test_what_a_body_makes_of_it_is_its_own_matter(tmp_path: Path) -> None:
    """A table is freed by the allocator that it came from, once its destructor has run."""
    text = (
        "void pte_free(struct mm_struct *mm, struct page *pte)\n{\n\tpagetable_pte_dtor(page_ptdesc(pte));\n"
    )
    assert _found(tmp_path, text + "\tfree_page((unsigned long)page_address(pte));\n}\n") == []
