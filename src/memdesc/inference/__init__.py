"""What the facts mean: which kinds arrive where, and what is demanded there."""
