/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * struct page in April 2021 without its page_pool arm, whose place is what is looked for. A DMA address may
 * have 64 bits on a 32-bit machine.
 * memdesc: config ARCH_DMA_ADDR_T_64BIT=y MEMCG=y
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
			unsigned long compound_head;
			unsigned char compound_dtor;
			unsigned char compound_order;
		};
		struct callback_head callback_head;
	};
	union {
		atomic_t _mapcount;
		unsigned int page_type;
	};
	atomic_t _refcount;
#ifdef CONFIG_MEMCG
	unsigned long memcg_data;
#endif
};

struct pool_page { /* memdesc: kind=net, solve, must=mappable|refcounted */
#if defined(CONFIG_AS_IT_WAS)
	dma_addr_t dma_addr; /* memdesc: at=lru.next */
#elif defined(CONFIG_FIRST_CURE)
	dma_addr_t dma_addr; /* memdesc: at=lru.prev */
#else
	unsigned long flags; /* memdesc: at=flags */
	unsigned long pp_magic; /* memdesc: at=lru.next */
	struct page_pool *pp;
	unsigned long dma_addr[2];
#endif
};
