"""Exit statuses of every command."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """What a command's exit status says; the values are part of the interface."""

    CLEAN = 0
    """It ran, and nothing was found."""
    FOUND = 1
    """It ran, and found something."""
    FAILED = 2
    """It could not run."""
    INTERRUPTED = 130
    """SIGINT stopped it."""
    TERMINATED = 143
    """SIGTERM stopped it."""
    PIPE_CLOSED = 141
    """Whoever read its output went away, as a C program killed by SIGPIPE would say it."""
