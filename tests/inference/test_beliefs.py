"""Beliefs: a value of which nothing else is known is what one of its uses needs."""

from pathlib import Path

from memdesc import pipeline
from memdesc.findings.model import Level

_HANDLER = """void rx(void *token, int len, int status)
{
	struct page *page = token;
	struct sk_buff *skb;

	skb = build_skb(page_address(page), len);
	if (!skb) {
		page_pool_recycle_direct(pool, page);
		return;
	}
	%s
	napi_gro_receive(napi, skb);
}
"""


def _found(folder: Path, text: str) -> list[tuple[str, str, int]]:
    file = folder / "a.c"
    file.write_text(text)
    options = pipeline.Options(jobs=1, cache=False, level=Level.WARNING)
    report = pipeline.check([file], None, options, lambda *_: None)
    return [(f.rule, f.sink, f.line) for f in report.findings]


def test_a_page_that_is_recycled_is_of_a_pool_where_it_is_sent(tmp_path: Path) -> None:
    """One use needs a page of a pool, the other must not get one unless the packet is marked."""
    assert _found(tmp_path, _HANDLER % "") == [("pool-page-in-unmarked-packet", "build_skb", 6)]
    assert _found(tmp_path, _HANDLER % "skb_mark_for_recycle(skb);") == []


def test_uses_under_opposite_answers_say_nothing_of_each_other(tmp_path: Path) -> None:
    """Whoever tells pages of a pool apart may have both."""
    text = "void f(struct ring *ring, struct page *page)\n{\n\tif (%s)\n"
    text += "\t\tpage_pool_put_full_page(ring->pool, page, false);\n\telse\n\t\tput_page(page);\n}\n"
    assert _found(tmp_path, text % "ring->pool") == []
    assert _found(tmp_path, text % "is_of_pool(page)") == []


def test_what_is_known_to_arrive_is_believed_first(tmp_path: Path) -> None:
    """A use makes no belief of memory that is seen to come."""
    call = "void g(void)\n{\n\trx(alloc_page(GFP_KERNEL), 1, 1);\n}\n"
    found = _found(tmp_path, _HANDLER % "" + call)
    assert [(rule, sink) for rule, sink, _ in found] == [("page-of-no-pool", "page_pool_recycle_direct")]


_GETTER = """struct page *get_it(unsigned long pfn)
{
	struct page *page = pfn_to_online_page(pfn);

	if (!page || !PageLRU(page))
		return NULL;
	get_page(page);
	return page;
}
void from_table(pte_t *pte)
{
	get_it(pte_pfn(*pte));
}
"""


def test_a_number_that_one_caller_made_up_may_be_any_page(tmp_path: Path) -> None:
    """That another caller has it from a page table says nothing of this one."""
    caller = "void by_address(phys_addr_t at)\n{\n\tget_it(PHYS_PFN(at));\n}\n"
    assert _found(tmp_path, _GETTER) == []
    assert _found(tmp_path, _GETTER + caller) == [("unreferenced-page-used", "get_page", 7)]


def test_a_reference_that_was_got_makes_a_page_no_tail(tmp_path: Path) -> None:
    """A tail counts no references, so a reference on it is never got."""
    text = "void f(unsigned long pfn)\n{\n\tstruct page *page = pfn_to_online_page(pfn);\n\n"
    text += "\tif (!page || !PageLRU(page) || !get_page_unless_zero(page))\n\t\treturn;\n"
    text += "\tisolate_lru_page(page);\n}\n"
    assert _found(tmp_path, text) == []
