"""Physical memory, wherever it comes from: what the readers of dumps offer to all else."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

PAGE = 4096


class Physical(Protocol):
    """Memory by physical address."""

    @property
    def place(self) -> str:
        """The file, for messages."""
        ...

    @property
    def note(self) -> bytes:
        """The text of the VMCOREINFO that the dump carries, empty when it carries none."""
        ...

    @property
    def partial(self) -> tuple[str, ...]:
        """What the file should hold and does not, a sentence each."""
        ...

    def spans(self) -> tuple[range, ...]:
        """Physical addresses that can be read, ascending and disjoint."""
        ...

    def read(self, address: int, size: int) -> bytes | memoryview:
        """Return `size` bytes from physical `address`.

        Raises: InputError: some of them are not in the dump.
        """
        ...


def words(raw: bytes | memoryview) -> NDArray[np.uint64]:
    """Return `raw` as little-endian 64-bit words, without a copy where there need be none."""
    return np.frombuffer(raw, "<u8")
