/* Iterator macros: a statement that starts with a call. A line marked "loop" holds one. */
struct herd {
	struct list_head members;
	unsigned int count;
};

int herd_count(struct herd *herd, struct page *first)
{
	struct animal *animal, *next;
	int n = 0;

	list_for_each_entry(animal, &herd->members, node) { /* loop */
		if (!animal_is_fit(animal))
			continue;
		n++;
	}
	list_for_each_entry_safe(animal, next, &herd->members, node) /* loop */
		list_del(&animal->node);
	for_each_set_bit(n, herd->bits, 64) /* loop */
		if (n > 3)
			break;
	hlist_for_each_entry_rcu(animal, &herd->table[hash(n)], link, /* loop */
				 lockdep_is_held(&herd->lock)) {
		put_page(virt_to_page(animal));
	}
	scoped_guard(spinlock_irq, &herd->lock) /* loop */
		++herd->count;
	my_for_loop(n = 0; n < 4; n++) {
		get_page(first);
	}
	fancy_each(struct animal *, a, herd) { /* loop */
		feed(a);
	}
	endless_thing() { /* loop */
		feed(animal);
	}
	xas_for_each(&xas, first, max) /* loop */
		*first = *xas_next(&xas);
	return n;
}

int herd_walk(struct herd *herd)
{
	/* a function of such a name, called */
	idr_for_each(&herd->idr, herd_free_one, NULL);
	return bus_for_each_dev(&herd_bus, NULL, herd, herd_free_one);
}

/* items
 * struct herd
 * function herd_count
 * function herd_walk
 */
