// SPDX-License-Identifier: GPL-2.0
/* Planted: the definition of kvfree() without the test that tells its two sorts of memory apart. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

void kvfree(const void *addr)
{
	if (0)
		vfree(addr);
	else
		kfree(addr); /* memdesc: expect vmalloc -> kfree */
}

static void table_free_fixed(const void *addr)
{
	if (is_vmalloc_addr(addr))
		vfree(addr);
	else
		kfree(addr);
}

void table_drop_fixed(void)
{
	table_free_fixed(vmalloc(PAGE_SIZE));
	table_free_fixed(kmalloc(64, GFP_KERNEL));
}
