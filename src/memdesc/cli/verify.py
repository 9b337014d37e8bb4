"""`memdesc census --dump VMCORE --verify`: the page descriptors of a dump against the rules of their kinds."""

import argparse
import sys

from memdesc.cli import output
from memdesc.cli.exit_status import ExitStatus
from memdesc.errors import InputError
from memdesc.kernel.pages import Memory
from memdesc.kernel.verify import check
from memdesc.report import verify_json, verify_text


def run(memory: Memory, arguments: argparse.Namespace) -> ExitStatus:
    """Check, write, and say in a line what came of it.

    Raises: InputError: the memory is not that of a dump, or the format is none that findings have.
    """
    if arguments.format not in ("text", "json"):
        raise InputError(f"--format {arguments.format}", "goes with a census; --verify writes text or json")
    checked = check(memory)
    renderer = verify_json if arguments.format == "json" else verify_text
    output.write(renderer.render(checked), arguments.output)
    print(verify_text.summary(checked), file=sys.stderr)
    return ExitStatus.FOUND if checked.breaches else ExitStatus.CLEAN
