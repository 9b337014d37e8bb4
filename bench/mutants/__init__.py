"""Wrong programs made out of right ones: what `bench/mutate.py` plants, and where."""
