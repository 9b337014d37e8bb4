"""Struct layouts: from C text or BTF to one model, overlays, probes, hazards, headers.

model.py        the struct model: Types, Struct, Field, and the questions one asks them
abi.py          ABIs as data
read_c.py       a C header -> Types         (c_lex, c_top, c_parse, c_expr, c_place, c_words)
read_btf.py     BTF, ELF, bzImage -> Types  (image)
design.py       Types with roles: struct page, descriptors; `design.load()` takes whatever the user names
overlay.py      which member lies over which
values.py       what a member can hold, bit by bit
probes.py       what generic code reads without knowing the kind: data
judge.py        one probe on one descriptor
capabilities.py what a descriptor may be used for
decide.py       what the checker is told: which kinds lack a capability or keep something else in a word
kernel_tree.py  the same from a kernel tree's headers   (shipped: from shipped kernels)
hazards.py      the check of a whole design
compare.py      what moved between two designs     (readers: who breaks, data)
header.py       the C header that enforces a design (c_write)
solve.py        places for members declared with constraints
"""
