"""Two frees, or two converters, of one pointer: when they are a choice between kinds, and when one is wrong."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level

OPTIONS = pipeline.Options(1, False, Level.NOTE, Interpretation.OTTAWA)
HEAD = "int f(struct swan *swan)\n{\n\tvoid *p;\n\tint rc;\n"

WRONG = {
    "the right free stands in the function too": """
	p = vmalloc(64);
	if (g(p)) {
		vfree(p);
		return -1;
	}
	kfree(p);
""",
    "the other free would do for either kind": """
	p = kvmalloc(64, GFP_KERNEL);
	if (g(p)) {
		kvfree(p);
		return -1;
	}
	vfree(p);
""",
    "an error that was asked for before, and another": """
	rc = g(swan);
	if (rc)
		return rc;
	p = vmalloc(64);
	rc = g(p);
	if (rc)
		kfree(p);
""",
    "the same call asked twice, with something between": """
	rc = h(swan);
	if (rc)
		return rc;
	p = vmalloc(64);
	rc = h(swan);
	if (rc)
		kfree(p);
""",
    "a member of the page that a call returned": """
	p = kmalloc(64, GFP_KERNEL);
	rc = virt_to_page(p)->index;
""",
    "the second page of a folio": """
	struct folio *folio = swan->folio;
	folio_put((struct folio *)folio_page(folio, 1));
""",
}
RIGHT = {
    "a test decides which converter": """
	p = alloc_pages_exact(64, GFP_KERNEL);
	swan->p = p;
	if (is_vmalloc_addr(swan->p))
		rc = vmalloc_to_pfn(p);
	else
		rc = virt_to_pfn(p);
""",
    "an error that a constant tells from another": """
	rc = -EINVAL;
	p = vmalloc(64);
	if (g(p))
		goto out;
	p = kmalloc(64, GFP_KERNEL);
	rc = -EAGAIN;
out:
	if (rc == -EAGAIN)
		kfree(p);
""",
    "any page of a folio": """
	struct folio *folio = swan->folio;
	get_page(folio_page(folio, 1));
	put_page(folio_page(folio, rc));
""",
}


def _found(tmp_path: Path, body: str) -> list[tuple[int, str]]:
    file = tmp_path / "swan.c"
    file.write_text(HEAD + body.lstrip("\n") + "\treturn 0;\n}\n")
    report = pipeline.check([file], None, OPTIONS, lambda *_: None)
    return [(finding.line, finding.rule) for finding in report.findings]


@pytest.mark.parametrize("name", sorted(WRONG))
def test_it_is_reported(tmp_path: Path, name: str) -> None:
    """Once."""
    assert len(_found(tmp_path, WRONG[name])) == 1


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_it_is_not_reported(tmp_path: Path, name: str) -> None:
    """Not even as a note."""
    assert _found(tmp_path, RIGHT[name]) == []
