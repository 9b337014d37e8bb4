"""Conditions: what each branch knows, and merging where branches meet."""

import tree_sitter

from memdesc.source.environment import BEFORE, Env, attempt, joined, other_than
from memdesc.source.facts import undated
from memdesc.source.values import Values

Node = tree_sitter.Node

CONDITIONS = "!"
"""The key under which an environment keeps the set of conditions under which it is reached."""

_PASSING = frozenset(
    {
        "likely",
        "unlikely",
        "WARN_ON",
        "WARN_ON_ONCE",
        "READ_ONCE",
        "__builtin_expect",
        "VM_WARN_ON_ONCE",
        "IS_ENABLED",
        "unlikely_notrace",
        "VM_WARN_ON",
        "VM_WARN_ON_ONCE_PAGE",
        "WARN",
        "WARN_ONCE",
    }
)

_ERRORS = frozenset({"IS_ERR", "IS_ERR_OR_NULL", "IS_ERR_VALUE"})

_NULLS = frozenset({"NULL", "0", "nullptr", "0L", "0UL"})

_COMPARED = frozenset({"==", "!=", ">", "<", ">=", "<="})

_NAMED = frozenset({"identifier", "field_expression", "subscript_expression"})
"""Expressions that name a variable, a member or an element."""

_TESTABLE = frozenset(
    {
        "identifier",
        "field_expression",
        "call_expression",
        "subscript_expression",
        "assignment_expression",
        "pointer_expression",
    }
)


class Branches(Values):
    """Narrows at conditions and merges."""

    def condition(self, node: Node, env: Env) -> tuple[Env, Env]:
        """Return the environments in which the condition holds and in which it does not."""
        kind = node.type
        if kind == "parenthesized_expression" and node.named_child_count:
            inner = [c for c in node.named_children if c.type != "comment"]
            if inner and inner[-1].type != "compound_statement":
                return self.condition(inner[-1], env)
        if kind == "comma_expression":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None:
                self.value(left, env)
                return self.condition(right, env)
        if kind == "unary_expression" and self.operator(node) == "!":
            argument = node.child_by_field_name("argument")
            if argument is not None:
                yes, no = self.condition(argument, env)
                return no, yes
        if kind == "binary_expression":
            operator = self.operator(node)
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None:
                if operator == "&&":
                    yes, no = self.condition(left, env)
                    both, other = self.condition(right, yes)
                    self.complete(no, other, node)
                    return self.under(both, node, True), self.under(
                        self.merge(no, other, node) or no, node, False
                    )
                if operator == "||":
                    yes, no = self.condition(left, env)
                    other, neither = self.condition(right, no)
                    return self.under(self.merge(yes, other, node) or yes, node, True), self.under(
                        neither, node, False
                    )
                if operator in _COMPARED:
                    return self._comparison(node, operator, left, right, env)
        if kind == "call_expression":
            return self._asked(node, env)
        if kind == "assignment_expression":
            self.value(node, env)
            left = node.child_by_field_name("left")
            path = self.path(left, env) if left is not None else ""
            yes, no = self._truth(path, env)
            self._attempted(path, yes, no)
            return yes, no
        if kind == "identifier":
            name = self.text(node)
            stored = self.predicates.pop(name, None)  # a condition may ask for itself
            if stored is not None:
                self.mute += 1
                yes, no = self.condition(stored, env)
                self.mute -= 1
                self.predicates[name] = stored
                for side in (
                    yes,
                    no,
                ):  # asked again, the same call may answer otherwise; the variable does not
                    side[CONDITIONS] = env.get(CONDITIONS, 0)
                if self.pointer(name):  # `p = alloc(); if (!p)`: what the call gave is not there
                    no[name] = 0
                self._attempted(name, yes, no)
                return self.under(yes, node, True), self.under(no, node, False)
        if kind in ("identifier", "field_expression", "subscript_expression", "pointer_expression"):
            self.value(node, env)
            yes, no = self._truth(self.path(node, env), env)
            self._member_guard(node, yes, no)
            if kind == "identifier":
                self._attempted(self.text(node), yes, no)
            return self.under(yes, node, True), self.under(no, node, False)
        self.value(node, env)
        return self.under(env.copy(), node, True), self.under(env.copy(), node, False)

    def _attempted(self, name: str, yes: Env, no: Env) -> None:
        """`ok = make(page); if (!ok)`: nothing was made of the page; see attempt()."""
        for key in self.below.get(name, ()):
            _, sign, path = attempt(key)
            if path and path in yes:
                side = yes if sign == "+" else no
                if side.get(key):
                    side[path] = side[key]

    def _member_guard(self, node: Node, yes: Env, no: Env) -> None:
        """`skb->pp_recycle`: the member says what the pages at hand can be."""
        path = self.path(node, {})
        if path.rpartition(".")[2] in self.words.telling:
            key = self.member_key(path)
            for env, sign in ((yes, "+"), (no, "-")):
                self.markers.append(f"gm:{key}:{sign}")
                env["!m"] = len(self.markers) - 1

    def _truth(self, path: str, env: Env) -> tuple[Env, Env]:
        yes, no = env.copy(), env.copy()
        if path and self.pointer(path):
            no[path] = 0
        return yes, no

    def _comparison(self, node: Node, operator: str, left: Node, right: Node, env: Env) -> tuple[Env, Env]:
        if self.text(left).strip() in _NULLS:
            left, right = right, left
        side = self.text(right).strip()
        bare = left
        while bare.type == "parenthesized_expression" and bare.named_child_count == 1:
            bare = bare.named_children[0]
        if side in _NULLS or (side == "1" and operator in (">=", "<") and bare.type == "call_expression"):
            if operator in ("!=", ">", ">=") and bare.type in _TESTABLE:
                return (
                    self.condition(left, env)
                    if not (operator == ">=" and side != "1")
                    else self._unnarrowed(node, env)
                )
            if (
                operator in ("==", "<=", "<")
                and bare.type in _TESTABLE
                and not (operator == "<" and side != "1")
            ):
                yes, no = self.condition(left, env)
                return no, yes
        if side in ("true", "false") and operator in ("==", "!="):
            yes, no = self.condition(left, env)
            return (yes, no) if (side == "true") == (operator == "==") else (no, yes)
        self.value(left, env)
        self.value(right, env)
        taken = side.startswith("&") and side[1:].isidentifier()
        other = self.types.get(side.removeprefix("&")) or self.globals.get(side.removeprefix("&"))
        if (
            operator in ("==", "!=")
            and other is not None
            and (taken or other[2] or (side not in self.types and not other[1]))
        ):
            path = self.path(left, env)
            if env.get(path):  # it is not that array
                different = env.copy()
                different[path] = self.flow(env[path], "gs:array", node)
                atom = f"{undated(self.atom(left))}=={side}"
                different = self.under(different, node, False, atom)
                same = self.under(env.copy(), node, True, atom)
                return (same, different) if operator == "==" else (different, same)
        atom = self.equal(left, right) if operator in ("==", "!=") else self.atom(node)
        positive = operator != "!="
        return self.under(env.copy(), node, positive, atom), self.under(env.copy(), node, not positive, atom)

    def equal(self, left: Node, right: Node) -> str:
        """Return the condition that `left` is the value of `right`, empty if too long.

        What it is compared with is spelt behind "==" when it is a constant, so that two of them exclude each
        other (inference/trace.py), else behind "== ".
        """
        asked = self.atom(left)
        side = " ".join(self.text(right).split())
        if not asked or len(side) > 60:
            return ""
        return f"{undated(asked)}=={'' if self.constant(right) else ' '}{side}"

    def constant(self, node: Node) -> bool:
        """Whether an expression is a number, or a name that is no variable here and spelt as constants are."""
        if node.type in ("number_literal", "char_literal"):
            return True
        if node.type == "unary_expression":
            argument = node.child_by_field_name("argument")
            return argument is not None and self.constant(argument)
        if node.type == "parenthesized_expression" and node.named_child_count == 1:
            return self.constant(node.named_children[0])
        if node.type == "binary_expression" and self.operator(node) in ("|", "<<"):
            return all(map(self.constant, node.named_children))
        name = self.text(node)
        return (
            node.type == "identifier"
            and name.isupper()
            and name not in self.types
            and name not in self.globals
        )

    def _unnarrowed(self, node: Node, env: Env) -> tuple[Env, Env]:
        self.value(node, env)
        return self.under(env.copy(), node, True), self.under(env.copy(), node, False)

    def _asked(self, node: Node, env: Env) -> tuple[Env, Env]:
        name = self.callee(node)
        arguments = self.arguments(node)
        if name in _PASSING and arguments:
            return self.condition(arguments[0], env)
        if name in _ERRORS and arguments:
            self.value(arguments[0], env)
            yes, no = env.copy(), env.copy()
            path = self.path(arguments[0], env)
            if path:
                yes[path] = 0
                if name == "IS_ERR_OR_NULL":
                    yes[path] = 0
            return yes, no
        before = env.copy()
        if not self.mute:
            self.call(node, env, False)
        yes, no = env.copy(), env.copy()
        for n in self.words.alters(name):  # a call that failed changed nothing
            path = self.turned(arguments[n], env) if n < len(arguments) else ""
            if path in before:
                no[path] = before[path]
        if name and (name in self.words.guards or name not in self.words.known) and len(arguments) <= 3:
            for n, argument in enumerate(arguments):
                path = self.path(argument, env)
                if not path:
                    continue
                number = env.get(path) or (0 if path in env else self.load(path, argument, env))
                if number:
                    yes[path] = self.flow(number, f"g+:{name}:{n}", node)
                    no[path] = self.flow(number, f"g-:{name}:{n}", node)
        return self.under(yes, node, True), self.under(no, node, False)

    def under(self, env: Env, node: Node, answer: bool, atom: str = "") -> Env:
        """Add to `env` that the condition was answered so."""
        atom = atom or self.atom(node)
        if atom:
            env[CONDITIONS] = self.also(env.get(CONDITIONS, 0), atom, answer)
        return env

    def atom(self, node: Node) -> str:
        """Return a condition as text that is the same wherever the same thing is asked, by its place if too long."""
        if node.end_byte - node.start_byte > 80:
            return f"{self.name}:?{self.unnamed.setdefault(self.at(node), len(self.unnamed))}"
        path = self.path(node, {}) if node.type in _NAMED else ""
        if path:
            return self.asked_as(path, node)
        if node.type == "parenthesized_expression" and node.named_child_count == 1:
            return self.atom(node.named_children[0])
        if node.type == "binary_expression" and self.operator(node) == "&":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None and self.constant(right):
                held = self.path(left, {}) if left.type in _NAMED else ""
                if held:
                    return f"{self.asked_as(held, left)}&{self.text(right)}"
        said = " ".join(self.text(node).split())
        return said if said.isupper() and said.isidentifier() else f"{self.dated(said)}:{said}"

    def complete(self, env: Env, other: Env, node: Node) -> None:
        """Load in `env` what was only narrowed in `other`, so that the merge keeps the narrowing."""
        for path, _ in other_than(other, env):
            if path not in env and path[0] != "!" and path.endswith("]"):
                self.load(path, node, env)

    def merge(self, a: Env | None, b: Env | None, node: Node) -> Env | None:
        """Return the environment that both lead to; None when neither arrives."""
        if a is None:
            return b
        if b is None or a is b:
            return a
        out = joined(a, b, lambda one, other: self._joined(one, other, a, b, node))
        out.pop("!m", None)
        out[CONDITIONS] = self.common(a.get(CONDITIONS, 0), b.get(CONDITIONS, 0))
        return out

    def meeting(self, first: Env | None, others: list[Env], node: Node) -> Env | None:
        """Return the environment to which `first` and others lead, which were met in this order."""
        if len(others) < 2 or isinstance(others[0], dict):
            for other in others:
                first = self.merge(first, other, node)
            return first
        # What was met one after the other differs least.
        while len(others) > 1:
            pairs = [self.merge(others[n], others[n + 1], node) for n in range(0, len(others) - 1, 2)]
            others = [env for env in pairs if env is not None] + others[len(others) & ~1 :]
        return self.merge(others[0], first, node)

    def _joined(
        self, mine: dict[str, int], others: dict[str, int], a: Env, b: Env, node: Node
    ) -> dict[str, int]:
        """Return what `merge(a, b)` knows of the paths in `mine`, a part of a, and `others`, a part of b."""
        out: dict[str, int] = {}
        for path, one in mine.items():
            if path[0] == "!":
                continue
            other = others.get(path, -1)
            if one == other:
                out[path] = one
            elif other == -1:
                if path in self.types and one:
                    out[path] = one
                elif BEFORE in path:  # where nothing was tried, the value is what it was before
                    self._join(path, one, b.get(attempt(path)[2], 0), (a, b), out, node)
            else:
                self._join(path, one, other, (a, b), out, node)
        for path, other in others.items():
            if path not in mine and path in self.types and other:
                out[path] = other
            elif path not in mine and BEFORE in path:
                self._join(path, a.get(attempt(path)[2], 0), other, (a, b), out, node)
        return out

    def _join(self, path: str, one: int, other: int, sides: tuple[Env, Env], out: Env, node: Node) -> None:
        """Let what a path holds on either side be what it holds behind the merge."""
        if not one or not other or one == other:
            out[path] = one or other
            return
        number = self.fresh()
        self.edge(one, number, "=", node, sides[0])
        self.edge(other, number, "=", node, sides[1])
        out[path] = number
