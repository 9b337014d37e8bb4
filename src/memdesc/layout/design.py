"""A design: a struct page, the descriptors that lie over it, and what its author says of them.

`load()` is the entrance; it takes a shipped design's name, a C header, or anything that carries BTF.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from memdesc.errors import InputError
from memdesc.escape import visible
from memdesc.kinds import BY_NAME
from memdesc.layout import read_btf, read_c
from memdesc.layout.abi import DEFAULT, Abi
from memdesc.layout.descriptors import ARMS, Row, row_of
from memdesc.layout.image import content, looks_binary, of_bytes
from memdesc.layout.model import Declared, Member, Struct, Types, flatten, number, strip, unwrap
from memdesc.layout.notes import check_notes

SHIPPED = ("proposal-2021", "linux-6.1", "linux-6.12", "linux-6.18", "memdesc-32", "memdesc-8")
FALLBACK_PAGE = "linux-6.18"
MAX_PAGE_BYTES = 4096
MAX_COMMON = 256
MAX_DESCRIPTORS = 1024
MAX_DECLARED, MAX_HELD = 1 << 20, 1 << 18
"""Members and elements, those of structs within structs counted each time: of all structs of a header, and of what is
checked. The whole of Linux 6.18's structs hold 210,000."""
ANCHORS = frozenset(
    (
        "compound_head",
        "compound_info",
        "mapping",
        "_mapcount",
        "page_type",
        "_refcount",
        "memcg_data",
        "memdesc",
    )
)


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A struct that describes memory of some kinds.

    Attributes: name: as reports show it. kinds: names of kinds, empty when unknown. types: PGTY_ names that
    mark its pages. must: capabilities that it has to have. separate: it is allocated apart from struct page.
    standalone: it is cast to struct page without being one. frozen: its pages count no references.
    cleared_by: what restores the page before it is freed. arm: it is an arm of struct page's own union.
    """

    name: str
    struct: Struct
    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    separate: bool = False
    standalone: bool = False
    frozen: bool = False
    cleared_by: str = ""
    arm: bool = False


@dataclass(frozen=True, slots=True)
class Design:
    """Types read for one ABI, and the roles that its structs play.

    Attributes: common: members that must lie at the same place in every descriptor. page_from: where struct
    page was taken from when the design declares none, else empty. notes: items said about the whole file.
    """

    name: str
    types: Types
    page: Struct
    descriptors: tuple[Descriptor, ...]
    common: tuple[str, ...]
    page_from: str
    notes: tuple[str, ...]

    @property
    def abi(self) -> Abi:
        """The ABI that it is laid out for."""
        return self.types.abi

    def descriptor(self, name: str) -> Descriptor | None:
        """Return the descriptor called `name`, or None."""
        return next((d for d in self.descriptors if d.name == name), None)


def load(name: str | Path, abi: Abi | None = None, config: Mapping[str, bool] | None = None) -> Design:
    """Return the design called `name`: shipped, a header, or a kernel's BTF.

    Args: abi: for headers; None means x86_64. BTF brings its own, and `abi` must not contradict it.
    config: CONFIG_ options for headers, without the prefix.
    Raises: InputError: there is no such design, or it cannot be read.
    """
    text = str(name)
    if text in SHIPPED:
        raw = (files("memdesc.layout") / "designs" / f"{text}.h").read_bytes()
        return of_header(text, read_c.read_text(raw, f"{text}.h", abi or DEFAULT, _defaults(raw, config)))
    path, text = Path(text), visible(text)
    if path.is_dir():
        raise InputError(text, "is a folder; a header, a kernel image or BTF is needed")
    if not path.exists():
        raise InputError(text, f"is no file and no shipped design (those are: {', '.join(SHIPPED)})")
    data = content(path)
    if looks_binary(data[:4096]):
        types = read_btf.BtfTypes(of_bytes(data, text), text)
        return of_btf(text, types, abi)
    if len(data) > read_c.MAX_HEADER_BYTES:
        raise InputError(text, f"has {len(data)} bytes; at most {read_c.MAX_HEADER_BYTES} are read")
    header = data[:]
    return of_header(text, read_c.read_text(header, text, abi or DEFAULT, _defaults(header, config)))


def _bounded(place: str, structs: Iterable[Struct], most: int) -> None:
    """Refuse structs that together hold more members than `most`, each counted as often as it occurs."""
    held = sum(max(struct.weight, struct.cells) for struct in structs)
    if held > most:
        raise InputError(
            place,
            f"its structs hold {number(held)} members and elements, those of the structs in them counted each time; "
            f"at most {number(most)} are looked at",
        )


def bound(design: Design, times: int) -> None:
    """Refuse a design that is to be read so many times, once for each ABI, where that is more work than is done.

    Raises: InputError: it holds too many members.
    """
    structs = (design.page, *(d.struct for d in design.descriptors))
    held = times * sum(max(struct.weight, struct.cells) for struct in structs)
    if held > MAX_HELD:
        raise InputError(
            design.name,
            f"its structs hold {number(held)} members and elements, those for each of {times} ABIs counted; at most "
            f"{number(MAX_HELD)} are looked at: name one ABI",
        )


def _checked(design: Design) -> Design:
    """Return `design`, unless looking at it would take more than its size allows.

    Raises: InputError: its struct page is too large to be one; its descriptors hold too many members.
    """
    if not 0 < design.page.size <= MAX_PAGE_BYTES:
        raise InputError(
            design.page.place or design.name,
            f"{design.page.spelling} has {number(design.page.size)} bytes; a page's descriptor has 1 to "
            f"{MAX_PAGE_BYTES}",
        )
    if len(design.common) > MAX_COMMON:
        raise InputError(
            design.name, f"declares {len(design.common)} members common; at most {MAX_COMMON} are looked at"
        )
    if len(design.descriptors) > MAX_DESCRIPTORS:
        raise InputError(
            design.name,
            f"declares {len(design.descriptors):,} descriptors; at most {MAX_DESCRIPTORS:,} are looked at, so say "
            "'memdesc: helper' of structs that are none",
        )
    _bounded(design.name, (design.page, *(d.struct for d in design.descriptors)), MAX_HELD)
    return design


def _defaults(raw: bytes, config: Mapping[str, bool] | None) -> dict[str, bool]:
    """Return the configuration: what the header's comment `memdesc: config NAME=y` says, then the user's."""
    out: dict[str, bool] = {}
    at = raw.find(b"memdesc: config ")
    while at >= 0:
        end = min(n for n in (raw.find(b"\n", at), raw.find(b"*/", at), len(raw)) if n >= 0)
        for item in raw[at + 16 : end].decode("ascii", "replace").replace(",", " ").split():
            option, _, value = item.partition("=")
            out[option] = value != "n"
        at = raw.find(b"memdesc: config ", end)
    out.update(config or {})
    return out


def of_btf(name: str, types: read_btf.BtfTypes, abi: Abi | None = None) -> Design:
    """Return the design of the kernel whose BTF was read as `types`; see load()."""
    if abi is not None and (abi.byteorder, abi.pointer) != (types.abi.byteorder, types.abi.pointer):
        raise InputError(name, f"its types are laid out for a {types.abi.name} machine, not for {abi.name}")
    if abi is not None:
        types.abi = abi
    elif types.abi.name == "64-bit-little-endian":
        # Bare BTF names no machine. x86_64 and arm64 do not differ in anything that the checks ask.
        types.abi = DEFAULT
    page = types.find("struct page")
    if page is None or not page.members:
        raise InputError(
            name, f"its BTF has no struct page (a {types.abi.bits}-bit kernel without mm types?)"
        )
    out = []
    for struct in ("folio", "slab", "netmem_desc", "net_iov", "ptdesc", "zpdesc", "ioptdesc"):
        found = types.find(f"struct {struct}")
        if found is not None and found.members:
            out.append(_descriptor(struct, found, types))
    known = {kind for d in out if not d.standalone for kind in d.kinds}
    out.extend(_arms(page, types, known))
    return _checked(Design(name, types, page, tuple(out), ("flags", "_refcount"), "", ()))


def of_header(name: str, header: read_c.Header) -> Design:
    """Return the design called `name` that a header declares.

    Raises: InputError: it declares no structs, or a comment in it is not understood.
    """
    types = header.types
    if not types.structs:
        raise InputError(name, "declares no structs")
    _bounded(name, types.structs.values(), MAX_DECLARED)
    for struct in types.structs.values():
        check_notes(struct)
    items = tuple(item for note in header.notes for item in note.items)
    common = [w for item in items if item.startswith("common ") for w in item.split()[1:]]
    page = _page(types)
    came_from = ""
    if page is None:
        donor = load(FALLBACK_PAGE, types.abi)
        page, came_from = donor.page, FALLBACK_PAGE
    embedded = {s.name for s in _embedded(types)}
    arms = list(_arms(page, types, set())) if not came_from else []
    inside = {d.struct.name for d in arms}
    out = []
    for struct in types.structs.values():
        if struct is page or struct.name in inside or struct.keyword == "union" or "helper" in struct.notes:
            continue
        if struct.name not in embedded or row_of(struct.name) is not None or _speaks(struct):
            out.append(_descriptor(struct.name, struct, types))
    # Where some structs are plainly descriptors, the others are what these are made of or stand beside.
    plain = [d for d in out if d.kinds or _speaks(d.struct) or _starts_with_flags(d.struct)]
    out = plain or out
    known = {kind for d in out if not d.standalone for kind in d.kinds}
    out.extend(d for d in arms if not (page.name == "page" and d.arm and set(d.kinds) & known))
    title = page.name == "page"
    return _checked(
        Design(
            name,
            types,
            page,
            tuple(out),
            tuple(common) or (("flags", "_refcount") if title else ()),
            came_from,
            items,
        )
    )


def _speaks(struct: Struct) -> bool:
    return any(note.partition("=")[0].strip() in ("kind", "type", "solve", "must") for note in struct.notes)


def _starts_with_flags(struct: Struct) -> bool:
    first = next((f.path for f in flatten(struct) if f.leaf), "")
    return first.rpartition(".")[2].strip("_").endswith("flags")


def _page(types: Declared) -> Struct | None:
    """Return the struct that plays struct page: by name, by its comment, or by having anchors in a union."""
    found = types.find("struct page")
    if found is not None and found.members:
        return found
    for struct in types.structs.values():
        if "page" in struct.notes:
            return struct
    for struct in types.structs.values():
        if any(_anchors(arm) for arm, _ in _union_arms(struct)) and row_of(struct.name) is None:
            return struct
    for struct in types.structs.values():
        if any(_anchors(arm) for arm, _ in _union_arms(struct)):
            return struct
    return None


def _anchors(member: Member) -> bool:
    kind = strip(member.type)
    if member.name in ANCHORS:
        return True
    return isinstance(kind, Struct) and any(f.path.rpartition(".")[2] in ANCHORS for f in flatten(kind))


def _embedded(types: Declared) -> Iterator[Struct]:
    """Yield each struct with a name that is a member of another, once."""
    seen: set[int] = set()
    waiting = list(types.structs.values())
    while waiting:
        for member in waiting.pop().members:
            kind = strip(member.type)
            if isinstance(kind, Struct) and id(kind) not in seen:
                seen.add(id(kind))
                if kind.name:
                    yield kind
                waiting.append(kind)


def _union_arms(page: Struct) -> Iterator[tuple[Member, Member]]:
    """Yield (arm, the union's own member) for each arm of a union that has a struct among its arms."""
    for member in page.members:
        union = strip(member.type)
        if isinstance(union, Struct) and union.keyword == "union":
            arms = union.members
            if len(arms) > 1 and any(isinstance(unwrap(arm.type), Struct) for arm in arms):
                for arm in arms:
                    yield arm, member


def _arms(page: Struct, types: Types, known: set[str]) -> Iterator[Descriptor]:
    """Yield a descriptor for each arm of struct page's union: the members outside of it, and the arm."""
    taken: dict[str, int] = {}
    arms = sum(1 for _ in _union_arms(page))
    if arms > MAX_DESCRIPTORS or arms * len(page.members) > MAX_HELD:
        raise InputError(
            page.place or page.spelling,
            f"{page.spelling} has {arms:,} arms beside {len(page.members):,} members",
        )
    for arm, union in _union_arms(page):
        kind = strip(arm.type)
        if isinstance(kind, Struct) and kind.name and kind.size == page.size:
            yield _descriptor(kind.name, kind, types)
            continue
        title = arm.name or _arm_title(kind)
        row = row_of(title)
        if row is not None and set(row.kinds) & known:
            continue
        taken[title] = taken.get(title, 0) + 1
        label = f"{page.name}.{title}" + (f"#{taken[title]}" if taken[title] > 1 else "")
        rest = tuple(m for m in page.members if m is not union and strip(m.type) is not strip(union.type))
        inner = Member(
            arm.name,
            arm.type,
            union.bit_offset + arm.bit_offset,
            arm.bit_size,
            arm.place,
            arm.notes,
            arm.qualifiers,
        )
        shape = Struct(label, "struct", page.size, page.align, (*rest, inner), page.place)
        yield _descriptor(title, shape, types, label)


def _arm_title(kind: object) -> str:
    if isinstance(kind, Struct):
        names = {f.path.partition(".")[0] for f in kind.fields()}
        for member, title in ARMS:
            if member in names:
                return title
        return next(iter(f.path for f in kind.fields()), "arm")
    return "arm"


def _descriptor(name: str, struct: Struct, types: Types, label: str = "") -> Descriptor:
    row = row_of(name) or Row(name, ())
    said = {k.strip(): v.strip() for k, _, v in (note.partition("=") for note in struct.notes)}
    kinds = tuple(k.strip() for k in said["kind"].split("|")) if "kind" in said else row.kinds
    for kind in kinds:
        if kind not in BY_NAME:
            raise InputError(struct.place or name, f"no kind is called '{kind}'; known: {', '.join(BY_NAME)}")
    if "kind" in said and not set(kinds) & set(row.kinds):
        row = next((r for r in (row_of(kind) for kind in kinds) if r is not None), row)
    older = row.typed_by_macro and types.enumerator("PGTY_buddy") is None
    marks = [t for t in row.types if older or types.enumerator(f"PGTY_{t}") is not None]
    if said.get("type"):
        marks = said["type"].split("|")
    must = (*row.must, *(said["must"].split("|") if "must" in said else ()))
    frozen = bool(row.frozen_by) and types.enumerator(row.frozen_by) is not None
    return Descriptor(
        label or name, struct, kinds, tuple(marks), tuple(dict.fromkeys(must)), "separate" in said,
        row.standalone or "standalone" in said, frozen or "frozen" in said,
        said.get("cleared_by", row.cleared_by), bool(label),
    )  # fmt: skip


def is_source(design: Design) -> bool:
    """Whether the design was read from C text, and so can be laid out for any ABI."""
    return isinstance(design.types, Declared)
