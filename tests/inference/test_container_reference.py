"""A container that a function leaves in its caller's pointer is the container, and not what lies in it."""

from pathlib import Path

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level

_TEXT = """
struct owl {{ struct sg_table *table; }};
static int create(struct sg_table **out)
{{
	struct sg_table *table = kmalloc(sizeof(*table), GFP_KERNEL);

	*out = table;
	return 0;
}}
static void destroy(struct sg_table *table)
{{
	struct scatterlist *sg;

	for (sg = table->sgl; sg; sg = sg_next(sg))
		__free_pages(sg_page(sg), 0);
	{}(table);
}}
int f(struct owl *owl)
{{
	int ret = create(&owl->table);

	destroy(owl->table);
	return ret;
}}
"""


def _lines(folder: Path, free: str) -> list[str]:
    (folder / "a.c").write_text(_TEXT.format(free))
    options = pipeline.Options(1, False, Level.NOTE, Interpretation.OTTAWA)
    found = pipeline.check([folder / "a.c"], None, options, lambda *_: None).findings
    return [finding.expression for finding in found]


def test_the_container(tmp_path: Path) -> None:
    """It is freed as it was allocated, and its pages are not of that allocation."""
    assert _lines(tmp_path, "kfree") == []
    assert _lines(tmp_path, "vfree") == ["table"]
