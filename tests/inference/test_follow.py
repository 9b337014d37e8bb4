"""What is followed: by reference, through pointers to functions, into structs in structs, to the end of a scope.

Each text is checked as a lone file: the lines that end in `// expect` are reported, and no other.
"""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level

TEXTS = {
    "what a message contains that the caller gave": """
void f(struct socket *sock, struct msghdr *m, struct bio_vec *b)
{
	void *p = kmalloc(9, GFP_KERNEL);

	m->msg_flags = MSG_SPLICE_PAGES;
	bvec_set_page(b, virt_to_page(p), 9, 0);
	iov_iter_bvec(&m->msg_iter, ITER_SOURCE, b, 1, 9);
	sock_sendmsg(sock, m); // expect
}
void g(struct socket *sock, struct msghdr *m, struct msghdr *other, struct bio_vec *b)
{
	void *p = kmalloc(9, GFP_KERNEL);

	m->msg_flags = MSG_SPLICE_PAGES;
	bvec_set_page(b, virt_to_page(p), 9, 0);
	iov_iter_bvec(&other->msg_iter, ITER_SOURCE, b, 1, 9);
	sock_sendmsg(sock, m);
}
""",
    "a number written in a word of a page of a pool": """
void f(struct page_pool *pool, int n)
{
	struct page *page = page_pool_dev_alloc_pages(pool);

	page->private = n; // expect
}
void g(struct page_pool *pool, int n)
{
	struct page *page = page_pool_dev_alloc_pages(pool);
	struct page *own = alloc_page(GFP_KERNEL);

	page->private = 0;
	own->private = n;
}
""",
    "later pages of a block, each freed by itself": """
struct owl { struct page *pages[8]; struct page *first; };
void get(struct owl *o)
{
	struct page *block = alloc_pages(GFP_KERNEL, 3);
	int i;

	for (i = 0; i < 8; i++)
		o->pages[i] = block + i;
}
void put(struct owl *o, int i) { __free_page(o->pages[i]); } // expect
void by_address(int n)
{
	struct page *block = alloc_pages(GFP_KERNEL, 3);

	put_page(&block[n]); // expect
}
void once_split(int n)
{
	struct page *block = alloc_pages(GFP_KERNEL, 3);

	split_page(block, 3);
	__free_page(block + n);
	put_page(&block[n]);
}
""",
    "the list in a page of a pool": """
void f(struct page_pool *pool, struct list_head *all)
{
	struct page *page = page_pool_dev_alloc_pages(pool);

	list_add(&page->lru, all); // expect
}
void g(struct list_head *all)
{
	struct page *page = alloc_page(GFP_KERNEL);

	list_add(&page->lru, all);
}
""",
    "what a call makes of what is kept in its place": """
struct owl { int *tab; size_t nr, room; };
void first(struct owl *o) { o->tab = kvmalloc(o->room, GFP_KERNEL); }
int grow(struct owl *o)
{
	if (o->nr == o->room) {
		int *bigger = krealloc(o->tab, o->room * 2, GFP_KERNEL); // expect

		if (!bigger)
			return -ENOMEM;
		o->tab = bigger;
	}
	return 0;
}
""",
    "a member filled by reference": """
struct dev { void *buf; };
static int fill(void **to, size_t n) { *to = vmalloc(n); return *to ? 0 : -ENOMEM; }
int start(struct dev *d, size_t n) { return fill(&d->buf, n); }
void stop(struct dev *d) { kfree(d->buf); } // expect
""",
    "a global filled by reference": """
static void *table;
static void fill(void **to, size_t n) { *to = vmalloc(n); }
void start(size_t n) { fill(&table, n); }
void stop(void) { kfree(table); } // expect
""",
    "what is replaced by reference is gone": """
static void renew(void **p, size_t n)
{
	vfree(*p);
	*p = kmalloc(n, GFP_KERNEL);
}
void use(size_t n)
{
	void *p = vmalloc(n);

	renew(&p, n);
	kfree(p);
}
""",
    "a reference handed on": """
static void drop(char **p) { kfree(*p); } // expect
static void leave(char **p) { drop(p); }
void use(size_t n)
{
	char *p = vmalloc(n);

	leave(&p);
}
""",
    "a callback that is a parameter": """
static void put(void *p) { kfree(p); } // expect
static void each(void (*fn)(void *), void *p) { fn(p); }
void use(size_t n) { each(put, vmalloc(n)); }
""",
    "a function of the kernel behind a parameter": """
static void each(void (*fn)(const void *), void *p) { fn(p); } // expect
void use(size_t n) { each(kfree, vmalloc(n)); }
""",
    "a callback handed on": """
static void put(void *p) { kfree(p); } // expect
static void inner(void (*fn)(void *), void *p) { fn(p); }
static void outer(void (*fn)(void *), void *p) { inner(fn, p); }
void use(size_t n) { outer(put, vmalloc(n)); }
""",
    "a local that is one of two functions": """
static void one(void *p) { vfree(p); }
static void other(void *p) { kfree(p); } // expect
void use(size_t n, bool how)
{
	void (*fn)(void *) = how ? one : other;

	fn(vmalloc(n));
}
""",
    "a macro that hands on its arguments": """
#define put(args...) kfree(args) // expect
void use(size_t n) { put(vmalloc(n)); }
""",
    "a bio_vec in a struct of the file": """
struct req { int a; struct bio_vec vec; };
static int push(struct socket *s, struct bio_vec *bv)
{
	return kernel_sendpage(s, bv->bv_page, 0, 8, 0); // expect
}
int send(struct socket *s, struct req *r)
{
	void *p = kmalloc(8, GFP_KERNEL);

	r->vec.bv_page = virt_to_page(p);
	return push(s, &r->vec);
}
""",
    "cleanups": """
DEFINE_FREE(own, void *, if (_T) kfree(_T))
int one(size_t n)
{
	void *p __free(kfree) = vmalloc(n); // expect
	void *q __free(own) = vmalloc(n); // expect
	void *r __free(kvfree) = vmalloc(n);

	return p && q && r;
}
void *two(size_t n)
{
	void *p __free(kvfree) = kvmalloc(n, GFP_KERNEL);

	if (!p)
		return NULL;
	return no_free_ptr(p);
}
void *three(size_t n)
{
	void *p __free(kfree) = kmalloc(n, GFP_KERNEL);

	if (fill(p))
		return NULL;
	return_ptr(p);
}
void four(size_t n) { kfree(two(n)); } // expect
void five(size_t n) { vfree(three(n)); } // expect
void six(size_t n)
{
	void *p __free(kfree) = NULL; // expect

	if (n)
		return;
	p = vmalloc(8);
}
""",
    "memory of a device": """
int probe(struct device *dev, struct dev *d)
{
	void *p = devm_kzalloc(dev, 8, GFP_KERNEL);

	if (!p)
		return -ENOMEM;
	sg_init_one(d->sg, p, 8);
	if (setup(d, p)) {
		kfree(p); // expect
		return -EIO;
	}
	devm_kfree(dev, p);
	return 0;
}
""",
    "alternatives of the configuration": """
#ifdef CONFIG_BIG
static void *get(size_t n) { return vmalloc(n); }
static void put(void *p) { vfree(p); }
#else
static void *get(size_t n) { return kmalloc(n, GFP_KERNEL); }
static void put(void *p) { kfree(p); }
#endif
void use(size_t n)
{
	void *p = get(n);

	put(p);
}
void lose(size_t n)
{
	void *p = get(n);

	kfree(p); // expect
}
""",
    "a helper that chooses by size": """
static void *get(size_t n)
{
	if (n <= PAGE_SIZE)
		return kzalloc(n, GFP_KERNEL);
	return vzalloc(n);
}
struct q { void *tab; size_t n; };
int open(struct q *q, size_t n) { q->tab = get(n); return q->tab ? 0 : -ENOMEM; }
void close(struct q *q) { if (q->tab) kfree(q->tab); } // expect
struct r { void *tab; size_t n; };
int begin(struct r *r, size_t n) { r->n = n; r->tab = get(n); return r->tab ? 0 : -ENOMEM; }
void end(struct r *r)
{
	if (r->n <= PAGE_SIZE)
		kfree(r->tab);
	else
		vfree(r->tab);
}
""",
    "later pages of a compound block": """
void tails(struct address_space *mapping, int n)
{
	struct page *block = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);

	struct page *later = block + n;

	block->mapping = mapping;
	later->mapping = mapping; // expect
}
void split(struct address_space *mapping, int n)
{
	struct page *block = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);

	struct page *later;

	split_page(block, 3); // expect
	later = block + n;
	later->mapping = mapping;
}
""",
    "sizes": """
#define ORDER 2
struct ring { unsigned long at; int order; };
void get(struct ring *r) { r->at = __get_free_pages(GFP_KERNEL, r->order); }
void put(struct ring *r) { free_pages(r->at, r->order); }
struct wheel { unsigned long at; int order; };
void turn(struct wheel *r) { r->at = __get_free_pages(GFP_KERNEL, r->order); }
void stop(struct wheel *r) { free_pages(r->at, r->order - 1); } // expect
void once(void)
{
	unsigned long p = __get_free_pages(GFP_KERNEL, ORDER);

	free_page(p); // expect
}
unsigned long grow(unsigned long old, int order)
{
	unsigned long p = __get_free_pages(GFP_KERNEL, order + 1);

	if (p && old)
		free_pages(old, order);
	return p;
}
unsigned long twice(void) { return grow(grow(0, 0), 1); }
void counted(void)
{
	int i = 0;
	unsigned long p = __get_free_pages(GFP_KERNEL, 3);

	while (more())
		i++;
	free_pages(p, i);
}
void exact(void)
{
	void *p = alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL);

	free_pages_exact(p, 3 * PAGE_SIZE - 8);
}
void parts(void)
{
	struct page *p = alloc_pages(GFP_KERNEL, 1);
	int i;

	split_page(p, 1);
	for (i = 0; i < 2; i++)
		__free_page(p + i);
}
""",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_is_followed(text: str, tmp_path: Path) -> None:
    """The marked lines are reported, and no other."""
    path = tmp_path / "text.c"
    path.write_text(text)
    options = pipeline.Options(jobs=1, cache=False, level=Level.WARNING, interpretation=Interpretation.OTTAWA)
    found = pipeline.check([path], None, options, lambda *_: None).findings
    wanted = [n for n, line in enumerate(text.split("\n"), 1) if line.endswith("// expect")]
    assert sorted({f.line for f in found}) == wanted, [f"{f.line}: {f.message}" for f in found]


def test_many_functions_behind_one_pointer(tmp_path: Path) -> None:
    """Calls and the functions behind their pointer do not multiply."""
    edges = []
    for count in (100, 200):
        path = tmp_path / f"many{count}.c"
        own = [f"static int f{n}(struct page *p) {{ get_page(p); return 0; }}" for n in range(count)]
        calls = [f"int g{n}(struct ops *o, struct page *p) {{ return o->f(p); }}" for n in range(count)]
        table = "".join(f"{{ .f = f{n} }}," for n in range(count))
        head = "struct ops { int (*f)(struct page *p); };"
        path.write_text("\n".join([head, *own, f"static struct ops t[] = {{ {table} }};", *calls]))
        options = pipeline.Options(
            jobs=1, cache=False, level=Level.NOTE, interpretation=Interpretation.OTTAWA
        )
        edges.append(pipeline.check([path], None, options, lambda *_: None).statistics.edges)
    assert edges[1] < 2.2 * edges[0]
