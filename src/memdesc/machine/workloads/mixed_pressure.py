"""Mixed under memory pressure: processes that want more memory than there is, beside a page cache, page pools,
slabs, vmalloc areas and driver pages. Reclaim writes back and swaps; what cannot be had is done without."""

from memdesc.machine.faults import OutOfMemory
from memdesc.machine.handles import DriverPage, VmallocPage
from memdesc.machine.machine import Machine

ROUNDS = 60


def run(machine: Machine) -> None:
    """Fill memory one and a half times over, in rounds, and let everything go again."""
    random, processes = machine.random, machine.processes
    share = machine.pages * 3 // 2 // ROUNDS
    tasks = [processes.start(f"task {number}") for number in range(4)]
    cache = machine.slabs.create("mixed", 320)
    objects: list[int] = []
    areas: list[list[VmallocPage]] = []
    buffers: list[DriverPage] = []
    pool = machine.pools.create("eth0")
    packets = [machine.pools.allocate(pool) for _ in range(32)]
    refused = 0
    for number in range(ROUNDS):
        try:
            for step in range(share * 2 // 3):
                task = random.choice(tasks)
                processes.fault(task, random.randrange(share * 8), order=4 if step % 64 == 0 else 0)
            for index in range(share // 3):
                machine.cache.write(machine.cache.open(f"log {number % 5}"), number * share + index)
            objects += [machine.slabs.allocate(cache) for _ in range(40)]
            areas.append(machine.vmalloc.area(8))
            buffers.append(machine.drivers.allocate(random.randrange(3)))
            machine.pools.put(packets.pop(0))
            packets.append(machine.pools.allocate(pool))
        except OutOfMemory:
            refused += 1
            processes.exit(tasks.pop(random.randrange(len(tasks))))
            tasks.append(processes.start(f"task after {number}"))
        if len(areas) > 10:
            machine.vmalloc.free_area(areas.pop(0))
            machine.drivers.free(buffers.pop(0))
    for task in tasks:
        processes.exit(task)
    for place in objects:
        machine.slabs.free(place)
    for area in areas:
        machine.vmalloc.free_area(area)
    for buffer in buffers:
        machine.drivers.free(buffer)
    for page in packets:
        machine.pools.put(page)
    machine.pools.drain(pool)
