"""BTF made by hand, for tests of what reads it."""

import struct


class Builder:
    """Writes BTF: types are numbered from 1 in the order in which they are added."""

    def __init__(self, end: str = "<") -> None:
        self.end, self.types, self.count = end, b"", 0
        self.strings = b"\0"

    def name(self, text: str) -> int:
        if not text:
            return 0
        at = len(self.strings)
        self.strings += text.encode() + b"\0"
        return at

    def add(
        self, kind: int, name: str, size: int, words: tuple[int, ...] = (), vlen: int = 0, flag: int = 0
    ) -> int:
        info = flag << 31 | kind << 24 | vlen
        self.types += struct.pack(f"{self.end}{3 + len(words)}I", self.name(name), info, size, *words)
        self.count += 1
        return self.count

    def integer(self, name: str, size: int, signed: bool = False, bits: int = 0) -> int:
        return self.add(1, name, size, (signed << 24 | (bits or size * 8),))

    def record(
        self, kind: int, name: str, size: int, members: list[tuple[str, int, int]], flag: int = 0
    ) -> int:
        words = [w for m, t, at in members for w in (self.name(m), t, at)]
        return self.add(kind, name, size, tuple(words), len(members), flag)

    def bytes(self) -> bytes:
        head = struct.pack(
            f"{self.end}HBBIIIII", 0xEB9F, 1, 0, 24, 0, len(self.types), len(self.types), len(self.strings)
        )
        return head + self.types + self.strings
