// SPDX-License-Identifier: GPL-2.0-or-later
/* Heron: a cipher engine that is fed scatterlists. */
#include <linux/scatterlist.h>
#include <linux/slab.h>

struct heron_request {
	struct scatterlist sg;
	void *table;
	void *key;
};

int heron_init(struct heron_request *req, size_t size)
{
	req->table = vmalloc(size);
	req->key = kmalloc(32, GFP_KERNEL);
	return req->table && req->key ? 0 : -12;
}

/* A scatterlist holds pages of the linear map; a vmalloc() address has none there. */
void heron_load_table(struct heron_request *req, size_t size)
{
	sg_init_one(&req->sg, req->table, size); /* memdesc: expect vmalloc -> sg_init_one */
}

void heron_load_first_page(struct heron_request *req)
{
	sg_init_table(&req->sg, 1);
	sg_set_page(&req->sg, vmalloc_to_page(req->table), PAGE_SIZE, 0);
}

void heron_load_key(struct heron_request *req)
{
	sg_init_one(&req->sg, req->key, 32);
}

/* What vmalloc() gave, vfree() takes. */
void heron_exit(struct heron_request *req)
{
	kfree(req->key);
	kfree(req->table); /* memdesc: expect vmalloc -> kfree */
}

void heron_exit_paired(struct heron_request *req)
{
	kfree(req->key);
	vfree(req->table);
}
