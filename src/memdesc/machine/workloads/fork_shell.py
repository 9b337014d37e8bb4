"""Fork-heavy shell: a shell that forks for every command; children touch little of what they share, map the
program's file, allocate some memory of their own, and end."""

from memdesc.machine.machine import Machine

COMMANDS = 300
SHELL_PAGES = 200
PROGRAM_PAGES = 32


def run(machine: Machine) -> None:
    """Run commands one after another, with up to eight in the background."""
    processes, random = machine.processes, machine.random
    shell = processes.start("shell")
    for page in range(SHELL_PAGES):
        processes.fault(shell, page)
    background = []
    for number in range(COMMANDS):
        child = processes.fork(shell, f"command {number}")
        for _ in range(20):
            processes.fault(child, random.randrange(SHELL_PAGES))
        program = machine.cache.open(f"/bin/program{random.randrange(12)}")
        processes.map_file(child, program, 4096, 0, PROGRAM_PAGES)
        for _ in range(10):
            processes.fault_file(child, 4096 + random.randrange(PROGRAM_PAGES))
        for page in range(random.randrange(60)):
            processes.fault(child, 8192 + page)
        processes.fault(shell, random.randrange(SHELL_PAGES))
        background.append(child)
        if len(background) > 8 or random.random() < 0.6:
            processes.exit(background.pop(random.randrange(len(background))))
    for child in background:
        processes.exit(child)
    processes.exit(shell)
