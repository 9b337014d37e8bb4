"""Values of expressions, and calls."""

import re
from typing import Any

import tree_sitter

from memdesc.source.arguments import Arguments
from memdesc.source.environment import Env, become, other_than
from memdesc.source.facts import Said, undated
from memdesc.source.graphing import CONTAINERS, DESCRIPTORS, INTEGERS, PAGES
from memdesc.source.moments import ASSIGNED, unmarked
from memdesc.source.paths import UNWRAPPED
from memdesc.source.vocabulary import CONTAINERS_OF

Node = tree_sitter.Node

_LVALUES = frozenset(
    {
        "identifier",
        "field_expression",
        "pointer_expression",
        "subscript_expression",
        "cast_expression",
        "parenthesized_expression",
    }
)


_MOST_ARGUMENTS = 8
"""Arguments that a macro hands on for its `...`, at most."""
_CLEARING = frozenset({"NULL", "0", "false", "0UL", "0u", "0ul"})
"""Values that leave nothing in a word."""
_ERRNO = re.compile(r"-E[A-Z0-9]+")


class Values(Arguments):
    """Evaluates expressions and emits what they do."""

    def value(self, node: Node, env: Env) -> int:
        """Return the node of an expression's value, 0 when it has none to follow; emits what it does."""
        method = _VALUES.get(node.type)
        if method is None:
            for child in node.named_children:
                self.value(child, env)
            return 0
        number: int = method(self, node, env)
        return number

    def _identifier(self, node: Node, env: Env) -> int:
        path = self.path(node, env)
        return self.load(path, node, env) if path else 0

    def _place(self, node: Node, env: Env) -> int:
        path = self.path(node, env)
        if path:
            if path.startswith("("):
                self._of_result(path, node, env)
            member = node.child_by_field_name("field")
            if member is not None and self.text(member) in self.words.transparent and "." not in path:
                return 0  # what it contains is that of the struct; its address is another
            return self.load(path, node, env)
        for child in node.named_children:
            if child.type not in ("field_identifier",):
                self.value(child, env)
        return 0

    def _of_result(self, path: str, node: Node, env: Env) -> None:
        """`virt_to_page(x)->index`: the member is read of what the call returned."""
        argument = node.child_by_field_name("argument")
        key = self.member_key(path)
        if argument is None or argument.type != "call_expression" or not key:
            return
        number = self.value(argument, env)
        if number:
            self.edge(number, 0, f"m:{key}", node, env)

    def _pointer(self, node: Node, env: Env) -> int:
        path = self.path(node, env)
        if path:
            return self.load(path, node, env)
        argument = node.child_by_field_name("argument")
        if argument is None:
            return 0
        if self.operator(node) == "&" and argument.type in ("field_expression", "subscript_expression"):
            inner = argument.child_by_field_name("argument")
            number = self.value(inner, env) if inner is not None else 0
            return self.flow(number, "&", node, env) if number else 0
        number = self.value(argument, env)
        return 0 if self.operator(node) == "*" else number

    def _inner(self, node: Node, env: Env) -> int:
        number = 0
        for child in node.named_children:
            if child.type == "compound_statement":
                number = self.statement_expression(child, env)
            elif child.type != "comment":
                number = self.value(child, env)
        return number

    def statement_expression(self, node: Node, env: Env) -> int:
        """`({ ...; value; })`; the walk over statements is in collect."""
        children = [c for c in node.named_children if c.type != "comment"]
        block: Any = getattr(self, "block", None)
        after = block(children[:-1], env) if block and children else env
        if after is not None:
            become(env, after)
        last = children[-1] if children else None
        if last is not None and last.type == "expression_statement" and last.named_children:
            return self.value(last.named_children[0], env)
        if last is not None and block:
            block([last], env)
        return 0

    def _cast(self, node: Node, env: Env) -> int:
        value = node.child_by_field_name("value")
        number = self.value(value, env) if value is not None else 0
        if value is not None and number:
            source = self.type_of(value) or self.words.returned.get(self.callee(value), "")
            target = self.type_of(node)
            if source != target and source in DESCRIPTORS and target in DESCRIPTORS:
                self.edge(number, 0, f"x:{source}:{target}", node, env)
        return number

    def _binary(self, node: Node, env: Env) -> int:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return 0
        operator = self.operator(node)
        if operator in ("&&", "||"):
            condition: Any = self
            yes, no = condition.condition(node, env)
            merged = condition.merge(yes, no, node)
            if merged is not None:
                become(env, merged)
            return 0
        one, other = self.value(left, env), self.value(right, env)
        if operator in ("+", "-"):
            base = one or (other if operator == "+" else 0)
            moved = right if one else left
            if operator == "-" and one and other:
                return 0
            if base:
                constant = self.fixed(moved)
                page = self.type_of(left if one else right) in PAGES
                return self.flow(base, "&" if constant and not page else "+", node, env)
            return 0
        if operator in ("|", "&", ">>", "<<", "^"):
            return one
        return 0

    def fixed(self, node: Node) -> bool:
        """Whether an expression is the same each time: numbers, sizes, constants, and what is made of them."""
        kind = node.type
        if kind in ("number_literal", "sizeof_expression"):
            return True
        if kind == "identifier":
            return self.text(node).isupper() and self.text(node) not in self.types
        if kind == "call_expression":
            arguments = self.arguments(node)
            return self.callee(node).isupper() and bool(arguments) and all(map(self.fixed, arguments))
        if kind in ("binary_expression", "parenthesized_expression"):
            return all(self.fixed(child) for child in node.named_children if child.type != "comment")
        return False

    def _assignment(self, node: Node, env: Env) -> int:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return 0
        operator = self.operator(node)
        number = self.value(right, env)
        path = self.path(left, env)
        if not path:
            for child in left.named_children:
                if child.type not in ("field_identifier", "identifier"):
                    self.value(child, env)
            return number
        if operator == "=":
            self.assign(path, number, left, right, env)
        else:
            self.note_words(path, right, False)
            if operator in ("+=", "-=") and env.get(path):
                old = env[path]
                self.forget(path, env)
                env[path] = self.keep(path, self.flow(old, "+", node, env), node)
            elif not env.get(path):
                self.forget(path, env)
        self._counted(left, env)
        return number

    def _counted(self, left: Node, env: Env) -> None:
        """`rows[n++] = x` changes n as well."""
        if left.type == "subscript_expression":
            for child in left.named_children:
                if child.type == "update_expression":
                    self._update(child, env)

    def assign(self, path: str, number: int, left: Node, right: Node, env: Env) -> None:
        """Store a value in a path, with what follows for conditions, flags, contents and function pointers."""
        self.unask(path, env)
        self.store(path, number, left, env, self.text(right) not in _CLEARING)
        if right.type in ("identifier", "number_literal", "true", "false"):
            self.known(path, self.text(right), env, right)
        elif right.type == "unary_expression" and _ERRNO.fullmatch(self.text(right)):
            name = undated(self.asked_as(path, right)) + ASSIGNED
            env["!"] = self.also(env["!"], f"{name}=={self.text(right)}", True)
        if "." not in path:
            self.remember(path, right)
            self.attempt(path, right, env)
        self.note_words(path, right, True)
        self.alias(path, right, env)
        self.points(path, right)

    def unask(self, path: str, env: Env) -> None:
        """What was asked of a path before it was assigned says nothing any more."""
        name = self.asked_as(path)
        compared = (undated(name) + "==", name + "&")
        held = self.out.conditions[env["!"]]
        kept = tuple(h for h in held if (said := unmarked(h[0])) != name and not said.startswith(compared))
        if len(kept) < len(held):
            env["!"] = self._condition(kept)

    def known(self, path: str, constant: str, env: Env, node: Node) -> None:
        """`x->how = HOW_POOL`: what comes after `node` knows the answer to `x->how == HOW_POOL`."""
        if constant.isupper() or constant in ("true", "false") or constant.isdigit():
            name = undated(self.asked_as(path, node)) + ASSIGNED
            if constant in ("true", "false"):
                env["!"] = self.also(env["!"], name, constant == "true")
            elif constant != "NULL" and not (constant == "0" and self.pointer(path)):
                env["!"] = self.also(env["!"], f"{name}=={constant}", True)
                if constant.isdigit() and "." in path:  # a flag that is no bool
                    env["!"] = self.also(env["!"], name, int(constant) != 0)

    def _update(self, node: Node, env: Env) -> int:
        argument = node.child_by_field_name("argument")
        if argument is None:
            return 0
        number = self.value(argument, env)
        path = self.path(argument, env)
        if path and number and self.pointer(path):
            self.forget(path, env)
            env[path] = self.keep(path, self.flow(number, "+", node, env), node)
        elif path:
            self.forget(path, env)
        return number

    def _ternary(self, node: Node, env: Env) -> int:
        asked = node.child_by_field_name("condition")
        first, second = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
        if asked is None or second is None:
            return 0
        condition: Any = self
        yes, no = condition.condition(asked, env)
        one = self.value(first, yes) if first is not None else self.value(asked, yes)
        other = self.value(second, no)
        merged = condition.merge(yes, no, node)
        if merged is not None:
            become(env, merged)
        if not one or not other:
            if one or other:
                return self.flow(one or other, "=", node, yes if one else no)
            return 0
        number = self.fresh()
        self.edge(one, number, "=", node, yes)
        self.edge(other, number, "=", node, no)
        return number

    def _comma(self, node: Node, env: Env) -> int:
        numbers = [self.value(child, env) for child in node.named_children]
        if (
            node.parent is not None
            and node.parent.type == "parenthesized_expression"
            and self.data.startswith(b"_Generic", node.parent.start_byte + self.delta)
        ):
            held = [n for n in numbers[1:] if n]
            return held[0] if held else 0
        return numbers[-1] if numbers else 0

    def _literal(self, node: Node, env: Env) -> int:
        """A compound literal: `(struct x){ .page = p }`."""
        return 0

    def _string(self, node: Node, env: Env) -> int:
        return self.flow(0, "s:global", node, env)

    def _call_value(self, node: Node, env: Env) -> int:
        return self.call(node, env, True)

    def call(self, node: Node, env: Env, wanted: bool) -> int:
        """Emit a call; returns the node of its result when `wanted`."""
        if self.mute:  # it was emitted where the condition was first met
            return 0
        name = self.callee(node)
        arguments = self.arguments(node)
        words = self.words
        if not name:
            function = node.child_by_field_name("function")
            if function is not None and function.type == "field_expression":
                member = function.child_by_field_name("field")
                name = ".?." + self.text(member) if member is not None else ""
            for argument in arguments:
                self.value(argument, env) if not name else None
            if not name:
                return 0
        if name in UNWRAPPED and arguments:
            return self.value(arguments[0], env)
        if name in CONTAINERS_OF and arguments:
            number = self.value(arguments[0], env)
            return self.flow(number, "&", node, env) if number else 0
        if name in words.takes:
            target, source = words.takes[name]
            if max(target, source) < len(arguments):
                number = self.value(arguments[source], env)
                path = self.path(arguments[target], env)
                path = path.removeprefix("&")
                old = self.load(path, node, env) if path and words.views.get(name) == target else number
                if path:
                    self.assign(path, number, arguments[target], arguments[source], env)
                return old
        if name in words.empties and words.empties[name] < len(arguments):
            argument = arguments[words.empties[name]]
            number = self.value(argument, env)
            path = self.path(argument, env)
            if path:
                self.unask(path, env)
                self.store(path, 0, argument, env)
            return number
        if name in words.same or name in words.inside:
            path = self.path(node, env)
            if path:
                return self.load(path, node, env)
        if self.inlines(name, node):
            number, after = self.inlined(name, node, env)
            if after is not None:
                become(env, after)
            return number
        return self._call(node, name, arguments, env, wanted)

    def inlines(self, name: str, node: Node) -> bool:
        """Whether a call is the invocation of a macro that is walked where it stands; see inlining."""
        return False

    def inlined(self, name: str, node: Node, env: Env) -> tuple[int, Env | None]:
        """Walk such an invocation; returns the node of its value and the environment behind it."""
        return 0, env

    def _call(self, node: Node, name: str, arguments: list[Node], env: Env, wanted: bool) -> int:
        words = self.words
        said: Said = ()
        if name in words.worded or name.rpartition(".")[2] in words.worded or name[0] == ".":
            size = words.measured.get(name, -1)
            said = tuple((n, self.said(a) if n != size else self.size(a)) for n, a in enumerate(arguments))
        elif name in words.marks and arguments:
            said = ((0, self.text(arguments[0])),)
        site = len(self.out.sites)
        self.out.sites.append(said)
        self.sites_at[node.start_byte + self.delta] = site
        containers = words.containers.get(name, ())
        known = name in words.known
        after: list[tuple[str, int, int]] = []
        changed = words.alters(name)
        if arguments and self.variadic and self.text(arguments[-1]) in (self.variadic[0], "__VA_ARGS__"):
            self._hand_on(name, len(arguments) - 1, arguments.pop(), env, site)
        handed = wanted
        self.note_per_cpu(name, arguments)
        callbacks = [
            (n, self.text(a))
            for n, a in enumerate(arguments if name[0] != "." else ())
            if a.type == "identifier" and self.names_function(self.text(a))
        ]
        for n, argument in enumerate(arguments):
            number = self.value(argument, env)
            if number:
                handed = True
                for at, callback in callbacks:
                    self.edge(number, 0, f"h:{name}:{at}:{callback}:{n}", argument, env, site)
                self.edge(number, 0, f"a:{name}:{n}", argument, env, site)
            referred = (
                not known and argument.type != "number_literal" and self._refer(name, n, argument, env, site)
            )
            if n in containers or (
                not known and not referred and argument.type != "number_literal" and self.holds(argument)
            ):
                content = self.content(argument, env, known and n not in words.fills.get(name, ()))
                if content:
                    self.edge(content, 0, f"c:{name}:{n}", argument, env, site)
                    if n in words.pointed.get(name, ()):
                        self._fill_member(content, argument, env)
            if name[0] != ".":
                self._hand_function(name, n, argument)
            path = self.turned(argument, env) if n in changed else ""
            if path and (env.get(path) or number):
                after.append((path, env.get(path) or number, n))
        for n, constant in words.leaves.get(name, ()):  # what it leaves there is not that constant
            path = self.path(arguments[n], env) if n < len(arguments) else ""
            if path.startswith("&") and "." in path:
                left = undated(self.asked_as(path[1:])) + ASSIGNED
                env["!"] = self.also(env["!"], f"{left}=={constant}", False)
        if name.startswith(".("):
            self.out.called.add(name[1:])
        if handed and not known and not said:
            self.out.sites[site] = self.constants(arguments)
        for path, number, n in after:
            env[path] = self.flow(number, f"t:{name}:{n}", node, env, site)
        if after:
            self.untouched[self.at(node)] = [(path, number) for path, number, _ in after]
        if name in words.ends:
            self._end(name, node, env, site)
        if not wanted:
            return 0
        return self.flow(0, f"r:{name}", node, env, site)

    def _hand_on(self, name: str, n: int, argument: Node, env: Env, site: int) -> None:
        """A macro hands on what it got for its `...`."""
        contained = self.words.containers.get(name, ())
        for more in range(_MOST_ARGUMENTS - n):
            own = f"p:{self.name}:{self.variadic[1] + more}"
            self.edge(self.symbol(own), 0, f"a:{name}:{n + more}", argument, env, site)
            if n + more in contained or name not in self.words.known:
                self.edge(self.symbol(own + "[]"), 0, f"c:{name}:{n + more}", argument, env, site)

    def _hand_function(self, name: str, n: int, argument: Node) -> None:
        """Note which function an argument may point to."""
        for node in self._choices(argument) if argument.type != "pointer_expression" else ():
            if node.type == "identifier":
                said = self.text(node)
                if self.names_function(said):
                    self.out.stored.append((f"({name})#{n}", said))
                    continue
            path = self.path(node, {})
            source = self.pointer_to_function(path)
            if source:
                self.out.aliases.append((f"({name})#{n}", source, path in self.callable))

    def _fill_member(self, content: int, argument: Node, env: Env) -> None:
        """`pin_user_pages(..., &x->page)`: what the call left there is the member's."""
        path = self.path(argument, env)
        if path.startswith("&") and "." in path and not path.endswith("]"):
            key = self.member_key(path[1:])
            if key:
                self.forget(path[1:], env)
                env.pop(path[1:], None)
                self.edge(content, self.symbol(f"f:{key}"), "=", argument, env)

    def _refer(self, name: str, n: int, argument: Node, env: Env, site: int) -> bool:
        """Emit what a call may read and assign by reference: `&x`, `&x->member`, a pointer to a pointer.

        Returns whether nothing else is to be said of what the argument contains.
        """
        while argument.type in ("cast_expression", "parenthesized_expression"):
            inner = argument.child_by_field_name("value") or (
                argument.named_children[0] if argument.named_child_count == 1 else None
            )
            if inner is None:
                return False
            argument = inner
        if argument.type not in ("identifier", "field_expression", "pointer_expression"):
            return False
        path = self.path(argument, env)
        taken = path.startswith("&")
        if not taken and f"{path}[]" in self.referred:
            bare = f"{path}[]"
        elif taken and path[1:].isidentifier():
            bare = path[1:]
            local = self.types.get(bare) or self.globals.get(bare)
            if local is None or local[2] or local[0] in PAGES or local[0] in CONTAINERS:
                return False
            if not (local[1] == 1 or (local[1] == 0 and local[0] in INTEGERS)):
                return False
            if bare not in self.types:
                self._refer_global(name, n, bare, argument, env, site)
                return True
        else:
            bare = path[1:] if taken else path
            if "." in bare and "[" not in bare and not bare.startswith("("):
                key = self.member_key(bare)
                if key:
                    self.out.handed.append(
                        (name, n, key, taken, site, self.at(argument), env["!"], self.number)
                    )
                if taken and name[0] != ".":
                    self.forget(bare, env)
                    env.pop(bare, None)
            return False
        old = env.get(bare, 0)
        if old:
            self.edge(old, 0, f"i:{name}:{n}", argument, env, site)
        self.forget(bare, env)
        env[bare] = self.keep(bare, self.flow(old, f"d:{name}:{n}", argument, env, site), argument)
        return True

    def _refer_global(self, name: str, n: int, bare: str, argument: Node, env: Env, site: int) -> None:
        symbol = self.symbol(f"g:{bare}")
        self.edge(symbol, 0, f"i:{name}:{n}", argument, env, site)
        self.edge(self.flow(0, f"d:{name}:{n}", argument, env, site), symbol, "=", argument, env)
        env.pop(bare, None)

    def turned(self, node: Node, env: Env) -> str:
        """Return the path of what a call changes: `page`, and `pmd` where it is given `virt_to_page(pmd)`."""
        if node.type in _LVALUES:
            return self.path(node, env)
        if node.type == "call_expression":
            at = self.words.views.get(self.callee(node))
            arguments = self.arguments(node)
            if at is not None and at < len(arguments):
                return self.turned(arguments[at], env)
        return ""

    def _end(self, name: str, node: Node, env: Env, site: int) -> None:
        since, ended = None, (name, self.out.sites[site])
        if not isinstance(env, dict):  # what was ended and did not change since need not be ended again
            since = self.ended.get(ended)
        for path, number in list(env.items() if since is None else other_than(env, since)):
            local = self.types.get(path.split(".", 1)[0].split("[", 1)[0])
            same = since is not None and since.get(path) == number
            if number and path != "!" and local is not None and local[0] in PAGES and not same:
                env[path] = self.flow(number, f"e:{name}", node, env, site)
        if not isinstance(env, dict):
            self.ended[ended] = env.copy()


_VALUES: dict[str, Any] = {
    "identifier": Values._identifier,
    "field_expression": Values._place,
    "subscript_expression": Values._place,
    "pointer_expression": Values._pointer,
    "parenthesized_expression": Values._inner,
    "cast_expression": Values._cast,
    "binary_expression": Values._binary,
    "assignment_expression": Values._assignment,
    "update_expression": Values._update,
    "conditional_expression": Values._ternary,
    "comma_expression": Values._comma,
    "call_expression": Values._call_value,
    "compound_literal_expression": Values._literal,
    "string_literal": Values._string,
    "concatenated_string": Values._string,
    "sizeof_expression": lambda self, node, env: 0,
    "alignof_expression": lambda self, node, env: 0,
    "number_literal": lambda self, node, env: 0,
    "char_literal": lambda self, node, env: 0,
    "type_descriptor": lambda self, node, env: 0,
    "field_identifier": lambda self, node, env: 0,
    "comment": lambda self, node, env: 0,
    "null": lambda self, node, env: 0,
    "true": lambda self, node, env: 0,
    "false": lambda self, node, env: 0,
}
