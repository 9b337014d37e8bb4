"""One module and one page a rule; found by folder."""
