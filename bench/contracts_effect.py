"""Which shipped demands can come into effect: each is tried with memory that it refuses.

For every demand of the signatures small functions are written, which obtain memory of a refused kind, turn it into
what the parameter is (an address, a page, a folio, what a container holds) and hand it over, or store it in the
member. The sources and the converters are those of the signatures themselves. A demand of which no such function is
reported is dead.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level
from memdesc.kinds import ANY, BESIDE, BITS, Kind
from memdesc.source.signatures import Condition, Demand, Signature, Signatures, Slot

_EACH = 4
"""Sources of a kind that are tried."""
_FILE = 1500
"""Functions a file."""
_TURNED = {
    ("void", "page"): "virt_to_page({})",
    ("page", "void"): "page_address({})",
    ("page", "folio"): "page_folio({})",
    ("folio", "page"): "folio_page({}, 0)",
    ("page", "ptdesc"): "page_ptdesc({})",
    ("page", "netmem"): "page_to_netmem({})",
    ("page", "number"): "page_to_pfn({})",
    ("void", "number"): "(unsigned long){}",
    ("void", "folio"): "virt_to_folio({})",
    ("void", "ptdesc"): "virt_to_ptdesc({})",
}
_HELD = {
    "struct page **": ("struct page *held[4]; held[0] = {};", "held"),
    "struct folio **": ("struct folio *held[4]; held[0] = {};", "held"),
    "struct list_head *": ("LIST_HEAD(held); list_add(&({})->lru, &held);", "&held"),
    "struct scatterlist *": ("struct scatterlist held; sg_set_page(&held, {}, 1, 0);", "&held"),
    "struct bio *": (
        "struct bio *held = bio_alloc(a, 1, 0, GFP_KERNEL); bio_add_page(held, {}, 1, 0);",
        "held",
    ),
    "struct folio_batch *": ("struct folio_batch held; folio_batch_add(&held, {});", "&held"),
    "struct pagevec *": ("struct pagevec held; pagevec_add(&held, {});", "&held"),
    "struct sk_buff *": (
        "struct sk_buff *held = alloc_skb(1, GFP_KERNEL); skb_fill_page_desc(held, 0, {}, 0, 1);",
        "held",
    ),
    "struct pipe_buffer *": ("struct pipe_buffer held; held.page = {};", "&held"),
    "skb_frag_t *": ("skb_frag_t held; __skb_frag_set_page(&held, {});", "&held"),
    "struct splice_pipe_desc *": (
        "struct page *pages[4]; struct splice_pipe_desc held; held.pages = pages; pages[0] = {};",
        "&held",
    ),
    "struct iov_iter *": (
        "struct bio_vec vec; struct iov_iter held; bvec_set_page(&vec, {}, 1, 0);"
        " iov_iter_bvec(&held, 1, &vec, 1, 1);",
        "&held",
    ),
    "struct msghdr *": (
        "struct bio_vec vec; struct msghdr held; bvec_set_page(&vec, {}, 1, 0);"
        " iov_iter_bvec(&held.msg_iter, 1, &vec, 1, 1); held.msg_flags = MSG_SPLICE_PAGES;",
        "&held",
    ),
}
_VIEWS = {
    "struct page *": "page",
    "struct folio *": "folio",
    "struct ptdesc *": "ptdesc",
    "netmem_ref": "netmem",
    "pgtable_t": "page",
    "unsigned long": "number",
    "phys_addr_t": "number",
    "pfn_t": "number",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Statements that obtain memory, the expression that is it, and what that is: "page", "folio", "void", ..."""

    before: str
    expression: str
    view: str


@dataclass(slots=True)
class Effect:
    """A demand: where it is written, of whom, and how often it was tried and met."""

    place: str
    name: str
    demand: Demand
    tried: int = 0
    lines: set[int] = field(default_factory=set)


def view(ctype: str) -> str:
    """Return what a parameter is: an address where nothing else is said."""
    return _VIEWS.get(ctype.replace("const ", "").replace("volatile ", ""), "void")


def origins(known: Signatures) -> dict[Kind, list[Origin]]:
    """Return ways to obtain memory of each kind, the plainest first."""
    found: dict[Kind, list[Origin]] = {bit: [] for bit in BITS}
    for signature in known:
        if "." in signature.name or signature.iterator:
            continue
        called = (
            f"{signature.name}({', '.join(_argument(slot, n) for n, slot in enumerate(signature.params))})"
        )
        result = signature.result
        for bit in BITS:
            if result.gives & bit and not result.pages:
                found[bit].append(Origin("", called, view(result.ctype)))
            for kinds, when in result.gives_when:
                if kinds & bit and when[1] == "has" and not when[3]:
                    words = [_argument(slot, n) for n, slot in enumerate(signature.params)]
                    words[signature.index(when[0])] = "OTHER_FLAG"
                    found[bit].append(Origin("", f"{signature.name}({', '.join(words)})", view(result.ctype)))
        if result.pages and signature.name in ("alloc_pages", "alloc_page"):
            found[Kind.DRIVER].append(Origin("", "alloc_page(GFP_KERNEL)", "page"))
            found[Kind.BLOCK].append(Origin("", "alloc_pages(GFP_KERNEL, 2)", "page"))
            found[Kind.NONCOMP].append(
                Origin("struct page *b = alloc_pages(GFP_KERNEL, 2);", "(b + n)", "page")
            )
        for n, slot in enumerate(signature.params):
            if slot.holds and slot.ctype == "struct page **":
                arguments = ", ".join(
                    "got" if m == n else _argument(s, m) for m, s in enumerate(signature.params)
                )
                for bit in BITS:
                    if slot.holds & bit:
                        before = f"struct page *got[4]; {signature.name}({arguments});"
                        found[bit].append(Origin(before, "got[0]", "page"))
            if slot.becomes and slot.becomes_when is None and view(slot.ctype) == "page":
                arguments = ", ".join(
                    "t" if m == n else _argument(s, m) for m, s in enumerate(signature.params)
                )
                before = f"struct page *t = alloc_page(GFP_KERNEL); {signature.name}({arguments});"
                for bit in BITS:
                    if slot.becomes & bit:
                        found[bit].append(Origin(before, "t", "page"))
    found[Kind.STACK].append(Origin("char local[64];", "local", "void"))
    found[Kind.GLOBAL].append(Origin("static char image[64];", "image", "void"))
    return found


def _argument(slot: Slot, number: int) -> str:
    return "GFP_KERNEL" if "gfp" in slot.ctype else f"x{number}"


def turned(origin: Origin, wanted: str) -> list[str]:
    """Return the expressions by which an origin becomes what is wanted, none when it cannot be that."""
    if origin.view == wanted:
        return [origin.expression]
    one = _TURNED.get((origin.view, wanted))
    between = _TURNED.get((origin.view, "page")), _TURNED.get(("page", wanted))
    found = [one.format(origin.expression)] if one else []
    if not found and between[0] and between[1]:
        found.append(between[1].format(between[0].format(origin.expression)))
    if wanted in ("folio", "ptdesc") and origin.view == "page":
        found.append(f"(struct {wanted} *){origin.expression}")
    return found


def trials(known: Signatures) -> Iterator[tuple[Effect, list[str]]]:
    """Yield each demand with the bodies of the functions that try it."""
    sources = origins(known)
    for signature in known:
        for n, slot in enumerate(signature.params):
            for demand in slot.demands:
                if demand.accepts != ANY:
                    effect = Effect(signature.place, signature.name, demand)
                    yield effect, list(_bodies(signature, n, slot, demand, sources))
    for member in known.members:
        for demand in member.demands:
            effect = Effect(member.place, f"{member.struct}.{member.name}", demand)
            yield (
                effect,
                [
                    f"{origin.before} struct {member.struct} s; s.{member.name} = {value};"
                    for origin in _refused(demand, sources)
                    for value in turned(origin, view(member.ctype))
                ],
            )


def _refused(demand: Demand, sources: dict[Kind, list[Origin]]) -> Iterator[Origin]:
    for bit in BITS:
        if bit & ANY & ~demand.accepts & ~BESIDE:
            yield from sources[bit][:_EACH]


def _bodies(
    signature: Signature, n: int, slot: Slot, demand: Demand, sources: dict[Kind, list[Origin]]
) -> Iterator[str]:
    container = slot.ctype.replace("const ", "") if demand.contents else ""
    if container and container not in _HELD:
        return
    wanted = (
        ("folio" if "folio **" in container or "folio_batch" in container else "page")
        if container
        else view(slot.ctype)
    )
    for origin, value in ((o, v) for o in _refused(demand, sources) for v in turned(o, wanted)):
        before, given = origin.before, "v"
        kept = {"page": "struct page *", "folio": "struct folio *", "ptdesc": "struct ptdesc *"}.get(
            wanted, "void *"
        )
        kept = "unsigned long " if wanted == "number" else kept
        before += f" {kept}v = {value};"
        if container:
            fill, given = _HELD[container]
            before += " " + fill.format("v")
        words = [_argument(s, m) for m, s in enumerate(signature.params)]
        words[n] = given
        before += _conditioned(demand.when, signature, words, given)
        name = signature.name
        call = f"{name}({', '.join(words)})"
        if "." in name:
            call = f"o->{name.partition('.')[2]}({', '.join(words)})"
            before = f"struct {name.partition('.')[0]} *o = x; " + before
        used = " use(r->x);" if demand.when and demand.when[2] == "tested" else ""
        yield f"{before} {'r = ' if signature.result.ctype != 'void' else ''}{call};{used}"


def _conditioned(when: Condition | None, signature: Signature, words: list[str], given: str) -> str:
    """Put a condition's word where it must stand; returns a statement that makes it hold."""
    if when is None or when[2] == "tested" or not when[3]:
        return ""
    name, _, word, _ = when
    at = signature.index(name)
    if at >= 0 and words[at] != given:
        words[at] = word
        return ""
    return f" {given.lstrip('&')}{'.' if given[0] == '&' else '->'}msg_flags = {word};" if at >= 0 else ""


def measure(known: Signatures) -> tuple[list[Effect], list[Effect], int]:
    """Return (demands that no trial brought into effect, demands that could not be tried, how many there are)."""
    every: list[Effect] = []
    for interpretation in Interpretation:
        group = [
            (effect, bodies)
            for effect, bodies in trials(known)
            if (effect.demand.interpretation == "newyork") == (interpretation is Interpretation.NEWYORK)
        ]
        _try(group, interpretation)
        every += [effect for effect, _ in group]
    dead = [e for e in every if e.tried and not e.lines]
    return dead, [e for e in every if not e.tried], len(every)


def _try(group: list[tuple[Effect, list[str]]], interpretation: Interpretation) -> None:
    whose: list[Effect] = []
    lines: list[str] = []
    for effect, bodies in group:
        effect.tried = len(bodies)
        for body in bodies:
            lines.append(f"void trial{len(lines)}(void) {{ struct folio *r; {body} }}")
            whose.append(effect)
    options = pipeline.Options(1, False, Level.NOTE, interpretation)
    with tempfile.TemporaryDirectory() as folder:
        for at in range(0, len(lines), _FILE):
            path = Path(folder) / f"trials{at}.c"
            path.write_text("\n".join(lines[at : at + _FILE]) + "\n")
            for finding in pipeline.check([path], None, options, lambda *_: None).findings:
                effect = whose[at + finding.line - 1]
                name = re.escape(effect.name.rpartition(".")[2] if "." in effect.name else effect.name)
                if re.search(rf"\b{name}\b", finding.message):
                    effect.lines.add(finding.line)
