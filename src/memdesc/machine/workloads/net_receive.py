"""Network receive with zero-copy: a driver's page pool; packets are mapped to the reader where the design allows
it, and copied where it does not; pages come back to the pool."""

from memdesc.machine.faults import KernelError
from memdesc.machine.handles import NetPage
from memdesc.machine.machine import Machine

PACKETS = 6000
RING = 256


def run(machine: Machine) -> None:
    """Receive packets into a ring of pages; one reader maps them, another copies into memory of its own."""
    pools, processes, random = machine.pools, machine.processes, machine.random
    pool = pools.create("eth0")
    reader = processes.start("reader")
    ring = [pools.allocate(pool) for _ in range(RING)]
    mapped: list[tuple[int, NetPage]] = []
    next_page = 0
    for number in range(PACKETS):
        page = ring[number % RING]
        zero_copy = random.random() < 0.5
        if zero_copy:
            try:
                processes.insert(reader, 1 << 20 | next_page, page)
                mapped.append((1 << 20 | next_page, page))
                next_page += 1
            except KernelError:
                zero_copy = False  # the design does not let net pages be mapped
        if not zero_copy:
            processes.fault(reader, random.randrange(64))
        pools.put(page)  # recycled, unless the reader still has it
        ring[number % RING] = pools.allocate(pool)
        while len(mapped) > 64:
            where, _ = mapped.pop(0)
            processes.unmap(reader, where)
    processes.exit(reader)
    for page in ring:
        pools.put(page)
    pools.drain(pool)
