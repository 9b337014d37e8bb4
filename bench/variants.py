"""Turn each case into others that mean the same, and count the bugs that are still found.

    python bench/variants.py [--half both|first|second] [--only WORD] [--show] [--json FILE]

A case of tests/c/cases holds a historic bug and its repair. A variant differs in what does not matter: what an
allocator gave goes through an out-parameter, an embedded struct, a function pointer, a macro, a list or an `if` about
something else before it is used; the use is another function with the same demand, or stands in a macro, in a helper
or behind a pointer; a second allocator fills the same member; a helper is in a file of its own. A variant is found
when a line with a mark is reported for what the mark says, and clean when no other line is reported.

Half of the variants, by the hash of their names, are to be looked at while the checker is mended (`first`); the
other half says what that was worth.
"""

import argparse
import hashlib
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level
from memdesc.kinds import BY_NAME, Kind
from memdesc.source.signatures import Signature, load

CASES = Path(__file__).resolve().parents[1] / "tests" / "c" / "cases"
MARK = re.compile(r"/\* memdesc: (\w+) ([\w-]+) -> ([\w>.-]+) \*/")
_CALL = re.compile(r"\b([A-Za-z_]\w*)\(")
_FUNCTION = re.compile(r"^(?:static |extern |inline )*[\w\s*]*?\b(\w+)\([^;{}]*\)\n\{\n", re.M)


@dataclass(frozen=True)
class Variant:
    """A case told differently: its files, the first with the marks."""

    case: str
    how: str
    files: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """What tells it from all others, the same in every run."""
        return f"{self.case}:{self.how}"

    @property
    def first(self) -> bool:
        """Whether it is of the half that may be looked at."""
        return hashlib.blake2b(self.name.encode(), digest_size=4).digest()[0] < 128


@dataclass(frozen=True)
class Outcome:
    """What became of a variant: whether a mark was met, and what else was reported."""

    name: str
    how: str
    first: bool
    clean: bool
    found: bool
    stray: tuple[str, ...]


def closing(text: str, at: int) -> int:
    """Return the offset behind the parenthesis that closes the one at `at`, -1 when none does."""
    depth = 0
    for n in range(at, len(text)):
        if text[n] == "(":
            depth += 1
        elif text[n] == ")":
            depth -= 1
            if not depth:
                return n + 1
        elif text[n] == ";" or text[n] == "{":
            return -1
    return -1


@lru_cache(maxsize=1)
def allocators() -> dict[str, str]:
    """Return the functions that give memory -> the type of their result."""
    found = {}
    for s in load():
        ctype = s.result.ctype.replace("const ", "")
        if (
            (s.result.gives or s.result.pages)
            and "." not in s.name
            and (ctype.endswith("*") or "long" in ctype)
        ):
            found[s.name] = ctype
    return found


def sources(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, type) of each call of an allocator whose result is assigned or returned."""
    found = []
    for match in _CALL.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        ctype = allocators().get(match[1])
        if ctype is None or not line.startswith("\t") or not re.search(r"(?:[^=!<>]=|return)\s*$", line):
            continue
        end = closing(text, match.end() - 1)
        if end > 0 and text[end : end + 1] == ";":
            found.append((match.start(), end, ctype))
    return found


HELPERS = {
    "out-parameter": """static void {n}_set({t}*to, {t}from)
{{
	*to = from;
}}
static {t}{n}({t}p)
{{
	{t}q;

	{n}_set(&q, p);
	return q;
}}
""",
    "embedded struct": """struct {n}_in {{ int a; {t}p; }};
struct {n}_box {{ int b; struct {n}_in in; }};
static void {n}_put(struct {n}_in *in, {t}p)
{{
	in->p = p;
}}
static {t}{n}({t}p)
{{
	struct {n}_box box;

	{n}_put(&box.in, p);
	return box.in.p;
}}
""",
    "function parameter": """static {t}{n}_same({t}p)
{{
	return p;
}}
static {t}{n}_call({t}(*fn)({t}p), {t}p)
{{
	return fn(p);
}}
static {t}{n}({t}p)
{{
	return {n}_call({n}_same, p);
}}
""",
    "function in a local": """static {t}{n}_same({t}p)
{{
	return p;
}}
static {t}{n}({t}p)
{{
	{t}(*fn)({t}p) = {n}_same;

	return fn(p);
}}
""",
    "macro": """#define {n}(p) ({{ typeof(p) __p = (p); __p; }})
""",
    "list": """struct {n}_node {{ struct list_head l; {t}p; }};
static LIST_HEAD({n}_list);
static {t}{n}({t}p)
{{
	struct {n}_node *node = kmalloc(sizeof(*node), GFP_KERNEL);
	struct {n}_node *first;

	if (!node)
		return ({t})0;
	node->p = p;
	list_add(&node->l, &{n}_list);
	first = list_first_entry(&{n}_list, struct {n}_node, l);
	return first->p;
}}
""",
    "if about something else": """static bool {n}_verbose;
static {t}{n}({t}p)
{{
	{t}q = ({t})0;

	if ({n}_verbose)
		q = p;
	return q;
}}
""",
    "member by reference": """struct {n}_in {{ int a; {t}p; }};
struct {n}_box {{ int b; struct {n}_in *in; }};
static void {n}_set({t}*to, {t}from)
{{
	*to = from;
}}
static void {n}_fill(struct {n}_box *box, {t}p)
{{
	{n}_set(&box->in->p, p);
}}
static {t}{n}({t}p)
{{
	struct {n}_in in;
	struct {n}_box box = {{ .in = &in }};

	{n}_fill(&box, p);
	return in.p;
}}
""",
    "global": """static {t}{n}_kept;
static {t}{n}({t}p)
{{
	{n}_kept = p;
	return {n}_kept;
}}
""",
    "function of a table": """struct {n}_ops {{ {t}(*same)({t}p); }};
static {t}{n}_same({t}p)
{{
	return p;
}}
static const struct {n}_ops {n}_ops = {{ .same = {n}_same }};
static {t}{n}({t}p)
{{
	const struct {n}_ops *ops = &{n}_ops;

	return ops->same(p);
}}
""",
    "container_of": """struct {n}_box {{ struct work_struct work; {t}p; }};
static {t}{n}_work(struct work_struct *work)
{{
	struct {n}_box *box = container_of(work, struct {n}_box, work);

	return box->p;
}}
static {t}{n}({t}p)
{{
	struct {n}_box box;

	box.p = p;
	return {n}_work(&box.work);
}}
""",
    "struct by value": """struct {n}_box {{ int a; {t}p; }};
static struct {n}_box {n}_make({t}p)
{{
	struct {n}_box box = {{ .p = p }};

	return box;
}}
static {t}{n}({t}p)
{{
	struct {n}_box box = {n}_make(p);

	return box.p;
}}
""",
    "loop": """static {t}{n}({t}p)
{{
	{t}q = ({t})0;
	int i;

	for (i = 0; i < 2; i++)
		if (i)
			q = p;
	return q;
}}
""",
    "xchg": """static {t}{n}({t}p)
{{
	{t}q = ({t})0;

	xchg(&q, p);
	return q;
}}
""",
    "goto": """static {t}{n}({t}p)
{{
	{t}q;

	q = p;
	if (!q)
		goto out;
	return q;
out:
	return ({t})0;
}}
""",
    "READ_ONCE": """struct {n}_box {{ int a; {t}p; }};
static {t}{n}({t}p)
{{
	struct {n}_box box;

	WRITE_ONCE(box.p, p);
	return READ_ONCE(box.p);
}}
""",
    "array of structs": """struct {n}_slot {{ int a; {t}p; }};
struct {n}_table {{ struct {n}_slot slot[4]; }};
static {t}{n}(struct {n}_table *table, int i, {t}p)
{{
	table->slot[i].p = p;
	return table->slot[i].p;
}}
""",
}
"""Ways of a value from an allocator to its variable; {t} is its type, {n} a name of its own."""


def through(case: str, text: str, how: str) -> Variant | None:
    """Return the case with what allocators give led another way."""
    places = sources(text)
    if not places:
        return None
    body, helpers = text, []
    for number, (start, end, ctype) in reversed(list(enumerate(places))):
        name = f"v{number}_way"
        kind = ctype if ctype.endswith("*") else ctype + " "
        helpers.insert(0, HELPERS[how].format(n=name, t=kind))
        more = f"(struct {name}_table *)0, 0, " if how == "array of structs" else ""
        body = f"{body[:start]}{name}({more}{body[start:end]}){body[end:]}"
    return Variant(case, how, ((f"{case}.c", ahead(body, "".join(helpers))),))


def ahead(text: str, helpers: str) -> str:
    """Return the text with helpers behind its includes, or behind the lines that begin it."""
    lines = text.split("\n")
    begun = ("#include",) if "\n#include" in text else ("/*", "//")
    at = max((n for n, line in enumerate(lines[:40]) if line.startswith(begun)), default=-1) + 1
    return "\n".join([*lines[:at], "", helpers, *lines[at:]])


def sinks(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Return (start, end, function, kind) of the calls on lines with a mark that names a function."""
    for line in re.finditer(r"^.*$", text, re.M):
        for mark in MARK.finditer(line[0]):
            at = re.search(rf"(?<![\w>.]){re.escape(mark[3])}\(", line[0])
            if at is None:
                continue
            start = line.start() + at.start()
            end = closing(text, line.start() + at.end() - 1)
            if end > 0:
                yield start, end, mark[3], mark[2]


@lru_cache(maxsize=1)
def by_shape() -> dict[tuple[object, ...], list[str]]:
    """Return shape -> functions: parameters by type, and what is demanded of which."""
    found: dict[tuple[object, ...], list[str]] = {}
    for group in load().functions.values():
        key = shape(group[-1])
        if key is not None and not group[-1].until:
            found.setdefault(key, []).append(group[-1].name)
    return found


def shape(s: Signature) -> tuple[object, ...] | None:
    """Return what two functions share that may stand for each other at a bug, None when nothing is demanded."""
    demanded = tuple(
        (n, d.accepts & ~Kind.UNREF, d.action, d.contents)
        for n, slot in enumerate(s.params)
        for d in slot.demands
        if not d.interpretation and d.when is None
    )
    if not demanded or "." in s.name or s.iterator:
        return None
    types = tuple(slot.ctype.replace("const ", "").replace(" ", "") for slot in s.params)
    gives = (s.result.ctype.replace("const ", ""), s.result.gives_kind_of != "", s.result.gives_in != "")
    # What a test tells is part of what the code means: behind PageAnon() stands what is right for anon memory.
    return (*types, *demanded, *gives, *(slot.guard for slot in s.params))


def siblings(name: str) -> list[str]:
    """Return the functions that accept the same where `name` does, and look the same."""
    newest = load().of(name)
    key = shape(newest) if newest is not None else None
    return [other for other in by_shape().get(key, ()) if other != name] if key is not None else []


def sibling(case: str, text: str) -> Iterator[Variant]:
    """Return the case with each sink exchanged for others with the same demand."""
    calls = list(sinks(text))
    for old in sorted({name for _, _, name, _ in calls}):
        for new in siblings(old)[:3]:
            body = re.sub(rf"(?<![\w>.]){re.escape(old)}\(", f"{new}(", text)
            body = body.replace(f"-> {old} */", f"-> {new} */")
            yield Variant(case, f"sibling {new}", ((f"{case}.c", body),))


def wrapped(case: str, text: str, how: str) -> Variant | None:
    """Return the case with its sinks in a macro, in a helper, or behind a pointer to a function."""
    calls = list(sinks(text))
    if not calls:
        return None
    body, helpers = text, []
    for number, (start, _end, name, kind) in reversed(list(enumerate(calls))):
        signature = load().of(name)
        if signature is None or (
            how != "sink in a macro" and any(slot.ctype == "..." for slot in signature.params)
        ):
            return None
        own = f"v{number}_sink"
        mark = f"/* memdesc: alt {kind} -> {name} */"
        names = ", ".join(f"a{n}" for n in range(len(signature.params)))
        params = ", ".join(_declared(slot.ctype, f"a{n}") for n, slot in enumerate(signature.params))
        result = signature.result.ctype
        back = "" if result == "void" else "return "
        if how == "sink in a macro":
            helpers.append(f"#define {own}(args...) {name}(args) {mark}\n")
            body = f"{body[:start]}{own}{body[start + len(name) :]}"
        elif how == "sink in a helper":
            helpers.append(
                f"static {_declared(result, own)}({params})\n{{\n\t{back}{name}({names}); {mark}\n}}\n"
            )
            body = f"{body[:start]}{own}{body[start + len(name) :]}"
        else:
            typed = f"{result} (*fn)({params})"
            helpers.append(
                f"static {_declared(result, own)}({typed}, {params})\n{{\n\t{back}fn({names}); {mark}\n}}\n"
            )
            body = f"{body[:start]}{own}({name}, {body[start + len(name) + 1 :]}"
    return Variant(case, how, ((f"{case}.c", ahead(body, "".join(reversed(helpers)))),))


def _declared(ctype: str, name: str) -> str:
    return f"{ctype}{'' if ctype.endswith('*') else ' '}{name}"


def moved(case: str, text: str) -> Variant | None:
    """Return the case with a function that others call in a file of its own."""
    for match in _FUNCTION.finditer(text):
        end = text.find("\n}\n", match.end())
        name = match[1]
        if end < 0 or not match[0].startswith("static ") or len(re.findall(rf"\b{name}\(", text)) < 2:
            continue
        head = re.match(
            r"(?:.*\n)*?(?=(?:static |int |void |struct \w+ \*?\w+\(|unsigned |vm_fault_t |ssize_t |#define ))",
            text,
        )
        declared = "\n".join(
            [
                *re.findall(r"^#include .*$|^#define .*[^\\]$", text, re.M),
                *re.findall(r"^struct \w+ \{\n(?:.*\n)*?\};$", text, re.M),
            ]
        )
        if head is None or re.search(r"^static (?!.*\().*;$", text, re.M):
            return None  # an object that both would need
        own = match[0].removeprefix("static ") + text[match.end() : end + 3]
        called = {n for n in re.findall(r"\b(\w+)\(", own) if n != name}
        if any(m[1] in called for m in _FUNCTION.finditer(text)):
            continue
        prototype = match[0].removeprefix("static ").partition("\n{")[0].replace("\n", " ") + ";"
        rest = text[: match.start()] + prototype + "\n" + text[end + 3 :]
        return Variant(
            case, "helper in another file", ((f"{case}.c", rest), (f"{case}-helper.c", f"{declared}\n{own}"))
        )
    return None


def second(case: str, text: str) -> Variant | None:
    """Return the case with another function that fills the same members with memory that the sink accepts."""
    stores = re.findall(r"^\t+(\w+)->(\w+) = ([a-z_]\w*)\(", text, re.M)
    for holder, member, function in stores:
        declared = re.search(rf"(struct \w+) \*{holder}\b", text)
        kinds = {mark[2] for mark in MARK.finditer(text)}
        if function not in allocators() or declared is None or kinds != {"vmalloc"}:
            continue
        more = (
            f"\nint v_second({declared[1]} *h, size_t n)\n{{\n\th->{member} = kmalloc(n, GFP_KERNEL);\n"
            f"\treturn h->{member} ? 0 : -ENOMEM;\n}}\n"
        )
        return Variant(case, "second allocator", ((f"{case}.c", text + more),))
    return None


def variants(case: str, text: str) -> Iterator[Variant]:
    """Return all variants of a case."""
    for how in HELPERS:
        found = through(case, text, how)
        if found is not None:
            yield found
    yield from sibling(case, text)
    for how in ("sink in a macro", "sink in a helper", "sink behind a parameter"):
        found = wrapped(case, text, how)
        if found is not None:
            yield found
    for one in (moved(case, text), second(case, text)):
        if one is not None:
            yield one


def cases() -> dict[str, str]:
    """Return the cases by name, those for the layout part left out."""
    return {path.stem: path.read_text("utf-8") for path in sorted(CASES.glob("*.c"))}


def judged(variant: Variant, folder: Path) -> Outcome:
    """Return what the checker makes of a variant; its files are written to `folder`."""
    wanted: set[tuple[str, int, str, str]] = set()
    paths = []
    for name, text in variant.files:
        path = folder / name
        path.write_text(text)
        paths.append(path)
        for number, line in enumerate(text.split("\n"), 1):
            wanted |= {(name, number, mark[2], mark[3]) for mark in MARK.finditer(line)}
    options = pipeline.Options(jobs=1, cache=False, level=Level.WARNING, interpretation=Interpretation.OTTAWA)
    report = pipeline.check(paths, None, options, lambda *_: None)
    lines = {(file, number) for file, number, _, _ in wanted}
    found = any(
        (f.file, f.line) == (file, number) and f.arrives & BY_NAME[kind] and f.sink == sink
        for f in report.findings
        for file, number, kind, sink in wanted
    )
    stray = tuple(f"{f.file}:{f.line}: {f.message}" for f in report.findings if (f.file, f.line) not in lines)
    for path in paths:
        path.unlink()
    return Outcome(variant.name, variant.how.partition(" v_")[0], variant.first, not wanted, found, stray)


def run(only: str = "", every: int = 1) -> list[Outcome]:
    """Return the outcomes of all variants whose names contain `only`, or of each `every`th of them."""
    chosen = [v for case, text in cases().items() for v in variants(case, text) if only in v.name]
    with tempfile.TemporaryDirectory() as folder:
        return [judged(variant, Path(folder)) for variant in chosen[::every]]


def main() -> int:
    """Run as a program."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--half", choices=("both", "first", "second"), default="both")
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument(
        "--show", action="store_true", help="name what is missed and what is false, of the first half"
    )
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    outcomes = [
        o for o in run(options.only) if options.half == "both" or o.first == (options.half == "first")
    ]
    for half in (True, False):
        own = [o for o in outcomes if o.first is half]
        bugs = [o for o in own if not o.clean]
        if own:
            missed = sum(not o.found for o in bugs)
            print(
                f"{'first' if half else 'second'} half: {len(bugs) - missed} of {len(bugs)} bugs found "
                f"({1 - missed / max(len(bugs), 1):.1%}), "
                f"false reports in {sum(bool(o.stray) for o in own)} of {len(own)}"
            )
    ways = Counter(re.sub(r"^sibling .*", "sibling", o.how) for o in outcomes if not o.clean)
    lost = Counter(re.sub(r"^sibling .*", "sibling", o.how) for o in outcomes if not o.clean and not o.found)
    for how, count in sorted(ways.items()):
        print(f"  {count - lost[how]:4} of {count:4}  {how}")
    if options.show:
        for o in outcomes:
            if o.first and ((not o.clean and not o.found) or o.stray):
                print(
                    f"{'missed' if not o.found and not o.clean else 'found '}  {o.name}",
                    *o.stray,
                    sep="\n        ",
                )
    if options.json:
        options.json.write_text(json.dumps([asdict(o) for o in outcomes], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
