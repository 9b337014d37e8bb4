"""Collecting facts: one walk over each function, flow-sensitive, narrowing at branches.

`Walk.function()` is the entrance for one function, `memdesc.source.gather` for a file. Inside a function a
*path* is an lvalue as text with its index (`tx.frag[i]`); the environment maps paths to the node that holds
their value now. Branches copy it, merges join what differs; a branch that leaves (return, goto, break) is no
part of what follows.
"""

import re
from typing import Any

import tree_sitter

from memdesc.source.assertions import Assertions, required
from memdesc.source.branches import CONDITIONS
from memdesc.source.configured import asked
from memdesc.source.environment import BEFORE, Env, beside, may_change, other_than

Node = tree_sitter.Node

_CLEANUP = re.compile(rb"\b(__free|__cleanup)\s*\(\s*(\w+)\s*\)")

_RETURNING = frozenset({"return_ptr"})
"""Macros that return what they take out of their argument."""

_ASSIGNED = re.compile(
    rb"([A-Za-z_]\w*(?:(?:->|\.)\w+)*)\s*(?:=(?!=)|[-+|&]=|\+\+|--)|(?:\+\+|--)\s*([A-Za-z_]\w*)|&\s*([A-Za-z_]\w*)"
)
_INDEX = re.compile(r"\[(\w+)\]")
_CALLED = re.compile(r"([A-Za-z_]\w*)\s*\(")
_HIDING = "__hiding"
"""Behind the name of a variable that hides another, before a number."""
_NEVER = frozenset(("(0)", "(false)", "(!1)"))
"""Conditions of code that is never run, only compiled."""


def _labelled(node: Node) -> bool:
    """Whether a statement holds a label, by which it is reached all the same."""
    return node.type in ("labeled_statement", "case_statement") or any(map(_labelled, node.named_children))


class Walk(Assertions):
    """The walk over one function's tree; what it emits is collected by `Graphing`."""

    def block(self, nodes: list[Node], env: Env | None) -> Env | None:
        """Walk statements in order; returns the environment behind them, None if control never gets there."""
        for node in nodes:
            kind = node.type
            if (
                env is None
                and kind not in ("labeled_statement", "case_statement", "compound_statement")
                and (not self.pending or kind.startswith("preproc"))
            ):
                continue
            env = self.statement(node, env)
        return env

    def statement(self, node: Node, env: Env | None) -> Env | None:
        """Walk one statement; returns the environment behind it, None when control never gets there."""
        method = _STATEMENTS.get(node.type)
        if method is not None:
            if env is None and node.type not in ("labeled_statement", "case_statement", "compound_statement"):
                return None
            result: Env | None = method(self, node, env)
            return result
        if env is None:
            return None
        if node.is_named and node.type != "comment":
            self.value(node, env)
        return env

    def _compound(self, node: Node, env: Env | None) -> Env | None:
        self.cleanups.append([])
        self.scopes.append(set())
        renamed = self.renamed
        env = self.block(node.named_children, env)
        if env is not None:
            self.clean(self.cleanups[-1], env)
        self.renamed = renamed
        self.scopes.pop()
        self.cleanups.pop()
        return env

    def _named(self, name: str) -> str:
        """Return the name by which a variable that is declared here is known: its own where it hides another."""
        raw = name.partition(_HIDING)[0]
        if any(raw in scope for scope in self.scopes[:-1]):
            self.hidden += 1
            name = f"{raw}{_HIDING}{self.hidden}"
            self.renamed = {**self.renamed, raw: name}
        self.scopes[-1].add(raw)
        return name

    def clean(self, held: list[tuple[str, str, Node]], env: Env) -> None:
        """Variables go out of scope: each is handed to the function that its declaration names."""
        for name, call, node in reversed(held):
            number = env.get(name, 0)
            if not number or (name, number) in self.cleaned:
                continue
            self.cleaned.add((name, number))
            site = len(self.out.sites)
            self.out.sites.append(())
            self.edge(number, 0, f"{call}:0", node, env, site)

    def leave(self, env: Env, node: Node) -> None:
        """The function ends: what it leaves by reference goes to its callers."""
        for path, n in self.referred.items():
            number = env.get(path, 0)
            if number and (path, number) not in self.left:
                self.left.add((path, number))
                self.edge(number, self.symbol(f"q:{self.name}:{n}*"), "=", node, env)

    def _expression_statement(self, node: Node, env: Env) -> Env | None:
        children = node.named_children
        if not children:
            return env
        inner = children[0]
        if inner.type == "call_expression":
            name = self.callee(inner)
            if required(name) is not None and self.arguments(inner):
                return self.assertion(name, inner, env)
            if self.inlines(name, inner):
                return self.inlined(name, inner, env)[1]
            if name in _RETURNING:
                for argument in self.arguments(inner)[:1]:
                    self.edge(self.value(argument, env), self.symbol(f"r:{self.name}"), "=", argument, env)
                    path = self.path(argument, env)
                    if path:
                        env[path] = 0
                for held in reversed(self.cleanups):
                    self.clean(held, env)
                self.leave(env, inner)
                return None
            self.call(inner, env, False)
            if name in self.words.stops or name == "BUG" or name == "unreachable":
                return None
            return env
        if inner.type in ("ERROR", "comment"):
            return env
        self.value(inner, env)
        return env

    def _declaration(self, node: Node, env: Env) -> Env:
        base = self.type_name(node.child_by_field_name("type"))
        static = any(
            c.type == "storage_class_specifier" and self.text(c) in ("static", "extern")
            for c in node.children
        )
        begun = node.start_byte
        for declarator in node.children_by_field_name("declarator"):
            value = None
            target: Node | None = declarator
            if declarator.type == "init_declarator":
                value = declarator.child_by_field_name("value")
                target = declarator.child_by_field_name("declarator")
            if target is None:
                continue
            name, depth, array, function = self.declarator(target)
            if not name or function:
                continue
            name = self._named(name)
            self.types[name] = (base, depth, array, static)
            self.forget(name, env)
            self.local(name, base, depth, array, target)
            if _to_function(target):
                self.callable.add(name)
            until = value.start_byte if value is not None else node.end_byte
            for found in _CLEANUP.findall(self.data, begun + self.delta, until + self.delta):
                self._cleaned(name, found, target)
            begun = declarator.end_byte
            if value is None:
                continue
            if value.type == "initializer_list":
                self.initialise(name, value, env)
                continue
            number = self.value(value, env)
            env[name] = self.keep(name, number, value)
            self.alias(name, value, env)
            self.remember(name, value)
            self.attempt(name, value, env)
            self.note_words(name, value, True)
            self.points(name, value)
        return env

    def _cleaned(self, name: str, found: tuple[bytes, bytes], node: Node) -> None:
        """`T *name __free(kfree)`: what is to be done with the variable at the end of its scope."""
        if not self.cleanups:
            return
        function = found[1].decode("ascii", "replace")
        if found[0] == b"__cleanup":
            self.cleanups[-1].append((name, f"i:{function}", node))
        elif function in self.words.known:
            self.cleanups[-1].append((name, f"a:{function}", node))
        else:
            self.cleanups[-1].append((name, f"a:.(free){function}", node))

    def initialise(self, path: str, node: Node, env: Env) -> None:
        """Store the members of an initialiser list."""
        for child in node.named_children:
            if child.type == "initializer_pair":
                designator = child.child_by_field_name("designator")
                value = child.child_by_field_name("value")
                if designator is None or value is None:
                    continue
                inner = designator.named_children
                field = self.text(inner[0]) if designator.type == "field_designator" and inner else ""
                name = f"{path}.{field}" if field else path
                if value.type == "initializer_list":
                    self.initialise(name, value, env)
                elif field:
                    self.store(name, self.value(value, env), value, env)
                    self.note_words(name, value, True)
                    self.alias(name, value, env)
                    self.points(name, value)
                else:
                    self.store(path + "[]", self.value(value, env), value, env)
            elif child.type == "initializer_list":
                self.initialise(path, child, env)
            elif child.type != "comment":
                self.store(path + "[]", self.value(child, env), child, env)
                self.alias(path, child, env)

    def _if(self, node: Node, env: Env) -> Env | None:
        name = self.macro_name(node, b"if")
        condition = node.child_by_field_name("condition")
        if condition is None:
            return env
        if name:
            return self._loop_over(node, name, condition, node.child_by_field_name("consequence"), env)
        start = len(self.out.edges)
        then = node.child_by_field_name("consequence")
        otherwise = node.child_by_field_name("alternative")
        if self.text(condition) in _NEVER and then is not None and not _labelled(then):
            if otherwise is None:
                return env
            return self.block([c for c in otherwise.named_children if c.type != "comment"], env)
        yes, no = self.condition(condition, env)
        if then is not None:
            self.refusal(then, env, no, start, node)
        taken = self.statement(then, yes) if then is not None else yes
        if otherwise is not None:
            inner = [c for c in otherwise.named_children if c.type != "comment"]
            left = self.block(inner, no)
        else:
            left = no
        if then is not None and taken is not None and left is not None and self.disarms(then):
            # A branch that takes the demand away is none that reaches it.
            merged = self.merge(taken, left, node)
            assert merged is not None
            for path, number in other_than(left, merged):
                if path in merged:
                    merged[path] = number
            return merged
        return self.merge(taken, left, node)

    def disarms(self, node: Node) -> bool:
        """Whether a branch clears the flag that makes a message be sent by reference."""
        return b"~MSG_SPLICE_PAGES" in self.data[
            node.start_byte + self.delta : node.end_byte + self.delta
        ].replace(b" ", b"")

    def _while(self, node: Node, env: Env) -> Env | None:
        name = self.macro_name(node, b"while")
        condition = node.child_by_field_name("condition")
        body = node.child_by_field_name("body")
        if condition is None or body is None:
            return env
        if name:
            return self._loop_over(node, name, condition, body, env)
        return self._loop(node, env, condition, body, None)

    def _do(self, node: Node, env: Env) -> Env | None:
        body, condition = node.child_by_field_name("body"), node.child_by_field_name("condition")
        head, changed = self.loop_head(node, env)
        self.breaks.append([])
        self.continues.append([])
        end = self.statement(body, head.copy()) if body is not None else head.copy()
        end = self.meeting(end, self.continues.pop(), node)
        out: Env | None = None
        if end is not None and condition is not None:
            yes, out = self.condition(condition, end)
            self.loop_end(yes, head, node)
            changed |= set(_CALLED.findall(self.text(condition)))
        self.turn(changed)
        return self.meeting(out, self.breaks.pop(), node)

    def _for(self, node: Node, env: Env) -> Env | None:
        start = node.child_by_field_name("initializer")
        if start is not None:
            if start.type == "declaration":
                env = self._declaration(start, env)
            else:
                self.value(start, env)
        condition, update = node.child_by_field_name("condition"), node.child_by_field_name("update")
        body = node.child_by_field_name("body")
        return self._loop(node, env, condition, body, update) if body is not None else env

    def _loop(
        self, node: Node, env: Env, condition: Node | None, body: Node, update: Node | None
    ) -> Env | None:
        head, changed = self.loop_head(node, env)
        self.breaks.append([])
        self.continues.append([])
        if condition is not None:
            yes, out = self.condition(condition, head.copy())
            # Behind the loop, what it asked has another answer than in its last turn.
            out[CONDITIONS] = head.get(CONDITIONS, 0)
            yes[CONDITIONS] = self.lasting(yes.get(CONDITIONS, 0), head.get(CONDITIONS, 0))
            changed |= set(_CALLED.findall(self.text(condition)))
        else:
            yes, out = head.copy(), None
        endless = condition is None or self.text(condition).strip("() ") in ("1", "true")
        end = self.statement(body, yes)
        end = self.meeting(end, self.continues.pop(), node)
        if end is not None:
            if update is not None:
                self.value(update, end)
            self.loop_end(end, head, node)
        self.turn(changed)
        left: Env | None = None if endless else out
        return self.meeting(left, self.breaks.pop(), node)

    def _loop_over(self, node: Node, name: str, condition: Node, body: Node | None, env: Env) -> Env | None:
        """A loop or block that a macro makes: `name(arguments) body`."""
        arguments = self.flat(condition)
        known = self.words.iterators.get(name)
        head, changed = self.loop_head(node, env)
        inner = head.copy()
        turned = ""  # the variable that each turn sets anew
        if known and max(known) < len(arguments):
            element, container = arguments[known[0]], arguments[known[1]]
            turned = path = self.path(element, inner)
            if path:
                self.forget(path, inner)
                inner.pop(path, None)
                self.alias(path, container, inner)
                content = self.content(container, inner)
                if content and self.types.get(path, ("", 1, False, False))[1] > 0:
                    inner[path] = self.keep(path, self.flow(content, "=", node), node)
        elif arguments:
            for argument in arguments:
                self.value(argument, inner)
            first = self.path(arguments[0], inner)
            if first and len(arguments) > 1 and ("each" in name or "for" in name):
                turned = first
                self.forget(first, inner)
                content = 0
                if self.types.get(first, ("", 0, False, False))[0] in ("page", "folio", "slab", "ptdesc"):
                    content = self.content(arguments[1], inner)
                number = self.flow(content, "=", node) if content else self.fresh()
                inner[first] = self.keep(first, number, node)
        self.breaks.append([])
        self.continues.append([])
        end = self.statement(body, inner) if body is not None else inner
        end = self.meeting(end, self.continues.pop(), node)
        if end is not None:
            before = head.copy()
            before.pop(turned, None)
            self.loop_end(end, before, node)
        self.turn(changed)
        out: Env | None = head.copy()
        return self.meeting(out, self.breaks.pop(), node)

    def loop_head(self, node: Node, env: Env) -> tuple[Env, set[str]]:
        """Return the environment at a loop's head, and what the loop assigns: that is a merge there."""
        text = self.data[node.start_byte + self.delta : node.end_byte + self.delta]
        head = env.copy()
        assigned = set()
        for match in _ASSIGNED.finditer(text):
            word = (match[1] or match[2] or match[3]).decode("ascii", "replace").replace("->", ".")
            root, dot, rest = word.partition(".")
            assigned.add(self.renamed.get(root, root) + dot + rest)
        for path in may_change(head, assigned):
            if path[0] == "!":
                continue
            if BEFORE in path:
                if not assigned.isdisjoint(re.split(r"\W+", path)):
                    del head[path]
                continue
            base = re.split(r"[\[]", path, maxsplit=1)[0]
            root = base.split(".", 1)[0]
            if path in assigned and "." not in path and "[" not in path:
                number = self.fresh()
                if head[path]:
                    self.edge(head[path], number, "=", node)
                head[path] = number
            elif path in self.referred:
                if base in assigned and head[path]:
                    number = self.fresh()
                    self.edge(head[path], number, "=", node)
                    head[path] = number
            elif base in assigned or root in assigned or any(w in assigned for w in _INDEX.findall(path)):
                del head[path]
        self.turn(assigned)
        return head, assigned

    def loop_end(self, env: Env | None, head: Env, node: Node) -> None:
        """Let what holds at the end of a turn flow back to the head of the loop."""
        if env is None:
            return
        for path, number in other_than(head, env):
            if path[0] != "!" and number and env.get(path, 0) not in (0, number):
                self.edge(env[path], number, "=", node)

    def _switch(self, node: Node, env: Env) -> Env | None:
        condition, body = node.child_by_field_name("condition"), node.child_by_field_name("body")
        if condition is not None:
            self.value(condition, env)
            while condition.type == "parenthesized_expression" and condition.named_child_count == 1:
                condition = condition.named_children[0]
        self.breaks.append([])
        at: Env | None = None
        default = False
        if body is not None:
            for child in self.cases(body):
                if child.type == "case_statement":
                    default = default or child.child_by_field_name("value") is None
                    value = child.child_by_field_name("value")
                    here = env.copy()
                    if condition is not None and value is not None and (said := self.equal(condition, value)):
                        here = self.under(here, node, True, said)
                    at = self.merge(at, here, node)
                    inner = [
                        c for c in child.named_children if value is None or c.start_byte != value.start_byte
                    ]
                    at = self.block(inner, at)
                elif at is not None:
                    at = self.statement(child, at)
        out = at if default else self.merge(at, env.copy(), node)
        return self.meeting(out, self.breaks.pop(), node)

    def cases(self, body: Node) -> list[Node]:
        """Return the cases of a switch, in order."""
        found: list[Node] = []
        for child in body.named_children:
            if child.type.startswith("preproc"):
                found += self.cases(child)
            else:
                found.append(child)
        return found

    def unreached(self) -> Env:
        """Return the environment of what nothing known leads to."""
        env = beside(self.start)
        env[CONDITIONS] = 0
        return env

    def _case(self, node: Node, env: Env | None) -> Env | None:
        value = node.child_by_field_name("value")
        inner = [c for c in node.named_children if value is None or c.start_byte != value.start_byte]
        return self.block(inner, env if env is not None else self.unreached())

    def _return(self, node: Node, env: Env) -> None:
        for child in node.named_children:
            if child.type == "comment":
                continue
            number = self.value(child, env)
            if number:
                self.edge(number, self.symbol(f"r:{self.name}"), "=", node, env)
            if self.result_content:
                content = self.content(child, env)
                if content:
                    result = self.symbol(f"r:{self.name}[]")
                    self.edge(content, result, "=", node)
                    self.edge(result, content, "=", node)
        for held in reversed(self.cleanups):
            self.clean(held, env)
        self.leave(env, node)

    def _goto(self, node: Node, env: Env) -> None:
        label = node.child_by_field_name("label")
        if label is not None:
            self.pending.setdefault(self.text(label), []).append(env)

    def _label(self, node: Node, env: Env | None) -> Env | None:
        label = node.child_by_field_name("label")
        name = self.text(label) if label is not None else ""
        env = self.meeting(env, self.pending.pop(name, []), node)
        if env is None:
            env = self.unreached()
        inner = [c for c in node.named_children if label is None or c.start_byte != label.start_byte]
        return self.block(inner, env)

    def _break(self, node: Node, env: Env) -> None:
        if self.breaks:
            self.breaks[-1].append(env)

    def _continue(self, node: Node, env: Env) -> None:
        if self.continues:
            self.continues[-1].append(env)

    def _conditional_text(self, node: Node, env: Env) -> Env | None:
        """#if: each branch is an alternative."""
        alternative = node.child_by_field_name("alternative")
        skip = {
            c.start_byte
            for c in (node.child_by_field_name("name"), node.child_by_field_name("condition"), alternative)
            if c is not None
        }
        own = [c for c in node.named_children if c.start_byte not in skip]
        atom, answer = self._configured(node)
        taken = self.block(own, self.under(env.copy(), node, answer, atom) if atom else env.copy())
        left: Env | None = self.under(env.copy(), node, not answer, atom) if atom else env.copy()
        if alternative is not None and left is not None:
            left = self._conditional_text(alternative, left)
        return self.merge(taken, left, node)

    def _configured(self, node: Node) -> tuple[str, bool]:
        """Return what an #if asks and the answer under which its branch is compiled, ("", True) for an #else."""
        directive = self.text(node.children[0]) if node.children else ""
        condition = node.child_by_field_name("name") or node.child_by_field_name("condition")
        return (
            asked(directive.lstrip("#").strip(), self.text(condition))
            if condition is not None
            else ("", True)
        )


def _to_function(node: Node) -> bool:
    """Whether a declarator declares a pointer to a function."""
    inner: Node | None = node
    while inner is not None:
        if inner.type == "function_declarator":
            return True
        inner = inner.child_by_field_name("declarator")
    return False


_STATEMENTS: dict[str, Any] = {
    "compound_statement": Walk._compound,
    "expression_statement": Walk._expression_statement,
    "declaration": Walk._declaration,
    "if_statement": Walk._if,
    "while_statement": Walk._while,
    "do_statement": Walk._do,
    "for_statement": Walk._for,
    "switch_statement": Walk._switch,
    "case_statement": Walk._case,
    "return_statement": Walk._return,
    "goto_statement": Walk._goto,
    "labeled_statement": Walk._label,
    "break_statement": Walk._break,
    "continue_statement": Walk._continue,
    "preproc_if": Walk._conditional_text,
    "preproc_ifdef": Walk._conditional_text,
    "preproc_elif": Walk._conditional_text,
    "preproc_elifdef": Walk._conditional_text,
    "preproc_else": Walk._conditional_text,
    "preproc_def": lambda self, node, env: env,
    "preproc_function_def": lambda self, node, env: env,
    "preproc_call": lambda self, node, env: env,
    "type_definition": lambda self, node, env: env,
    "struct_specifier": lambda self, node, env: env,
    "comment": lambda self, node, env: env,
    "ERROR": lambda self, node, env: env,
}
