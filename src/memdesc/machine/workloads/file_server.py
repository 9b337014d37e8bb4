"""File server: many files read, some in sequence, some written, synced, truncated and deleted.

Half of the reads go to a tenth of the files, so that the active list has something to keep.
"""

from memdesc.machine.machine import Machine

REQUESTS = 4000
FILE_PAGES = 64


def run(machine: Machine) -> None:
    """Serve requests to some hundred files, which together are a little larger than memory."""
    cache, random = machine.cache, machine.random
    files = max(8, machine.pages // FILE_PAGES)
    with_group = machine.memcg.create("server") if machine.memcg.has_place else None
    machine.memcg.current = with_group
    for _ in range(REQUESTS):
        hot = random.random() < 0.5
        file = cache.open(random.randrange(max(1, files // 10)) if hot else random.randrange(files))
        what = random.random()
        if what < 0.4:
            cache.read(file, random.randrange(FILE_PAGES))
        elif what < 0.6:
            for index in range(FILE_PAGES):
                cache.read(file, index)
        elif what < 0.9:
            start = random.randrange(FILE_PAGES)
            for index in range(start, min(start + 4, FILE_PAGES)):
                cache.write(file, index)
        elif what < 0.95:
            cache.sync(file)
        elif what < 0.98:
            cache.truncate(file, random.randrange(FILE_PAGES))
        else:
            cache.close(file)
    machine.memcg.current = None
