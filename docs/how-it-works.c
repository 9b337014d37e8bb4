struct finch { struct page *head; };

static __must_check struct page *finch_page(void *buf)
{
	return virt_to_page(buf);
}

void finch_open(struct finch *f)
{
	void *buf = kmalloc(64, GFP_KERNEL);

	f->head = finch_page(buf);
}

void finch_borrow(struct finch *f, void *mine)
{
	get_page(finch_page(mine));
}

void finch_close(struct finch *f)
{
	if (!PageSlab(f->head))
		put_page(f->head);
	put_page(f->head);
}
