"""The type that pages become, and what turns a page into it and back: read from the tree at hand.

A converter is a macro or a function of one argument that gives one of the other: page_ptdesc(), slab_page(). One that
only casts gives NULL of NULL and costs nothing; one that looks for the head reads the page that it is given.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A struct that a page becomes.

    Attributes: tag: of the struct. of: what gives it of a page. back: what gives its page; empty where the page is
    its member `page`. reads: whether `of` reads the page, which then must not be NULL. header: the path of what
    declares it, empty for what every file sees.
    """

    tag: str
    of: str
    back: str = ""
    reads: bool = False
    header: str = ""

    def page(self, value: bytes) -> bytes:
        """Return the expression that is the page of the descriptor `value`."""
        return b"%s(%s)" % (self.back.encode(), value) if self.back else b"&%s->page" % value

    def named(self, name: bytes) -> bytes:
        """Return what a pointer called `name` is called once it is no page; the same if its type says page, too."""
        word = self.tag.encode()
        return name if b"page" in word else name.replace(b"page", word)


FOLIO = Descriptor("folio", "page_folio", reads=True)

_MACRO = re.compile(r"^#define[ \t]+(\w+)\((\w+)\)[ \t]*((?:[^\n]*\\\n)*[^\n]*)$", re.M)
_FUNCTION = re.compile(
    r"^static (?:__always_)?inline\s+struct (\w+) \*\s*(\w+)\((?:const )?struct (\w+) \*(\w+)\)\s*"
    r"\{\s*return ([^;{}]+);\s*\}",
    re.M,
)


def converters(tag: str, texts: Iterable[tuple[str, str]]) -> Descriptor | None:
    """Return the descriptor whose struct is `tag`, with its converters; None where there are not both.

    Args: texts: path and text of headers, without comments.
    Source: page_slab() and slab_page() in mm/slab.h, page_ptdesc() and ptdesc_page() in include/linux/mm_types.h.
    """
    of: dict[str, tuple[bool, str]] = {}
    back: dict[str, bool] = {}
    for path, text in texts:
        if tag not in text:
            continue
        for name, taken, given, argument, value in _found(text):
            if (taken, given) == ("page", tag):
                of[name] = not _is_cast(value, argument), path
            elif (taken, given) == (tag, "page"):
                back[name] = True
        for match in _MACRO.finditer(text):
            if match[1] == f"{tag}_page":
                back.setdefault(match[1], True)
    if not of or not back:
        return None
    name = f"page_{tag}" if f"page_{tag}" in of else min(of)
    reads, path = of[name]
    other = f"{tag}_page" if f"{tag}_page" in back else min(back)
    return Descriptor(tag, name, other, reads, path)


def _found(text: str) -> Iterable[tuple[str, str, str, str, str]]:
    """Yield the converters of a text: name, what is taken and given, the argument, and the value."""
    for match in _MACRO.finditer(text):
        body = match[3].replace("\\\n", " ")
        for taken, given, value in re.findall(
            r"[(,]\s*struct (\w+) \*:\s*\(struct (\w+) \*\)\s*([^,]+)", body
        ):
            yield match[1], taken, given, match[2], value
    for match in _FUNCTION.finditer(text):
        value = re.sub(rf"^\(struct {match[1]} \*\)", "", match[5].strip())
        yield match[2], match[3], match[1], match[4], value


def _is_cast(value: str, argument: str) -> bool:
    return re.sub(r"[()\s]", "", value) == argument
