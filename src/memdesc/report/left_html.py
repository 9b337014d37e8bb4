"""What is left to convert, as one HTML page that needs nothing else."""

from collections.abc import Sequence
from importlib.resources import files

from memdesc.convert.left import Left, Tally
from memdesc.escape import markup as escape

SHOWN_FILES = 25
_PARTS = (
    ("done", "declared with another type already"),
    ("ready", "struct page, and another type is known"),
    ("open", "struct page, and it cannot be told yet"),
    ("stay", "struct page, and really a page"),
)


def render(trees: Sequence[Left]) -> str:
    """Return the page: a bar for each tree, then groups, files and reasons of the last."""
    last = trees[-1]
    title = f"Pointers of struct page in {_name(last)}"
    key = "".join(f'<span><i class="{name}"></i>{says}</span>' for name, says in _PARTS)
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>\n<style>\n{_style()}</style>\n</head>\n<body>",
        f"<h1>{escape(title)}</h1>",
        "<p>Parameters, results, locals and members that are declared as a pointer to struct page or struct folio, "
        "and the type that each of them should have by what the code does with it.</p>",
        _cards(last.whole),
        f'<p class="key">{key}</p>',
        _trees(trees) if len(trees) > 1 else "",
        _groups(last),
        _reasons(last.whole),
        f"<p>{last.unread:,} files could not be read.</p>" if last.unread else "",
        "</body>\n</html>\n",
    ]
    return "\n".join(part for part in parts if part)


def _style() -> str:
    return (files("memdesc.report") / "left.css").read_text("utf-8")


def _name(tree: Left) -> str:
    return f"Linux {tree.kernel}" if tree.kernel else tree.tree or "this folder"


def _cards(whole: Tally) -> str:
    cards = [("left", whole.pages), *((f"should be {name}", count) for name, count in whole.become.items())]
    cards += [("cannot be told yet", whole.open), ("really pages", whole.stay), ("converted", whole.done)]
    shown = "".join(
        f'<div class="card"><b>{count:,}</b><span>{escape(says)}</span></div>' for says, count in cards
    )
    return f'<div class="cards">{shown}</div>'


def _bar(tally: Tally) -> str:
    counts = {"done": tally.done, "ready": tally.ready, "open": tally.open, "stay": tally.stay}
    parts = "".join(
        f'<i class="{name}" style="flex:{counts[name]}" title="{says}: {counts[name]:,}"></i>'
        for name, says in _PARTS
        if counts[name]
    )
    return f'<div class="bar">{parts}</div>'


def _row(name: str, tally: Tally, types: Sequence[str]) -> str:
    cells = [tally.done, tally.pages, *(tally.become.get(each, 0) for each in types), tally.open, tally.stay]
    shown = "".join(f"<td>{cell:,}</td>" if cell else "<td></td>" for cell in cells)
    return f'<tr><td>{name}</td><td class="barcell">{_bar(tally)}</td>{shown}</tr>'


def _table(title: str, rows: Sequence[tuple[str, Tally]]) -> str:
    """Return a table; the first cell of each row is markup."""
    types = sorted(
        {name for _, tally in rows for name in tally.become}, key=lambda name: (name != "folio", name)
    )
    heads = ["converted", "left", *(f"to {name}" for name in types), "not known", "stay"]
    head = f"<tr><th>{escape(title)}</th><th></th>" + "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "\n".join(_row(name, tally, types) for name, tally in rows)
    return f'<div class="scroll"><table>{head}</tr>\n{body}\n</table></div>'


def _trees(trees: Sequence[Left]) -> str:
    rows = [(escape(_name(tree)), tree.whole) for tree in trees]
    return f"<h2>Tree by tree</h2>\n{_table('tree', rows)}"


def _groups(tree: Left) -> str:
    rows = [(_listed(group), group) for group in tree.groups if group.ready or group.open or group.stay]
    return f"<h2>By {escape(tree.by.value)}</h2>\n{_table(tree.by.value, rows)}"


def _listed(group: Tally) -> str:
    """Return the name of a group, with its files behind it where these are others."""
    if not group.files or list(group.files) == [group.name]:
        return escape(group.name)
    shown = list(group.files.items())[:SHOWN_FILES]
    items = "".join(f"<li>{escape(file)}: {count:,}</li>" for file, count in shown)
    more = len(group.files) - len(shown)
    items += f"<li>and {more:,} more files</li>" if more > 0 else ""
    return f"<details><summary>{escape(group.name)}</summary><ul>{items}</ul></details>"


def _reasons(whole: Tally) -> str:
    if not whole.why:
        return ""
    rows = "\n".join(
        f'<tr><td class="says">{escape(says)}</td><td>{count:,}</td></tr>'
        for says, count in whole.why.items()
    )
    return (
        "<h2>Why the others are not converted</h2>\n"
        f'<div class="scroll"><table><tr><th>reason</th><th>pointers</th></tr>\n{rows}\n</table></div>'
    )
