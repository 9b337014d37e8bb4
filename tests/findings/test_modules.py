"""Ways through a module outside the kernel that no kernel has."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level

OPTIONS = pipeline.Options(1, False, Level.NOTE, Interpretation.OTTAWA)
KERNEL = {
    "Makefile": "VERSION = 6\nPATCHLEVEL = 1\n",
    "include/linux/none.h": "",
    "drivers/a/a.c": "static void *kept;\nvoid f(void) { kept = owl_make(); }\nvoid g(void) { owl_end(kept); }\n",
}
MAKES = "void *owl_make(void) { return vmalloc(4); }\n"
ENDS = "void owl_end(void *p) { kfree(p); }\n"
USES = "void use(void) { owl_end(owl_make()); }\n"


def _count(folder: Path, module: dict[str, str]) -> int:
    for top, files in (("kernel", KERNEL), ("module", module)):
        for name, text in files.items():
            path = folder / top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    report = pipeline.check([folder / "module"], folder / "kernel", OPTIONS, lambda *_: None)
    return len(report.findings)


@pytest.mark.parametrize(
    ("module", "count"),
    [
        ({"m.c": MAKES + ENDS}, 0),
        ({"m.c": MAKES + ENDS + USES}, 1),
        ({"os/linux/m.c": MAKES, "os/freebsd/n.c": ENDS + USES}, 0),
        ({"os/linux/m.c": MAKES, "os/linux/n.c": ENDS + USES}, 1),
        ({"m.c": MAKES + ENDS, "cmd.c": USES + "int\nmain(int argc, char **argv)\n{\n\tuse();\n}\n"}, 0),
    ],
)
def test_credible(tmp_path: Path, module: dict[str, str], count: int) -> None:
    """A kernel does not call a module by name, a system has not the files of another, no module a main()."""
    assert _count(tmp_path, {"Makefile": "obj-m += m.o\n", **module}) == count


@pytest.mark.parametrize(("folder", "count"), [("tools/testing", 0), ("mm", 1)])
def test_programs_have_a_page_of_their_own(tmp_path: Path, folder: str, count: int) -> None:
    """What a program of the tree keeps in its own struct page is no matter of the kernel's."""
    files = {"Makefile": KERNEL["Makefile"], "include/linux/none.h": ""}
    files[f"{folder}/a.c"] = "void *f(void) { return virt_to_page(kmalloc(4, GFP_KERNEL))->index; }\n"
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert len(pipeline.check([tmp_path], tmp_path, OPTIONS, lambda *_: None).findings) == count
