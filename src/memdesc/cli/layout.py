"""`memdesc layout`: show, check, compare, turn into a header, and solve the layout of descriptors."""

import argparse
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from memdesc import outlet
from memdesc.cli import numbers, output
from memdesc.errors import InputError
from memdesc.layout import design as designs
from memdesc.layout.abi import ABIS, Abi, of_name
from memdesc.layout.design import Design

SUMMARY = "declare page descriptors, prove their overlay, write the header that a C compiler enforces"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands of `memdesc layout`."""
    parser.description = (
        "A DESIGN is a C header, a kernel's BTF (/sys/kernel/btf/vmlinux, a vmlinux or a "
        "bzImage), or one of: " + ", ".join(designs.SHIPPED)
    )
    what = parser.add_subparsers(dest="layout_command", metavar="COMMAND", required=True)

    show = what.add_parser("show", help="draw the words of struct page and what each descriptor keeps there")
    show.add_argument("design", metavar="DESIGN")
    show.add_argument("structs", metavar="STRUCT", nargs="*")
    show.add_argument("--format", choices=("text", "json", "html", "svg"), default="text")
    output.add_argument(show)
    _target(show)

    check = what.add_parser("check", help="prove the overlay, report hazards, derive capabilities")
    check.add_argument("design", metavar="DESIGN")
    check.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    output.add_argument(check)
    _target(check)

    diff = what.add_parser("diff", help="what moved between two designs, and which readers that breaks")
    diff.add_argument("design", metavar="DESIGN_A")
    diff.add_argument("other", metavar="DESIGN_B")
    diff.add_argument("structs", metavar="STRUCT", nargs="*")
    diff.add_argument("--format", choices=("text", "json"), default="text")
    output.add_argument(diff)
    _target(diff)

    header = what.add_parser("header", help="write a C header whose types a compiler enforces")
    header.add_argument("design", metavar="DESIGN")
    header.add_argument("-o", "--output", metavar="FILE.h", default="-")
    _target(header)

    solve = what.add_parser("solve", help="find places for members that are declared with constraints")
    solve.add_argument("design", metavar="DESIGN")
    solve.add_argument("-o", "--output", metavar="FILE.h")
    solve.add_argument(
        "--seconds",
        type=numbers.seconds(0),
        default=60.0,
        metavar="N",
        help="give up after N seconds (default: 60)",
    )
    _target(solve)


def _target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--abi", metavar="ABI", help=f"one of {', '.join(ABIS)}" + " or all")
    parser.add_argument("--config", metavar="NAME=y|n", nargs="+", action="extend", default=[])


def run(args: argparse.Namespace) -> int:
    """Run one subcommand; return 0 when all is well, 1 when hazards or contradictions were found.

    Raises: InputError: the arguments or the design cannot be used.
    """
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "show": _show, "check": _check, "diff": _diff, "header": _header, "solve": _solve,
    }  # fmt: skip
    return commands[args.layout_command](args)


def config_of(items: list[str]) -> dict[str, bool]:
    """Return NAME -> y or n from items like MEMCG=y.

    Raises: InputError: an item is not written so.
    """
    out = {}
    for item in items:
        name, separator, value = item.partition("=")
        if not name or not separator or value not in ("y", "n"):
            raise InputError("--config", f"'{item}' is not of the form NAME=y or NAME=n")
        out[name.removeprefix("CONFIG_")] = value == "y"
    return out


def _load(args: argparse.Namespace, name: str, abi: Abi | None = None) -> Design:
    if abi is None and args.abi not in (None, "all"):
        abi = of_name(args.abi)
    return designs.load(name, abi, config_of(args.config))


def _each(args: argparse.Namespace, every: bool = False) -> list[Design]:
    """Return the design for each ABI that --abi names; a kernel's BTF has only its own.

    Args: every: without --abi, a header is read for all ABIs.
    """
    first = _load(args, args.design)
    if not designs.is_source(first) or not (args.abi == "all" or (every and args.abi is None)):
        return [first]
    designs.bound(first, len(ABIS))
    return [first if name == first.abi.name else _load(args, args.design, abi) for name, abi in ABIS.items()]


def _show(args: argparse.Namespace) -> int:
    from memdesc.layout.chart import chart
    from memdesc.layout.hazards import check

    if args.abi == "all":
        raise InputError("--abi", "'all' cannot be drawn; name one ABI")
    design = _load(args, args.design)
    # Only what is drawn needs to be judged.
    drawn = [d for d in design.descriptors if not args.structs or d.name in args.structs]
    picture = chart(design, args.structs, check(replace(design, descriptors=tuple(drawn))))
    if args.format == "text":
        from memdesc.report.layout_text import render_chart

        width = 160 if args.output else shutil.get_terminal_size((160, 40)).columns
        output.write(render_chart(picture, width), args.output)
        return 0
    module = import_module(f"memdesc.report.layout_{args.format}")
    output.write(module.render_chart(picture), args.output)
    return 0


def _check(args: argparse.Namespace) -> int:
    from memdesc.layout.hazards import check_all

    report = check_all(_each(args))
    if args.format == "text":
        from memdesc.report.layout_text import render_report as render
    elif args.format == "json":
        from memdesc.report.layout_json import render_report as render
    else:
        from memdesc.report.layout_json import render_sarif as render
    output.write(render(report), args.output)
    return 1 if report.hazards else 0


def _diff(args: argparse.Namespace) -> int:
    from memdesc.layout.compare import compare

    if args.abi == "all":
        raise InputError("--abi", "'all' cannot be compared; name one ABI")
    found = compare(_load(args, args.design), _load(args, args.other), args.structs)
    if args.format == "json":
        from memdesc.report.layout_json import render_difference as render
    else:
        from memdesc.report.layout_diff import render_difference as render
    output.write(render(found), args.output)
    return 0


def _header(args: argparse.Namespace) -> int:
    from memdesc.layout.header import untested, write_header

    each = _each(args, every=True)
    _write(args.output, write_header(each))
    for sentence in untested(each[0]):
        output.say(f"{args.design}: {sentence}")
    return 0


def _solve(args: argparse.Namespace) -> int:
    from memdesc.layout.solve import solve
    from memdesc.report.layout_solve import render_solution

    answer = solve(_each(args, every=True), args.seconds)
    output.write(render_solution(answer), None)
    if answer.sound and args.output:
        _write(args.output, answer.header)
    return 0 if answer.sound else 1


def _write(target: str, text: str) -> None:
    if target == "-":
        output.write(text, None)
    else:
        outlet.write(text, Path(target))


def main(arguments: list[str] | None = None) -> int:
    """Run `memdesc layout` by itself: `python -m memdesc.cli.layout`."""
    parser = argparse.ArgumentParser(prog="memdesc layout")
    add_arguments(parser)
    args = parser.parse_args(arguments)
    try:
        return run(args)
    except InputError as error:
        output.say(str(error))
        return 2


if __name__ == "__main__":
    sys.exit(main())
