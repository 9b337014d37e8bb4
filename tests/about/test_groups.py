"""Tests of one group run in one process, so that what one has read of a kernel the next finds in the cache."""

import pytest


@pytest.mark.xdist_group("one process")
def test_a_group_is_kept_together(request: pytest.FixtureRequest) -> None:
    """pytest-xdist 3.8 tells groups by the names of tests, which pytest 9.2 does not let it change."""
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("not run with --dist loadgroup")
    assert request.node.nodeid.endswith("@one process")
