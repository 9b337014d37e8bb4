"""What solve found, as text."""

from textwrap import fill

from memdesc.layout.solve import Answer


def render_solution(answer: Answer) -> str:
    """Return the placement as a table, or the constraints that contradict one another."""
    where = ", ".join(answer.abis)
    if not answer.sound:
        lines = [f"struct {answer.struct}: no placement holds on {where}. These cannot all be true:"]
        lines.extend(
            fill(f"{c}.", 98, initial_indent="  - ", subsequent_indent="    ") for c in answer.conflicts
        )
        if answer.also:
            lines.append("Were these resolved, this would still stand in the way:")
            lines.extend(
                fill(f"{c}.", 98, initial_indent="  - ", subsequent_indent="    ") for c in answer.also
            )
        return "\n".join(lines) + "\n"
    lines = [f"struct {answer.struct}: placed for {where}"]
    width = max(len(p.member) for p in answer.placed)
    for placed in answer.placed:
        offsets = sorted(set(placed.offsets))
        at = (
            f"byte {offsets[0]}"
            if len(offsets) == 1
            else "bytes "
            + ", ".join(f"{abi} {offset}" for abi, offset in zip(answer.abis, placed.offsets, strict=True))
        )
        lines.append(f"  {placed.member:<{width}}  over {placed.slot:<12} ({at})")
    return "\n".join(lines) + "\n\n" + answer.header
