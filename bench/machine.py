"""How fast a machine is: page operations a second on one core, by design and by size of memory.

    python bench/machine.py [DESIGN ...]

A page operation is one call that allocates, frees, maps, unmaps, faults, reads, writes or recycles one page.
Nothing is checked, and cache lines are not counted. Seconds are of the processor, so that what else the computer
does hardly matters. Issue 6 asks for 200,000 a second on a machine of 16 GiB, whatever its size.
"""

import sys
import time
from collections.abc import Callable
from random import Random

from memdesc.layout.design import SHIPPED
from memdesc.machine import Machine

SIZES = (64 << 20, 1 << 30, 16 << 30)
KINDS = ("file", "anon", "slab", "net", "table", "driver")
COUNT = 60_000
LIVE = 4000
_random = Random(1)
WORK = [(_random.choice(KINDS), _random.random()) for _ in range(COUNT)]


def mixed(machine: Machine) -> int:
    """Allocate and free single pages of six kinds at random, some thousand of them in use."""
    live = []
    for kind, chance in WORK:
        if not live or (chance < 0.6 and len(live) < LIVE):
            live.append(machine.allocate(kind))
        else:
            index = int(chance * 1e9) % len(live)
            page, live[index] = live[index], live[-1]
            live.pop()
            machine.free(page)
    for page in live:
        machine.free(page)
    return len(WORK) + len(live)


def anonymous(machine: Machine) -> int:
    """Touch pages, touch them again, end the process."""
    process = machine.processes.start()
    for page in range(LIVE):
        machine.processes.fault(process, page)
    for page in range(LIVE):
        machine.processes.fault(process, page)
    machine.processes.exit(process)
    return 3 * LIVE


def cache(machine: Machine) -> int:
    """Read a file in pages, read them again, write them, drop them."""
    file = machine.cache.open("file")
    for index in range(LIVE - 2, 0, -2):
        machine.cache.read(file, index)
    for index in range(2, LIVE, 2):
        machine.cache.read(file, index)
    for index in range(2, LIVE, 2):
        machine.cache.write(file, index)
    machine.cache.close(file)
    return 2 * LIVE


def network(machine: Machine) -> int:
    """Receive into pages of a pool, recycled at once."""
    pool = machine.pools.create("eth0")
    for _ in range(LIVE):
        machine.pools.put(machine.pools.allocate(pool))
    machine.pools.drain(pool)
    return 2 * LIVE


def objects(machine: Machine) -> int:
    """Allocate and free slab objects."""
    slabs = machine.slabs
    kmem = slabs.create("objects", 256)
    places = [slabs.allocate(kmem) for _ in range(LIVE)]
    for place in places:
        slabs.free(place)
    return 2 * LIVE


LOADS: tuple[Callable[[Machine], int], ...] = (mixed, anonymous, cache, network, objects)


def main(designs: list[str]) -> None:
    """Print a line for each design and size."""
    print(f"{'operations a second':24}{'memory':>8}{'boot':>8}", *(f"{load.__name__:>11}" for load in LOADS))
    for design in designs:
        for size in SIZES:
            began = time.process_time()
            machine = Machine(design, size)
            boot = time.process_time() - began
            rates = []
            for load in LOADS:
                best = 0.0
                for _ in range(3):
                    began = time.process_time()
                    number = load(machine)
                    best = max(best, number / (time.process_time() - began))
                rates.append(best)
            print(
                f"{design:24}{size >> 20:>6} M{boot:>7.2f}s", *(f"{rate:>11,.0f}" for rate in rates), flush=True
            )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:] or list(SHIPPED))
