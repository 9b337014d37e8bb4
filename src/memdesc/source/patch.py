"""Patches: unified diffs as git, diff and mail programs write them, and what they make of files.

`read()` gives the patches of a file in order: one of a plain diff, one a mail of an mbox (git format-patch, b4 am).
`apply()` gives the texts as they would be. Hunks are placed as git places them: where all lines fit, nearest to where
the hunk says; lines that do not fit are an error, never a guess.
"""

import email.header
import email.message
import email.parser
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from memdesc.errors import InputError

_FROM = re.compile(rb"From \S+ [^\n]*\b\d{4}\r?\n")
_BETWEEN = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From \S+ [^\n]*\b\d{4}\r?\n")
_HEADER = re.compile(rb"\A(?:[A-Za-z][\w-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
_HUNK = re.compile(rb"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_GIT = re.compile(rb"diff --git (\"?[aciow]/.*?) (\"?[bciow]/.*)")
_EXTENDED = re.compile(rb"(rename|copy) (from|to) (.*)|(new|deleted) file mode \d+")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_ESCAPED = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_NUMBERED = re.compile(r"\[[^\]]*?\b(\d{1,4})/(\d{1,4})[^\]]*\]")
_TAG = re.compile(r"^(?:\s*\[[^\]]*\])+\s*")


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines to replace. old: the first one's number in the old file. lines: each with its sign, ` `, `-` or `+`, and
    its line end. place: line of the patch file."""

    old: int
    lines: tuple[bytes, ...]
    place: int


@dataclass(frozen=True, slots=True)
class FilePatch:
    """What is done to one file. old, new: its names as written, empty where there is none. kept: the old one stays.
    bare: the names stand without the folder that diffs put before them."""

    old: str
    new: str
    hunks: tuple[Hunk, ...]
    place: int
    bare: bool
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch. subject: of its mail or commit, empty for a plain diff. name: of the file it was read from."""

    subject: str
    files: tuple[FilePatch, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What a patch made of one file.

    Attributes: file, before: its names. text: the new text, empty when it is gone. old_of: for each new line the
    number of the same line in the old text, 0 for one that the patch adds. gone: numbers of new lines before which
    lines were removed.
    """

    file: str
    before: str
    text: bytes
    old_of: tuple[int, ...]
    gone: frozenset[int]


def read(data: bytes, name: str) -> tuple[Patch, ...]:
    """Return the patches of a file in the order in which they apply; letters without one are passed over.

    Raises: InputError: it holds no patch, or one that breaks off.
    """
    data = data.lstrip(b"\r\n")
    if _FROM.match(data):
        mails = _in_order([_mail(part) for part in _BETWEEN.split(data)[1:]])
    elif _HEADER.match(data):
        mails = [_mail(data)]
    else:
        mails = [("", data)]
    found = []
    for subject, text in mails:
        files = tuple(_files(text, name))
        if files:
            found.append(Patch(_TAG.sub("", subject), files, name))
    if not found:
        raise InputError(name, "holds no patch (a unified diff, or mails with one)")
    return tuple(found)


def _mail(data: bytes) -> tuple[str, bytes]:
    """Return the subject of a mail and its text, decoded."""
    if b"\r\n" in data[:1000]:
        data = data.replace(b"\r\n", b"\n")
    mail = email.parser.BytesParser().parsebytes(data)
    parts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
    text = b"\n".join(
        payload for part in parts if isinstance(payload := part.get_payload(decode=True), bytes)
    )
    try:
        said = str(email.header.make_header(email.header.decode_header(str(mail.get("Subject", "")))))
    except (UnicodeError, LookupError, ValueError):
        said = str(mail.get("Subject", ""))
    return " ".join(said.split()), text


def _in_order(mails: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Return the mails of a series as they are numbered, `[PATCH 2/3]`; as they stand if not all are."""
    numbers = [_NUMBERED.search(subject) for subject, _ in mails]
    if any(match is None for match in numbers):
        return mails
    told = [int(match[1]) for match in numbers if match]
    if len(set(told)) < len(told):
        return mails
    return [mail for _, mail in sorted(zip(told, mails, strict=True), key=lambda pair: pair[0])]


def _files(text: bytes, name: str) -> Iterator[FilePatch]:
    lines = text.splitlines(keepends=True) if b"\r" not in text else text.split(b"\n")
    lines = [line if line.endswith(b"\n") else line + b"\n" for line in lines]
    at = 0
    while at < len(lines):
        line = lines[at]
        if match := _GIT.match(line.rstrip(b"\n")):
            at, found = _git_file(lines, at, match, name)
            yield found
        elif line.startswith(b"--- ") and at + 2 < len(lines) and lines[at + 1].startswith(b"+++ "):
            if _HUNK.match(lines[at + 2]):
                old, new = _named(line[4:]), _named(lines[at + 1][4:])
                place = at + 1
                at, hunks = _hunks(lines, at + 2, name)
                yield FilePatch(old, new, hunks, place, False)
            else:
                at += 1
        else:
            at += 1


def _git_file(lines: list[bytes], at: int, match: "re.Match[bytes]", name: str) -> tuple[int, FilePatch]:
    old, new, place = _named(match[1]), _named(match[2]), at + 1
    bare = kept = False
    at += 1
    while at < len(lines):
        line = lines[at]
        if line.startswith(b"--- ") and at + 1 < len(lines) and lines[at + 1].startswith(b"+++ "):
            old, new = _named(line[4:]), _named(lines[at + 1][4:])
            bare = False
            at, hunks = _hunks(lines, at + 2, name)
            return at, FilePatch(old, new, hunks, place, bare, kept)
        if said := _EXTENDED.match(line.rstrip(b"\n")):
            if said[4] == b"new":
                old = ""
            elif said[4] == b"deleted":
                new = ""
            else:
                bare = True
                kept = said[1] == b"copy"
                old, new = (_unquoted(said[3]), new) if said[2] == b"from" else (old, _unquoted(said[3]))
        elif not re.match(rb"index |old mode |new mode |similarity |dissimilarity |GIT binary|Binary ", line):
            break
        at += 1
    return at, FilePatch(old, new, (), place, bare, kept)


def _hunks(lines: list[bytes], at: int, name: str) -> tuple[int, tuple[Hunk, ...]]:
    found = []
    while at < len(lines) and (match := _HUNK.match(lines[at])):
        place = at + 1
        old, new = (int(match[n]) if match[n] is not None else 1 for n in (2, 4))
        first = int(match[1]) + (old == 0)
        at += 1
        held: list[bytes] = []
        while old > 0 or new > 0 or (at < len(lines) and lines[at].startswith(b"\\")):
            if at >= len(lines):
                raise InputError(f"{name}: line {place} of the patch", "the hunk breaks off")
            line = lines[at]
            sign = line[:1]
            if sign == b"\\":
                if held:
                    held[-1] = held[-1].removesuffix(b"\n")
                at += 1
                continue
            if sign == b"\n":
                sign, line = b" ", b" \n"  # mail programs drop the blank at the end of a line
            if sign not in (b" ", b"-", b"+") or (sign != b"+" and old == 0) or (sign != b"-" and new == 0):
                raise InputError(f"{name}: line {place} of the patch", "the hunk breaks off")
            old -= sign != b"+"
            new -= sign != b"-"
            held.append(line)
            at += 1
        found.append(Hunk(first, tuple(held), place))
    return at, tuple(found)


def _named(text: bytes) -> str:
    """Return the file's name of a `---` or `+++` line, empty for /dev/null."""
    text = text.rstrip(b"\r\n")
    if not text.startswith(b'"'):
        text = text.partition(b"\t")[0].rstrip(b" ")
    said = _unquoted(text)
    return "" if said == "/dev/null" else said


def _unquoted(text: bytes) -> str:
    text = text.rstrip(b"\r\n")
    if text.startswith(b'"'):
        inner = text[1 : text.rfind(b'"')] if text.rfind(b'"') > 0 else text[1:]
        text = _ESCAPE.sub(
            lambda m: bytes([int(m[1], 8) & 255]) if len(m[1]) == 3 else _ESCAPED.get(m[1], m[1]), inner
        )
    return text.decode("utf-8", "surrogateescape")


def apply(
    patch: Patch, text_of: Callable[[str], bytes | None], of_interest: Callable[[str], bool]
) -> tuple[Changed, ...]:
    """Return what a patch makes of the files of interest.

    Args: text_of: gives the text of a file by its path, None when there is none.
    Raises: InputError: a hunk does not fit, a file is missing or there already, a path leads out of the tree.
    """
    strip = _strip(patch, text_of)
    found = []
    for one in patch.files:
        old = _path(one.old, 0 if one.bare else strip, patch.name)
        new = _path(one.new, 0 if one.bare else strip, patch.name)
        if not any(path and of_interest(path) for path in (old, new)):
            continue
        before = text_of(old) if old else b""
        if before is None:
            raise InputError(patch.name, f"does not apply: there is no {old}")
        if not old and text_of(new):
            raise InputError(patch.name, f"does not apply: {new} is there already")
        text, old_of, gone = _applied(before, one, old or new, patch.name)
        if old and old != new and not one.kept and of_interest(old):
            found.append(Changed(old, old, b"", (), frozenset()))
        if new and of_interest(new):
            found.append(Changed(new, old or new, text, old_of, gone))
    return tuple(found)


def _strip(patch: Patch, text_of: Callable[[str], bytes | None]) -> int:
    """Return how many folders the names of a patch begin with that are none of the tree's: 1, as git writes, or 0."""
    names = [one.old for one in patch.files if one.old and not one.bare]
    for depth in (1, 0):
        if any(
            text_of(path) is not None for path in (_path(name, depth, patch.name) for name in names) if path
        ):
            return depth
    return 1


def _path(name: str, strip: int, patch: str) -> str:
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or "\0" in name:
        raise InputError(patch, f"{name!r} leads out of the tree")
    return "/".join(parts[strip:]) if len(parts) > strip else ""


def _applied(
    text: bytes, one: FilePatch, file: str, patch: str
) -> tuple[bytes, tuple[int, ...], frozenset[int]]:
    lines = text.split(b"\n")
    lines = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    out: list[bytes] = []
    old_of: list[int] = []
    gone: set[int] = set()
    done = shift = 0
    for hunk in one.hunks:
        wanted = [line[1:] for line in hunk.lines if line[:1] != b"+"]
        at = _where(lines, wanted, hunk.old - 1 + shift, done)
        if at is None:
            made = [line[1:] for line in hunk.lines if line[:1] != b"-"]
            again = made and _where(lines, made, hunk.old - 1, 0) is not None
            raise InputError(
                patch,
                f"line {hunk.place} of the patch does not apply to {file}"
                + ("; it may be there already" if again else ""),
            )
        shift = at - (hunk.old - 1)
        out += lines[done:at]
        old_of += range(done + 1, at + 1)
        for line in hunk.lines:
            if line[:1] == b"-":
                at += 1
                gone.add(len(out) + 1)
                continue
            out.append(lines[at] if line[:1] == b" " else line[1:])
            at += line[:1] == b" "
            old_of.append(at if line[:1] == b" " else 0)
        done = at
    out += lines[done:]
    old_of += range(done + 1, len(lines) + 1)
    return b"".join(out), tuple(old_of), frozenset(gone)


def _where(lines: list[bytes], wanted: list[bytes], near: int, least: int) -> int | None:
    """Return where the wanted lines stand, nearest to `near` and not before `least`; None when they do not."""
    last = len(lines) - len(wanted)
    if not wanted:
        return min(max(near, least), len(lines))
    for away in range(max(near - least, last - near, 0) + 1):
        for at in {near - away, near + away}:
            if least <= at <= last and lines[at] == wanted[0] and lines[at : at + len(wanted)] == wanted:
                return at
    return None
