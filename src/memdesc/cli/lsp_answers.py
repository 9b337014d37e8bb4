"""The process behind hovers and hints of the language server: it holds one state of a tree, and answers questions.

It is started as `python -m memdesc.cli.lsp_answers [options of check] FILE...` with the files that are open. A
question is a line of JSON on standard input, ["explain", PATH, LINE, COLUMN] or ["declared", PATH]; its answer is a
line of JSON on standard output. It ends with its input.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from memdesc.asking import Asked
from memdesc.cli import choice, inputs
from memdesc.errors import InputError
from memdesc.inference.declare import Entity, Explanation
from memdesc.records import Step
from memdesc.report import text
from memdesc.report.progress import Bar
from memdesc.source import added

Json = dict[str, Any]


def main(argv: list[str] | None = None) -> int:
    """Read, solve, and answer until there are no more questions."""
    parser = argparse.ArgumentParser()
    inputs.add_paths(parser)
    choice.add_arguments(parser)
    inputs.add_signatures(parser)
    inputs.add_overlay(parser)
    inputs.add_effort(parser)
    arguments = parser.parse_args(argv)
    try:
        asked = _opened(arguments)
        for line in sys.stdin:
            print(json.dumps(_answer(asked, json.loads(line))), flush=True)
    except InputError as error:
        print(f"memdesc: {error}", file=sys.stderr)
        return 2
    return 0


def _opened(arguments: argparse.Namespace) -> Asked:
    top = inputs.tree(arguments.tree)
    overlay = inputs.overlay(arguments.overlay)
    paths = inputs.paths(arguments.paths, top, overlay)
    top = inputs.kernel_of(paths, top)
    signatures = choice.chosen(arguments, paths).signatures
    with added.adding(signatures), Bar() as bar:
        return Asked(paths, top, inputs.effort(arguments), bar, overlay)


def _answer(asked: Asked, question: list[Any]) -> Any:
    match question:
        case ["explain", str(path), int(line), int(column)]:
            found = asked.explain(Path(path), line, column)
            return found and _explained(found)
        case ["declared", str(path)]:
            return [_declared(entity) for entity in asked.declared(Path(path))]
    raise InputError("", f"is no question: {question}")


def _explained(found: Explanation) -> Json:
    return {
        "expression": found.expression,
        "function": found.function,
        "line": found.line,
        "column": found.column,
        "arrives": text.kinds(found.arrives),
        "demanded": text.demanded(found.demanded),
        "descriptor": found.descriptor,
        "clash": text.kinds(clash) if (clash := text.clashing(found)) else "",
        "because": [_step(step) for step in found.because],
        "demands": [_step(step) for step in found.demands],
    }


def _step(step: Step) -> list[Any]:
    return [step.file, step.line, step.note]


def _declared(entity: Entity) -> Json:
    return {
        "name": entity.name,
        "line": entity.line,
        "role": entity.role.value,
        "function": entity.function,
        "declared": entity.declared,
        "descriptor": entity.descriptor,
        "arrives": text.kinds(entity.arrives),
        "why": entity.why,
        "grounds": [[ground.file, ground.line, ground.what] for ground in entity.grounds],
    }


if __name__ == "__main__":
    sys.exit(main())
