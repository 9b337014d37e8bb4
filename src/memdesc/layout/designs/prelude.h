/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Types of the kernel that a design may use without declaring them, in our own words and only as far as
 * their size, alignment and values matter. Sources: include/linux/types.h, include/linux/mm_types.h,
 * include/linux/spinlock_types.h (no lock debugging), include/linux/refcount.h.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef u8 __u8;
typedef u16 __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s8 __s8;
typedef s16 __s16;
typedef s32 __s32;
typedef s64 __s64;
typedef u16 __le16;
typedef u32 __le32;
typedef u64 __le64;
typedef u16 __be16;
typedef u32 __be32;
typedef u64 __be64;
typedef u8 uint8_t;
typedef u16 uint16_t;
typedef u32 uint32_t;
typedef u64 uint64_t;
typedef s8 int8_t;
typedef s16 int16_t;
typedef s32 int32_t;
typedef s64 int64_t;
typedef u64 __attribute__((aligned(8))) __aligned_u64;
#ifdef CONFIG_64BIT
typedef unsigned __int128 __attribute__((aligned(16))) u128;
typedef __int128 __attribute__((aligned(16))) s128;
#endif
typedef _Bool bool;
typedef unsigned long size_t;
typedef long ssize_t;
typedef long ptrdiff_t;
typedef unsigned long uintptr_t;
typedef long intptr_t;
typedef unsigned long pgoff_t;
typedef long long loff_t;
typedef unsigned int gfp_t;
typedef unsigned int fmode_t;
typedef unsigned short umode_t;
typedef int pid_t;

#if defined(CONFIG_64BIT) || defined(CONFIG_ARCH_DMA_ADDR_T_64BIT)
typedef u64 dma_addr_t;
#else
typedef u32 dma_addr_t;
#endif
#if defined(CONFIG_64BIT) || defined(CONFIG_PHYS_ADDR_T_64BIT)
typedef u64 phys_addr_t;
#else
typedef u32 phys_addr_t;
#endif
typedef phys_addr_t resource_size_t;

typedef struct { int counter; } atomic_t;
typedef struct { long counter; } atomic_long_t;
typedef struct { s64 __attribute__((aligned(8))) counter; } atomic64_t;
typedef struct { atomic_t refs; } refcount_t;
typedef struct { unsigned int slock; } spinlock_t;
typedef struct { unsigned int slock; } raw_spinlock_t;

struct list_head { struct list_head *next, *prev; };
struct hlist_head { struct hlist_node *first; };
struct hlist_node { struct hlist_node *next, **pprev; };
struct llist_node { struct llist_node *next; };
struct callback_head {
	struct callback_head *next;
	void (*func)(struct callback_head *head);
} __attribute__((aligned(sizeof(void *))));
/* The kernel makes rcu_head a macro for the above; designs may write either. */
struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
} __attribute__((aligned(sizeof(void *))));
struct rb_node {
	unsigned long __rb_parent_color;
	struct rb_node *rb_right, *rb_left;
} __attribute__((aligned(sizeof(long))));

typedef struct { unsigned long f; } memdesc_flags_t;
typedef struct { unsigned long val; } swp_entry_t;
typedef struct page *pgtable_t;
#ifdef CONFIG_64BIT
typedef unsigned int mm_id_t;
typedef int mm_id_mapcount_t;
#else
typedef unsigned short mm_id_t;
typedef short mm_id_mapcount_t;
#endif
