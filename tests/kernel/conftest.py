"""Guests for the tests on real dumps: booted once a session; MEMDESC_GUESTS names a folder to keep them in."""

import os
from functools import cache
from pathlib import Path

import pytest

from guest import Guest, Missing, boot, find_kernel

SERIES = ("6.1", "6.12")


@cache
def _booted(series: str, folder: Path) -> Guest:
    kernel = find_kernel(series, folder / "kernels")
    # One dump carries a note with VMCOREINFO; in the other it must be found in memory.
    return boot(kernel, folder / series, note=series == "6.12")


@pytest.fixture(scope="session", params=SERIES)
def guest(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Guest:
    """A guest that was stopped at work; skips the test where none can be booted."""
    kept = os.environ.get("MEMDESC_GUESTS")
    folder = Path(kept) if kept else tmp_path_factory.getbasetemp() / "guests"
    try:
        return _booted(request.param, folder)
    except Missing as error:
        pytest.skip(str(error))
