"""`memdesc signatures`: list what is known of the kernel's functions, or verify it against a tree."""

import argparse
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from memdesc import pipeline
from memdesc.cli import inputs, output
from memdesc.cli.exit_status import ExitStatus
from memdesc.errors import InputError, meant
from memdesc.inference.derive import Told
from memdesc.report.progress import Bar
from memdesc.source import callbacks, kernel, verify
from memdesc.source.generated import generated
from memdesc.source.signatures import FOLDER, Signature, Signatures, load
from memdesc.source.text import split

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc signatures`."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="functions to show (default: all)")
    parser.add_argument(
        "--verify", action="store_true", help="report the signatures whose function a kernel tree lacks"
    )
    parser.add_argument(
        "--derive",
        action="store_true",
        help="print signatures of what the headers of a kernel tree offer, by what the bodies do",
    )
    parser.add_argument(
        "--callbacks",
        action="store_true",
        help="print what the functions of a kernel tree call the functions with that they are given",
    )
    output.add_argument(parser)
    inputs.add_tree(parser)
    inputs.add_effort(parser)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """List, or verify."""
    known = load()
    tree = inputs.tree(arguments.tree)
    output.writable(arguments.output)
    if arguments.verify:
        return _verify(known, _choose(known, arguments.names), tree or kernel.top(Path()), arguments.output)
    if arguments.derive:
        return _summarise(tree or kernel.top(Path()), arguments)
    if arguments.callbacks:
        return _callbacks(tree or kernel.top(Path()), arguments.output)
    derived = _derived(tree, arguments) if tree else ()
    version = kernel.version(tree) if tree else None
    bodies = {
        n: told
        for n in arguments.names
        if n not in known.functions and (told := generated().text(n, version))
    }
    names = {each.function for each in derived} | bodies.keys()
    missing = [name for name in arguments.names if name not in known.functions and name not in names]
    if missing and len(missing) == len(set(arguments.names)):
        raise _unknown(known, missing[0])
    chosen = [s for s in known if not arguments.names or s.name in arguments.names]
    lines = []
    origin = ""
    for signature in chosen:
        if not signature.holds_for(version):
            continue
        if signature.origin != origin:
            origin = signature.origin
            lines.append(f"// {origin}\n")
        declared = _declaration(signature)
        lines.append(declared + ("" if "//" in declared else _range(signature)) + "\n")
    lines += [
        f"// {each.file}:{each.line}: {each.text}\n"
        f"{each.function}(): {each.parameter or f'parameter {each.number + 1}'} wants {each.demand}\n"
        for each in derived
    ]
    lines += [
        f"// {file}, by the body in Linux {'.'.join(map(str, release))}\n{line}"
        for release, line, file in bodies.values()
    ]
    output.write("".join(lines), arguments.output)
    for name in missing:
        output.say(str(_unknown(known, name)))
    return ExitStatus.FAILED if missing else ExitStatus.CLEAN


def _derived(tree: Path, arguments: argparse.Namespace) -> tuple[Told, ...]:
    """Return what the functions of a tree demand by what they assert: those asked for, or all."""
    with Bar() as bar:
        found = pipeline.derived(tree, inputs.effort(arguments), bar)
    return tuple(each for each in found if not arguments.names or each.function in arguments.names)


def _summarise(tree: Path | None, arguments: argparse.Namespace) -> ExitStatus:
    """Print the generated signatures of a tree."""
    if tree is None or kernel.version(tree) is None:
        raise InputError(str(tree or "--derive"), "needs a kernel tree; name one with --tree DIR")
    with Bar() as bar:
        text = pipeline.summarised(tree, inputs.effort(arguments), bar)
    output.write(text, arguments.output)
    return ExitStatus.CLEAN


def _callbacks(tree: Path | None, path: Path | None) -> ExitStatus:
    """Print the prototypes of functions that call what they are given."""
    if tree is None:
        raise InputError("--callbacks", "needs a kernel tree; name one with --tree DIR")
    found = callbacks.derived(map(split, verify.headers(tree)))
    output.write(callbacks.written(found), path)
    return ExitStatus.CLEAN


def _choose(known: Signatures, names: list[str]) -> list[Signature]:
    for name in names:
        if name not in known.functions:
            raise _unknown(known, name)
    return [s for s in known if not names or s.name in names]


def _unknown(known: Signatures, name: str) -> InputError:
    return InputError(name, f"no signature is known{meant(name, known.functions)}")


def _range(signature: Signature) -> str:
    """Return for which kernels a signature holds, empty for all: "    // since: 6.5, until: 6.9"."""
    ends = (("since", signature.since), ("until", signature.until))
    told = ", ".join(f"{word}: {'.'.join(map(str, version))}" for word, version in ends if version)
    return f"    // {told}" if told else ""


def _declaration(signature: Signature) -> str:
    """Return the declaration as its file has it, from its line to the semicolon outside comments."""
    name, _, line = signature.place.rpartition(":")
    text = ""
    for row in _lines(name)[int(line) - 1 :]:
        text += row if not text else f"\n{row}"
        if _COMMENT.sub("", text).rstrip().endswith(";"):
            break
    return text


@lru_cache(maxsize=8)
def _lines(name: str) -> tuple[str, ...]:
    return tuple((FOLDER / name).read_text("utf-8").split("\n"))


def _verify(
    known: Signatures, chosen: Iterable[Signature], tree: Path | None, path: Path | None
) -> ExitStatus:
    version = kernel.version(tree) if tree else None
    if tree is None or version is None:
        raise InputError(str(tree or "--verify"), "needs a kernel tree; name one with --tree DIR")
    names = {signature.name for signature in chosen}
    asked = replace(
        known, functions={name: known.functions[name] for name in known.functions if name in names}
    )
    declared = verify.names(tree, names, len(os.sched_getaffinity(0)))
    problems = verify.verify(asked, declared, version)
    output.write("".join(f"{problem}\n" for problem in problems), path)
    meant = sum(signature.holds_for(version) for signature in asked)
    release = kernel.release(tree)
    sys.stderr.write(f"{len(asked):,} signatures, {meant:,} for {release}: {len(problems):,} do not fit\n")
    return ExitStatus.FOUND if problems else ExitStatus.CLEAN
