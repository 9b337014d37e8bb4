"""Guests for the tests on real dumps: booted once a session; MEMDESC_GUESTS names a folder to keep them in."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from guest import Guest, Missing, boot, find_kernel

SERIES = ("6.1", "6.12")


@pytest.fixture(scope="session", params=SERIES)
def guest(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guest]:
    """A guest that was stopped at work; skips the test where none can be booted."""
    series = request.param
    kept = os.environ.get("MEMDESC_GUESTS")
    folder = Path(kept) if kept else tmp_path_factory.getbasetemp() / "guests"
    try:
        kernel = find_kernel(series, folder / "kernels")
        if series == "6.12":
            # VMCOREINFO in the dump's notes, five levels of page tables, two nodes.
            made = boot(kernel, folder / series, nodes=2)
        else:
            # VMCOREINFO only in memory, four levels.
            made = boot(kernel, folder / series, note=False, options="no5lvl")
    except Missing as error:
        pytest.skip(str(error))
    yield made
    if not kept:
        shutil.rmtree(folder / series)
