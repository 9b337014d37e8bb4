"""Typed memory descriptors for Linux: layouts, a whole-kernel checker, a census of real memory."""

__version__ = "0.1.0"
