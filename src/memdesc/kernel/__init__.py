"""Real memory, live or from a dump: what each page is, typed handles of pages, the census."""
