/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "mm: slub: fix page->_count corruption (again)": the packed word of a slab reaches over the count
 * of references, and storing the word overwrites references that others took.
 * expect: refcount page.counters counters
 */
struct page {
	unsigned long flags;
	struct address_space *mapping;
	void *freelist;
	union {
		unsigned long counters;
		struct {
			unsigned inuse : 16, objects : 15, frozen : 1;
			atomic_t _refcount;
		};
	};
};
