"""What C code does: text, trees, facts, signatures."""
