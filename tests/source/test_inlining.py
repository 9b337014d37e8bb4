"""Macros that act on the places they are given are walked where they are invoked.

Each text is checked as a lone file: the lines that end in `// expect` are reported, and no other.
"""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Finding, Interpretation, Level
from memdesc.source.inlining import acting
from memdesc.source.text import split

OPTIONS = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)

TEXTS = {
    "an expression that stores in a member of its argument": """
struct node { void *data; };
#define NODE_ALLOC(n) ((n)->data = vmalloc(SIZE))
int start(struct node *n) { return NODE_ALLOC(n) ? 0 : -ENOMEM; }
void stop(struct node *n) { kfree(n->data); } // expect
""",
    "a statement that does": """
struct node { void *data; };
#define NODE_ALLOC(n, size) do {	\\
		(n)->data = vmalloc(size);	\\
	} while (0)
void start(struct node *n) { NODE_ALLOC(n, 10); }
void stop(struct node *n) { kfree(n->data); } // expect
""",
    "a free of a member, where the macro frees": """
struct node { void *data; };
#define NODE_FREE(n) kfree((n)->data) // expect
void start(struct node *n) { n->data = vmalloc(10); }
void stop(struct node *n) { NODE_FREE(n); }
""",
    "its argument is assigned": """
#define ALLOC(p, n) do { (p) = vmalloc(n); } while (0)
void use(void)
{
	void *p;

	ALLOC(p, 10);
	kfree(p); // expect
}
""",
    "its argument is assigned in a condition": """
#define ALLOC(p, n) (((p) = vmalloc(n)) != NULL)
void use(void)
{
	void *p;

	if (!ALLOC(p, 10))
		return;
	kfree(p); // expect
}
""",
    "its argument is taken out": """
#define TAKE(p) ({ typeof(p) __t = (p); (p) = NULL; __t; })
void use(void)
{
	void *p = vmalloc(10);
	void *q = TAKE(p);

	kfree(q); // expect
	kfree(p);
}
""",
    "its argument is freed and forgotten": """
#define DROP(p) do { vfree(p); (p) = NULL; } while (0)
void use(struct node *n)
{
	void *p = vmalloc(10);

	DROP(p);
	kfree(p);
}
""",
    "it leaves the function": """
#define FAIL_IF(err, label) do { if (err) { (err) = 0; goto label; } } while (0)
int use(int err)
{
	void *p = vmalloc(10);

	FAIL_IF(err, out);
	vfree(p);
	return 0;
out:
	kfree(p); // expect
	return err;
}
""",
    "it returns": """
#define DONE(n) do { vfree((n)->data); return; } while (0)
void use(struct node *n)
{
	void *p = vmalloc(10);

	DONE(n);
	kfree(p);
}
""",
    "by another macro": """
struct node { void *data; };
#define STORE(n, value) ((n)->data = (value))
#define NODE_ALLOC(n) STORE(n, vmalloc(10))
void start(struct node *n) { NODE_ALLOC(n); }
void stop(struct node *n) { kfree(n->data); } // expect
""",
    "pasted": """
struct node { void *tx_data, *rx_data; };
#define NODE_ALLOC(n, which) ((n)->which##_data = vmalloc(10))
void start(struct node *n) { NODE_ALLOC(n, tx); n->rx_data = kmalloc(10, GFP_KERNEL); }
void stop(struct node *n)
{
	kfree(n->rx_data);
	kfree(n->tx_data); // expect
}
""",
    "either of two definitions": """
struct node { void *data; };
#ifdef CONFIG_BIG
#define NODE_ALLOC(n) ((n)->data = vmalloc(10))
#else
#define NODE_ALLOC(n) ((n)->data = kmalloc(10, GFP_KERNEL))
#endif
void start(struct node *n) { NODE_ALLOC(n); }
void stop(struct node *n) { kfree(n->data); } // expect
""",
    "it invokes itself": """
struct node { void *data; };
#define AGAIN(n) ((n)->data = AGAIN(n))
void start(struct node *n) { AGAIN(n); }
void stop(struct node *n) { kfree(n->data); }
""",
    "what is no C": """
struct node { void *data; };
#define BROKEN(n) ((n)->data = ) +
void use(struct node *n)
{
	void *p = vmalloc(10);
	int err = BROKEN(n);

	if (err)
		kfree(p); // expect
}
""",
    "another number of arguments": """
struct node { void *data; };
#define NODE_ALLOC(n, size) ((n)->data = vmalloc(size))
void start(struct node *n) { NODE_ALLOC(n); }
""",
}


def _findings(text: str, tmp_path: Path) -> tuple[Finding, ...]:
    path = tmp_path / "f.c"
    path.write_text(text)
    return pipeline.check([path], None, OPTIONS, lambda *_: None).findings


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_a_macro_does(text: str, tmp_path: Path) -> None:
    """What is done to a place in a macro is done to the place it was given."""
    wanted = {n for n, line in enumerate(text.split("\n"), 1) if line.endswith("// expect")}
    assert {finding.line for finding in _findings(text, tmp_path)} == wanted


def test_where_it_is_said(tmp_path: Path) -> None:
    """What was written in the macro is told there, what was written in an argument at the invocation."""
    found = _findings(TEXTS["by another macro"], tmp_path)
    assert (found[0].trace[0].line, found[0].trace[0].function) == (4, "start")
    found = _findings(TEXTS["a statement that does"], tmp_path)
    assert found[0].trace[0].line == 4


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("#define A(p) ((p)->x = 1)", True),
        ("#define A(p) f((p)->x)", True),
        ("#define A(p) f(&(p))", True),
        ("#define A(p) ((p) = f())", True),
        ("#define A(p) (p[0] = f())", True),
        ("#define A(p) do { B(p); } while (0)\n#define B(p) ((p) = f())", True),
        ("#define A(p) f(p)", False),
        ("#define A(p) ((p) == f())", False),
        ("#define A(p) (q & (p))", False),
        ("#define A(p, ...) ((p) = f(__VA_ARGS__))", False),
        ("#define A(p) for ((p) = f(); p; (p) = g(p))", False),
        ("#define A(p) } else { (p) = NULL", False),
        ("#define A(p) do { (p) = NULL;", False),
        ("#define A(p) (p)->x\n#define A(p) for (;;)", False),
    ],
)
def test_which_act(text: str, acts: bool) -> None:
    """Macros that reach a member of their argument, assign it or take its address act; heads of loops do not."""
    assert ("A" in acting(split(text.encode() + b"\n"), frozenset())) is acts
