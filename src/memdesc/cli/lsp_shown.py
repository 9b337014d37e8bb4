"""What was found, as an editor shows it: records of the protocol, places counted as it counts, Markdown."""

import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls.uris import from_fs_path

from memdesc.cli.lsp_check import Found
from memdesc.escape import visible
from memdesc.findings import registry
from memdesc.records import Step

SOURCE = "memdesc"
_SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "note": lsp.DiagnosticSeverity.Hint,
}
_NAME = re.compile(r"[A-Za-z_]\w*")
Json = Mapping[str, Any]


def diagnostic(found: Found, lines: Sequence[str]) -> lsp.Diagnostic:
    """Return a finding, with a link to the page of its rule and its trace as related places."""
    when = f" ({found.when})" if found.when else ""
    return lsp.Diagnostic(
        range_of(found.line, found.column, found.expression, lines),
        visible(found.message + when),
        _SEVERITIES.get(found.level, lsp.DiagnosticSeverity.Warning),
        found.rule,
        code_description=lsp.CodeDescription(registry.place(found.rule).as_uri()),
        source=SOURCE,
        related_information=[
            lsp.DiagnosticRelatedInformation(location(step), visible(step.note)) for step in found.trace[:-1]
        ],
    )


def range_of(number: int, column: int, expression: str, lines: Sequence[str]) -> lsp.Range:
    """Return where an expression stands. Args: number, column: from 1, in bytes."""
    line = lines[number - 1] if number <= len(lines) else ""
    start = _units(line, column - 1)
    first = expression.partition("\n")[0]
    return lsp.Range(
        lsp.Position(number - 1, start), lsp.Position(number - 1, start + max(1, _length(first)))
    )


def within(position: lsp.Position, held: lsp.Range) -> bool:
    """Whether a place lies in a range of one line, its end included."""
    return (
        held.start.line == position.line and held.start.character <= position.character <= held.end.character
    )


def location(step: Step) -> lsp.Location:
    """Return the place of a step of a trace."""
    at = lsp.Position(step.line - 1, _units(step.text, step.column - 1))
    return lsp.Location(from_fs_path(step.file) or "", lsp.Range(at, at))


def column_of(line: str, character: int) -> int:
    """Return the column, in bytes from 1, of what the protocol calls a character."""
    return len(_before(line, character).encode("utf-8", "surrogateescape")) + 1


def _before(line: str, character: int) -> str:
    """Return what of a line stands before a place, which counts units of UTF-16."""
    return line.encode("utf-16-le", "surrogatepass")[: 2 * character].decode("utf-16-le", "replace")


def _units(line: str, count: int) -> int:
    """Return how many units of UTF-16, which the protocol counts, the first `count` bytes of a line are."""
    return _length(line.encode("utf-8", "surrogateescape")[:count].decode("utf-8", "replace"))


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def told(found: Found) -> str:
    """Return what a finding says, as Markdown."""
    lines = [
        f"**{found.rule}**: {plain(found.message)}",
        f"arrives: {', '.join(found.arrives)}",
        "what to do: " + plain(registry.remedy(found.rule)),
    ]
    if found.when:
        lines.insert(1, plain(found.when))
    steps = [
        f"{n}. {plain(step.note)} (`{Path(step.file).name}:{step.line}`)"
        for n, step in enumerate(found.trace, 1)
    ]
    return "\n\n".join(lines) + "\n\n" + "\n".join(steps)


def explained(pointer: Json, declared: Sequence[Json]) -> str:
    """Return what a pointer can be, what it must be, and why, as Markdown.

    Args: declared: the declarations of its file, of which one may be its own.
    """
    inside = f" in {plain(pointer['function'])}()" if pointer["function"] else ""
    lines = [
        f"**{plain(pointer['expression'])}**{inside}",
        f"can be: {plain(pointer['arrives'])}",
        f"must be: {plain(pointer['demanded'])}",
    ]
    if pointer["clash"]:
        lines.append(f"**clash**: {plain(pointer['clash'])} arrives and is not accepted")
    own = next((each for each in declared if _is_of(each, pointer)), None)
    if own:
        should = own["descriptor"] or "undetermined"
        lines.append(
            f"declared as {plain(own['declared'])}, should be: {plain(should)} ({plain(own['why'])})"
        )
    elif pointer["descriptor"]:
        lines.append(f"descriptor: {plain(pointer['descriptor'])}")
    for title, key in (("arrives because", "because"), ("demanded because", "demands")):
        if pointer[key]:
            steps = (f"- {plain(note)} (`{Path(file).name}:{line}`)" for file, line, note in pointer[key])
            lines.append(f"{title}:\n\n" + "\n".join(steps))
    return "\n\n".join(lines)


def _is_of(declared: Json, pointer: Json) -> bool:
    same = declared["function"] == pointer["function"] and declared["name"] == pointer["expression"]
    return bool(same and declared["role"] in ("param", "local"))


def word_at(line: str, character: int) -> str:
    """Return the name at a place of a line, empty where there is none. Args: character: as the protocol counts."""
    at = len(_before(line, character))
    return next((m[0] for m in _NAME.finditer(line) if m.start() <= at <= m.end()), "")


def declaration(declared: Sequence[Json], lines: Sequence[str], number: int, word: str) -> Json | None:
    """Return the declaration of a page pointer that a word of a line, counted from 0, stands for; None if of none.

    That is the nearest one above of that name in the same function, which ends where a line begins with a brace.
    """
    above = [each for each in declared if each["name"] == word and each["line"] <= number + 1]
    own = max(above, key=lambda each: int(each["line"]), default=None)
    if own is None or any(line.startswith("}") for line in lines[own["line"] : number]):
        return None
    return own


def reason(declared: Json) -> str:
    """Return what a declared pointer can and should be, and why, as Markdown."""
    should = declared["descriptor"] or "undetermined"
    lines = [
        f"**{plain(declared['name'])}**",
        f"can be: {plain(declared['arrives'])}",
        f"declared as {plain(declared['declared'])}, should be: {plain(should)} ({plain(declared['why'])})",
    ]
    grounds = [f"- {plain(what)} (`{Path(file).name}:{line}`)" for file, line, what in declared["grounds"]]
    return "\n\n".join(lines) + ("\n\n" + "\n".join(grounds) if grounds else "")


def hints(declared: Sequence[Json], before: Sequence[str], now: Sequence[str]) -> list[lsp.InlayHint]:
    """Return what parameters that are declared as struct page * should be, beside their names.

    Args: before: the lines that the declarations were found in. now: the lines as they are; those that have changed
    get no hint.
    """
    moved = _moved(before, now)
    out = []
    for each in declared:
        number = moved.get(each["line"] - 1)
        is_page = re.fullmatch(r"(const )?struct page \*", each["declared"])
        if each["role"] != "param" or not is_page or not each["descriptor"] or number is None:
            continue
        match = re.search(rf"\*\s*(?:\w+\s+)*{re.escape(each['name'])}\b", now[number])
        if match:
            at = lsp.Position(number, _length(now[number][: match.end()]))
            out.append(
                lsp.InlayHint(
                    at,
                    each["descriptor"],
                    lsp.InlayHintKind.Type,
                    tooltip=lsp.MarkupContent(lsp.MarkupKind.Markdown, reason(each)),
                    padding_left=True,
                )
            )
    return out


def _moved(before: Sequence[str], now: Sequence[str]) -> dict[int, int]:
    """Return where lines that are the same stand now, all counted from 0."""
    if before == now:
        return {n: n for n in range(len(now))}
    blocks = difflib.SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks()
    return {one.a + n: one.b + n for one in blocks for n in range(one.size)}


def plain(text: str) -> str:
    """Return text in which Markdown sees no markup."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|" else c for c in visible(text))


def allowing(uri: str, diagnostic: lsp.Diagnostic, lines: Sequence[str]) -> lsp.CodeAction:
    """Return the edit that puts a suppression comment above a finding; its reason is for the user to write."""
    number = diagnostic.range.start.line
    line = lines[number] if number < len(lines) else ""
    indent = line[: len(line) - len(line.lstrip())]
    at = lsp.Position(number, 0)
    inside = " \\" if number and lines[number - 1].rstrip("\r").endswith("\\") else ""  # of a macro
    comment = f"{indent}/* memdesc: allow {diagnostic.code}: REASON */{inside}\n"
    return lsp.CodeAction(
        f"Allow {diagnostic.code} here, with a reason",
        lsp.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        edit=lsp.WorkspaceEdit({uri: [lsp.TextEdit(lsp.Range(at, at), comment)]}),
    )
