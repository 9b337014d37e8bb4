"""The forms of a census."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from fake_machine import FakeDoor, of_array
from memdesc.errors import InputError
from memdesc.escape import page
from memdesc.kernel.census import Census, count
from memdesc.kernel.flags import BIT
from memdesc.kernel.live import LiveSource
from memdesc.kernel.population import Page
from memdesc.kernel.price import Price, prices
from memdesc.kernel.reconcile import Account, account
from memdesc.layout import design as designs
from memdesc.report import census_html, census_json, census_parquet, census_text
from memdesc.report.text import Style

WORDS = [
    *[BIT["buddy"]] * 16, *[BIT["lru"]] * 5, BIT["slab"], BIT["slab"] | BIT["anon"], *[BIT["anon"]] * 4, 0, 0,
    *[BIT["nopage"]] * 3,
]  # fmt: skip


def source() -> LiveSource:
    """Return a machine of 32 frames."""
    cgroups = of_array(np.array([7] * 20 + [0] * 12, np.uint64))
    door = FakeDoor(
        len(WORDS), of_array(np.array(WORDS, np.uint64)), {"proc/vmstat": "nr_anon_pages 4\n"},
        {"proc/kpagecgroup": cgroups}, cached=2,
    )  # fmt: skip
    return LiveSource(door, designs.load("linux-6.18"))


@pytest.fixture
def counted() -> tuple[Census, Account, tuple[Price, ...]]:
    """Its census, account and prices."""
    census = count(source(), ("zone", "cgroup"), picture=True)
    return census, account(census), prices(census, [designs.load("memdesc-8")])


def test_text_is_plain_when_piped(counted: tuple[Census, Account, tuple[Price, ...]]) -> None:
    """No escapes, no line beyond the width asked for, and every kind has its row."""
    text = census_text.render(*counted, ("order",))
    assert "\x1b" not in text
    for word in (
        "file",
        "anon",
        "slab",
        "free",
        "unknown",
        "memdesc-8",
        "By zone",
        "By cgroup",
        "not read: ",
    ):
        assert word in text
    assert "1  slab pages are reported as anonymous as well" in re.sub(r" +", " ", text).replace(
        " 1 slab", "1  slab"
    )
    assert "2  free, in lists of CPUs" in text


@pytest.mark.parametrize("width", [80, 110, 160])
def test_the_table_fits_the_terminal(width: int, counted: tuple[Census, Account, tuple[Price, ...]]) -> None:
    """No row of kinds is wider, and the bar of all memory is just as wide."""
    lines = census_text.render(*counted, width=width).splitlines()
    bar = next(line for line in lines if set(line) <= {"█", "░"} and line)
    assert len(bar) == width
    assert all(
        len(line) <= width for line in lines if line.startswith(("kind ", "file ", "slab ", "free ", "anon "))
    )


def test_text_has_colours_on_a_terminal(counted: tuple[Census, Account, tuple[Price, ...]]) -> None:
    """They change nothing but colours."""
    plain = census_text.render(*counted)
    coloured = page(census_text.render(*counted, style=Style(True)))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_watching_shows_what_changed(counted: tuple[Census, Account, tuple[Price, ...]]) -> None:
    """Pages more or fewer than before, by kind."""
    words = [*WORDS[:-5], BIT["lru"], BIT["lru"], *WORDS[-3:]]
    before = count(LiveSource(FakeDoor(len(words), of_array(np.array(words, np.uint64)))))
    text = census_text.render(counted[0], counted[1], before=before)
    row = next(line for line in text.splitlines() if line.startswith("file "))
    assert "-2" in row.split()
    assert "+2" in next(line for line in text.splitlines() if line.startswith("unknown ")).split()


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (1 << 30, "1.0 GiB"), (5 << 40, "5.0 TiB")],
)
def test_sizes(number: int, text: str) -> None:
    """Binary units, one digit."""
    assert census_text.size(number) == text


def test_json_is_the_record(counted: tuple[Census, Account, tuple[Price, ...]]) -> None:
    """Everything that was counted, under the documented names."""
    document = json.loads(census_json.render(*counted))
    assert document["pages"] == 29
    kinds = {each["kind"]: each for each in document["kinds"]}
    assert kinds["free"]["blocks_by_order"] == [0, 0, 0, 0, 1]
    assert kinds["slab"]["pages"] == 2
    assert sum(each["pages"] for each in document["by"]["zone"]) == 29
    assert document["misreads"][0]["name"] == "slab-as-anon"
    assert document["designs"][1]["design"] == "memdesc-8"
    documented = (Path(__file__).parents[2] / "docs" / "census.md").read_text("utf-8")
    for name in document:
        assert f"`{name}`" in documented, name
    assert census_json.render(*counted, line=True).count("\n") == 1


def test_html_is_self_contained(counted: tuple[Census, Account, tuple[Price, ...]]) -> None:
    """Nothing is loaded, every tag is closed, and the picture's data are in it."""
    text = census_html.render(*counted)
    assert not re.search(r"""(src|href)\s*=|url\(|@import|https?:""", text)
    for tag in ("table", "div", "script", "svg", "figure", "tr", "td", "ul", "li", "button"):
        assert len(re.findall(f"<{tag}[ >]", text)) == text.count(f"</{tag}>"), tag
    data = json.loads(re.findall(r'id="data">(.*?)</script>', text)[0])
    assert data["cell"] == 1
    assert data["names"][str(int(Page.SLAB))] == "slab"


def test_html_without_a_picture() -> None:
    """A census that painted none still makes a page."""
    census = count(source())
    assert "<canvas" not in census_html.render(census, account(census))


def test_every_kind_has_a_colour() -> None:
    """In the picture, no two kinds look the same."""
    assert set(census_html.COLOURS) == set(Page)
    assert len(set(census_html.COLOURS.values())) == len(Page)


def test_parquet_holds_every_frame(tmp_path: Path) -> None:
    """Runs follow each other without gaps, and sum to the census."""
    parquet = pytest.importorskip("pyarrow.parquet")
    machine = source()
    path = tmp_path / "census.parquet"
    with census_parquet.Writer(path, machine.about(), machine.zones()) as writer:
        census = count(machine, ("zone", "cgroup"), also=writer.add)
    table = parquet.read_table(path)
    assert table.column_names == list(census_parquet.COLUMNS)
    rows = table.to_pylist()
    place = 0
    for row in rows:
        assert row["pfn"] == place
        place += row["pages"]
        assert row["order"] is not None
        assert row["blocks"] << row["order"] == row["pages"]
    assert place == census.frames
    sums = {
        name: sum(row["pages"] for row in rows if row["kind"] == name) for name in {r["kind"] for r in rows}
    }
    assert sums == {each.name: each.pages for each in census.counts}
    assert {row["misread"] for row in rows if row["kind"] == "slab"} == {None, "slab-as-anon"}
    assert {row["zone"] for row in rows} == {"Normal"}
    assert {row["cgroup"] for row in rows} == {0, 7}
    documented = (Path(__file__).parents[2] / "docs" / "census.md").read_text("utf-8")
    for name in census_parquet.COLUMNS:
        assert f"`{name}`" in documented, name


def test_parquet_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """An error in the middle leaves what was there; a folder that is missing is one line."""
    pytest.importorskip("pyarrow")
    machine = source()
    path = tmp_path / "census.parquet"
    path.write_text("before")

    def fail() -> None:
        with census_parquet.Writer(path, machine.about(), ()) as writer:
            writer.add(machine.read(0, 8))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(InputError, match="cannot be written"):
        census_parquet.Writer(tmp_path / "none" / "x.parquet", machine.about(), ())
