"""What a driver keeps with its device is what it finds there again."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level

OPTIONS = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)
PAIRS = {
    "platform": ("platform_device", "platform_set_drvdata(d, o)", "platform_get_drvdata(d)"),
    "pci": ("pci_dev", "pci_set_drvdata(d, o)", "pci_get_drvdata(d)"),
    "usb": ("usb_interface", "usb_set_intfdata(d, o)", "usb_get_intfdata(d)"),
    "i2c": ("i2c_client", "i2c_set_clientdata(d, o)", "i2c_get_clientdata(d)"),
    "by its device": ("platform_device", "platform_set_drvdata(d, o)", "dev_get_drvdata(&d->dev)"),
}
PROGRAM = """
struct owl {{ int n; }};
static int owl_probe(struct {tag} *d)
{{
	struct owl *o = {made};

	if (!o)
		return -ENOMEM;
	{put};
	return 0;
}}
static void owl_remove(struct {tag} *d)
{{
	struct owl *o = {got};

	kfree(o);
}}
"""


def _rules(folder: Path, files: dict[str, str], options: pipeline.Options = OPTIONS) -> list[str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    found = pipeline.check([folder / name for name in files], None, options, lambda *_: None).findings
    return [f"{finding.rule} {Path(finding.file).name}" for finding in found]


@pytest.mark.parametrize("bus", PAIRS)
@pytest.mark.parametrize("made", ["vzalloc(sizeof(*o))", "devm_kzalloc(&d->dev, sizeof(*o), GFP_KERNEL)"])
def test_freed_otherwise_than_it_was_allocated(bus: str, made: str, tmp_path: Path) -> None:
    """The object goes from probe to remove by way of the device."""
    tag, put, got = PAIRS[bus]
    wrong = PROGRAM.format(tag=tag, put=put, got=got, made=made)
    assert _rules(tmp_path, {"a.c": wrong}) == ["mismatched-free a.c"]
    right = PROGRAM.format(tag=tag, put=put, got=got, made="kzalloc(sizeof(*o), GFP_KERNEL)")
    assert _rules(tmp_path, {"b.c": right}) == []


def test_two_drivers_keep_their_own(tmp_path: Path) -> None:
    """What one file keeps with its devices is not what another finds with its own."""
    tag, put, got = PAIRS["pci"]
    one = PROGRAM.format(tag=tag, put=put, got=got, made="vzalloc(4)").replace("kfree", "vfree")
    other = PROGRAM.format(tag=tag, put=put, got=got, made="kzalloc(4, GFP_KERNEL)")
    files = {"drivers/a/a.c": one, "drivers/b/b.c": other.replace("owl_", "elk_")}
    assert _rules(tmp_path, files) == []


def test_in_a_tree(tmp_path: Path) -> None:
    """The functions are read in a tree, too, where neither names more than its half."""
    tag, put, got = PAIRS["pci"]
    (tmp_path / "Makefile").write_text("VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\n")
    for name in ("mm", "include/linux", "kernel", "drivers/a"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "drivers/a/a.c").write_text(
        PROGRAM.format(tag=tag, put=put, got=got, made="vzalloc(4)") + "void owl_more(void)\n{\n}\n"
    )
    found = pipeline.check([tmp_path], tmp_path, OPTIONS, lambda *_: None).findings
    assert [finding.rule for finding in found] == ["mismatched-free"]
