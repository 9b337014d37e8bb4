"""When a packet is held to be marked for recycling: only if somebody who has it may have marked it."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level

OPTIONS = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)
RULE = "pool-page-in-unmarked-packet"

HELPER = """
static void wren_add(struct sk_buff *skb, struct page_pool *pool)
{
	struct page *page = page_pool_dev_alloc_pages(pool);

	skb_add_rx_frag(skb, 0, page, 0, 256, PAGE_SIZE);
}

int wren_receive(struct napi_struct *napi, struct page_pool *pool)
{
	struct sk_buff *skb = napi_alloc_skb(napi, 128);
%s
	wren_add(skb, pool);
	napi_gro_receive(napi, skb);
	return 0;
}
"""
BUILT = """
int wren_build(struct napi_struct *napi, struct page_pool *pool)
{
	struct page *page = page_pool_dev_alloc_pages(pool);
	struct sk_buff *skb = build_skb(page_address(page), PAGE_SIZE);

	if (!skb)
		return -ENOMEM;
%s
	napi_gro_receive(napi, skb);
	return 0;
}
"""
MARK = "\tskb_mark_for_recycle(skb);"


def rules(folder: Path, text: str, version: str) -> list[str]:
    """Return the rules that a tree of one file breaks."""
    (folder / "Makefile").write_text("VERSION = {}\nPATCHLEVEL = {}\n".format(*version.split(".")))
    (folder / "a.c").write_text(text)
    return [f.rule for f in pipeline.check([folder], folder, OPTIONS, lambda *_: None).findings]


@pytest.mark.parametrize("version", ["5.15", "6.1", "6.12"])
@pytest.mark.parametrize("text", [HELPER, BUILT])
def test_a_packet_that_nobody_marks_takes_no_page_of_a_pool(tmp_path: Path, text: str, version: str) -> None:
    """A helper that is given the packet is told of, and build_skb() of every version; a mark ends it."""
    assert rules(tmp_path, text % "", version) == [RULE]
    assert rules(tmp_path, text % MARK, version) == []


def test_a_page_that_was_released_from_its_pool_may_go_into_any_packet(tmp_path: Path) -> None:
    """page_pool_release_page() before or after build_skb() is what drivers did before packets had marks."""
    assert rules(tmp_path, BUILT % "\tpage_pool_release_page(pool, page);", "6.1") == []


def test_a_helper_is_not_blamed_where_pages_are_released(tmp_path: Path) -> None:
    """A file that takes its pages out of the pool, in whatever function, needs no marks."""
    released = """
int wren_done(struct page_pool *pool, struct wren *w)
{
	page_pool_release_page(pool, w->page);
	return 0;
}
"""
    assert rules(tmp_path, HELPER % "" + released, "6.1") == []
