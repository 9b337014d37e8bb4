"""What a file is built for: the architectures whose kernels can hold it, and whether it may be a module.

`Built.architectures()` and `Built.module()` are the entrances. A Makefile says under which option a file becomes an
object, a Kconfig file what the option depends on, and an architecture's own Kconfig files which options it alone has.
Dependencies are followed as far as these files tell; what they do not tell is taken for possible. COMPILE_TEST is
not: what is only built to see whether it compiles runs nowhere.

Source: Documentation/kbuild/makefiles.rst, Documentation/kbuild/kconfig-language.rst.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

Text = Callable[[str], bytes]
"""Gives the bytes of a file of a tree by its path, empty when there is none."""

_DEEPEST = 8
_MOST_FILES = 400
_EVERYWHERE = (
    "arch",
    "init",
    "kernel",
    "mm",
    "lib",
    "fs",
    "net",
    "drivers",
    "block",
    "crypto",
    "security",
    "sound",
)
"""Folders whose own Kconfig files define options that architectures may define as well."""
_CONTINUED = re.compile(rb"\\\n")
_RULE = re.compile(r"^[ \t]*([\w$()\-./]+)[ \t]*[:+?]?=[ \t]*(.*)$", re.M)
_OBJECTS = re.compile(r"obj-(?:\$[({]CONFIG_(\w+)[)}]|([ym]))$")
_PART = re.compile(r"([\w\-]+?)-(?:\$[({]CONFIG_(\w+)[)}]|y|m|objs)$")
_TOKEN = re.compile(r"&&|\|\||!=|[<>]=?|[!()=]|\"[^\"]*\"|'[^']*'|[\w.$\-/]+")
_TYPE = re.compile(r"(def_)?(bool|tristate|boolean)\b\s*(.*)")
_SOURCE = re.compile(r"(o?r?source)\s+\"?([^\"\s]+)\"?")


@dataclass(slots=True)
class _Option:
    """One definition of an option: whether it may be a module, is always on, and on what it depends."""

    depends: list[str]
    tristate: bool = False
    always: bool = False
    asked: bool = False


@dataclass(slots=True)
class Built:
    """Says what the files of a tree are built for.

    Args: text: reads the tree. names: the folders of its arch/.
    """

    text: Text
    names: tuple[str, ...]
    _own: dict[str, dict[str, list[_Option]]] = field(default_factory=dict)
    _common: dict[str, dict[str, list[_Option]]] = field(default_factory=dict)
    _known: dict[str, tuple[frozenset[str], bool]] = field(default_factory=dict)

    def architectures(self, path: str) -> frozenset[str]:
        """Return the architectures (folders of arch/) for which a file can be built; all when nothing tells."""
        return self._of(path)[0]

    def module(self, path: str) -> bool:
        """Whether a file may be a module; so when nothing tells."""
        return self._of(path)[1]

    def options(self, path: str) -> frozenset[str]:
        """Return the options that build a C file: of its object, of the folders that it lies in, and what these
        depend on, as far as that is no choice. Empty where the Makefiles do not name it."""
        folder, name = posixpath.split(path)
        known = self._options(folder)
        found: set[str] = set()
        for way in self._ways(folder, name.removesuffix(".c") + ".o", 0):
            found.update(way)
            break
        while found and "/" in folder:
            below, (folder, last) = folder, posixpath.split(folder)
            for way in self._ways(folder, last + "/", 0):
                found.update(way)
                break
            for sourced, around, how in _parsed(self.text(f"{folder}/Kconfig"), ()):
                if how and sourced in (f"{below}/Kconfig", f"{last}/Kconfig"):
                    found.update(_needed(around.depends))
        work = list(found)
        while work:
            for one in known.get(work.pop(), ())[:1]:
                fresh = set(_needed(one.depends)) - found
                found |= fresh
                work += fresh
        return frozenset(found - {"y", "m"})

    def _of(self, path: str) -> tuple[frozenset[str], bool]:
        found = self._known.get(path)
        if found is None:
            found = self._known[path] = self._read(path)
        return found

    def _read(self, path: str) -> tuple[frozenset[str], bool]:
        every = frozenset(self.names)
        if path.startswith("/") or not path.endswith(".c"):
            return every, True
        folder, name = posixpath.split(path)
        ways = list(self._ways(folder, name.removesuffix(".c") + ".o", 0))
        if not ways:
            return every, True
        options = self._options(folder)
        able = frozenset(
            arch for arch in every if any(all(self._can(o, arch, options) for o in way) for way in ways)
        )
        module = any(
            any(option.tristate for option in self._definitions(way[0], options)) or way[0] == "m"
            for way in ways
        )
        while folder.count("/") > 0:
            folder, last = posixpath.split(folder)
            ways = list(self._ways(folder, last + "/", 0))
            if ways:
                able = frozenset(
                    arch for arch in able if any(all(self._can(o, arch, options) for o in w) for w in ways)
                )
        return able or every, module

    def _ways(self, folder: str, name: str, depth: int) -> Iterator[tuple[str, ...]]:
        """Yield the options under which a folder's Makefile makes an object of `name`, that of the object first."""
        text = self.text(f"{folder}/Kbuild") or self.text(f"{folder}/Makefile")
        for match in _RULE.finditer(_CONTINUED.sub(b" ", text).decode("latin-1")):
            if name not in match[2].split():
                continue
            objects, part = _OBJECTS.fullmatch(match[1]), _PART.fullmatch(match[1])
            if objects:
                yield (objects[1] or objects[2],)
            elif part and depth < _DEEPEST and part[1] + ".o" != name:
                for way in self._ways(folder, part[1] + ".o", depth + 1):
                    yield (*way, part[2]) if part[2] else way

    def _options(self, folder: str) -> dict[str, list[_Option]]:
        """Return the options that the Kconfig files of a folder and of those above it define."""
        if folder not in self._common:
            found: dict[str, list[_Option]] = {}
            if not folder:
                for top in _EVERYWHERE:
                    self._load(f"{top}/Kconfig", top + "/", found, set(), ())
            else:
                found.update(self._options(posixpath.dirname(folder)))
                if not folder.startswith("arch/"):
                    self._load(f"{folder}/Kconfig", folder + "/", found, set(), ())
            self._common[folder] = found
        return self._common[folder]

    def _of_architecture(self, arch: str) -> dict[str, list[_Option]]:
        if arch not in self._own:
            self._own[arch] = {}
            self._load(f"arch/{arch}/Kconfig", "arch/", self._own[arch], set(), ())
        return self._own[arch]

    def _load(
        self,
        path: str,
        within: str,
        into: dict[str, list[_Option]],
        seen: set[str],
        under: tuple[str, ...],
    ) -> None:
        if path in seen or len(seen) > _MOST_FILES:
            return
        seen.add(path)
        for name, option, source in _parsed(self.text(path), under):
            if not source:
                into.setdefault(name, []).append(option)
                continue
            sourced = posixpath.join(posixpath.dirname(path), name) if source == "r" else name
            # A folder's own Kconfig is read when a file of that folder is asked for.
            near = "/" not in sourced[len(within) :] or (within == "arch/" and path != "arch/Kconfig")
            if sourced.startswith(within) and near:
                self._load(sourced, within, into, seen, ())

    def _definitions(self, name: str, options: dict[str, list[_Option]]) -> list[_Option]:
        own = [option for arch in self.names for option in self._of_architecture(arch).get(name, ())]
        return [*options.get(name, ()), *own]

    def _can(self, name: str, arch: str, options: dict[str, list[_Option]], depth: int = 0) -> bool:
        """Whether an option can be on for an architecture."""
        if name in ("y", "m"):
            return True
        if name in ("n", "COMPILE_TEST"):
            return False
        held = self._of_architecture(arch).get(name, ())
        common = options.get(name, ())
        if not held and not common:
            return not any(name in self._of_architecture(other) for other in self.names)
        return depth >= _DEEPEST or any(
            all(self._holds(expression, arch, options, depth + 1) for expression in option.depends)
            for option in (*held, *common)
        )

    def _holds(self, expression: str, arch: str, options: dict[str, list[_Option]], depth: int) -> bool:
        """Whether an expression of Kconfig can be true for an architecture."""
        tokens = _TOKEN.findall(expression.partition("#")[0])
        return _Expression(
            tokens,
            lambda name: self._can(name, arch, options, depth),
            lambda name: any(o.always for o in self._of_architecture(arch).get(name, ())),
        ).value()


class _Expression:
    """Evaluates an expression: whether it can be true."""

    def __init__(self, tokens: list[str], can: Callable[[str], bool], must: Callable[[str], bool]) -> None:
        self.tokens, self.at = tokens, 0
        self.can, self.must = can, must

    def value(self) -> bool:
        """Return whether it can be true; so when it is no expression."""
        can, _ = self._either(0)
        return can or self.at < len(self.tokens)

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _either(self, depth: int) -> tuple[bool, bool]:
        can, must = self._both(depth)
        while self._next() == "||":
            self.at += 1
            other = self._both(depth)
            can, must = can or other[0], must or other[1]
        return can, must

    def _both(self, depth: int) -> tuple[bool, bool]:
        can, must = self._one(depth)
        while self._next() == "&&":
            self.at += 1
            other = self._one(depth)
            can, must = can and other[0], must and other[1]
        return can, must

    def _one(self, depth: int) -> tuple[bool, bool]:
        """Return (whether it can be true, whether it must be)."""
        token = self._next()
        self.at += 1
        if depth > 4 * _DEEPEST or not token:
            return True, False
        if token == "!":
            can, must = self._one(depth + 1)
            return not must, not can
        if token == "(":
            found = self._either(depth + 1)
            self.at += self._next() == ")"
            return found
        if self._next() in ("=", "!=", "<", ">", "<=", ">="):
            compared, said = self._next(), self.tokens[self.at + 1 : self.at + 2]
            self.at += 2
            return (self.can(token), False) if compared == "=" and said in (["y"], ["m"]) else (True, False)
        return self.can(token), self.must(token)


def _needed(expressions: Iterable[str]) -> Iterator[str]:
    """Yield the options that expressions of Kconfig ask for in any case: those that are only joined by `&&`."""
    for expression in expressions:
        said = expression.partition("#")[0]
        if re.fullmatch(r"\w+(\s*&&\s*\w+)*\s*", said):
            yield from re.findall(r"\w+", said)


def _parsed(data: bytes, under: Iterable[str]) -> Iterator[tuple[str, _Option, str]]:
    """Yield (name, definition, "") for each option of a Kconfig file, and (path, what it depends on, how) for what it
    includes; how: "r" for a path from its own folder, else "s"."""
    blocks: list[list[str]] = [list(under)]
    option: _Option | None = None
    opened = False
    helped = -1
    for line in _CONTINUED.sub(b" ", data).decode("latin-1").split("\n"):
        said = line.strip()
        if not said or said[0] == "#":
            continue
        indent = len(line.expandtabs()) - len(line.expandtabs().lstrip())
        if helped >= 0:
            if indent > helped:
                continue
            helped = -1
        word, _, rest = said.partition(" ") if "\t" not in said.split(" ")[0] else said.partition("\t")
        rest = rest.strip()
        if word in ("help", "---help---"):
            helped = indent
        elif word in ("config", "menuconfig"):
            option = _Option([expression for block in blocks for expression in block])
            opened = False
            yield rest.partition(" ")[0], option, ""
        elif word in ("if", "menu", "choice"):
            blocks.append([rest] if word == "if" else [])
            option, opened = None, word != "if"
        elif word in ("endif", "endmenu", "endchoice"):
            if len(blocks) > 1:
                blocks.pop()
            option, opened = None, False
        elif word in ("comment", "mainmenu"):
            option, opened = None, False
        elif word == "depends":
            expression = rest.removeprefix("on").strip()
            if option is not None:
                option.depends.append(expression)
            elif opened:
                blocks[-1].append(expression)
        elif option is not None and (typed := _TYPE.match(said)):
            option.tristate = typed[2] == "tristate"
            option.asked = not typed[1] and bool(typed[3])
            option.always = typed[1] is not None and typed[3] == "y" and not option.depends
        elif option is not None and word == "default" and rest == "y" and not option.asked:
            option.always = not option.depends
        elif included := _SOURCE.match(said):
            around = _Option([expression for block in blocks for expression in block])
            yield included[2], around, "r" if "r" in included[1].removesuffix("source") else "s"
