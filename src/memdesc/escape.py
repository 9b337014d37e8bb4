"""Text of others, made fit for where it is written to.

Names in BTF, in dumps, in traces and of files may hold anything. Escape sequences in them would steer a
terminal (retitle it, hide lines, paste commands), control characters make XML ill-formed, marks of direction show
text in another order than it has. What such a character is written as is the same everywhere: `\\x1b`, `\\u202e`.

    visible(text)           one line of text: everything that is no letter, sign or space is written out
    markup(text)            for HTML and SVG: as visible(), and <, >, & and quotes as entities
"""

import html


def visible(text: str) -> str:
    """Return `text` with characters that would steer a terminal written out; tabs stay."""
    if text.isprintable():
        return text
    return "".join(c if c == "\t" or c.isprintable() else repr(c)[1:-1] for c in text)


def markup(text: str) -> str:
    """Return `text` for the content or an attribute of HTML and SVG."""
    return html.escape(visible(text))
