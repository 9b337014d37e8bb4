"""Typed allocation traces of a running kernel: how they are recorded, attributed, kept and read."""
