"""What a function does by its body is told as a signature in the notation."""

import pytest

from memdesc.inference.constrain import constrain
from memdesc.inference.link import link
from memdesc.inference.summarise import Summaries, rendered, worded
from memdesc.kinds import ANY, Kind
from memdesc.layout.shipped import shipped
from memdesc.source import gather
from memdesc.source.signatures import fitted, kinds_of, load, parse
from memdesc.source.structs import described
from memdesc.source.vocabulary import vocabulary

TEXT = b"""
#define swan_align(p) ((typeof(p))ALIGN((unsigned long)(p), 8))
struct swan { int n; struct page *page; };
static inline void swan_free(struct swan *s) { if (s) kfree(s); }
static inline void swan_drop(struct swan *s, int now) { if (now) kfree(s); }
static inline void *swan_new(size_t n) { void *p = vmalloc(n); if (!p) return NULL; memset(p, 0, n); return p; }
static inline void *swan_any(size_t n) { return n > 4096 ? swan_new(n) : kmalloc(n, GFP_KERNEL); }
static inline void *swan_priv(struct swan *s) { return (char *)s + ALIGN(sizeof(struct swan), 32); }
static inline struct page *swan_page(void *p) { return virt_to_page(p); }
static inline void swan_hold(struct page *page) { VM_BUG_ON_PAGE(PageTail(page), page); get_page(page); }
static inline struct page *swan_held(struct swan *s) { return s->page; }
static inline int swan_count(int n) { return n + 1; }
static inline void swan_put_both(struct swan *s, void *p) { swan_free(s); vfree(p); }
"""
WANTED = {
    "swan_align": "type swan_align(p) /* gives kind of p */;",
    "swan_free": "void swan_free(swan *s /* frees kmalloc-memory */);",
    "swan_new": "void *swan_new(size_t n) /* gives vmalloc */;",
    "swan_any": "void *swan_any(size_t n) /* gives slab|vmalloc */;",
    "swan_priv": "void *swan_priv(swan *s) /* gives kind of s */;",
    "swan_page": "struct page *swan_page(void *p /* wants linear */) /* gives kind of p */;",
    "swan_hold": "void swan_hold(struct page *page /* wants !tail|",
    "swan_put_both": "void swan_put_both(swan *s /* frees kmalloc-memory */, void *p /* frees vmalloc-memory */);",
}


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """The summaries of TEXT, by name."""
    facts = gather.gather(TEXT, vocabulary(), described(), gather.Scope(all_functions=True))
    graph = constrain(link(["include/swan.h"], [facts], described()), fitted(load(), shipped(None)), None)
    assert graph.effects is not None
    found = Summaries(graph, graph.effects).all(lambda *_: True)
    return {summary.name: rendered(summary) for summary in found}


@pytest.mark.parametrize("name", WANTED)
def test_functions(said: dict[str, str], name: str) -> None:
    """What is done in any case, also by way of other functions."""
    assert said[name].startswith(WANTED[name])


def test_nothing_is_said(said: dict[str, str]) -> None:
    """Of what a condition decides, of what members hold, of numbers."""
    assert set(said) == set(WANTED)


def test_it_is_the_notation(said: dict[str, str]) -> None:
    """What is rendered can be read again."""
    for name, text in said.items():
        (signature,), _ = parse(text, "x")
        assert signature.name == name


@pytest.mark.parametrize(
    "kinds", [Kind.SLAB, ANY & ~Kind.TAIL, ANY & ~(Kind.SLAB | Kind.LARGE), Kind.FILE | Kind.ANON]
)
def test_kinds(kinds: Kind) -> None:
    """Kinds are worded so that reading them gives them back."""
    assert kinds_of(worded(kinds, Kind.NONE)) == kinds
