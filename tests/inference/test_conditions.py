"""Conditions along a trace: what was asked before something changed says nothing of it afterwards.

Each text is checked as a lone file: the lines that end in `// expect` are reported, and no other.
"""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level

STRUCT = "struct q { void *buf; bool vm; int n, state; struct q *next; };\n"
TEXTS = {
    "a question that was answered for both memories": """
int f(struct q *q, size_t len)
{
	char small[64];
	char *name = small;

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	if (len >= sizeof(small))
		name = kmalloc(len, GFP_KERNEL);
	look(q, name);
	kfree(name); // expect
	return 0;
}
int g(struct q *q, size_t len)
{
	char small[64];
	char *name = small;

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	if (len >= sizeof(small))
		name = kmalloc(len, GFP_KERNEL);
	look(q, name);
	if (len >= sizeof(small))
		kfree(name);
	if (name != small)
		kfree(name);
	return 0;
}
""",
    "a loop that a local ends": """
void f(int n)
{
	void *p = NULL;
	int i = 0;

	while (i < n) {
		p = vmalloc(100);
		i++;
	}
	kfree(p); // expect
}
""",
    "a loop that a member ends": """
void f(struct q *q)
{
	void *p = NULL;

	while (!q->n)
		p = fill(q, vmalloc(100));
	while (!q->state) {
		p = vmalloc(100);
		g(q, p);
	}
	kfree(p); // expect
}
""",
    "a loop that a call ends, and the call again": """
void f(struct q *q)
{
	void *p = NULL;

	while (next(q))
		p = vmalloc(100);
	if (!next(q))
		kfree(p); // expect
}
""",
    "a loop that a flag ends": """
void f(struct q *q)
{
	void *p = NULL;
	int more = 1;

	while (more) {
		p = vmalloc(100);
		more = q->n;
	}
	kfree(p); // expect
}
""",
    "a loop that the memory ends": """
void f(struct q *q)
{
	void *p;
	int i;

	for (i = 0, p = NULL; i < 10 && !p; i++)
		p = vmalloc(100);
	kfree(p); // expect
}
""",
    "a condition that no loop changes": """
void f(struct q *q, int big)
{
	void *p = NULL;
	int i;

	for (i = 0; i < 4; i++)
		if (big)
			p = vmalloc(100);
	if (!big)
		kfree(p);
}
""",
    "a member that is set once it was asked": """
int set(struct q *q)
{
	if (q->vm)
		return -EBUSY;
	q->buf = vmalloc(100);
	q->vm = true;
	return 0;
}
void put(struct q *q)
{
	if (q->vm)
		kfree(q->buf); // expect
}
""",
    "a member that is cleared before the memory is freed": """
int set(struct q *q)
{
	q->state = 1;
	q->buf = vmalloc(100);
	return 0;
}
void put(struct q *q)
{
	q->state = 0;
	if (!q->state)
		kfree(q->buf); // expect
}
""",
    "a member that nobody sets in between": """
int set(struct q *q)
{
	if (q->vm)
		q->buf = vmalloc(100);
	return 0;
}
void put(struct q *q)
{
	if (!q->vm)
		kfree(q->buf);
}
""",
    "a flag that is set with the memory, and not asked": """
void f(int n)
{
	int vm = 0;
	void *p = kmalloc(n, GFP_KERNEL);

	if (!p) {
		p = vmalloc(n);
		vm = 1;
	}
	kfree(p); // expect
}
""",
    "a flag that a call leaves, and not asked": """
static void *get(size_t n, bool *vm)
{
	void *p;

	*vm = false;
	p = kmalloc(n, GFP_KERNEL);
	if (!p) {
		p = vmalloc(n);
		*vm = true;
	}
	return p;
}
void f(int n)
{
	bool vm;
	void *p = get(n, &vm);

	kfree(p); // expect
}
void g(int n)
{
	bool vm;
	void *p = get(n, &vm);

	if (vm)
		vfree(p);
	else
		kfree(p);
}
""",
    "a variable of a block that hides another": """
void f(int n)
{
	void *p = kmalloc(n, GFP_KERNEL);
	int i;

	for (i = 0; i < n; i++) {
		void *p;

		p = vmalloc(n);
		if (!p)
			goto out;
		if (g(p))
			goto out;
		vfree(p);
	}
out:
	kfree(p);
}
""",
    "three of them, one in another": """
void f(int n)
{
	void *p = kmalloc(n, GFP_KERNEL);

	if (n) {
		void *p = vmalloc(n);

		if (n > 4) {
			void *p = kmalloc(n, GFP_KERNEL);

			vfree(p); // expect
		}
		kfree(p); // expect
	}
	vfree(p); // expect
}
""",
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_found(name: str, tmp_path: Path) -> None:
    """The marked lines, with notes left out, and nothing else."""
    file = tmp_path / "a.c"
    file.write_text(STRUCT + TEXTS[name])
    options = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)
    found = pipeline.check([file], None, options, lambda *_: None).findings
    wanted = [n for n, line in enumerate(file.read_text().splitlines(), 1) if line.endswith("// expect")]
    assert sorted({finding.line for finding in found}) == wanted
