/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The word ends before the count.
 * expect nothing
 */
struct page {
	unsigned long flags;
	struct address_space *mapping;
	void *freelist;
	union {
		unsigned int counters;
		struct {
			unsigned inuse : 16, objects : 15, frozen : 1;
		};
	};
	atomic_t _refcount;
};
