"""Lists in C: what commas outside brackets separate."""


def parts(text: str) -> list[str]:
    """Return what the commas of a text separate that stand in no brackets, as it is written."""
    found, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            found.append(text[start:at])
            start = at + 1
    return [*found, text[start:]]
