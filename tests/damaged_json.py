"""Values of JSON that somebody damaged."""

from collections.abc import Iterator


def changed(value: object, other: object) -> Iterator[object]:
    """Yield a value of JSON with each of its parts in turn replaced, dropped or doubled."""
    yield other
    if isinstance(value, list):
        for n, part in enumerate(value):
            yield [*value[:n], *value[n + 1 :]]
            yield [*value[:n], part, *value[n:]]
            for inner in changed(part, other):
                yield [*value[:n], inner, *value[n + 1 :]]
