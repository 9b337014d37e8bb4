"""Rewrites source: pointers to struct page become pointers to the type that inference proved."""
