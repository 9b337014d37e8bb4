"""What is left to convert, as lines of text and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict

from memdesc.convert.left import Left, Tally
from memdesc.escape import dumps, visible

VERSION = 1
_WIDEST = 46


def text(trees: Sequence[Left], limit: int) -> str:
    """Return tables: the trees one by one, then the groups and reasons of the last.

    Args: limit: groups and reasons that are shown, at most; 0 for all.
    """
    last = trees[-1]
    lines = ["pointers of struct page, and what they should become", ""]
    names = [_name(tree) for tree in trees]
    lines += _table("tree", [(name, tree.whole) for name, tree in zip(names, trees, strict=True)])
    shown = [group for group in last.groups if group.ready or group.open]
    cut = shown[:limit] if limit else shown
    lines += ["", f"by {last.by.value}, in {names[-1]}"]
    lines += _table(last.by.value, [(group.name, group) for group in cut])
    if len(cut) < len(shown):
        lines.append(f"  and {len(shown) - len(cut):,} more; --limit 0 shows all")
    lines += ["", "why the others are not converted"]
    why = list(last.whole.why.items())
    kept = why[:limit] if limit else why
    lines += [f"{count:7,}  {visible(says)}" for says, count in kept]
    if len(kept) < len(why):
        lines.append(f"  and {len(why) - len(kept):,} more reasons")
    return "".join(line.rstrip() + "\n" for line in lines)


def _name(tree: Left) -> str:
    return f"Linux {tree.kernel}" if tree.kernel else tree.tree or "."


def _table(title: str, rows: Sequence[tuple[str, Tally]]) -> list[str]:
    """Return a table; a column for each type that a pointer of one of the rows should have."""
    types = sorted(
        {name for _, tally in rows for name in tally.become}, key=lambda name: (name != "folio", name)
    )
    wide = min(max([len(title), *(len(visible(name)) for name, _ in rows)]), _WIDEST)
    heads = ["converted", "left", *(f"-> {name}" for name in types), "stay", "not known"]
    lines = [f"  {title:{wide}}" + "".join(f"  {head:>9}" for head in heads)]
    for name, tally in rows:
        shown = visible(name)
        cells = [
            tally.done,
            tally.pages,
            *(tally.become.get(each, 0) for each in types),
            tally.stay,
            tally.open,
        ]
        said = shown if len(shown) <= wide else shown[: wide - 3] + "..."
        lines.append(f"  {said:{wide}}" + "".join(f"  {cell:9,}" for cell in cells))
    return lines


def document(trees: Sequence[Left]) -> str:
    """Return the whole as one JSON object: {"version": 1, "trees": [{"tree", "kernel", "by", "whole", "groups"}]}."""
    listed = [
        {
            "tree": tree.tree,
            "kernel": tree.kernel,
            "by": tree.by.value,
            "unread": tree.unread,
            "whole": _tally(tree.whole),
            "groups": [_tally(group) for group in tree.groups],
        }
        for tree in trees
    ]
    return dumps({"version": VERSION, "trees": listed}, indent=1) + "\n"


def _tally(tally: Tally) -> dict[str, object]:
    return {**asdict(tally), "pages": tally.pages, "ready": tally.ready}
