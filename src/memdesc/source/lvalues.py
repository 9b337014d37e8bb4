"""Loads and stores: the values of lvalues, what containers hold, the constants that flags are made of."""

import re
from collections.abc import Iterable

import tree_sitter

from memdesc.source.environment import BEFORE, Env, parts
from memdesc.source.graphing import CONTAINERS, PAGES, SCALARS
from memdesc.source.paths import Paths

Node = tree_sitter.Node

_EACH_LEFT_OUT = re.compile(r"~\s*\(([^()]*)\)")
_FLAGS = re.compile(r"~?\b[A-Z_][A-Z0-9_]{3,}\b")

_MOST_WORDS = 24

_PLURAL = re.compile(r"\.\w*(?:pages|folios)$")
"""Members that are arrays of pages by their name: their structs are known only when files are linked."""

_PREDICATES = frozenset({"call_expression", "unary_expression", "binary_expression"})

_WORD = re.compile(r"[A-Za-z_]\w*")

_ONE_PAGE = tuple((base, 1) for base in sorted(PAGES))
"""Types of pointers to one page, or to the first of several."""


class Places(Paths):
    """Loads and stores."""

    def load(self, path: str, node: Node, env: Env) -> int:
        """Return the node that holds the value of `path`, 0 when nothing can be known of it."""
        if path in env:
            return env[path]
        if path.startswith("&"):
            return self.address(path[1:], node, env)
        number = self._load(path, node, env)
        if number:
            if "!m" in env:
                number = self.flow(number, self.markers[env["!m"]], node, env)
            self.spoken_of(path)
            env[path] = number
        return number

    def _load(self, path: str, node: Node, env: Env) -> int:
        local = self.types.get(path)
        if local is not None:
            if local[2]:
                return self.flow(0, self.storage(path), node, env)
            return self.fresh() if local[1] or local[0] not in SCALARS else 0
        if path.isidentifier():
            known = self.globals.get(path)
            if path in self.functions and known is None:
                return self.flow(0, "s:global", node, env)
            if known is not None:
                if known[2]:
                    return self.flow(0, self.storage(path), node, env)
                if known[1] == 0 and known[0] in SCALARS:
                    return 0
                number = self.fresh()
                self.edge(self.symbol(f"g:{path}"), number, "=", node, env)
                return number
            return 0
        content = path.endswith("]")
        if path in self.referred:
            return self.symbol(f"p:{self.name}:{self.referred[path]}*")
        if self._array_of(path):
            return self.fresh()
        stem = re.sub(r"(\[[^\]]*\])$", "", path) if content else path
        if content:
            source = self.content_of(self._row(stem), env)
            return self.flow(source, "=", node, env) if source else 0
        key = self.member_key(stem)
        number = 0
        base = self._base(path, node, env)
        if key:
            number = self.fresh()
            symbol = self.symbol("f:" + key)
            self.edge(symbol, number, "=", node, env)
            if base:
                self.edge(base, number, "arr", node, env, symbol)
                self.edge(base, 0, f"m:{key}", node, env)
        elif base and path.rsplit(".", 1)[-1] in self.array_members:
            number = self.flow(base, "&", node, env)
        return number

    def _base(self, path: str, node: Node, env: Env) -> int:
        """Return the node of the object whose member `path` is: its address for one reached by a pointer."""
        stem = path.rpartition(".")[0]
        if not stem or stem.startswith("("):
            return 0
        if stem.endswith("]") and not stem.endswith("[]") and stem not in self.pointed:
            index = stem[stem.rindex("[") + 1 : -1]
            stem = self._plain(stem)
            local = self.types.get(stem)
            if local is not None and local[0] in PAGES and index != "0":
                return 0  # a later page than the one at hand
        local = self.types.get(stem) or (self.globals.get(stem) if stem not in self.types else None)
        if local is not None and local[1] == 0 and not local[2] and stem not in env:
            return self.flow(0, self.storage(stem), node, env)
        if (
            local is not None
            and local[1] == 0
            and not local[2]
            and local[0] not in SCALARS
            and stem not in self.params
        ):
            return self.flow(0, self.storage(stem), node, env)
        return self.load(stem, node, env)

    def storage(self, name: str) -> str:
        """Return the construct that says where the variable or function called `name` lies."""
        local = self.types.get(name)
        if local is not None:
            return "s:global" if local[3] else "s:stack"
        return "s:percpu" if name in self.per_cpu else "s:global"

    def address(self, path: str, node: Node, env: Env) -> int:
        """Return the node of `&path`."""
        if path.endswith("]"):
            stem = re.sub(r"(\[[^\]]*\])$", "", path)
            inner = self.load(stem, node, env)
            later = not path.endswith(("[0]", "[]")) and self.types.get(stem, ("", 0))[:2] in _ONE_PAGE
            return self.flow(inner, "+" if later else "&", node, env) if inner else 0
        if "." in path:
            inner = self._base(path, node, env)
            if inner and path.endswith(".page") and self.member_key(path) == "folio.page":
                self.edge(inner, 0, "m:folio.page", node, env)  # R12: the page inside a folio, by its name
            handed = node.parent is not None and node.parent.type == "argument_list"
            self._written(path, self.member_key(path), node, env, "u" if handed else "o")
            return self.flow(inner, "&", node, env) if inner else 0
        local = self.types.get(path)
        if local is not None and local[0] in PAGES and not local[1]:
            return self.fresh()  # a copy of a page's descriptor
        if local is not None or path in self.globals or path in self.functions or path in self.per_cpu:
            return self.flow(0, self.storage(path), node, env)
        return 0

    def store(self, path: str, number: int, node: Node, env: Env, written: bool = False) -> None:
        """Let `path` be the value `number`. Args: written: that is something, though not a value that is followed."""
        self.spoken_of(path)
        if path.startswith("&"):
            return
        if path.endswith("]"):
            stem = re.sub(r"(\[[^\]]*\])$", "", path)
            self.forget(path, env)
            if path in self.referred:
                env[path] = number
                return
            if number and not self._array_of(path):
                target = self.content_of(self._row(stem), env)
                if target:
                    self.edge(number, target, "=", node, env)
            return
        self.forget(path, env)
        env[path] = self.keep(path, number, node)
        if "." not in path:
            if path not in self.types and path in self.globals and number:
                self.edge(number, self.symbol(f"g:{path}"), "=", node, env)
            return
        key = self.member_key(path)
        self._written(path, key, node, env, "u" if number or written else "o")
        if key and number:
            self.edge(number, self.symbol("f:" + key), "=", node, env)
            if key.split(".", 1)[0] in self.words.stored:
                self.edge(number, 0, f"w:{key}", node, env)

    def _written(self, path: str, key: str, node: Node, env: Env, sort: str = "o") -> None:
        """Note whose member is written, or handed on by its address: that says what the object is."""
        stem = path.rpartition(".")[0]
        base = env.get(stem) or env.get(stem.removesuffix("[0]"))
        if base and key.startswith("page."):
            self.edge(base, 0, f"{sort}:{key}", node, env)

    def keep(self, _path: str, number: int, _node: Node) -> int:
        """Called with what a path is assigned; overridden to note page pointers."""
        return number

    def forget(self, path: str, env: Env) -> None:
        """Drop what was known of the members and elements of `path`, and of what it indexes."""
        waiting = [path] if isinstance(env, dict) else []
        if not isinstance(env, dict):
            env.forget(path)
        while waiting:
            for each in self.below.get(waiting.pop(), ()):
                env.pop(each, None)
                waiting.append(each)
        self.predicates.pop(path, None)
        if path.isidentifier():
            self.stores[path] = self.stores.get(path, 0) + 1

    def dated(self, said: str) -> str:
        """Return the function's name with how often the locals in `said` were assigned so far.

        `if (err)` before and after `err = f()` ask different things, and must not be taken to agree or clash.
        So do the conditions within a loop and behind it.
        """
        stamp = ""
        for word in _WORD.findall(said):
            if times := self.stores.get(word, 0) + self.turns.get(word, 0):
                stamp += f"~{times}"
        return self.name + stamp

    def turn(self, names: Iterable[str]) -> None:
        """Let what is asked of `names` from here on be another question than what was asked before."""
        for name in names:
            self.turns[name] = self.turns.get(name, 0) + 1

    def remember(self, name: str, value: Node) -> None:
        """`bool slab = PageSlab(page)`: keep the condition for when the variable is asked."""
        if (
            value.type in _PREDICATES
            and value.end_byte - value.start_byte < 160
            and b"(" in self.data[value.start_byte + self.delta : value.end_byte + self.delta]
        ):
            self.predicates[name] = value

    def attempt(self, name: str, value: Node, env: Env) -> None:
        """`ok = make(page)`: keep what `page` was before, for when the variable says that nothing was made."""
        call, answer = value, "-"
        while True:
            if call.type == "unary_expression" and self.operator(call) == "!":
                answer = "+" if answer == "-" else "-"
            elif call.type != "parenthesized_expression":
                break
            call = call.named_children[-1]
        for path, number in self.untouched.get(self.at(call), ()):
            key = f"{name}{BEFORE}{answer}{path}"
            env[key] = number
            if key not in self.compound:
                self.compound.add(key)
                for _, held in parts(key):
                    self.below.setdefault(held, []).append(key)

    def _row(self, path: str) -> str:
        """Return `rows[]` for `rows[i]`: what a row of an array of arrays contains is no row itself."""
        return re.sub(r"(?:\[[^\]]*\])+$", lambda indexes: "[]" * indexes[0].count("["), path)

    def _array_of(self, path: str) -> str:
        """Return `pages` for `*pages` when that is an array of page pointers: they contain the same."""
        root = path.removesuffix("[]")
        local = self.types.get(root) if root != path else None
        return root if local is not None and local[0] in PAGES and local[1] > 2 else ""

    def content_of(self, path: str, env: Env) -> int:
        """Return the node of what the container at `path` holds."""
        path = self._plain(path.removeprefix("&")) if not path.endswith("[]") else path
        path = self._array_of(path) or self.arrays_of.get(path, path)
        held = self.contents.get(path)
        if held is not None:
            return held
        if path in self.params:
            number = self.symbol(f"p:{self.name}:{self.params[path]}[]")
        elif path in self.types:
            number = self.fresh()
        elif path.isidentifier():
            if path not in self.globals:
                return 0
            number = self.symbol(f"g:{path}[]")
        else:
            key = self.member_key(path)
            if not key:
                return 0
            number = self.symbol("f:" + key + "[]")
        self.contents[path] = number
        return number

    def content(self, node: Node, env: Env, keeps: bool = False) -> int:
        """Return the node of what the container holds to which an expression points, 0 when unknown.

        `keeps`: of `&x`, whether that is what x held before as well.
        """
        while node.type in ("cast_expression", "parenthesized_expression"):
            inner = node.child_by_field_name("value") or (
                node.named_children[0] if node.named_children else None
            )
            if inner is None:
                return 0
            node = inner
        if node.type == "binary_expression":
            left = node.child_by_field_name("left")
            return self.content(left, env) if left is not None else 0
        path = self.path(node, env)
        if path.startswith("&"):
            bare = path[1:]
            local = self.types.get(bare)
            if (
                local is not None
                and not local[2]
                and (local[1] > 0 or local[0] in ("unsigned long", "pgtable_t", "dma_addr_t"))
            ):
                number = self.fresh()
                if env.get(bare) and keeps:
                    self.edge(env[bare], number, "=", node, env)
                env[bare] = number  # what the call left there
                return self.content_of(bare, env) if local[0] in PAGES and local[1] > 1 else number
            if bare.endswith("]") and not bare.endswith("[]"):
                declared = self.types.get(bare.split("[", 1)[0])
                if declared and declared[0] in PAGES:
                    return self.content_of(self._plain(bare), env)
            return self.content_of(bare, env)
        if path.endswith("]") and not path.endswith("[]"):
            return self.content_of(self._plain(path) + "[]", env)
        if path:
            return self.content_of(path, env)
        if node.type == "call_expression":
            name = self.callee(node)
            site = self.sites_at.get(node.start_byte + self.delta, 0)
            if name and name not in self.words.known and site:
                held = f"({site})[]"
                if held not in self.contents:
                    self.contents[held] = self.flow(0, f"k:{name}", node, env, site)
                return self.contents[held]
        return 0

    def holds(self, node: Node) -> bool:
        """Whether an argument points to a container, by its declared type."""
        base = self.type_of(node)
        if base.rsplit(".", 1)[-1] in self.words.transparent or base in CONTAINERS:
            return True
        path = self.path(node, {})
        local = self.types.get(path.removeprefix("&"))
        if local is None:
            return path in self.contents or _PLURAL.search(path) is not None
        if path.startswith("&"):
            return local[0] in PAGES or (local[1] > 0 and not local[2]) or local[0] == "unsigned long"
        return (local[0] in PAGES and local[1] + local[2] > 1) or path in self.contents

    def alias(self, path: str, value: Node, env: Env) -> None:
        """Two pointers to one container hold the same."""
        root = path.split(".", 1)[0]
        local = self.types.get(path) or (self.types.get(root) if "." not in path else None)
        wanted = path in self.contents or (
            local is not None and (local[0] in CONTAINERS or (local[0] in PAGES and local[1] > 1))
        )
        if not wanted and not self.holds(value):
            return
        if value.type == "number_literal":
            return
        element = path.endswith("]") and not path.endswith("[]")
        one = self.content_of(self._plain(path) + "[]" if element else path, env)
        other = self.content(value, env)
        if one and other and one != other:
            self.edge(other, one, "[]", value, env)
            if "." not in path:  # what others put there by the member is theirs
                self.edge(one, other, "[]", value, env)

    def note_words(self, path: str, value: Node, fresh: bool) -> None:
        """Keep which constants a flags variable was made of; `?` stands for what is unknown."""
        said = self.words_of(value)
        if said:
            held = [] if fresh else self.flagged.get(path, "?").split()
            self.flagged[path] = " ".join(dict.fromkeys([*held, *said.split()]))

    def _expanded(self, word: str, deep: int = 3) -> list[str]:
        """Return the words that a flag stands for where the file defines it as several."""
        bare = word.removeprefix("~")
        meant = self.flag_macros.get(bare) if deep else None
        if meant is None:
            return [word]
        left_out = "~" if word[:1] == "~" else ""
        return [each for said in meant for each in self._expanded(left_out + said, deep - 1)]

    def words_of(self, node: Node) -> str:
        """Return the words of flags in an expression, those of its locals included; `?` for what is unknown."""
        if node.end_byte - node.start_byte > 200:
            return "?"
        text = _EACH_LEFT_OUT.sub(lambda m: re.sub(r"\b(?=[A-Z_])", "~", m[1]), self.text(node))
        words = _FLAGS.findall(text)
        rest = re.findall(r"\b[a-z_]\w*(?:(?:->|\.)\w+)*", _FLAGS.sub(" ", text))
        for name in rest:
            path = name.replace("->", ".")
            words += self.flagged.get(path, "?").split()
        words = list(dict.fromkeys(each for word in words for each in self._expanded(word)))
        if len(words) > _MOST_WORDS:
            return "?"
        return " ".join(words) if words else text.strip() if text.strip().isdigit() else ""
