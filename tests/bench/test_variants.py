"""Variants of the cases: what does not matter makes no difference to what is found."""

import variants


def test_variants_keep_their_marks() -> None:
    """A variant of a bug has a mark, and its name tells it from all others."""
    found = [v for case, text in variants.cases().items() for v in variants.variants(case, text)]
    assert len({v.name for v in found}) == len(found)
    assert len(found) > 500
    for v in found:
        assert v.case.startswith("clean-") or any(variants.MARK.search(text) for _, text in v.files), v.name


def test_what_does_not_matter_makes_no_difference() -> None:
    """Of a part of all variants 95% of the bugs are found, and nothing else is reported."""
    outcomes = variants.run(every=9)
    bugs = [o for o in outcomes if not o.clean]
    assert [o.stray for o in outcomes if o.stray] == []
    missed = [o.name for o in bugs if not o.found]
    assert len(missed) <= len(bugs) * 0.05, missed
