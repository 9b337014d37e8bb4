// SPDX-License-Identifier: GPL-2.0-or-later
/* Finch: a ring of samples that user space maps. */
#include <linux/mm.h>
#include <linux/slab.h>

struct finch {
	void *samples;
	struct page *ring;
};

int finch_open(struct finch *f)
{
	f->samples = kzalloc(PAGE_SIZE, GFP_KERNEL);
	f->ring = alloc_page(GFP_KERNEL);
	return f->samples && f->ring ? 0 : -12;
}

/* A mapped page has its ->_mapcount counted; a slab page keeps something else there. */
int finch_mmap_samples(struct finch *f, struct vm_area_struct *vma, unsigned long start)
{
	return vm_insert_page(vma, start, virt_to_page(f->samples)); /* memdesc: expect slab -> vm_insert_page */
}

int finch_mmap_ring(struct finch *f, struct vm_area_struct *vma, unsigned long start)
{
	return vm_insert_page(vma, start, f->ring);
}
