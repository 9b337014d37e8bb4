"""What a branch knows of the pointer that it tested."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level

SOURCE = """
struct page *made(gfp_t gfp)
{
	struct page *page = alloc_page(gfp);

	if (%s)
		goto out;
	__SetPageSlab(page);
out:
	return page;
}
"""


@pytest.mark.parametrize("test", ["!page", "unlikely(!page)", "page == NULL", "IS_ERR(page)", "NULL == page"])
def test_an_allocation_that_failed_gave_nothing(tmp_path: Path, test: str) -> None:
    """What leaves by the branch of the failure is no fresh page."""
    path = tmp_path / "own.c"
    path.write_text(SOURCE % test)
    options = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)
    found = pipeline.infer([path], None, options, lambda *_: None).entities
    result = next(entity for entity in found if entity.role.value == "return")
    assert result.arrives.names == ("slab",)


@pytest.mark.parametrize("test", ["page", "page != NULL", "err"])
def test_another_test_says_nothing_of_it(tmp_path: Path, test: str) -> None:
    """Where the page may be there, it leaves by the branch, too."""
    path = tmp_path / "own.c"
    path.write_text(SOURCE % test)
    options = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)
    found = pipeline.infer([path], None, options, lambda *_: None).entities
    result = next(entity for entity in found if entity.role.value == "return")
    assert "driver" in result.arrives.names
