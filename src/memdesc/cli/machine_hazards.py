"""`memdesc machine hazards`: each hazard that `layout check` reports, shown by a run."""

import argparse

from memdesc.cli import numbers
from memdesc.cli.exit_status import ExitStatus

SUMMARY = "show each hazard that `layout check` reports by the shortest sequence of operations that meets it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc machine hazards`."""
    parser.add_argument("design", metavar="DESIGN", help="what `memdesc layout` reads")
    parser.add_argument("--abi", metavar="ABI", help="that the design is laid out for")
    parser.add_argument(
        "--most",
        type=numbers.whole(1, 1000),
        default=8,
        metavar="N",
        help="operations in a sequence (default: 8)",
    )


def run(args: argparse.Namespace) -> int:
    """Search, print, and return 1 when a hazard was shown, else 0.

    Raises: InputError: the design cannot be used.
    """
    from memdesc.layout import design as designs
    from memdesc.layout.abi import of_name
    from memdesc.machine.shortest import Shown, show_hazards

    design = designs.load(args.design, of_name(args.abi) if args.abi else None)
    answers = show_hazards(design, args.most)
    for answer in answers:
        print(f"{answer.descriptor} [{answer.rule}]")
        if not isinstance(answer, Shown):
            print(f"  not shown: {answer.why or f'by no sequence of up to {answer.length} operations'}")
            continue
        for number, operation in enumerate(answer.by.operations, 1):
            print(f"  {number}. {operation}")
        misread = answer.by.misread
        print(f"  -> page {misread.pfn}: {misread.says}" if misread else "  -> refused with EINVAL")
    if not answers:
        print(f"{design.name}: layout check reports nothing that a run could show")
    return ExitStatus.FOUND if any(isinstance(answer, Shown) for answer in answers) else ExitStatus.CLEAN
