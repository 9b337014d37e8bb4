// SPDX-License-Identifier: GPL-2.0-or-later
/* Owl: a network card whose receive buffers come from a page_pool. */
#include <net/page_pool.h>

struct owl_ring {
	struct page_pool *pool;
	struct page *slots[256];
	unsigned int fill;
};

int owl_refill(struct owl_ring *ring)
{
	struct page *page = page_pool_dev_alloc_pages(ring->pool);

	if (!page)
		return -12;
	ring->slots[ring->fill++ % 256] = page;
	return 0;
}

/* The pool never learns that its page went away, and keeps its DMA mapping. */
void owl_drop(struct owl_ring *ring, unsigned int slot)
{
	put_page(ring->slots[slot]); /* memdesc: expect net -> put_page */
}

void owl_recycle(struct owl_ring *ring, unsigned int slot)
{
	page_pool_put_full_page(ring->pool, ring->slots[slot], false);
}
