"""A signature does not hide what the body does with a parameter in any case."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Finding, Interpretation, Level

OPTIONS = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)
CALLER = """
void caller(void)
{
	struct page *page = virt_to_page(kmalloc(64, GFP_KERNEL));
	page_to_nid(page, 1);
}
"""
SIGNED = "int page_to_nid(const struct page *page, int n)\n{\n%s\treturn 0;\n}\n"
HELPER = "static void helper(int n, struct page *page)\n{\n\tget_page(page);\n}\n"
ALWAYS = {
    "a use": "\tget_page(page);\n",
    "by way of a function": "\thelper(1, page);\n",
    "under a test for NULL": "\tif (!page)\n\t\treturn -1;\n\tget_page(page);\n",
    "where a test lets it pass": "\tif (PageTable(page))\n\t\treturn -1;\n\tget_page(page);\n",
}
LONG = " || ".join(f"a_rather_long_name_{k}(n)" for k in range(6))
SOMETIMES = {
    "under a condition": "\tif (n)\n\t\tget_page(page);\n",
    "under a long condition": f"\tif ({LONG})\n\t\tget_page(page);\n",
    "in a case": "\tswitch (n) {\n\tcase 1:\n\t\tget_page(page);\n\t\tbreak;\n\t}\n",
    "in a loop": "\twhile (n--)\n\t\tget_page(page);\n",
    "where a test keeps it away": "\tif (PageSlab(page))\n\t\treturn -1;\n\tget_page(page);\n",
}


def _check(tmp_path: Path, body: str, more: str = "") -> list[Finding]:
    (tmp_path / "f.c").write_text(HELPER + SIGNED % body + more)
    (tmp_path / "g.c").write_text(CALLER)
    paths = [tmp_path / "f.c", tmp_path / "g.c"]
    findings = pipeline.check(paths, None, OPTIONS, lambda *_: None).findings
    return [finding for finding in findings if finding.function == "caller"]


@pytest.mark.parametrize("name", ALWAYS)
def test_what_is_done_in_any_case(name: str, tmp_path: Path) -> None:
    """It is demanded at the call."""
    (finding,) = _check(tmp_path, ALWAYS[name])
    assert finding.rule == "slab-page-referenced"
    assert "f.c:" in finding.message


@pytest.mark.parametrize("name", SOMETIMES)
def test_what_is_done_at_times(name: str, tmp_path: Path) -> None:
    """It is not."""
    assert _check(tmp_path, SOMETIMES[name]) == []


def test_another_definition_does_not(tmp_path: Path) -> None:
    """What only one configuration does is not demanded."""
    other = (SIGNED % '\tprintk("%p", page);\n').replace("helper", "other")
    assert _check(tmp_path, ALWAYS["a use"], other) == []


def test_the_signature_is_the_whole_truth(tmp_path: Path) -> None:
    """Where it says so, the body is not asked."""
    body = SIGNED.replace("page_to_nid", "page_memcg_check") % "\tget_page(page);\n"
    (tmp_path / "f.c").write_text(body + CALLER.replace("page_to_nid", "page_memcg_check"))
    assert pipeline.check([tmp_path / "f.c"], None, OPTIONS, lambda *_: None).findings == ()


def test_how_a_free_frees_is_its_own_matter(tmp_path: Path) -> None:
    """A function that frees by its signature says which memory it frees, whatever it calls for that."""
    freed = "void pagetable_free(struct ptdesc *pt)\n{\n\t__free_pages(ptdesc_page(pt), 0);\n}\n"
    caller = "void f(void)\n{\n\tstruct ptdesc *pt = pagetable_alloc(GFP_KERNEL, 0);\n\n%s}\n"
    (tmp_path / "f.c").write_text(freed + caller % "\tpagetable_free(pt);\n")
    assert pipeline.check([tmp_path / "f.c"], None, OPTIONS, lambda *_: None).findings == ()
    (tmp_path / "f.c").write_text(freed + caller % "\tpagetable_free((void *)vmalloc(4));\n")
    assert pipeline.check([tmp_path / "f.c"], None, OPTIONS, lambda *_: None).findings != ()
