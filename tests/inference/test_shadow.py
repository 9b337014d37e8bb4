"""A file's own static function is meant by its name, also where a tree's choice of functions leaves it out."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level

_OWN = "%sstruct owl *owl_get(gfp_t flags)\n{\n\treturn kzalloc(4, flags);\n}\n"
_USER = """
static void owl_free(struct owl *o)
{
	kfree(o);
}
int f(void)
{
	struct owl *o = owl_get(GFP_KERNEL);

	owl_free(o);
	return kept ? 0 : PTR_ERR(vmalloc(4));
}
"""
_OTHER = "struct owl *owl_get(void)\n{\n\treturn memblock_alloc(4, 8);\n}\n"


@pytest.mark.parametrize(("own", "found"), [("static ", 0), ("", 1)])
def test_static(own: str, found: int, tmp_path: Path) -> None:
    """Memory of a function of that name elsewhere in the kernel does not come to its callers."""
    files = {
        "Makefile": "VERSION = 6\nPATCHLEVEL = 1\n",
        "include/linux/none.h": "",
        "kernel/a.c": _OWN % own + _USER if own else _USER,
        "arch/alpha/b.c": _OTHER,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    options = pipeline.Options(1, False, Level.NOTE, Interpretation.OTTAWA)
    findings = pipeline.check([tmp_path], tmp_path, options, lambda *_: None).findings
    assert len(findings) == found
