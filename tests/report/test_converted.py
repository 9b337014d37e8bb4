"""A conversion as a diff that `patch` takes, as text and as JSON."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memdesc.convert.edits import Edit, apply
from memdesc.convert.model import Conversion, Reason, Refusal, Says, Target, Verdict
from memdesc.places import Span
from memdesc.report import converted

ONE, TWO = Target("a.c", "f", 0), Target("a.c", "g", 1)
MADE = Conversion(
    {"a.c": (Edit(Span(2, 3), b"X"),)}, (ONE,), (Refusal(TWO, Reason.TABLE, "b.c"),), {ONE: frozenset()}
)
VERDICTS = [
    Verdict("a.c", "", Says.BUILDS),
    Verdict("a.c", "f", Says.DIFFERS, ("-call a", "+call b")),
]


def test_forms() -> None:
    """Every parameter has its line, with the reason for which it stays."""
    text = converted.text(MADE, VERDICTS)
    assert text.splitlines()[:2] == [
        "a.c: f() argument 1: converted",
        f"a.c: g() argument 2: stays: {Reason.TABLE} (b.c)",
    ]
    assert "a.c: f(): differs\n    -call a\n    +call b\n" in text
    record = json.loads(converted.as_json(MADE, VERDICTS))
    assert record["refused"][0]["reason"] == "table"
    assert record["verified"][1] == {
        "file": "a.c",
        "function": "f",
        "verdict": "differs",
        "lines": ["-call a", "+call b"],
    }
    assert converted.summary(MADE, VERDICTS).splitlines() == [
        "1 parameter converted in 1 file, 1 stay",
        "      1  the function is stored in a table whose type cannot change, or handed on",
        "files: 1 compiles as before",
        "functions: 1 differs",
    ]


def test_no_line_end() -> None:
    """A last line without an end is marked as one; line ends stay as they are."""
    made = Conversion({"a.c": (Edit(Span(3, 4), b"X"),)}, (), (), {})
    assert converted.diff({"a.c": b"a\r\nb"}, made) == (
        b"--- a/a.c\n+++ b/a.c\n@@ -1,2 +1,2 @@\n a\r\n"
        b"-b\n\\ No newline at end of file\n+X\n\\ No newline at end of file\n"
    )


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(st.sampled_from(["a", "b", "\f", "c\r", "", "\x85"]), min_size=1, max_size=40),
    st.data(),
)
def test_patch_takes_it(tmp_path: Path, lines: list[str], data: st.DataObject) -> None:
    """What `patch` makes of the diff is what the edits make."""
    before = "\n".join(lines).encode() + data.draw(st.sampled_from([b"\n", b"end"]))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(before)), min_size=2, max_size=8)))
    edits = [
        Edit(Span(a, b), data.draw(st.sampled_from([b"", b"x", b"x\ny"])))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    after = apply(before, edits)
    made = Conversion({"a.c": tuple(edits)}, (), (), {})
    (tmp_path / "a.c").write_bytes(before)
    diff = converted.diff({"a.c": before}, made)
    if after == before or not after:
        return
    done = subprocess.run(
        ["patch", "-p1", "--binary", "-s"], input=diff, cwd=tmp_path, check=False, capture_output=True
    )
    assert (done.returncode, (tmp_path / "a.c").read_bytes()) == (0, after), (done.stdout, diff)
