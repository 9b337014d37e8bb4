"""Signatures against a tree: which of them name a function that the tree does not have."""

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from memdesc.source.signatures import Signature

_PATH = re.compile(r"\b[\w.+-]+(?:/[\w.+-]+)+\.[ch]\b")
_FOLDERS = ("include", "mm", "net", "fs", "block", "lib", "kernel", "arch", "drivers")
"""Where kernel functions live, the likeliest first; the rest of a tree follows."""


def absent(
    signatures: Iterable[Signature],
    tree: Path,
    version: tuple[int, ...] | None,
    progress: Callable[[str, int, int], None],
) -> tuple[Signature, ...]:
    """Return the signatures meant for `version` whose function is called or defined nowhere in `tree`.

    The files that a signature names as its source are read first, the rest of the tree only for names
    that they lack. A name counts when an opening parenthesis follows it (functions that a macro defines
    are only ever called by name), and a member `tag.member` when `->member`, `.member` or `*member` does.
    """
    missing: dict[str, list[Signature]] = {}
    texts: dict[str, bytes] = {}
    for signature in signatures:
        if not signature.holds_for(version):
            continue
        for name in _PATH.findall(signature.origin):
            if name not in texts:
                texts[name] = _read(tree / name)
            if _mentions(texts[name], signature.name):
                break
        else:
            missing.setdefault(signature.name, []).append(signature)
    texts.clear()
    folders = _folders(tree) if missing else []
    for done, folder in enumerate(folders):
        progress("looking for names", done, len(folders))
        for path in _files(folder):
            text = _read(path)
            for name in [name for name in missing if _mentions(text, name)]:
                del missing[name]
            if not missing:
                break
    return tuple(signature for group in missing.values() for signature in group)


def _mentions(text: bytes, name: str) -> bool:
    word = name.rpartition(".")[2].encode()
    if word not in text:
        return False
    pattern = rb"(?:->|\.|\*)\s*%b\b" if "." in name else rb"\b%b\s*\(|#\s*define\s+%b\b"
    return re.search(pattern.replace(b"%b", re.escape(word)), text) is not None


def _folders(tree: Path) -> list[Path]:
    """Return the folders of a tree, two levels down where there are many, in the order of likelihood."""
    tops = [tree / name for name in _FOLDERS if (tree / name).is_dir()]
    rest = sorted(
        path for path in tree.iterdir() if path.is_dir() and path not in tops and not path.is_symlink()
    )
    return [*tops, *rest]


def _files(folder: Path) -> Iterable[Path]:
    for top, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(top, name)
            if name.endswith((".c", ".h")) and path.is_file():
                yield path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
