"""A census as parquet: a row for each run of page frames that are alike. docs/census.md names the columns."""

import json
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from memdesc import outlet
from memdesc.errors import InputError
from memdesc.kernel.population import ROWS, TAIL, About, Columns, Page, Zone

COLUMNS: dict[str, str] = {
    "pfn": "uint64: first page frame of the run",
    "pages": "uint32: page frames in the run",
    "kind": "string: kind of page, as in the other forms",
    "order": "uint8: order of each block in the run; null where the block began before what could be read",
    "blocks": "uint32: blocks (folios, slabs, free blocks, single pages) in the run",
    "zone": "string: zone, null unless --by zone or --by node",
    "node": "int16: node, null unless --by zone or --by node",
    "cgroup": "uint64: inode of the memory cgroup, 0 for none; null unless --by cgroup",
    "misread": "string: what the kernel reports wrongly of these pages, null when nothing",
}
"""Column -> its type, and what it holds."""


class Writer:
    """Writes chunks of a census to a parquet file, whole or not at all."""

    def __init__(self, path: Path, about: About, zones: tuple[Zone, ...]) -> None:
        """Open a file beside `path`. Raises: InputError: pyarrow is not installed, or no file can be made."""
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError:
            raise InputError("--format parquet", "needs pyarrow: pip install pyarrow") from None
        self._arrow: Any = pyarrow
        self._path = path
        self._files = ExitStack()
        self._about, self._zones = about, zones
        text = pyarrow.dictionary(pyarrow.int8(), pyarrow.string())
        types = {"uint64": pyarrow.uint64(), "uint32": pyarrow.uint32(), "uint8": pyarrow.uint8(),
                 "int16": pyarrow.int16(), "string": text}  # fmt: skip
        said = {
            "origin": about.origin, "release": about.release, "page_bytes": about.page_bytes,
            "page_struct_bytes": about.page_struct_bytes, "encoding": about.encoding,
        }  # fmt: skip
        schema = pyarrow.schema([
            pyarrow.field(name, types[says.partition(":")[0]], metadata={"says": says.partition(": ")[2]})
            for name, says in COLUMNS.items()
        ], metadata={"memdesc": json.dumps(said)})  # fmt: skip
        stream = self._files.enter_context(outlet.replacing(path))
        self._file = pyarrow.parquet.ParquetWriter(stream, schema, compression="zstd")
        self._schema = schema
        self._kinds = pyarrow.array(
            [ROWS[page].name if page in ROWS else "" for page in map(_page, range(len(Page)))]
        )

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            with self._files:
                self._file.close()
            return
        with suppress(Exception):  # what went wrong first is told
            self._file.close()
        self._files.__exit__(kind, error, trace)

    def add(self, columns: Columns) -> None:
        """Write the runs of a chunk as a row group.

        Raises: InputError: the disk is full, say.
        """
        begins = columns.order != TAIL
        begins[0] = True
        starts = np.flatnonzero(begins)
        parts = [columns.kind, columns.order, columns.zone, columns.cgroup, columns.misread]
        held = [None if part is None else part[starts] for part in parts]
        new = np.ones(len(starts), np.bool_)
        new[1:] = False
        for part in held:
            if part is not None:
                new[1:] |= part[1:] != part[:-1]
        first = np.flatnonzero(new)
        pages = np.diff(starts[first], append=len(columns.kind))
        blocks = np.diff(first, append=len(starts))
        kind, order, zone, cgroup, misread = [None if part is None else part[first] for part in held]
        assert kind is not None
        assert order is not None
        try:
            self._file.write_table(
                self._table(starts[first] + columns.first, pages, kind, order, blocks, zone, cgroup, misread)
            )
        except OSError as error:
            raise InputError(
                str(self._path), f"cannot be written: {(error.strerror or str(error)).lower()}"
            ) from None

    def _table(
        self, pfn: Any, pages: Any, kind: Any, order: Any, blocks: Any, zone: Any, cgroup: Any, misread: Any
    ) -> Any:
        arrow = self._arrow
        rows = len(pfn)

        def named(codes: Any, names: list[str], none: int) -> Any:
            if codes is None or not names:
                return arrow.nulls(rows, arrow.dictionary(arrow.int8(), arrow.string()))
            places = np.where(codes == none, 0, codes).astype(np.int8)
            return arrow.DictionaryArray.from_arrays(
                arrow.array(places, mask=codes == none), arrow.array(names), safe=False
            )

        def numbers(values: Any, type_: Any, none: Any = None) -> Any:
            if values is None:
                return arrow.nulls(rows, type_)
            return arrow.array(values, type_, mask=none)

        zones = [zone_.name for zone_ in self._zones]
        nodes = np.array([*(zone_.node for zone_ in self._zones), *[-1] * (256 - len(zones))], np.int16)
        node = None if zone is None else nodes[zone]
        return arrow.table([
            numbers(pfn.astype(np.uint64), arrow.uint64()), numbers(pages.astype(np.uint32), arrow.uint32()),
            arrow.DictionaryArray.from_arrays(arrow.array(kind.astype(np.int8)), self._kinds),
            numbers(order, arrow.uint8(), order == TAIL), numbers(blocks.astype(np.uint32), arrow.uint32()),
            named(zone, zones, 255), numbers(node, arrow.int16(), None if node is None else node < 0),
            numbers(cgroup, arrow.uint64()),
            named(None if misread is None else misread - np.uint8(1), [m.name for m in self._about.misreads], 255),
        ], schema=self._schema)  # fmt: skip


def _page(code: int) -> Page:
    return Page(code)
