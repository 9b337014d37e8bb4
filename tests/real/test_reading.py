"""How much of a kernel is read, judged by a reader of C that nobody here wrote."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CHECKOUT

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("reading")]


def test_nearly_every_function_that_ctags_lists_is_read(kernel: Path) -> None:
    """Of the functions that mention a page type, at most one in a thousand has a faulty tree."""
    if shutil.which("ctags") is None:
        pytest.skip("needs the package universal-ctags")
    bench = [sys.executable, str(CHECKOUT / "bench" / "reading.py"), str(kernel), "--list"]
    ended = subprocess.run(bench, capture_output=True, text=True, check=False, timeout=1800)
    counted = re.search(r": (\d+) functions mention a page type, (\d+) unread", ended.stdout)
    assert counted, ended.stdout + ended.stderr
    assert int(counted[1]) > 5_000
    assert int(counted[2]) * 1000 <= int(counted[1]), ended.stdout
    assert ended.returncode == 0
