"""What holds a finding back: each doubt with a program that it keeps clean, and a bug that it must not hide.

The two differ in the evidence alone. `HELD` is reported as a note that says why, `BUG` at the default level.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings import doubts, judge
from memdesc.findings.model import Finding, Interpretation, Level

OPTIONS = pipeline.Options(1, False, Level.NOTE, Interpretation.OTTAWA)
Tree = dict[str, str]


def _found(folder: Path, files: Tree) -> tuple[Finding, ...]:
    for name, text in {
        "Makefile": "VERSION = 6\nPATCHLEVEL = 1\n",
        "include/linux/none.h": "",
        **files,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return pipeline.check([folder], folder if len(files) > 1 else None, OPTIONS, lambda *_: None).findings


_KEPT = """
struct heron { void *mem; void *more; bool big; int type; u32 flags; int err; };
"""
_TWO_TABLES = """
struct heron { void *mem; };
struct heron_ops { int (*open)(struct heron *h); void (*close)(struct heron *h); };
static int heron_get(struct heron *h) { h->mem = ioremap(4096, 64); return 0; }
static int owl_get(struct heron *h) { h->mem = kvzalloc(64, GFP_KERNEL); return 0; }
static void heron_put(struct heron *h) { kvfree(h->mem); }
static void owl_put(struct heron *h) { kvfree(h->mem); }
const struct heron_ops herons = {
	.open = heron_get,
	.close = heron_put,
};
const struct heron_ops owls = {
	.open = owl_get,
	.close = owl_put,
};
"""
_USERS = """
struct heron { struct page **pages; struct address_space *m; };
static struct address_space *heron_of(struct page *page) { return page->mapping; }
void heron_look(struct heron *h) { h->m = heron_of(h->pages[0]); }
void heron_pin(struct heron *h, unsigned long at) { pin_user_pages_fast(at, 4, FOLL_WRITE, h->pages); }
"""
_BY_SIZE = (
    _KEPT
    + """
int heron_get(struct heron *h, size_t n)
{
	if (n > 4096)
		h->mem = vmalloc(n);
	else
		h->mem = kmalloc(n, GFP_KERNEL);
	return h->mem ? 0 : -ENOMEM;
}
"""
)
_OPS = "struct owl_ops { int (*send)(void *data, int n); };\n"
_SEND = """
int owl_send(struct owl_ops *ops, int n)
{
	void *data = vmalloc(n);

	return data ? ops->send(data, n) : -ENOMEM;
}
"""


def _driver(name: str) -> str:
    return f"""
static int {name}_send(void *data, int n)
{{
	return dma_map_single(dev, data, n, DMA_TO_DEVICE);
}}
static struct owl_ops {name}_ops = {{ .send = {name}_send }};
"""


_READ = """
bool f(size_t n, struct address_space *m)
{{
	return virt_to_page(kmalloc(n, GFP_KERNEL))->{};
}}
"""

_FLAGGED = """
void f(size_t n)
{{
	bool mapped = false;
	void *p = kmalloc(n, GFP_KERNEL);

	if (!p) {{
		p = vmalloc(n);
		{}
	}}
	if (g(p))
		goto out;
	h(p);
out:
	if (!{})
		kfree(p);
}}
"""
_TWO_LOCALS = """
struct owl {{ int n; void *mem; }};
void f(void)
{{
	u32 word = 1;
	struct owl in = {{ .n = 4, .mem = &word }};
	struct owl out = {{ 4, NULL }};

	g(&in, &out);
	kfree({}.mem);
}}
"""
_TABLES = """
static int heron_open(struct inode *i, struct file *f) {{ f->private_data = kvmalloc(4, GFP_KERNEL); return 0; }}
static int heron_release(struct inode *i, struct file *f) {{ return 0; }}
static int owl_open(struct inode *i, struct file *f) {{ f->private_data = kmalloc(4, GFP_KERNEL); return 0; }}
static int owl_release(struct inode *i, struct file *f) {{ kfree(f->private_data); return 0; }}
static const struct file_operations heron_fops = {{ .open = heron_open, .release = {}, }};
static const struct file_operations owl_fops = {{ .open = owl_open, .release = {}, }};
"""
_OWN_FUNCTION = """
struct owl {{ void (*done)(struct owl *o); }};
static void heron_forget(struct owl *o) {{ }}
static void heron_free(struct owl *o) {{ kfree(o); }}
static void deliver(struct owl *o) {{ o->done(o); }}
void f(void) {{ struct owl *o = kmalloc(4, GFP_KERNEL); o->done = heron_free; deliver(o); }}
void g(void) {{ struct owl o; o.done = {}; deliver(&o); }}
"""
_TAGGED = """
struct owl {{ unsigned long word; }};
void one(struct owl *h) {{ h->word = get_zeroed_page(GFP_KERNEL); }}
void many(struct owl *h) {{ h->word = (unsigned long)h->many | 1; }}
void put(struct owl *h)
{{
	if ({})
		kmem_cache_free(cache, (void *)(h->word & ~1ul));
}}
"""
_POOL = """
struct owl {{ int n; }};
static struct owl pool[8];
static struct owl *get(int n)
{{
	struct owl *h = kmem_cache_alloc(cache, GFP_KERNEL);

	return h ? h : &pool[n];
}}
static void put(struct owl *h)
{{
	if ({})
		kmem_cache_free(cache, h);
}}
void f(int n) {{ put(get(n)); }}
"""
_CALLED_WITH = """
static int send_data(void *buf) {{ return 0; }}
static int send_other(void *buf) {{ sg_init_one(sg, buf, 4); return 0; }}
static int xmit(void *dr, void *buf)
{{
	if (dr)
		return send_data(buf);
	return send_other(buf);
}}
int f(void *cmd)
{{
	struct owl owl;
	void *dr = look(cmd);

	if (!dr)
		return -1;
	return xmit({}, &owl);
}}
"""
_LEFT = """
static void *owl_get(struct device *dev, size_t n, dma_addr_t *at)
{{
	if (!dev) {{
		*at = NOWHERE;
		return (void *)__get_free_page(GFP_KERNEL);
	}}
	return dma_alloc_coherent(dev, n, at, GFP_KERNEL);
}}
void f(struct device *dev)
{{
	dma_addr_t at = NOWHERE;
	void *p = owl_get(dev, 4, &at);

	{}sg_init_one(sg, p, 4);
}}
"""
_PER_CPU = """
static void *maps[64];
void first(void) {{ maps[boot] = memblock_alloc(4, 4); }}
void gone(unsigned int cpu)
{{
	{}kfree(maps[cpu]);
}}
"""
_TAKEN = """
struct owl {{ unsigned long word; }};
void one(struct owl *h) {{ h->word = get_zeroed_page(GFP_KERNEL); }}
void put(struct owl *h)
{{
	void *p = {};

	kmem_cache_free(cache, p);
}}
"""
_OUT = """
void f(struct page *page, void *big)
{{
	int how;
	void *p = owl_map(page, &how);

	p = how ? kmalloc(4, GFP_KERNEL) : vmalloc(4);
	g(p);
	if ({})
		kfree(p);
}}
"""
_SAME = """
static void *owl_get(int n)
{{
	if (n < limit)
		return kmalloc(n, GFP_KERNEL);
	return vmalloc(n);
}}
void f(int n)
{{
	void *p = owl_get(n);

	if ({})
		kfree(p);
}}
"""
_ASKS = """
static bool needs_copy(u8 *buf)
{{
	return ((unsigned long)buf & 3) || !{}(buf);
}}
static void io(struct owl *o, u8 *buf)
{{
	u8 *at;

	if (needs_copy(buf))
		at = o->own;
	else
		at = buf;
	sdio_writesb(o->func, 1, at, 4);
}}
void f(struct owl *o)
{{
	u8 few[4];

	io(o, few);
}}
"""
_ANSWERED = """
phys_addr_t get(unsigned int order)
{{
	if (order < MOST)
		return page_to_phys(alloc_pages(GFP_KERNEL, order));
	return 0;
}}
void put(struct device *dev, phys_addr_t at, unsigned int order)
{{
	if (!({}))
		dma_free_coherent(dev, 4, phys_to_virt(at), at);
}}
void f(struct device *dev, unsigned int order)
{{
	put(dev, get(order), order);
}}
"""
_COUNTED = """
void f(struct owl *o)
{{
	struct page *page = page_pool_dev_alloc_pages(o->pool);

	{}
	put_page(page);
}}
"""
_PARAMETER = """
struct owl {{ void *mem; }};
void f(struct owl *to)
{{
	struct owl own;

	fill(&own, 4);
	to->mem = vmap(pages, 4, 0, 0);
	sg_init_one(sg, {}, 4);
}}
"""
_HELPER = """
static void set(struct file *f, void *p) {{ f->private_data = p; }}
static int heron_open(struct inode *i, struct file *f) {{ set(f, (void *)get_zeroed_page(GFP_KERNEL)); return 0; }}
static int heron_release(struct inode *i, struct file *f) {{ return 0; }}
static int owl_open(struct inode *i, struct file *f) {{ return 0; }}
static int owl_release(struct inode *i, struct file *f) {{ kfree(f->private_data); return 0; }}
static const struct file_operations heron_fops = {{ .open = heron_open, .release = {}, }};
static const struct file_operations owl_fops = {{ .open = owl_open, .release = {}, }};
"""
_BESIDE = """
struct owl {{ void *va, *pool; }};
void keep(struct owl *o) {{ o->va = page_to_virt(dev_alloc_page()); }}
static void give(struct owl *o, void *va, bool pooled)
{{
	{}page_pool_recycle_direct(o->pool, virt_to_head_page(va));
}}
void f(struct owl *o, bool pooled) {{ give(o, o->va, pooled); }}
"""
_ESRAM = """
struct pool {{ void *base; }};
struct owl {{ struct pool pool; struct plat *plat; void *base; }};
struct plat {{ bool esram; }};
static int fill(struct pool *pool) {{ return dma_map_single(dev, pool->base, 4, DMA_TO_DEVICE); }}
int f(struct owl *o)
{{
	if (o->plat->esram)
		o->pool.base = ioremap(1, 2);
	{}
		fill(&o->pool);
	return 0;
}}
"""
_ROWS = """
struct rows {{ const void *data[3]; u16 len[3]; u8 flags[3]; }};
static int send(struct rows *rows)
{{
	int i;

	for (i = 0; i < 3; i++) {{
		if (!(rows->flags[i] & (SEND_MAPPED | SEND_COPY)))
			continue;
		dma_map_single(dev, rows->data[i], rows->len[i], DMA_TO_DEVICE);
	}}
	return 0;
}}
int f(void)
{{
	struct rows rows = {{}};
	u32 word = 3;

	rows.data[0] = &word;
	{}
	return send(&rows);
}}
"""
_PLACED = """
struct owl {{ struct page *one, *other, **all; }};
void f(struct owl *o)
{{
	void *p;

	o->one = alloc_page(GFP_KERNEL);
	p = page_address(o->one);
	g(o);
	if ({})
		h(vmalloc_to_page(p));
}}
"""
_LARGE = """
static int prepare(void *base)
{{
	if (WARN_ON(is_vmalloc_addr(base)))
		return -EINVAL;
	return 0;
}}
int f(void) {{ return prepare({}); }}
"""
_DIRECTION = """
static int xmit(void *buf, struct owl *way)
{{
	if (!way)
		sg_init_one(sg, buf, 4);
	return 0;
}}
int f(struct owl *owl)
{{
	u8 few[4];

	return xmit(few, {});
}}
"""
_KEYED = """
struct kept {{ void *data; }};
static void owl_set(struct kept *all, int type, void *data) {{ all[type].data = data; }}
static void *owl_get(struct kept *all, int type) {{ return all[type].data; }}
void f(struct kept *all) {{ owl_set(all, OWL_ONE, vmalloc(4)); }}
void g(struct kept *all) {{ kfree(owl_get(all, {})); }}
"""
_LONG_WAY = """
struct a {{ void *one; }};
struct b {{ void *two; }};
struct c {{ void *three; }};
void f(struct a *a) {{ a->one = vmalloc(4); }}
void g(struct a *a, struct b *b) {{ b->two = a->one; }}
void h(struct b *b, struct c *c) {{ c->three = b->two; }}
struct holder {{ struct b b; struct c c; }};
void i(struct holder *held) {{ sg_init_one(sg, held->{}, 4); }}
"""
_OWN_WORD = """
void keep(struct page *page, void *next) {{ {} }}
void *f(void)
{{
	return virt_to_page(get_zeroed_page(GFP_KERNEL))->freelist;
}}
"""
_SPI = """
int f(struct spi_device *spi)
{{
	u8 block[64];

	return {}(spi, block, 64);
}}
"""
_SPI_CORE = "void spi_map_buf(void *b) { if (is_vmalloc_addr(b)) g(vmalloc_to_page(b)); }\n"
_ARM64 = "config ARM64\n\tdef_bool y\n\tselect HAVE_ARCH_VMAP_STACK\n"
_ARCH = {"arch/arm64/none.c": ""}

_REPLACED = """
static void set(void *value)
{{
	void *first = value;

	convert(&value);
	if ({})
		kfree(value);
}}
void f(void) {{ set(vmalloc(4)); }}
"""
_EMBEDDED = """
struct owl {{ int n; char name[16]; }};
struct node {{ const char *name; }};
static struct node *node_alloc(const char *name)
{{
	struct node *n = kmalloc(sizeof(*n), GFP_KERNEL);

	n->name = name;
	return n;
}}
struct node *head(struct owl *o) {{ return node_alloc({}); }}
struct node *other(const char *s) {{ return node_alloc(kstrdup(s, GFP_KERNEL)); }}
void destroy(struct node *n) {{ kfree(n->name); }}
void f(size_t n) {{ head(kvzalloc(n, GFP_KERNEL)); }}
"""
_SANE = """
static bool sane(u8 *buf)
{{
	if (((unsigned long)buf & 3) || !{}(buf))
		return false;
	return true;
}}
static void io(struct owl *o, u8 *buf)
{{
	if (sane(buf))
		sdio_writesb(o->func, 1, buf, 4);
}}
void f(struct owl *o)
{{
	u8 few[4];

	io(o, few);
}}
"""
_HUGE = """
static void set_active(struct page *page)
{{
	VM_BUG_ON_PAGE(!PageHuge(page), page);
	g(page);
}}
void f(struct address_space *mapping)
{{
	struct page *page = {};

	set_active(page);
}}
"""
_FREED = "void f(unsigned long pfn) {{ struct page *page = {}; __free_page(page); }}\n"
_FREED_FROM_LIST = """
void f(unsigned long start)
{
	struct page *pages[1];

	get_user_pages_fast(start, 1, 0, pages);
	__free_page(pages[0]);
}
"""
_ZONE = "void *f(unsigned long n) {{ struct page *page = {}; return page->zone_device_data; }}\n"
_TAILS = """
void f(int n)
{{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);

	page += n;
	if (page->mapping != {})
		g(page);
}}
"""

_TWO_IMPLEMENTATIONS = """
#include <linux/sec.h>
static struct ctx one = {{ 1 }};
static struct ctx *null_get(void) {{ return &one; }}
static void null_put(struct ctx *c) {{ }}
{}
static struct sec_ops null_ops = {{ .get = null_get, .put = {}, }};
"""
_SEC = "struct ctx { int n; };\nstruct sec_ops { struct ctx *(*get)(void); void (*put)(struct ctx *c); };\n"
_SEC_CORE = "#include <linux/sec.h>\nvoid f(struct sec_ops *ops) { ops->put(ops->get()); }\n"
_HUGE_ENTRY = """
static bool isolate(struct page *page)
{{
	VM_BUG_ON_PAGE(!PageHead(page), page);
	return g(page);
}}
void f(pte_t *pte)
{{
	struct page *page = pte_page(huge_ptep_get(pte));

	{}
}}
"""
_PLAIN = """
#include <linux/sec.h>
static struct ctx *plain_get(void) { return kmalloc(4, GFP_KERNEL); }
static void plain_put(struct ctx *c) { kfree(c); }
static struct sec_ops plain_ops = { .get = plain_get, .put = plain_put };
"""

_COMPOUND_DEVICES = "VERSION = 5\nPATCHLEVEL = 17\n"
"""The version whose pfn_to_page() may give a tail of device memory."""
_ONE_CONSTANT = """
struct heron {{ void *mem; int type; }};
void get(struct heron *h)
{{
	if (h->type == HERON_BIG)
		h->mem = vmalloc(4);
}}
void map(struct heron *h)
{{
	if (h->type == {})
		sg_init_one(sg, h->mem, 4);
}}
"""
_MAPPING_AT = """
static pgoff_t at(struct page *page) {{ return page->mapping->x; }}
static pgoff_t through(struct page *page) {{ return at(page); }}
pgoff_t f(unsigned long pfn) {{ return {}(pfn_to_page(pfn)); }}
"""
_MINE = """
pgoff_t f(unsigned long pfn)
{{
	struct page *page = pfn_to_page(pfn);

	if ({})
		return page->mapping->x;
	return 0;
}}
"""
_PACKET = """
static void mark(struct sk_buff *skb) {{ skb_mark_for_recycle(skb); }}
void f(struct owl *o)
{{
	struct sk_buff *skb = __netdev_alloc_skb(o->dev, 64, GFP_ATOMIC);
	struct page *page = page_pool_alloc_pages(o->pool, GFP_ATOMIC);

	{}(skb);
	skb_add_rx_frag(skb, 0, page, 0, 0, PAGE_SIZE);
}}
"""
_GROWN = """
void f(void)
{{
	char few[4];
	char *p = few;

	{};
	kfree(p);
}}
"""
_SEND_PRIVATE = _TABLES.replace("kfree(f->private_data)", "sg_init_one(sg, f->private_data, 4)")
_OTHER_USE = """
void heron_map(struct heron *h)
{
	if (small(h))
		sg_init_one(sg, h->mem, 4);
}
void heron_pages(struct heron *h)
{
	if (!small(h))
		%s
}
"""
_AT_OR_OWN = """
struct heron {{ void *mem; }};
void heron_get(struct heron *h, size_t n, size_t at)
{{
	if (n > limit)
		h->mem = vmalloc(n){};
	else
		h->mem = kmalloc(n, GFP_KERNEL);
}}
void heron_put(struct heron *h) {{ kfree(h->mem); }}
"""
_MADE = """
struct heron {{ struct page *table; }};
int heron_get(struct heron *h)
{{
	struct page *page = alloc_page(GFP_KERNEL);

	h->table = page;
	return {}(page);
}}
void heron_put(struct heron *h) {{ pgtable_pte_page_dtor(h->table); }}
"""
_ENTRY = """
static void use(unsigned long pfn) {{ get_page(pfn_to_page(pfn)); }}
static void through(unsigned long pfn) {{ use(pfn); }}
void f(struct vm_area_struct *vma, unsigned long at)
{{
	unsigned long pfn;

	if (!follow_pfn(vma, at, &pfn))
		{}(pfn);
}}
"""
_WRITTEN = """
void f(unsigned long n)
{{
	struct page *page = {};

	page->index = n;
}}
"""

_FLAGGED_OWNER = """
struct entry {{ void *mem; }};
struct owl {{ struct entry *all; bool big; }};
void get(struct owl *o)
{{
	o->all[0].mem = vmalloc(4);
	o->{} = true;
}}
static void put_one(struct entry *e) {{ kfree(e->mem); }}
static void put_all(struct owl *o) {{ put_one(&o->all[0]); }}
void put(struct owl *o)
{{
	if (o->big)
		return;
	put_all(o);
}}
"""

_ASSERTED_HERE = """
void f(unsigned long pfn)
{{
	struct page *page = {};

	WARN_ON(!is_device_private_page(page));
	g(page);
}}
"""

_PGMAP = """
void *f(unsigned long pfn)
{{
	struct page *page = {};

	return page_pgmap(page)->owner;
}}
"""
_LOCATED = """
struct loc {{ void *vaddr; }};
struct nat {{ struct loc loc[2]; int last; }};
void get(struct nat *n, bool sram)
{{
	struct loc *l;

	if (sram) {{
		l = &n->loc[IN_SRAM];
		l->vaddr = ioremap(1, 2);
	}} else {{
		l = &n->loc[IN_DDR];
		l->vaddr = dma_alloc_coherent(dev, 4, &at, GFP_KERNEL);
	}}
}}
int map(struct nat *n, struct vm_area_struct *vma)
{{
	int which = n->last;
	struct loc *l = &n->loc[which];

	if (!l->vaddr)
		return -1;
	if ({})
		return dma_mmap_coherent(dev, vma, l->vaddr, at, 4);
	return 0;
}}
"""
_BY_VALUE = """
struct range {{ int len; u8 *data; }};
int read_one(struct file *f, int n)
{{
	struct range tmp = {{ .len = 8192 }};

	tmp.data = (u8 *)__get_free_pages(GFP_NOFS, get_order(tmp.len));
	return read_block(f, n, {});
}}
int init_new(size_t n)
{{
	struct range raw = {{}};

	raw = copy_of(n);
	kfree(raw.data);
	return 0;
}}
"""
_ANY_KERNEL = """
void *f(struct page *other, int n)
{{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);

	page += n;
	lock_page(page);
	return {}(other);
}}
"""

CASES: dict[str, tuple[str, Tree, Tree]] = {
    "a function for device memory alone, of what may be such": (
        "gives such memory seldom",
        {"a.c": _PGMAP.format("migrate_pfn_to_page(pfn)"), "Makefile": "VERSION = 6\nPATCHLEVEL = 13\n"},
        {"a.c": _PGMAP.format("alloc_page(GFP_KERNEL)"), "Makefile": "VERSION = 6\nPATCHLEVEL = 13\n"},
    ),
    "asserted to be of a device where it was looked up": (
        "an assertion is by one who knows which",
        {"a.c": _ASSERTED_HERE.format("migrate_pfn_to_page(pfn)")},
        {"a.c": _ASSERTED_HERE.format("alloc_page(GFP_KERNEL)")},
    ),
    "a flag of an object around it is set where it was obtained": (
        "is set where it was obtained",
        {"a.c": _FLAGGED_OWNER.format("big")},
        {"a.c": _FLAGGED_OWNER.format("done")},
    ),
    "under one constant put, under another used": (
        "what is compared with one constant",
        {"a.c": _ONE_CONSTANT.format("HERON_SMALL")},
        {"a.c": _ONE_CONSTANT.format("HERON_BIG")},
    ),
    "a frame number that may lead to a tail, two calls away": (
        "may give anything",
        {"a.c": _MAPPING_AT.format("through"), "Makefile": _COMPOUND_DEVICES},
        {"a.c": _MAPPING_AT.format("at"), "Makefile": _COMPOUND_DEVICES},
    ),
    "a test of its own of what a frame number leads to": (
        "a test on the way may tell",
        {"a.c": _MINE.format("mine(page)"), "Makefile": _COMPOUND_DEVICES},
        {"a.c": _MINE.format("page"), "Makefile": _COMPOUND_DEVICES},
    ),
    "what may be a tail is freed": (
        "whoever frees it says that it is none",
        {"a.c": _FREED.format("pte_page(pfn)")},
        {"a.c": _FREED.format("find_get_page(mapping, pfn)")},
    ),
    "a packet that a caller has marked": (
        "may have marked it",
        {"a.c": _PACKET.format("mark")},
        {"a.c": _PACKET.format("look")},
    ),
    "an address that was handed out by reference": (
        "handed out by reference",
        {"a.c": _GROWN.format("grow(&p)")},
        {"a.c": _GROWN.format("grow(p)")},
    ),
    "a use in another table of functions": (
        "stand in two tables of functions",
        {"a.c": _SEND_PRIVATE.format("heron_release", "owl_release")},
        {"a.c": _SEND_PRIVATE.format("owl_release", "heron_release")},
    ),
    "a use that is for the other memory": (
        "vmalloc_to_page() is for the other kind",
        {"a.c": _BY_SIZE + _OTHER_USE % "g(vmalloc_to_page(h->mem));"},
        {"a.c": _BY_SIZE + _OTHER_USE % "g(h->mem);"},
    ),
    "a flag of the object before a use": (
        "'heron.big' may decide what is kept there",
        {
            "a.c": _BY_SIZE
            + "void f(struct heron *h)\n{\n\tif (!h->big)\n\t\tsg_init_one(sg, h->mem, 4);\n}\n"
        },
        {"a.c": _BY_SIZE + "void f(struct heron *h)\n{\n\tif (h->mem)\n\t\tsg_init_one(sg, h->mem, 4);\n}\n"},
    ),
    "a place within, put by the function that puts memory of its own": (
        "it is a place within that memory",
        {"a.c": _AT_OR_OWN.format(" + at")},
        {"a.c": _AT_OR_OWN.format("")},
    ),
    "made what is wanted by the function that obtained it": (
        "makes it what is wanted",
        {"a.c": _MADE.format("pgtable_pte_page_ctor")},
        {"a.c": _MADE.format("look")},
    ),
    "mapped by number, two calls away": (
        "a reference may be taken",
        {"a.c": _ENTRY.format("through")},
        {"a.c": _ENTRY.format("use")},
    ),
    "a word is written of what may be a tail": (
        "whoever writes a word",
        {"a.c": _WRITTEN.format("pte_page(n)")},
        {"a.c": _WRITTEN.format("virt_to_page(kmalloc(n, GFP_KERNEL))")},
    ),
    "two implementations of a table in two files": (
        "are of two tables of functions",
        {
            "include/linux/sec.h": _SEC,
            "net/core.c": _SEC_CORE,
            "net/plain.c": _PLAIN,
            "net/null.c": _TWO_IMPLEMENTATIONS.format("", "null_put"),
        },
        {
            "include/linux/sec.h": _SEC,
            "net/core.c": _SEC_CORE,
            "net/null.c": _TWO_IMPLEMENTATIONS.format(
                "static void null_free(struct ctx *c) { kfree(c); }", "null_free"
            ),
        },
    ),
    "asserted to be a head by one who takes it from an entry": (
        "an assertion is by one who knows which",
        {"a.c": _HUGE_ENTRY.format("isolate(page);")},
        {"a.c": _HUGE_ENTRY.format("SetPageError(page);")},
    ),
    "a flag of the same element that nobody sets": (
        "'flags' is asked of the same element, and f() does not set it",
        {"a.c": _ROWS.format("rows.len[0] = 4;")},
        {"a.c": _ROWS.format("rows.flags[0] = SEND_MAPPED;")},
    ),
    "compared with what the variable held before": (
        "'value==first' asks whether it was replaced",
        {"a.c": _REPLACED.format("value != first")},
        {"a.c": _REPLACED.format("value != NULL")},
    ),
    "an array in a struct is no memory of its own": (
        "it is a place within that memory",
        {"a.c": _EMBEDDED.format("o->name")},
        {"a.c": _EMBEDDED.format("(char *)o")},
    ),
    "a folder with several implementations": (
        "may lead to 4 functions",
        {
            "include/linux/owl.h": _OPS,
            "mm/owl.c": _SEND,
            **{f"{n}/{n[-1]}.c": _driver(n[-1]) for n in ("mm/a", "mm/b", "drivers/c", "drivers/d")},
        }
        | {"mm/a.c": _driver("a"), "mm/b.c": _driver("b"), "mm/a/a.c": "", "mm/b/b.c": ""},
        {
            "include/linux/owl.h": _OPS,
            "mm/owl.c": _SEND,
            "mm/a.c": _driver("a"),
            **{f"drivers/{n}/{n}.c": _driver(n) for n in "bcd"},
        },
    ),
    "a function of its own refuses what does not pass a test": (
        "sane() asks virt_addr_valid() of it",
        {"a.c": _SANE.format("virt_addr_valid")},
        {"a.c": _SANE.format("aligned")},
    ),
    "asserted to be special by one who gets it from a mapping": (
        "an assertion is by one who knows which",
        {"a.c": _HUGE.format("find_lock_page(mapping, 4)")},
        {"a.c": _HUGE.format("alloc_page(GFP_KERNEL)")},
    ),
    "freed by one who found it, and may have allocated it": (
        "gives such memory seldom",
        {"a.c": _FREED.format("migrate_pfn_to_page(pfn)")},
        {"a.c": _FREED.format("find_get_page(mapping, pfn)")},
    ),
    "freed by one who found it; who fills a list with a user's pages frees none of them": (
        "gives such memory seldom",
        {"a.c": _FREED.format("migrate_pfn_to_page(pfn)")},
        {"a.c": _FREED_FROM_LIST},
    ),
    "a word of device memory of what may be a tail": (
        "only device memory keeps",
        {"a.c": _ZONE.format("pfn_to_page(n)"), "Makefile": "VERSION = 5\nPATCHLEVEL = 17\n"},
        {"a.c": _ZONE.format("virt_to_page(kmalloc(n, GFP_KERNEL))")},
    ),
    "compared with what such a page keeps there": (
        "only compared with a value of its own",
        {"a.c": _TAILS.format("TAIL_MAPPING")},
        {"a.c": _TAILS.format("NULL")},
    ),
    "a flag of the object may tell how it was allocated": (
        "'heron.big' may decide",
        {"a.c": _BY_SIZE + "void heron_put(struct heron *h)\n{\n\tif (!h->big)\n\t\tkfree(h->mem);\n}\n"},
        {"a.c": _BY_SIZE + "void heron_put(struct heron *h)\n{\n\tif (h->mem)\n\t\tkfree(h->mem);\n}\n"},
    ),
    "a call failed: that says nothing of the memory": (
        "'heron.flags&HERON_BIG' may decide",
        {
            "a.c": _BY_SIZE
            + "void heron_put(struct heron *h)\n{\n\tif (!(h->flags & HERON_BIG))\n\t\tkfree(h->mem);\n}\n"
        },
        {
            "a.c": _BY_SIZE
            + "void heron_put(struct heron *h)\n{\n\tint err = g();\n\n\tif (err)\n\t\tkfree(h->mem);\n}\n"
        },
    ),
    "one member compared with two constants": (
        "compared with one constant",
        {
            "a.c": _KEPT
            + """
void heron_get(struct heron *h)
{
	switch (h->type) {
	case HERON_BIG:
		h->mem = vmalloc(4);
		break;
	case HERON_SMALL:
		h->mem = kmalloc(4, GFP_KERNEL);
	}
}
void heron_put(struct heron *h)
{
	if (h->type == HERON_SMALL)
		kfree(h->mem);
}
"""
        },
        {
            "a.c": _KEPT
            + """
void heron_get(struct heron *h)
{
	switch (h->type) {
	case HERON_BIG:
		h->mem = vmalloc(4);
		break;
	case HERON_SMALL:
		h->mem = kmalloc(4, GFP_KERNEL);
	}
}
void heron_put(struct heron *h)
{
	if (h->type == HERON_BIG)
		kfree(h->mem);
}
"""
        },
    ),
    "another function puts other memory in the same place": (
        "another function puts memory that may be freed so",
        {
            "a.c": _KEPT
            + """
void heron_big(struct heron *h) { h->mem = vmalloc(4); }
void heron_small(struct heron *h) { h->mem = kmalloc(4, GFP_KERNEL); }
void heron_put(struct heron *h) { kfree(h->mem); }
"""
        },
        {
            "a.c": _KEPT
            + """
void heron_big(struct heron *h) { h->mem = vmalloc(4); }
void heron_put(struct heron *h) { kfree(h->mem); }
"""
        },
    ),
    "another free of what is kept there": (
        "vfree() frees the other kind",
        {
            "a.c": _BY_SIZE
            + """
void heron_put(struct heron *h) { kfree(h->mem); }
void heron_put_big(struct heron *h) { vfree(h->mem); }
"""
        },
        {
            "a.c": _BY_SIZE
            + """
void heron_put(struct heron *h) { kfree(h->mem); }
void heron_put_either(struct heron *h) { kvfree(h->mem); }
"""
        },
    ),
    "a table that many fill": (
        "the call through owl_ops.send may lead to 4 functions",
        {
            "include/linux/owl.h": _OPS,
            "lib/owl.c": _SEND,
            **{f"drivers/{n}/{n}.c": _driver(n) for n in "abcd"},
        },
        {"include/linux/owl.h": _OPS, "lib/owl.c": _SEND, **{f"drivers/{n}/{n}.c": _driver(n) for n in "ab"}},
    ),
    "a member is only compared with another pointer": (
        "only compared with a value of its own",
        {"a.c": _READ.format("mapping == m")},
        {"a.c": _READ.format("mapping == NULL")},
    ),
    "whoever calls asks another member": (
        "whoever calls the function asks",
        {
            "a.c": _KEPT
            + """
void heron_get(struct heron *h) { h->mem = vmalloc(4); }
static void heron_map(struct heron *h) { sg_init_one(sg, h->mem, 4); }
void heron_go(struct heron *h)
{
	if (h->type != HERON_BIG)
		heron_map(h);
}
"""
        },
        {
            "a.c": _KEPT
            + """
void heron_get(struct heron *h) { h->mem = vmalloc(4); }
static void heron_map(struct heron *h) { sg_init_one(sg, h->mem, 4); }
void heron_go(struct heron *h)
{
	if (h->mem)
		heron_map(h);
}
"""
        },
    ),
    "whoever calls could not fill another member": (
        "whoever calls the function asks",
        {
            "a.c": _KEPT
            + """
static void heron_put(struct heron *h) { kfree(h->mem); }
int heron_get(struct heron *h)
{
	h->mem = vmalloc(4);
	if (h->more)
		return 0;
	heron_put(h);
	return -ENOMEM;
}
"""
        },
        {
            "a.c": _KEPT
            + """
static void heron_put(struct heron *h) { kfree(h->mem); }
int heron_get(struct heron *h)
{
	h->mem = vmalloc(4);
	h->more = kmalloc(4, GFP_KERNEL);
	if (h->more)
		return 0;
	heron_put(h);
	return -ENOMEM;
}
"""
        },
    ),
    "the functions of one table": (
        "another function puts memory that may be freed so",
        {"a.c": _TWO_TABLES.replace(".close = heron_put", ".close = NULL")},
        {"a.c": _TWO_TABLES},
    ),
    "a user's pages, and others in the same array": (
        "gives such memory seldom",
        {
            "a.c": _USERS
            + "void heron_read(struct heron *h) { h->pages[0] = read_cache_page(h->m, 0, f, h); }\n"
        },
        {"a.c": _USERS},
    ),
    "a page found by number may be anything, two calls away": (
        "may give anything",
        {
            "a.c": """
static pgoff_t at(struct page *page) { return page->mapping->x; }
static pgoff_t through(struct page *page) { return at(page); }
pgoff_t f(unsigned long pfn) { return through(pfn_to_online_page(pfn)); }
"""
        },
        {
            "a.c": """
pgoff_t f(unsigned long pfn)
{
	struct page *page = pfn_to_online_page(pfn);

	return page ? page->mapping->x : 0;
}
"""
        },
    ),
    "a reference may be taken on the way": (
        "a reference may be taken",
        {
            "a.c": """
static void use(struct folio *folio) { folio_wait_writeback(folio); }
static void through(struct folio *folio) { use(folio); }
void f(struct vm_area_struct *vma, unsigned long a) { through(page_folio(follow_page(vma, a, 0))); }
"""
        },
        {
            "a.c": """
void f(struct vm_area_struct *vma, unsigned long a)
{
	folio_wait_writeback(page_folio(follow_page(vma, a, 0)));
}
"""
        },
    ),
    "memory of a driver in the code of an architecture": (
        "may not be of a driver for that architecture",
        {
            "include/linux/flush.h": "void flush_one(void *p);\n",
            "arch/arm64/mm/flush.c": "void flush_one(void *p) { g(virt_to_phys(p)); }\n",
            "drivers/a/a.c": "void f(void) { flush_one(vmalloc(4)); }\n",
        },
        {
            "include/linux/flush.h": "void flush_one(void *p);\n",
            "mm/flush.c": "void flush_one(void *p) { g(virt_to_phys(p)); }\n",
            "drivers/a/a.c": "void f(void) { flush_one(vmalloc(4)); }\n",
        },
    ),
    "a per-CPU variable of what is built in": (
        "lie in the linear map on most machines",
        {
            "arch/powerpc/perf/a.c": "static DEFINE_PER_CPU(struct owl, owl);\n"
            "void f(void) { g(virt_to_phys(this_cpu_ptr(&owl))); }\n",
        },
        {
            "drivers/perf/a.c": "static DEFINE_PER_CPU(struct owl, owl);\n"
            "void f(void) { g(virt_to_phys(this_cpu_ptr(&owl))); }\n",
        },
    ),
    "a member that all of the kernel uses": (
        "kept in a member that many use",
        {
            "include/linux/common.h": "struct common { void *data; };\n",
            "drivers/a/a.c": """
void put(struct common *c) { c->data = vmalloc(4); }
void use(struct common *c) { sg_init_one(sg, c->data, 4); }
""",
        },
        {
            "drivers/a/own.h": "struct common { void *data; };\n",
            "drivers/a/a.c": """
void put(struct common *c) { c->data = vmalloc(4); }
void use(struct common *c) { sg_init_one(sg, c->data, 4); }
""",
        },
    ),
    "managed memory, where another function puts plain memory": (
        "another function puts memory that may be freed so",
        {
            "a.c": _KEPT
            + """
void heron_probe(struct heron *h) { h->mem = devm_kzalloc(h->dev, 4, GFP_KERNEL); }
void heron_attach(struct heron *h) { h->mem = kzalloc(4, GFP_KERNEL); }
void heron_put(struct heron *h) { kfree(h->mem); }
"""
        },
        {
            "a.c": _KEPT
            + """
void heron_probe(struct heron *h) { h->mem = devm_kzalloc(h->dev, 4, GFP_KERNEL); }
void heron_again(struct heron *h) { h->mem = devm_kmalloc(h->dev, 4, GFP_KERNEL); }
void heron_put(struct heron *h) { kfree(h->mem); }
"""
        },
    ),
    "a place within other memory": (
        "it is a place within that memory",
        {
            "a.c": _KEPT
            + """
void heron_at(struct heron *h, size_t n, size_t at) { h->mem = vmalloc(n) + at; }
void heron_own(struct heron *h) { h->mem = kmalloc(4, GFP_KERNEL); if (h->flags) h->mem = vmalloc(3); }
void heron_put(struct heron *h) { kfree(h->mem); }
""".replace(" if (h->flags) h->mem = vmalloc(3);", "")
        },
        {
            "a.c": _KEPT
            + """
void heron_own(struct heron *h, size_t n)
{
	h->mem = kmalloc(n, GFP_KERNEL);
	if (!h->mem)
		h->mem = vmalloc(n);
}
void heron_put(struct heron *h) { kfree(h->mem); }
"""
        },
    ),
    "a local that only constants are given": (
        "'mapped' may decide",
        {"a.c": _FLAGGED.format("mapped = true;", "mapped")},
        {"a.c": _FLAGGED.format("mapped = g();", "mapped")},
    ),
    "another local of the same struct": (
        "it was put into 'in', and what is used is of 'out'",
        {"a.c": _TWO_LOCALS.format("out")},
        {"a.c": _TWO_LOCALS.format("in")},
    ),
    "two tables of functions": (
        "stand in two tables of functions",
        {"a.c": _TABLES.format("heron_release", "owl_release")},
        {"a.c": _TABLES.format("owl_release", "heron_release")},
    ),
    "whoever made the object put another function there": (
        "whoever made it put heron_forget() into 'done'",
        {"a.c": _OWN_FUNCTION.format("heron_forget")},
        {"a.c": _OWN_FUNCTION.format("heron_free")},
    ),
    "a bit of the pointer": (
        "asks for a bit of the pointer",
        {"a.c": _TAGGED.format("h->word & 1")},
        {"a.c": _TAGGED.format("h->word")},
    ),
    "where the address lies": (
        "asks where it lies",
        {"a.c": _POOL.format("h < pool || h >= pool + 8")},
        {"a.c": _POOL.format("h")},
    ),
    "another element of the array": (
        "which is another element",
        {"a.c": 'void f(void)\n{\n\tchar *ids[] = { NULL, "default" };\n\n\tg(ids);\n\tkfree(ids[0]);\n}\n'},
        {"a.c": 'void f(void)\n{\n\tchar *ids[] = { NULL, "default" };\n\n\tg(ids);\n\tkfree(ids[1]);\n}\n'},
    ),
    "sent by the SPI core": (
        "the SPI core maps it page by page",
        {
            "a.c": _SPI.format("spi_write"),
            "drivers/spi/spi.c": _SPI_CORE,
            "arch/arm64/Kconfig": _ARM64,
            **_ARCH,
        },
        {"a.c": _SPI.format("spi_write"), "drivers/spi/spi.c": "", "arch/arm64/Kconfig": _ARM64, **_ARCH},
    ),
    "received by the SPI core": (
        "the SPI core maps it page by page",
        {
            "a.c": _SPI.format("spi_write"),
            "drivers/spi/spi.c": _SPI_CORE,
            "arch/arm64/Kconfig": _ARM64,
            **_ARCH,
        },
        {
            "a.c": _SPI.format("spi_read"),
            "drivers/spi/spi.c": _SPI_CORE,
            "arch/arm64/Kconfig": _ARM64,
            **_ARCH,
        },
    ),
    "a call that gives a parameter otherwise": (
        "xmit() is called with a 'dr' there",
        {"a.c": _CALLED_WITH.format("dr")},
        {"a.c": _CALLED_WITH.format("NULL")},
    ),
    "what the function that gave it left in a variable": (
        "asks what was left there",
        {"a.c": _LEFT.format("if (at == NOWHERE)\n\t\t")},
        {"a.c": _LEFT.format("")},
    ),
    "an element whose index is said to be another": (
        "which is another element",
        {"a.c": _PER_CPU.format("if (cpu == boot)\n\t\treturn;\n\t")},
        {"a.c": _PER_CPU.format("")},
    ),
    "a bit is taken off where it is read": (
        "a bit is taken off",
        {"a.c": _TAKEN.format("(void *)(h->word & ~OWL_MANY)")},
        {"a.c": _TAKEN.format("(void *)(h->word)")},
    ),
    "what a call left in a local": (
        "'how==1' may decide",
        {"a.c": _OUT.format("how == 1")},
        {"a.c": _OUT.format("p")},
    ),
    "another function asks the same": (
        "'n < limit' may decide",
        {"a.c": _SAME.format("n < limit")},
        {"a.c": _SAME.format("p")},
    ),
    "a few bytes received by the SPI core": (
        "it holds 4 bytes",
        {
            "a.c": _SPI.format("spi_read").replace("64", "4"),
            "drivers/spi/spi.c": _SPI_CORE,
            "arch/arm64/Kconfig": _ARM64,
            **_ARCH,
        },
        {
            "a.c": _SPI.format("spi_read").replace("64", "16"),
            "drivers/spi/spi.c": _SPI_CORE,
            "arch/arm64/Kconfig": _ARM64,
            **_ARCH,
        },
    ),
    "a function of its own asks a test that tells": (
        "needs_copy() asks virt_addr_valid() of it",
        {"a.c": _ASKS.format("virt_addr_valid")},
        {"a.c": _ASKS.format("aligned")},
    ),
    "a question that was answered otherwise": (
        "'order<MOST' was answered otherwise",
        {"a.c": _ANSWERED.format("order < MOST")},
        {"a.c": _ANSWERED.format("order < LEAST")},
    ),
    "a reference of its own is put": (
        "takes a reference of its own",
        {"a.c": _COUNTED.format("get_page(page);")},
        {"a.c": _COUNTED.format("look(page);")},
    ),
    "the pointer that is filled is a parameter": (
        "it was put into 'to', and what is used is of 'own'",
        {"a.c": _PARAMETER.format("own.mem")},
        {"a.c": _PARAMETER.format("to->mem")},
    ),
    "a helper of one table, a user of another": (
        "stand in two tables of functions",
        {"a.c": _HELPER.format("heron_release", "owl_release")},
        {"a.c": _HELPER.format("owl_release", "heron_release")},
    ),
    "a flag that a function gets beside a page": (
        "'pooled' may say that it is of the pool",
        {"a.c": _BESIDE.format("if (pooled)\n\t\t")},
        {"a.c": _BESIDE.format("")},
    ),
    "called only where other memory was obtained": (
        "only where other memory was obtained",
        {"a.c": _ESRAM.format("else")},
        {"a.c": _ESRAM.format("if (o->pool.base)").replace("o->plat->esram", "!o->pool.base")},
    ),
    "the address of the member it was put into is compared": (
        "asks whether it is what lies in 'o->one'",
        {"a.c": _PLACED.format("o->all != &o->one")},
        {"a.c": _PLACED.format("o->all != &o->other")},
    ),
    "asserted of what may be large": (
        "only for what is large",
        {"a.c": _LARGE.format("kvmalloc(4, GFP_KERNEL)")},
        {"a.c": _LARGE.format("vmalloc(4)")},
    ),
    "a call that gives an address where none is wanted": (
        "xmit() is called with a 'way' there",
        {"a.c": _DIRECTION.format("&owl->way")},
        {"a.c": _DIRECTION.format("owl")},
    ),
    "kept under a constant, got under another": (
        "it was put there as OWL_ONE, and what is used was got as OWL_TWO",
        {"a.c": _KEYED.format("OWL_TWO")},
        {"a.c": _KEYED.format("OWL_ONE")},
    ),
    "a long way": (
        "it is a long way through calls and members",
        {"a.c": _LONG_WAY.format("c.three")},
        {"a.c": _LONG_WAY.format("b.two")},
    ),
    "what only older kernels ask for, where a later function is called": (
        "which have no page_pgmap()",
        {"a.c": _ANY_KERNEL.format("page_pgmap"), "Makefile": "obj-m += a.o\n"},
        {"a.c": _ANY_KERNEL.format("g"), "Makefile": "obj-m += a.o\n"},
    ),
    "an element to which a local leads": (
        "it was put into loc[IN_SRAM], which is another element than loc[which]",
        {"a.c": _LOCATED.format("which == IN_DDR")},
        {"a.c": _LOCATED.format("which == IN_SRAM")},
    ),
    "a struct on the stack to which no pointer leads": (
        "it was put into 'tmp' of read_one(), and no pointer leads there",
        {"a.c": _BY_VALUE.format("tmp")},
        {"a.c": _BY_VALUE.format("&tmp")},
    ),
    "a word that the file writes itself": (
        "keeps something of its own in 'freelist'",
        {"a.c": _OWN_WORD.format("page->freelist = next;")},
        {"a.c": _OWN_WORD.format("look(page, next);")},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_held_back(tmp_path: Path, name: str) -> None:
    """With the evidence it is a note that tells it, and nothing more than a note."""
    says, held, _ = CASES[name]
    found = _found(tmp_path, held)
    assert [f for f in found if f.level > Level.NOTE] == []
    assert [f for f in found if says in f.message], [f.message for f in found]


@pytest.mark.parametrize("name", CASES)
def test_not_hidden(tmp_path: Path, name: str) -> None:
    """Without the evidence it is reported."""
    _, _, bug = CASES[name]
    found = _found(tmp_path, bug)
    assert [f for f in found if f.level > Level.NOTE], [f.message for f in found]


def _names(folder: Path, files: Tree, monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """Return the doubts that hold of each finding of a program."""
    asked: list[set[str]] = []

    def every(reasons: Iterable[tuple[str, str]]) -> tuple[str, str]:
        names = list(dict.fromkeys(name for name, _ in reasons))
        asked.append(set(names))
        return (names[0], "doubted") if names else ("", "")

    with monkeypatch.context() as patch:
        patch.setattr(judge, "weighed", every)
        _found(folder, files)
    return asked


def test_each_doubt_keeps_a_program_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each doubt there is a program that it alone keeps clean, and that is reported when it is switched off."""
    alone: dict[str, str] = {}
    for number, name in enumerate(CASES):
        for held in _names(tmp_path / str(number), CASES[name][1], monkeypatch):
            if len(held) == 1:
                alone.setdefault(next(iter(held)), name)
    assert set(alone) == set(doubts.DOUBTS)
    for number, (doubt, name) in enumerate(alone.items()):
        with monkeypatch.context() as patch:
            patch.setattr(doubts, "OFF", {doubt})
            found = _found(tmp_path / f"off{number}", CASES[name][1])
        assert [f for f in found if f.level > Level.NOTE], (doubt, name)


def test_a_doubt_hides_no_other_way(tmp_path: Path) -> None:
    """Where the nearest memory is held back, memory from elsewhere that comes to the same use is reported."""
    both = _CALLED_WITH.format("dr") + "int g(void)\n{\n\tstruct owl owl;\n\n\treturn xmit(NULL, &owl);\n}\n"
    found = _found(tmp_path, {"a.c": both})
    assert [f.trace[0].function for f in found if f.level > Level.NOTE] == ["g"]


POOL = """
void give(struct owl *o) {{ o->va = page_to_virt(dev_alloc_page()); }}
void take(struct owl *o)
{{
	struct page *page = virt_to_head_page(o->va);

	if (o->pooled)
		page_pool_put_full_page(o->pool, page, false);
	{}
}}
"""


@pytest.mark.parametrize(("other", "count"), [("else\n\t\tput_page(page);", 0), ("", 1)])
def test_a_page_is_of_a_pool_or_not(tmp_path: Path, other: str, count: int) -> None:
    """Who puts a page either way knows which it has."""
    found = _found(tmp_path, {"a.c": "struct owl { void *va, *pool; bool pooled; };" + POOL.format(other)})
    assert len([f for f in found if f.rule == "page-of-no-pool"]) == count


SIZED = """
void f(struct usb_device *u, char *rows)
{{
	int n = {};
	char *buf = usb_alloc_coherent(u, 64, GFP_KERNEL, &dma);

	{}
	usb_free_coherent(u, n, buf, dma);
}}
"""


@pytest.mark.parametrize("change", ["rows[n++] = 1;", "n += 64;", "n++;", "n = g();"])
def test_what_changed_is_no_constant(tmp_path: Path, change: str) -> None:
    """A local is compared by its first value only where it keeps it."""
    assert _found(tmp_path, {"a.c": SIZED.format(0, change)}) == ()
    assert len(_found(tmp_path, {"a.c": SIZED.format(0, "g(n);")})) == 1


@pytest.mark.parametrize(("test", "count"), [("if (!virt_addr_valid(p))\n\t\treturn;", 0), ("", 1)])
def test_an_address_that_was_found_linear(tmp_path: Path, test: str, count: int) -> None:
    """What a mapping of zsmalloc gives may lie in the linear map, and virt_addr_valid() tells."""
    text = f"""
void f(struct zpool *pool, struct entry *entry)
{{
	struct scatterlist sg;
	u8 *p;

	p = zpool_map_handle(pool, entry->handle, ZPOOL_MM_RO);
	{test}
	sg_init_one(&sg, p, 4);
}}
"""
    files = {"Makefile": "VERSION = 6\nPATCHLEVEL = 12\n", "a.c": text}
    assert len(_found(tmp_path, files)) == count


ALTERNATIVES = """
static struct page *zero;
void f(void)
{
	ASSERT3U(nents, ==, count);
#if defined(OWL_OWN_ZERO)
	zero = alloc_page(GFP_KERNEL);
#else
	zero = ZERO_PAGE(0);
#endif
}
void g(void)
{
	ASSERT3P(zero, !=, NULL);
#if %s
	__free_page(zero);
#endif
}
"""


@pytest.mark.parametrize(("condition", "count"), [("defined(OWL_OWN_ZERO)", 0), ("defined(OWL_LATE)", 1)])
def test_alternatives_beside_an_operator_as_an_argument(tmp_path: Path, condition: str, count: int) -> None:
    """What a macro is given there does not hide what #if asks."""
    assert len(_found(tmp_path, {"a.c": ALTERNATIVES % condition})) == count


POINTER_OR_ARRAY = """
#ifdef OWL_DYNAMIC
static struct owl *table;
#else
static struct owl table[16];
#endif
void put(void) {{ {} }}
"""


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (POINTER_OR_ARRAY.format("vfree(table);"), 0),
        (POINTER_OR_ARRAY.format("vfree(table);").replace("*table", "table[8]"), 1),
    ],
)
def test_a_global_that_one_branch_declares_as_a_pointer(tmp_path: Path, text: str, count: int) -> None:
    """What #if makes a pointer or an array is freed only where it is a pointer."""
    assert len(_found(tmp_path, {"a.c": text})) == count


@pytest.mark.parametrize(("mark", "count"), [("__ClearPageReserved(p);", 0), ("look(p);", 1)])
def test_reserved_memory_that_is_given_to_the_page_allocator(tmp_path: Path, mark: str, count: int) -> None:
    """Who takes the mark off a page of memblock gives it to the page allocator with its next reference."""
    text = f"""
static void *map;
void owl_map(int nid) {{ map = memblock_alloc_node(4096, 0, nid); }}
void owl_unmap(void)
{{
	struct page *p = virt_to_page(map);

	{mark}
	__free_pages(p, 0);
}}
"""
    assert len([f for f in _found(tmp_path, {"a.c": text}) if f.level > Level.NOTE]) == count


EITHER = """
void f(struct owl *o, int n)
{
	void *old = o->mem;

	o->mem = kmalloc(n, GFP_KERNEL);
	if (*o->in_slab)
		kfree(old);
	else
		%s
}
"""


@pytest.mark.parametrize(
    ("other", "count"),
    [("__free_page(virt_to_page(old));", 0), ("__free_page(virt_to_page(o->mem));", 1)],
)
def test_another_view_of_the_same(tmp_path: Path, other: str, count: int) -> None:
    """Who frees a pointer one way or the other knows which it has, also where the other way takes its address."""
    text = "struct owl { void *mem; bool *in_slab; };" + EITHER % other
    assert len(_found(tmp_path, {"a.c": text})) == count


def test_a_bit_of_a_word_of_something_else(tmp_path: Path) -> None:
    """To ask a bit of a word that the memory keeps something else in is the mistake, and no reason for it."""
    text = (
        "void f(void)\n{\n\tvoid *word = virt_to_page(kmalloc(4, GFP_KERNEL))->mapping;\n\n"
        "\tif ((unsigned long)word & 0x1UL)\n\t\tg(word);\n}\n"
    )
    (found,) = _found(tmp_path, {"a.c": text})
    assert (found.rule, found.level) == ("foreign-member", Level.ERROR)
