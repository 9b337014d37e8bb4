"""What a function asserts of its parameters is demanded of its callers; what callers can avoid is not."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Finding, Interpretation, Level

OPTIONS = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)
CALLER = """
void caller(void)
{
	struct page *page = virt_to_page(kmalloc(64, GFP_KERNEL));
	use(page, 0);
}
"""
REFUSING = {
    "a macro that stops": "VM_BUG_ON_PAGE(PageSlab(page), page);",
    "a macro that warns": "WARN_ON(PageSlab(page));",
    "a macro of a subsystem": "KVM_BUG_ON(PageSlab(page), kvm);",
    "a macro of a filesystem": "EBUG_ON(PageSlab(page));",
    "in one configuration": "\n#ifdef CONFIG_OWL_DEBUG\n\tBUG_ON(PageSlab(page));\n#endif",
    "unless something else is compiled": "\n#ifndef __OWL_BOUNDS\n\tBUG_ON(PageSlab(page));\n#endif",
    "a macro that wants it true": "ASSERT(!PageSlab(page));",
    "a warning that is handled": "if (WARN_ON_ONCE(PageSlab(page)))\n\t\treturn 0;",
    "an error": "if (PageSlab(page))\n\t\treturn -EINVAL;",
    "an error with a message": 'if (PageSlab(page)) {\n\t\tpr_err("no");\n\t\treturn -EINVAL;\n\t}',
    "an error pointer": "if (PageSlab(page))\n\t\treturn ERR_PTR(-EINVAL);",
    "one of two": "VM_BUG_ON_PAGE(PageTail(page) || PageSlab(page), page);",
    "each of two": "VM_BUG_ON_PAGE(!PageTable(page) && !PageBuddy(page), page);",
    "behind a test for NULL": "if (!page)\n\t\treturn 0;\n\tBUG_ON(PageSlab(page));",
    "behind another assertion": "BUG_ON(!n);\n\tBUG_ON(PageSlab(page));",
    "of the head": "struct folio *folio = page_folio(page);\n\tVM_BUG_ON_FOLIO(folio_test_slab(folio), folio);",
    "a constant decides": "VM_BUG_ON_PGFLAGS(1 && PageSlab(page), page);",
}
AVOIDED = {
    "under a condition": "if (n)\n\t\tBUG_ON(PageSlab(page));",
    "behind a return": "if (n)\n\t\treturn 0;\n\tBUG_ON(PageSlab(page));",
    "with a condition": "BUG_ON(n && PageSlab(page));",
    "of another page": "page = other(page);\n\tBUG_ON(PageSlab(page));",
    "of another page at times": "if (n)\n\t\tpage = other(n);\n\tBUG_ON(PageSlab(page));",
    "no error of the argument": "if (PageSlab(page))\n\t\treturn -EBUSY;",
    "what is done for the kind": "if (PageSlab(page)) {\n\t\tother(page);\n\t\treturn -EINVAL;\n\t}",
    "the other way round": "BUG_ON(!PageSlab(page));",
    "a constant decides": "VM_BUG_ON_PGFLAGS(0 && PageSlab(page), page);",
    "at compile time": "BUILD_BUG_ON(PageSlab(page));",
}


def _check(tmp_path: Path, body: str) -> tuple[Finding, ...]:
    path = tmp_path / "f.c"
    path.write_text(f"int use(struct page *page, int n)\n{{\n\t{body}\n\treturn 0;\n}}\n{CALLER}")
    return pipeline.check([path], None, OPTIONS, lambda *_: None).findings


@pytest.mark.parametrize("name", REFUSING)
def test_refused(name: str, tmp_path: Path) -> None:
    """The call is reported, and says where the assertion is."""
    (finding,) = _check(tmp_path, REFUSING[name])
    assert (finding.function, finding.sink) == ("caller", "use")
    assert "f.c:" in finding.message


@pytest.mark.parametrize("name", AVOIDED)
def test_not_refused(name: str, tmp_path: Path) -> None:
    """The caller is not held to what it may avoid."""
    assert not [finding for finding in _check(tmp_path, AVOIDED[name]) if finding.function == "caller"]


def test_an_assertion_of_what_one_obtained(tmp_path: Path) -> None:
    """It is reported where it stands."""
    path = tmp_path / "f.c"
    path.write_text(CALLER.replace("use(page, 0)", "VM_BUG_ON_PAGE(PageSlab(page), page)"))
    (finding,) = pipeline.check([path], None, OPTIONS, lambda *_: None).findings
    assert "meets 'VM_BUG_ON_PAGE(PageSlab(page), page)'" in finding.message
