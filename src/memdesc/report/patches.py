"""A series as mails that `git am` takes: subjects, messages, differences, and a cover letter."""

import re
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from memdesc.convert.model import RESULT, Conversion, Step, Target, Verdict
from memdesc.escape import page, visible
from memdesc.report.unified import between, named

_WIDTH = 72
_BREAKS = re.compile(r"^(?=---|diff -|Index: |>?From )", re.M)
"""Lines at which git takes a message to end. A file may have such a name that one of them begins so."""
_SUBJECT = 70
_BAR = 40
_FOLIO = "folio"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a series. who: `Name <address>`. when: the date of every mail. signed: with a Signed-off-by line."""

    who: str
    when: datetime
    signed: bool


def mails(
    steps: Sequence[Step],
    made: Conversion,
    verdicts: Sequence[Verdict],
    base: Mapping[str, bytes],
    why: Mapping[Target, str],
    sender: Sender,
    to: str = "folio",
) -> dict[str, bytes]:
    """Return file name -> mail, the cover letter first.

    Args: base: the text of every file that changes. why: target -> what the inference says of it. to: the type.
    """
    total = len(steps)
    width = max(len(str(total)), 4)
    found = {}
    subjects = [subject(step.targets, to) for step in steps]
    for number, (step, title) in enumerate(zip(steps, subjects, strict=True), 1):
        name = f"{number:0{width}}-{re.sub(r'[^A-Za-z0-9._]+', '-', title).strip('-')[:52]}.patch"
        body = message(step.targets, why, to)
        if sender.signed:
            body += f"\n\nSigned-off-by: {sender.who}"
        found[name] = _mail(sender, f"[PATCH {number}/{total}] {title}", body, _changes(step, base))
    cover = f"{'0' * width}-cover-letter.patch"
    use = (
        "use folios where pages are always heads" if to == _FOLIO else f"use {to} where pages always are one"
    )
    title = f"[PATCH 0/{total}] {_area(made.converted)}: {use}"
    text = _cover(made, verdicts, subjects, to)
    return {cover: _mail(sender, title, text, b""), **found}


def subject(targets: Sequence[Target], to: str = "folio") -> str:
    """Return the subject of a patch."""
    area = _area(targets)
    functions = list(dict.fromkeys(t.holder for t in targets))
    roles = {t.index if t.index < 0 else 0 for t in targets}
    if len(functions) == 1:
        name = functions[0]
        if 0 in roles and RESULT in roles:
            said = f"make {name} take and return {to}s"
        elif RESULT in roles:
            said = f"make {name} return a {to}"
        elif 0 in roles:
            many = sum(t.index >= 0 for t in targets) > 1
            said = f"make {name} take {f'{to}s' if many else f'a {to}'}"
        else:
            said = f"use a {to} in {name}"
    elif len(functions) == 2:
        said = f"use {to}s in {functions[0]} and {functions[1]}"
    else:
        said = f"use {to}s in {functions[0]} and {len(functions) - 1} others"
    text = f"{area}: {said}"
    if len(text) > _SUBJECT:
        text = f"{area}: use {to}s in {_count(len(functions), 'function')}"
    return visible(text)


def message(targets: Sequence[Target], why: Mapping[Target, str], to: str = "folio") -> str:
    """Return what a patch does, and why it may."""
    parts = []
    for target in targets:
        what = f"Argument {target.index + 1}" if target.index >= 0 else f"The {target.what}"
        reason = why.get(target, "")
        parts.append(
            textwrap.fill(
                f"{what} of {target.holder} always is {'the head of a folio' if to == _FOLIO else f'a {to}'}"
                + (f": {reason}." if reason else "."),
                _WIDTH,
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
    said = "Say so in its type."
    if to == _FOLIO:
        said += " The functions for folios do not look for the head again."
    if any(target.index >= 0 for target in targets):
        said += " Callers that still have a page convert it where they call."
    if any(target.index == RESULT for target in targets):
        said += f" Callers that still want a page take it of the {to}."
    parts.append(textwrap.fill(said, _WIDTH))
    return "\n\n".join(parts)


def _cover(made: Conversion, verdicts: Sequence[Verdict], subjects: Sequence[str], to: str) -> str:
    roles = Counter(t.role for t in made.converted)
    said = ", ".join(
        _count(roles[role], role) for role in ("parameter", "result", "local", "member") if roles[role]
    )
    lines = [
        textwrap.fill(
            f"Pointers that are declared as struct page and always are "
            f"{'the head of a folio' if to == _FOLIO else f'a {to}'} become struct {to}: {said}, "
            f"in {_count(len(made.edits), 'file')}." + (" Each patch builds by itself." if verdicts else ""),
            _WIDTH,
        )
    ]
    for name, group in (
        ("Files", [v for v in verdicts if not v.function]),
        (
            "Functions, built with a compound_head() that returns its argument"
            if to == _FOLIO
            else "Functions",
            [v for v in verdicts if v.function],
        ),
    ):
        if group:
            counts = Counter(str(v.says) for v in group).most_common()
            lines.append(textwrap.fill(f"{name}: {', '.join(f'{n} {says}' for says, n in counts)}.", _WIDTH))
    if made.refused:
        reasons = Counter(str(no.reason) for no in made.refused).most_common()
        lines.append("\n".join(["These stay pages:", *(f"  {n:4}  {reason}" for reason, n in reasons)]))
    lines.append("\n".join(f"  {title}" for title in subjects))
    return "\n\n".join(lines)


def _area(targets: Sequence[Target]) -> str:
    """Return what maintainers put before the colon: the filesystem, or the folder that all files share."""
    areas = {_folder(t.file) for t in targets}
    return (
        areas.pop() if len(areas) == 1 else "treewide" if len({a.split("/")[0] for a in areas}) > 1 else "fs"
    )


def _folder(path: str) -> str:
    parts = path.split("/")
    if parts[0] == "mm" and len(parts) == 2:
        return f"mm/{parts[1].rpartition('.')[0]}"
    if parts[0] in ("fs", "drivers", "sound", "arch") and len(parts) > 2:
        return parts[-2] if parts[0] == "drivers" else parts[1]
    return parts[0]


def _changes(step: Step, base: Mapping[str, bytes]) -> bytes:
    stat, diffs = [], []
    for path in step.files:
        difference, added, removed = between(
            path, base[path], step.before.get(path, ()), step.after.get(path, ())
        )
        made = b"new file mode 100644\n" if difference.startswith(b"--- /dev/null\n") else b""
        head = b"diff --git " + named(f"a/{path}") + b" " + named(f"b/{path}") + b"\n"
        diffs.append(head + made + difference)
        stat.append((named(path).decode("ascii"), added, removed))
    added, removed = sum(s[1] for s in stat), sum(s[2] for s in stat)
    width = max((len(path) for path, _, _ in stat), default=0)
    most = max(1, *(a + r for _, a, r in stat)) if stat else 1
    scale = min(1.0, _BAR / most)
    digits = len(str(most))
    lines = [
        f" {path:{width}} | {a + r:{digits}} {'+' * round(a * scale)}{'-' * round(r * scale)}"
        for path, a, r in stat
    ]
    total = f" {_count(len(stat), 'file')} changed, {_count(added, 'insertion')}(+), {_count(removed, 'deletion')}(-)"
    return "\n".join(["---", *lines, total, "", ""]).encode() + b"".join(diffs)


def _mail(sender: Sender, title: str, body: str, changes: bytes) -> bytes:
    head = f"From {'0' * 40} Mon Sep 17 00:00:00 2001\nFrom: {sender.who}\n"
    head += (
        f"Date: {format_datetime(sender.when)}\nSubject: {visible(title)}\n\n{_BREAKS.sub(' ', page(body))}\n"
    )
    return head.encode() + (changes or b"") + b"-- \nmemdesc\n\n"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
