/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fix: two words, the lower half first, so that bit 0 of compound_head is bit 0 of a page's address.
 * memdesc: config ARCH_DMA_ADDR_T_64BIT=y
 * abi: powerpc
 * expect nothing
 */
struct page {
	unsigned long flags;
	union {
		struct {
			struct list_head lru;
			struct address_space *mapping;
			pgoff_t index;
			unsigned long private;
		};
		struct {
			unsigned long dma_addr[2];
		};
		struct {
			unsigned long compound_head;
		};
	};
	union {
		unsigned int page_type;
		atomic_t _mapcount;
	};
	atomic_t _refcount;
	unsigned long memcg_data;
};
