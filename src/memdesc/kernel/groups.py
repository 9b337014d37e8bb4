"""Memory cgroups in a dump: to which one each page is charged.

Source: page_cgroup_ino(), mm/memcontrol.c; MEMCG_DATA_* bits, include/linux/memcontrol.h.
"""

from dataclasses import dataclass, field

import numpy as np

from memdesc.errors import InputError
from memdesc.kernel.decode import Descriptors
from memdesc.kernel.objects import Kernel
from memdesc.kernel.population import Words

_OBJECTS, _KMEM, _FLAGS = 1, 2, 7
_DEEPEST = 64


@dataclass(slots=True)
class Groups:
    """What charges of pages mean. names: inode number -> path, of the groups met so far."""

    kernel: Kernel
    names: dict[int, str] = field(default_factory=dict)
    _inodes: dict[int, int] = field(default_factory=dict)

    def column(self, pages: Descriptors) -> Words:
        """Return the inode number of the group that each page is charged to by its own descriptor, 0 for none."""
        word = pages.form.memcg
        if word is None:
            return np.zeros(len(pages), np.uint64)
        data = pages.column(word).astype(np.uint64)
        values, which = np.unique(data, return_inverse=True)
        return np.array([self._inode(int(each)) for each in values], np.uint64)[which]

    def _inode(self, data: int) -> int:
        # What a slab has there is a vector of its objects' groups, and a page of no group anything at all.
        if data & _OBJECTS or data >> 56 != 0xFF:
            return 0
        found = self._inodes.get(data)
        if found is None:
            try:
                found = self._read(data)
            except InputError:
                found = 0
            self._inodes[data] = found
        return found

    def _read(self, data: int) -> int:
        kernel = self.kernel
        group = data & ~_FLAGS
        if data & _KMEM:
            group = kernel.number("obj_cgroup", "memcg", group)
        online = kernel.types.enumerator("CSS_ONLINE") or 0
        state = group + kernel.offset("mem_cgroup", "css")
        for _ in range(_DEEPEST):
            if kernel.number("cgroup_subsys_state", "flags", state) & online or not online:
                break
            state = kernel.number("cgroup_subsys_state", "parent", state)
        node = kernel.number("cgroup", "kn", kernel.number("cgroup_subsys_state", "cgroup", state))
        inode = kernel.number("kernfs_node", "id", node) & 0xFFFF_FFFF_FFFF_FFFF
        self.names[inode] = self._path(node)
        return inode

    def _path(self, node: int) -> str:
        kernel = self.kernel
        parts: list[str] = []
        parent = "parent" if kernel.has("kernfs_node", "parent") else "__parent"
        for _ in range(_DEEPEST):
            above = kernel.number("kernfs_node", parent, node)
            if not above:
                break
            parts.append(kernel.text(kernel.number("kernfs_node", "name", node)))
            node = above
        return "/" + "/".join(reversed(parts))
