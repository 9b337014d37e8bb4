"""Slab storm: caches of several sizes, charged and not, with bursts of allocations and frees in random order, so
that slabs move between the allocating CPU, its own list and the node's list."""

from memdesc.machine.machine import Machine

BURSTS = 300
SIZES = {"dentry": 192, "inode": 600, "filp": 256, "anon_vma": 104, "buffer": 1024}


def run(machine: Machine) -> None:
    """Allocate and free in bursts; now and then shrink a cache."""
    slabs, random = machine.slabs, machine.random
    caches = {
        name: slabs.create(name, size, accounted=name in ("dentry", "inode")) for name, size in SIZES.items()
    }
    live: dict[str, list[int]] = {name: [] for name in SIZES}
    for _ in range(BURSTS):
        name = random.choice(list(SIZES))
        objects = live[name]
        for _ in range(random.randrange(20, 120)):
            objects.append(slabs.allocate(caches[name]))
        random.shuffle(objects)
        for _ in range(random.randrange(len(objects))):
            slabs.free(objects.pop())
        if random.random() < 0.05:
            slabs.shrink(caches[name])
    for objects in live.values():
        for place in objects:
            slabs.free(place)
    for cache in caches.values():
        slabs.shrink(cache)
