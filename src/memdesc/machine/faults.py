"""How the machine says no: the errors that a script or a workload can meet."""

import errno


class KernelError(OSError):
    """An operation was refused as a kernel refuses it: `errno` is the kernel's number, args[1] says why.

    The machine is in the state that it was in before the operation, except for what reclaim freed.
    """

    def __init__(self, number: int, why: str) -> None:
        super().__init__(number, why)
        self.why = why

    def __str__(self) -> str:
        name = "EDEADLK" if self.errno == errno.EDEADLK else errno.errorcode.get(self.errno or 0, "error")
        return f"{name}: {self.why}"


class OutOfMemory(KernelError):
    """ENOMEM: reclaim found nothing more to free."""

    def __init__(self, why: str) -> None:
        super().__init__(errno.ENOMEM, why)


class Stale(ValueError):
    """A handle was used after its page was freed (or reclaimed, when no reference was held)."""
