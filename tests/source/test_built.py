"""What Makefiles and Kconfig files say a file is built for."""

import pytest

from memdesc.source.built import Built

_TREE = {
    "arch/arm64/Kconfig": "config ARM64\n\tdef_bool y\n",
    "arch/powerpc/Kconfig": 'config PPC\n\tbool\n\tdefault y\nsource "arch/powerpc/platforms/Kconfig"\n',
    "arch/powerpc/platforms/Kconfig": "config PPC_PS3\n\tbool 'ps3'\n\tdepends on PPC\nconfig OWL_BUS\n\tbool\n",
    "arch/um/Kconfig": "config UML\n\tbool\n\tdefault y\nconfig OWL_BUS\n\tdef_bool PCI\n",
    "lib/Kconfig": "config OWL_BUS\n\tbool\n",
    "drivers/Makefile": "obj-$(CONFIG_HERON) += heron/\nobj-y += owl/\n",
    "drivers/Kconfig": 'source "drivers/heron/Kconfig"\n',
    "drivers/owl/Makefile": "obj-$(CONFIG_OWL_A) += a.o\nobj-$(CONFIG_OWL_B) += big.o\nbig-y := b1.o \\\n\tb2.o\n"
    "big-$(CONFIG_OWL_C) += c.o\nobj-y += always.o\nobj-$(CONFIG_OWL_D) += d.o\nobj-$(CONFIG_OWL_E) += e.o\n"
    "obj-$(CONFIG_OWL_BUS) += bus.o\nobj-$(CONFIG_OWL_F) += f.o\n",
    "drivers/owl/Kconfig": """
menu "owls"
	depends on !UML
config OWL_A
	tristate "a"
	depends on PPC_PS3 || COMPILE_TEST
	help
		An owl.
		depends on nothing
config OWL_B
	bool "b"
endmenu
if ARM64
config OWL_C
	bool "c"
endif
config OWL_D
	tristate "d"
	depends on OWL_A && MYSTERY
config OWL_E
	tristate "e"
	depends on (PPC_PS3 && ARM64) || HERON = y
config OWL_F
	tristate "f"
	depends on OWL_F || OWL_D = m
""",
    "drivers/heron/Makefile": "obj-m += x.o\n",
    "drivers/heron/Kconfig": "menuconfig HERON\n\ttristate 'h'\n\tdepends on ARM64\n",
}
_ALL = frozenset(("arm64", "powerpc", "um"))


def _built(tree: dict[str, str] = _TREE) -> Built:
    return Built(lambda path: tree.get(path, "").encode(), tuple(sorted(_ALL)))


@pytest.mark.parametrize(
    ("file", "architectures", "module"),
    [
        ("drivers/owl/a.c", {"powerpc"}, True),
        ("drivers/owl/b2.c", {"arm64", "powerpc"}, False),
        ("drivers/owl/c.c", {"arm64"}, False),
        ("drivers/owl/d.c", {"powerpc"}, True),
        ("drivers/owl/bus.c", _ALL, False),
        ("drivers/owl/always.c", _ALL, False),
        ("drivers/owl/unknown.c", _ALL, True),
        ("drivers/heron/x.c", {"arm64"}, True),
        ("mm/none.c", _ALL, True),
        ("/elsewhere/module.c", _ALL, True),
        ("include/linux/none.h", _ALL, True),
    ],
)
def test_where(file: str, architectures: set[str], module: bool) -> None:
    """By the options of the object, of what it is a part of, and of its folder; what nothing tells is possible."""
    built = _built()
    assert built.architectures(file) == architectures
    assert built.module(file) is module


def test_no_end() -> None:
    """Options that depend on themselves, and folders that include each other, are possible and come to an end."""
    assert _built().architectures("drivers/owl/f.c") == _ALL
    tree = {
        "drivers/a/Makefile": "obj-$(CONFIG_A) += a.o\na-y += a.o\nb-y += a.o\na-y += b.o\n",
        "drivers/a/Kconfig": 'source "drivers/a/Kconfig"\nconfig A\n\tbool\n\tdepends on ((((A && !!!B\n',
    }
    assert _built(tree).architectures("drivers/a/a.c") == _ALL


@pytest.mark.parametrize(
    "junk", ["config", "if\nendif\nendif", "depends on", "config A\n\tdepends on (((", "source"]
)
def test_junk(junk: str) -> None:
    """What is no Kconfig file tells nothing."""
    tree = {"drivers/a/Makefile": "obj-$(CONFIG_A) += a.o\n", "drivers/a/Kconfig": junk}
    assert _built(tree).architectures("drivers/a/a.c") == _ALL


@pytest.mark.parametrize(
    ("file", "options"),
    [
        ("fs/foo/dir.c", {"FOO_FS", "ODD_FILESYSTEMS", "BLOCK", "CRC"}),
        ("fs/foo/xattr.c", {"FOO_FS", "FOO_XATTR", "ODD_FILESYSTEMS", "BLOCK", "CRC"}),
        ("fs/foo/none.c", set()),
        ("mm/always.c", set()),
    ],
)
def test_options(file: str, options: set[str]) -> None:
    """What a configuration needs for a file to be built; where there is a choice it is not made."""
    tree = {
        "mm/Makefile": "obj-y += always.o\n",
        "fs/Makefile": "obj-$(CONFIG_FOO_FS) += foo/\n",
        "fs/Kconfig": 'if BLOCK\nendif\nif ODD_FILESYSTEMS\nsource "fs/foo/Kconfig"\nendif\n',
        "fs/foo/Makefile": "obj-$(CONFIG_FOO_FS) += foo.o\nfoo-y := dir.o\nfoo-$(CONFIG_FOO_XATTR) += xattr.o\n",
        "fs/foo/Kconfig": "config FOO_FS\n\ttristate 'foo'\n\tdepends on BLOCK && CRC\n\tdepends on A || !B\n"
        "config FOO_XATTR\n\tbool 'x'\n\tdepends on FOO_FS\n",
    }
    assert _built(tree).options(file) == options
