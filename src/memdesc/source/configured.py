"""What #if asks: the condition under which code is compiled, as text that is the same wherever it is asked."""

import re

_KNOWN = re.compile(r"(?:defined|IS_ENABLED|IS_REACHABLE|IS_BUILTIN)\((\w+)\)|defined(\w+)")
_DIRECTIVE = re.compile(rb"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b([^\n]*)", re.M)
_DEFINED = re.compile(rb"\s*#[ \t]*define[ \t]+(\w+)")
_LONGEST = 80

Answers = tuple[tuple[str, bool], ...]


def asked(word: str, condition: str) -> tuple[str, bool]:
    """Return (what a directive asks, the answer for which its branch is compiled); ("", True) when it is too long.

    Args: word: the directive, as `ifdef`. condition: the rest of its line.
    """
    said = "".join(condition.split())
    if not said or len(said) > _LONGEST:
        return "", True
    negated = word in ("ifndef", "elifndef")
    while said.startswith("!") and (said[1:].isidentifier() or _KNOWN.fullmatch(said[1:])):
        said, negated = said[1:], not negated
    known = _KNOWN.fullmatch(said)
    said = known[1] or known[2] if known else said
    return said.replace(":", "?"), not negated


def enclosing(masked: bytes) -> list[tuple[int, Answers]]:
    """Return (offset, what is known from there on) for each directive of a file, by offset.

    What guards a whole header against being read twice says nothing. Args: masked: a file without its comments.
    """
    found: list[tuple[int, Answers]] = [(0, ())]
    stack: list[tuple[tuple[str, bool], ...]] = []
    for match in _DIRECTIVE.finditer(masked):
        word = match[1].decode()
        if word == "endif":
            if stack:
                stack.pop()
        elif word == "else" or word == "elif":
            if not stack:
                continue
            before = stack.pop()
            negated = (*before[:-1], (before[-1][0], not before[-1][1])) if before else ()
            if word == "elif":
                one = asked(word, match[2].decode("utf-8", "replace"))
                negated = (*negated, one) if one[0] else (*negated, ("", True))
            stack.append(negated)
        else:
            one = asked(word, match[2].decode("utf-8", "replace"))
            defined = _DEFINED.match(masked, match.end())
            guard = word == "ifndef" and defined is not None and defined[1] == match[2].strip()
            stack.append((("", True) if guard else one,))
        held = tuple(dict.fromkeys(one for level in stack for one in level if one[0]))
        found.append((match.end(), held))
    return found
