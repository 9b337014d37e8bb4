"""The words that a design's comments may use. docs/layout.md explains each."""

from memdesc.errors import InputError
from memdesc.layout.model import Member, Struct, strip
from memdesc.layout.rules import CAPABILITIES
from memdesc.layout.values import SORTS

FILE_WORDS = ("config", "common")
STRUCT_WORDS = frozenset((
    "kind", "type", "must", "is", "pages", "separate", "standalone", "frozen", "helper", "solve",
    "cleared_by", "page", "descriptor",
))  # fmt: skip
MEMBER_WORDS = frozenset((*SORTS, "from", "init", "at", "over", "not"))
NUMBER_WORDS = frozenset(("low_bits", "aligned", "set_bits", "mask", "magic_value"))


def check_notes(struct: Struct, seen: set[int] | None = None) -> None:
    """Refuse comments that say something unknown.

    Args: seen: structs without a name that were looked at, which typedefs can share.
    Raises: InputError: at the struct or member, with the word.
    """
    seen = set() if seen is None else seen
    for note in struct.notes:
        word, _, value = note.partition("=")
        word = word.strip()
        if word.split(" ")[0] in FILE_WORDS or word.startswith("@"):
            continue
        if word not in STRUCT_WORDS:
            raise InputError(struct.place, f"the comment says '{note}', which is not known of a struct")
        for name in value.split("|") if word == "must" else ():
            if name.strip() not in CAPABILITIES:
                known = ", ".join(CAPABILITIES)
                raise InputError(struct.place, f"no capability is called '{name}'; known: {known}")
    for member in struct.members:
        for note in member.notes:
            _check(note, member)
        inner = strip(member.type)
        if isinstance(inner, Struct) and not inner.name and id(inner) not in seen:
            seen.add(id(inner))
            check_notes(inner, seen)


def _check(note: str, member: Member) -> None:
    word, separator, value = (part.strip() for part in note.partition("="))
    if word in NUMBER_WORDS:
        try:
            number = int(value, 0)
        except ValueError:
            number = -1
        if number < 0:
            raise InputError(member.place, f"the comment says '{note}', and '{value}' is no number")
    elif word not in MEMBER_WORDS and not word.startswith("@") and word.split(" ")[0] not in FILE_WORDS:
        raise InputError(member.place, f"the comment says '{note}', which is not known of a member")
    elif word in ("at", "over", "not") and not separator:
        raise InputError(member.place, f"the comment says '{note}' without a place; write {word}=NAME")
