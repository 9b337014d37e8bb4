"""The layouts for a dump: from the BTF that the dumped kernel carries in its memory, or from a file of its own.

A file is checked against the dump: by build ids, and where it has none (bare BTF) by the bytes in the dump.
"""

from pathlib import Path

from memdesc.errors import InputError
from memdesc.kernel.kallsyms import Symbols
from memdesc.kernel.paging import Paging
from memdesc.kernel.vmcoreinfo import Vmcoreinfo
from memdesc.layout.image import Image, open_image
from memdesc.layout.read_btf import BtfTypes

_X86_64 = 62
_MOST_BTF_BYTES = 256 << 20


def types_of(
    path: str | Path | None, paging: Paging, symbols: Symbols, info: Vmcoreinfo
) -> tuple[BtfTypes, str]:
    """Return the types of the kernel in a dump, and where they come from, a phrase.

    path: vmlinuz, vmlinux or BTF; None for the BTF in the dump itself.
    Raises: InputError: it cannot be read, is of another kernel, or there is no BTF in the dump.
    """
    place = paging.memory.place
    try:
        inside, why = _in_memory(paging, symbols), ""
    except InputError as error:
        inside, why = b"", error.why
    if path is None:
        if not inside:
            raise InputError(place, f"{why}; give the kernel's vmlinuz or BTF with --kernel")
        return BtfTypes(Image(inside, _X86_64, 8), place), "the BTF in the dump"
    image = open_image(path)
    if image.build_id and info.build_id and image.build_id != info.build_id:
        raise InputError(
            str(path),
            f"is another kernel than the dump's ({info.release}): build id {image.build_id[:16]}..., "
            f"the dump says {info.build_id[:16]}...",
        )
    if not image.build_id and inside and image.btf[: len(inside)] != inside:
        raise InputError(str(path), f"is the BTF of another kernel than the dump's ({info.release})")
    types = BtfTypes(Image(image.btf, image.machine or _X86_64, 8), str(path))
    _agree(types, info, str(path))
    return types, f"{path}"


def _in_memory(paging: Paging, symbols: Symbols) -> bytes:
    found = symbols.find(("__start_BTF", "__stop_BTF"))
    if len(found) < 2:
        why = f" ({symbols.why})" if symbols.why else ""
        raise InputError(paging.memory.place, f"does not say where its kernel keeps BTF{why}")
    size = found["__stop_BTF"] - found["__start_BTF"]
    if not 0 < size <= _MOST_BTF_BYTES:
        raise InputError(paging.memory.place, "holds a kernel without BTF")
    return paging.read(found["__start_BTF"], size)


def _agree(types: BtfTypes, info: Vmcoreinfo, path: str) -> None:
    """Refuse types that contradict what VMCOREINFO says of the dump's kernel."""
    for name, size in info.sizes.items():
        found = types.find(name)
        if found is not None and found.members and found.size != size:
            raise InputError(
                path,
                f"is of another kernel than the dump's ({info.release}): struct {name} has {found.size} bytes "
                f"there, {size} in the dump",
            )
    for name, offset in info.offsets.items():
        struct, _, member = name.partition(".")
        found = types.find(struct)
        field = found.find(member) if found is not None else None
        if field is not None and field.offset != offset:
            raise InputError(
                path,
                f"is of another kernel than the dump's ({info.release}): {name} lies at byte {field.offset} there, "
                f"at {offset} in the dump",
            )
