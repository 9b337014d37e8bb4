"""The signature notation, and what the shipped signatures must hold."""

import re

import pytest

from memdesc.errors import InputError
from memdesc.kinds import ANY, BITS, BY_NAME, CAPABILITIES, STATES, Kind
from memdesc.layout.shipped import shipped
from memdesc.source.signatures import (
    FOLDER,
    Signature,
    Signatures,
    Slot,
    fitted,
    kinds_of,
    load,
    parse,
    strictest,
)


def one(text: str) -> Signature:
    """Return the only signature that `text` declares."""
    signatures, _ = parse(f"// source: mm/test.c\n{text}\n", "test.h")
    assert len(signatures) == 1
    return signatures[0]


def param(clauses: str) -> Slot:
    """Return the slot of a parameter with these clauses."""
    return one(f"void f(struct page *page /* {clauses} */, unsigned int flags);").params[0]


def test_kinds_are_words_bars_and_a_not() -> None:
    """Sets of kinds are written as words, joined by bars and turned round by an exclamation mark."""
    assert kinds_of("slab|large") == Kind.SLAB | Kind.LARGE
    assert kinds_of("!slab|tail") == ANY & ~(Kind.SLAB | Kind.TAIL)
    assert kinds_of("linear") == CAPABILITIES["linear"].kinds
    assert kinds_of("none") == Kind.NONE
    assert kinds_of("untyped-table") == Kind.UNTYPED_TABLE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "void f(void *p /* wants slabs */);",
            "'slabs' is neither a kind, nor a capability, nor a word of struct page",
        ),
        ("void f(void *p /* wishes slab */);", "'wishes' is not a word of the signature notation"),
        ("void f(void *p);\nvoid g(void *p", "a declaration that does not end"),
        ("nothing here;", "not a prototype in the signature notation"),
        ("struct s { int a; /* likes slab */ };", "'likes' is not a word for a member"),
    ],
)
def test_a_mistake_is_reported_with_file_and_line(text: str, why: str) -> None:
    """A header that is not understood is an error with its place."""
    with pytest.raises(InputError) as caught:
        parse(f"// source: mm/test.c\n\n{text}\n", "test.h")
    line = 4 if "g(" in text else 3
    assert str(caught.value) == f"test.h:{line}: {why}"


def test_a_parameter_has_a_name_and_a_type() -> None:
    """Parameters are read as C writes them."""
    signature = one(
        "int f(const struct page **pages, struct scatterlist *sgs[], type, void *(*cb)(int), ...);"
    )
    assert [slot.name for slot in signature.params][:3] == ["pages", "sgs", "type"]
    assert signature.params[0].ctype == "const struct page **"
    assert len(signature.params) == 5
    assert one("int f(void);").params == ()
    assert one("int f(void) /* gives slab */;").params == ()


def test_demands() -> None:
    """What a parameter wants is the set of kinds that it accepts."""
    wants, frees = param("wants sendable; frees slab|large").demands
    assert (wants.word, wants.action, wants.accepts) == ("sendable", "use", CAPABILITIES["sendable"].kinds)
    assert (frees.word, frees.action) == ("slab|large", "free")
    inside, converts, keeps = param("in wants puttable; converts any-slab; keeps !slab").demands
    assert inside.contents
    assert converts.action == "convert"
    assert keeps.action == "member"


def test_a_demand_has_conditions_and_an_interpretation() -> None:
    """A demand may hold only for some flags or for one reading of a folio."""
    when = param("wants sendable when flags has MSG_SPLICE_PAGES").demands[0].when
    assert when == ("flags", "has", "MSG_SPLICE_PAGES", True)
    unless = param("wants unpooled unless flags has pp_recycle").demands[0].when
    assert unless == ("flags", "has", "pp_recycle", False)
    (later,) = param("newyork wants bare").demands
    assert (later.word, later.interpretation) == ("newyork:bare", "newyork")
    assert later.accepts == CAPABILITIES["bare"].kinds


def test_what_a_call_changes() -> None:
    """A call may turn a kind into another and drop how a page is held."""
    assert param("true slab; false !slab").guard == (Kind.SLAB, ANY & ~Kind.SLAB)
    assert param("drops unref|ptl").drops == STATES
    becomes = param("becomes table from driver|block")
    assert (becomes.becomes, becomes.source) == (Kind.TABLE, Kind.DRIVER | Kind.BLOCK)
    assert param("into bio; into page.x").into == ("bio", "page.x")
    assert param("takes flags").takes == "flags"
    assert param("sets pp_recycle").sets == ("pp_recycle",)
    assert param("ends ptl when flags is ptl").ends_when == ("flags", "is", "ptl", True)
    assert param("whole").descriptor == "folio"
    assert param("exact").descriptor == "page"
    assert param("as ptdesc").descriptor == "ptdesc"
    assert param("holds file").holds == Kind.FILE


def test_what_a_call_gives() -> None:
    """A result has kinds of its own, or those of an argument."""
    assert one("void *f(int n) /* gives slab|vmalloc */;").result.gives == Kind.SLAB | Kind.VMALLOC
    of = one("void *f(void *p) /* gives kind of p & slab or tail */;").result
    assert (of.gives_kind_of, of.gives_mask, of.gives_else) == ("p", Kind.SLAB, Kind.TAIL)
    head = one("void *f(void *p) /* gives head of p */;").result
    assert (head.gives_kind_of, head.gives_mask) == ("p", ANY & ~Kind.TAIL)
    assert one("void *f(gfp_t g, int o) /* gives pages(g, o) */;").result.pages == ("g", "o")
    assert one("void *f(void *sg) /* gives in sg */;").result.gives_in == "sg"
    assert one("void *f(void *sg) /* gives same sg */;").result.gives_same == "sg"
    given = one("void *f(int flags) /* gives file; gives unref unless flags has FOLL_GET */;").result
    assert given.gives == Kind.FILE
    assert given.gives_when == ((Kind.UNREF, ("flags", "has", "FOLL_GET", False)),)


def test_versions_come_from_the_group_or_the_line() -> None:
    """A signature belongs to the versions that its line names, or else its group."""
    text = "// source: a.c\n// until: 6.6\nint f(int a);\nint g(int a); // since: 6.2, until: 6.9\n"
    f, g = parse(text, "test.h")[0]
    assert (f.since, f.until) == ((), (6, 6))
    assert (g.since, g.until) == ((6, 2), (6, 9))
    assert f.holds_for((6, 5))
    assert not f.holds_for((6, 6))
    assert not g.holds_for((6, 1))
    assert g.holds_for((6, 8, 2))
    assert not g.holds_for((6, 9))


def test_a_lone_file_is_held_to_every_version() -> None:
    """Without a tree, what any version demands is demanded."""
    text = (
        "// source: a.c\nvoid lock(struct page *page /* wants lockable */); // until: 5.16\n"
        "void lock(struct page *page /* wants lockable|tail */); // since: 5.16\n"
    )
    group = tuple(parse(text, "test.h")[0])
    known = Signatures({"lock": group}, ())
    assert [d.word for d in group[1].params[0].demands] == ["lockable|tail"]
    strict = known.of("lock")
    assert strict is not None
    assert {d.word for d in strict.params[0].demands} == {"lockable", "lockable|tail"}
    assert known.of("lock", (6, 1)) == group[1]
    assert known.of("lock_noprof", (6, 12)) == group[1]
    assert known.of("unlock") is None
    assert strictest(()) is None


def test_members() -> None:
    """A member of a struct has owners, a descriptor and demands."""
    text = (
        "// source: a.h\n// since: 6.6\nstruct page {\n\tlong index; /* of !slab|tail; whole */\n"
        "\tchar a[2];\n"
        "\tstruct page *p; /* element; wants mappable */\n\tint mark; /* false !net */\n};\n"
    )
    index, array, element, mark = parse(text, "test.h")[1]
    assert (index.owners, index.descriptor, index.since) == (ANY & ~(Kind.SLAB | Kind.TAIL), "folio", (6, 6))
    assert array.array
    assert array.name == "a"
    assert element.element
    assert element.demands[0].word == "mappable"
    assert mark.guard == (ANY, ANY & ~Kind.NET)


def test_the_shipped_signatures_are_read() -> None:
    """All files of signatures are understood."""
    known = load()
    assert len(known) > 900
    assert known.files == tuple(sorted(path.name for path in FOLDER.glob("*.h")))
    assert len({m.name for m in known.members if m.struct == "page"}) > 30


def test_every_signature_names_its_source() -> None:
    """Each stands below a line that says where the kernel promises it."""
    for signature in load():
        assert re.search(r"[\w*/.-]+\.[ch]\b", signature.origin), f"{signature.place}: {signature.name}"


def test_conditions_and_flows_name_parameters() -> None:
    """What a note refers to is a parameter of the same function."""
    marks = {mark for s in load() for slot in s.params for mark in slot.sets}
    for signature in load():
        names = {slot.name for slot in signature.params}
        for slot in (signature.result, *signature.params):
            flows = (
                slot.takes,
                *slot.merges,
                slot.gives_kind_of,
                slot.gives_in,
                slot.gives_same,
                *(slot.pages or ()),
            )
            flows += tuple(target for target in slot.into if "." not in target)
            for name in flows:
                assert not name or name in names, f"{signature.place}: no parameter {name}"
            conditions = [d.when for d in slot.demands] + [when for _, when in slot.gives_when]
            for when in (*conditions, slot.ends_when):
                if when is None:
                    continue
                assert when[0] in names | {"return"}, f"{signature.place}: no parameter {when[0]}"
                if when[1] == "is":
                    told = when[2] in BY_NAME or when[2].isdigit()
                    assert told or when[:3] == ("return", "is", "tested"), signature.place
                else:
                    assert when[2].isupper() or when[2] in marks, signature.place


def test_what_is_given_and_taken_means_something() -> None:
    """No demand accepts everything, no guard passes everything, and what changes becomes something else."""
    for signature in fitted(load(), shipped(None)):
        for slot in signature.params:
            for demand in slot.demands:
                assert demand.accepts != ANY, f"{signature.place}: a demand that accepts everything"
            if slot.guard:
                assert slot.guard != (ANY, ANY), signature.place
            assert not (slot.becomes and slot.source & slot.becomes), signature.place


def test_signatures_of_one_name_do_not_overlap() -> None:
    """At most one signature of a name holds for a version."""
    for name, group in load().functions.items():
        for version in ((4, 0), (5, 10), (6, 1), (6, 5), (6, 6), (6, 12), (7, 1)):
            found = [s for s in group if s.holds_for(version)]
            assert len(found) <= 1, f"{name} for {version}: {[s.place for s in found]}"


def test_capabilities_accept_what_their_names_say() -> None:
    """The sets behind the capabilities are those that the words promise."""
    for capability in CAPABILITIES.values():
        assert capability.says
        assert capability.source
        assert capability.name not in BY_NAME
    kinds = {name: CAPABILITIES[name].kinds for name in CAPABILITIES}
    assert kinds["sendable"] & (Kind.SLAB | Kind.LARGE | Kind.NONCOMP | Kind.TABLE) == Kind.NONE
    assert kinds["refcounted"] & (Kind.TAIL | Kind.NET | Kind.DRIVER) == Kind.TAIL | Kind.NET | Kind.DRIVER
    assert not kinds["lockable"] & (Kind.TAIL | Kind.UNREF)
    assert kinds["in-folio"] | kinds["bare"] != ANY
    assert len(BITS) <= 63
