/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Before 9ddb3c14afba (5.13-rc2): a 64-bit DMA address on 32-bit machines moved the union, and lay over
 * bit 0 of compound_head: with its upper half on a big-endian machine, with bits that are 0 on the others.
 * memdesc: config ARCH_DMA_ADDR_T_64BIT=y
 * abi: powerpc
 * expect: unnamed-hole page flags
 * expect: unnamed-hole page compound_head
 * expect: tail-bit page.page_pool dma_addr
 * expect: pfmemalloc-bit page.page_pool dma_addr
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
			dma_addr_t dma_addr;
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
