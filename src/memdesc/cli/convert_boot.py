"""`memdesc convert --verify boot`: a kernel that asserts what was converted, and an exercise of it."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from memdesc.cli import convert_types
from memdesc.convert import asserting, booting, exercise
from memdesc.convert.compiling import Shop
from memdesc.convert.descriptors import Descriptor
from memdesc.convert.edits import apply
from memdesc.convert.model import Conversion, Verdict
from memdesc.errors import InputError
from memdesc.source.built import Built


def verify(
    arguments: argparse.Namespace,
    shop: Shop,
    text: Callable[[str], bytes],
    made: Conversion,
    to: Descriptor,
) -> list[Verdict]:
    """Build, boot, and return what is said of each exercise and assertion; nothing where nothing is converted.

    Raises: InputError: there is no exercise, a program is missing, or the kernel does not build.
    """
    after = {path: apply(text(path), edits) for path, edits in made.edits.items()}
    inner, assertions = asserting.asserted(after, made.converted, to.tag)
    if not after:
        return []
    if not assertions:
        raise InputError("--verify boot", "has nothing to assert: no parameter is converted")
    exercises = chosen(arguments, shop.root, text, made)
    files = sorted({one.target.file for one in assertions})
    must, never = convert_types.tested(arguments, text, shop.root)
    built = Built(text, ("x86",))
    config = {f"CONFIG_{option}=y" for path in files for option in built.options(path)}
    config.update(line for each in exercises for line in each.config)
    image = booting.kernel(
        shop, {**after, **inner}, asserting.source(assertions, must, never), config, arguments.jobs
    )
    folder = shop.work / "guest"
    folder.mkdir()
    runs = {each.name: booting.boot(image, each, folder) for each in exercises}
    return booting.verdicts(assertions, runs, [path for path in files if booting.held(shop, path)])


def chosen(
    arguments: argparse.Namespace, root: Path, text: Callable[[str], bytes], made: Conversion
) -> list[exercise.Exercise]:
    """Return the exercises of a conversion, before anything is compiled for it.

    Raises: InputError: there is none, or a program that one needs is missing.
    """
    files = sorted({target.file for target in made.converted if target.index >= 0})
    found = (
        exercise.chosen(files, arguments.exercise, text, lambda folder: _listed(root, folder))
        if files
        else []
    )
    booting.present(found)
    return found


def _listed(root: Path, folder: str) -> list[str]:
    return [f"{folder}/{name}" for name in sorted(os.listdir(root / folder)) if name.endswith(".c")]
