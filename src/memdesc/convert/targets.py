"""What the inference says can be converted: parameters, results and locals that are pages and always of one type."""

from collections.abc import Collection

from memdesc.convert.model import LOCAL, MEMBER, RESULT, Target
from memdesc.inference.declare import Entity, Inference, Role


def target(entity: Entity) -> Target | None:
    """Return the target that an entity is; None if it is none of a kind that is converted."""
    if entity.declared.replace(" ", "") != "structpage*":
        return None
    if entity.role is Role.PARAM and entity.index is not None:
        return Target(entity.file, entity.function, entity.index)
    if entity.role is Role.RETURN:
        return Target(entity.file, entity.function or entity.name, RESULT)
    if entity.role is Role.LOCAL:
        return Target(entity.file, entity.function, LOCAL, entity.name, entity.line)
    if entity.role is Role.FIELD and "." in entity.name:
        tag, _, name = entity.name.rpartition(".")
        return Target(entity.file, tag, MEMBER, name, entity.line)
    return None


def targets_of(
    inference: Inference, to: str = "folio", only: Collection[str] | None = None, *, members: bool = False
) -> set[Target]:
    """Return what always is a `to`.

    Args: only: the names of the functions to look at; None for all. members: members of structs, too.
    """
    found = (target(entity) for entity in inference.entities if entity.descriptor == to)
    return {
        each
        for each in found
        if each is not None and (not only or each.function in only) and (members or each.index != MEMBER)
    }


def reasons(inference: Inference, to: str = "folio") -> dict[Target, str]:
    """Return target -> why it always is a `to`, with the first uses that show it."""
    found = {}
    for entity in inference.entities:
        each = target(entity) if entity.descriptor == to else None
        if each is not None:
            shown = ", ".join(entity.evidence[:_SHOWN])
            why = "" if entity.why == _PLAIN else entity.why
            found[each] = f"{why} ({shown})" if why and shown else why or shown
    return found


_SHOWN = 2
_PLAIN = "it is used as the head of a folio"
