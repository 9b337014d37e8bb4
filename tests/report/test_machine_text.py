"""What designs cost, as text: names that fit, and nothing invented where nothing was counted."""

import pytest

from memdesc.machine.costs import CacheCost, Costs, KindCost, OperationCost
from memdesc.machine.outcome import Misread, Run, point
from memdesc.report.machine_html import render_runs as render_html
from memdesc.report.machine_text import render_runs

COSTS = Costs(
    design="", abi="x86_64", memory_bytes=64 << 20, page_bytes=8, memmap_bytes=1 << 17,
    descriptor_bytes=(1 << 17) + 8192, peak_descriptor_bytes=(1 << 17) + 12288,
    kinds=(KindCost("file", 10, 20, 10, 20, 880, 1760), KindCost("net", 0, 0, 0, 0, 0, 0)),
    caches=(CacheCost("folio", 80, 10, 2),),
    operations=(OperationCost("allocate file", 20, 20, 90, 10), OperationCost("free file", 10, 0, 0, 0)),
)  # fmt: skip


def _run(design: str, misreads: tuple[Misread, ...] | None = None) -> Run:
    return Run(
        design, "s", 2.0, (point(0.0, {"file": 1}, COSTS), point(5.0, {"file": 10}, COSTS)), COSTS, misreads
    )


def test_what_is_printed() -> None:
    """Each figure of the bill, once."""
    text = render_runs([_run("memdesc-8")])
    for word in ("136 KiB", "140 KiB", "0.214 %", "1.00, 9.00", "0.00, -", "90.2 %", "1.72 KiB"):
        assert word in text, word
    assert "net" not in text, "a kind without descriptors has no line"
    assert "misread" not in text, "nobody looked"


def test_long_names_are_shortened_and_explained() -> None:
    """Columns stay in place, two files of one name are told apart, and the whole name is there."""
    names = ["/sys/kernel/btf/vmlinux", "/other/vmlinux", "a-design-with-a-very-long-name"]
    text = render_runs([_run(name) for name in names])
    for name in names:
        assert f" is {name}\n" in text
    assert "vmlinux#2" in text


@pytest.mark.parametrize("render", [render_runs, lambda runs: render_html("title", runs)])
def test_misreads_have_their_history(render: object) -> None:
    """The probe, what it said, of how many pages, and what had happened to the first of them."""
    misread = Misread("anon-bit", "stable_page_flags()", "slab", "says <ANON>", 7, ("allocate", "free"))
    assert callable(render)
    text = str(render([_run("linux-6.18", (misread,)), _run("memdesc-8", ())]))
    for word in ("anon-bit, 7 pages of slab", "stable_page_flags()", "allocate"):
        assert word in text
    assert "says <ANON>" in text or "says &lt;ANON&gt;" in text
    assert "memdesc-8" in text
