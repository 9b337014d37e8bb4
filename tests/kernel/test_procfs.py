"""Files of /proc."""

from hypothesis import given
from hypothesis import strategies as st

from memdesc.kernel import procfs
from memdesc.kernel.population import Zone

SLABINFO = """\
slabinfo - version: 2.1
# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit> ...
ext4_inode_cache  400    540   1176   27    8 : tunables    0    0    0 : slabdata     20     20      0
odd name with blanks      5      7    64   64    1 : tunables    0    0    0 : slabdata      1      1      0
kmalloc-8 broken line
"""
ZONEINFO = """\
Node 0, zone      DMA
  per-node stats
      nr_inactive_anon 5
  pages free     3840
        boost    0
        spanned  4095
        present  3998
        managed  3840
  pagesets
    cpu: 0
              count:    3
              high:     0
    cpu: 1
              count:    4
  node_unreclaimable:  0
  start_pfn:           1
Node 0, zone  Movable
  pages free     0
        spanned  0
        present  0
        managed  0
Node 1, zone   Normal
        spanned  100
        present  90
        managed  80
    cpu: 0
              count:    10
  start_pfn:           4096
"""
VMALLOCINFO = """\
0x0000-0x1000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4
0x2000-0x3000    8192 acpi_os_map_iomem+0x1bc/0x1e0 phys=0xa0000 ioremap
0x3000-0x4000   20480 irq_init+0xca/0x100 vmap
0x5000-0x6000   12288 unpurged vm_area
"""


def test_slabinfo() -> None:
    """Names may hold blanks; a line that is none is left out."""
    first, second = procfs.slabinfo(SLABINFO)
    assert (first.name, first.slabs, first.order, first.objects, first.active_objects, first.object_bytes) == (
        "ext4_inode_cache", 20, 3, 540, 400, 1176,
    )  # fmt: skip
    assert (second.name, second.order) == ("odd name with blanks", 0)


def test_zoneinfo() -> None:
    """Zones without pages are left out; the lists of all CPUs are summed."""
    info = procfs.zoneinfo(ZONEINFO)
    assert info.cached_free == 17
    assert info.zones == (
        Zone(0, "DMA", 1, 4096, 3998, 3840),
        Zone(1, "Normal", 4096, 4196, 90, 80),
    )


def test_vmallocinfo() -> None:
    """Areas with pages of their own, and mappings without."""
    areas = procfs.vmallocinfo(VMALLOCINFO)
    assert [(area.caller, area.pages, area.way) for area in areas] == [
        ("kernel_clone", 4, "vmalloc"), ("acpi_os_map_iomem", 0, "ioremap"), ("irq_init", 0, "vmap"), ("", 0, ""),
    ]  # fmt: skip


def test_buddyinfo() -> None:
    """Blocks of all zones together, by order."""
    text = "Node 0, zone      DMA      0      1      2 \nNode 0, zone   Normal     10     20     30      4 \n"
    assert procfs.buddyinfo(text) == (10, 21, 32, 4)


def test_meminfo_and_vmstat() -> None:
    """Kilobytes become bytes, counts stay."""
    assert procfs.meminfo("MemTotal:  10 kB\nActive(anon): 2 kB\nHugePages_Total:   3\n") == {
        "MemTotal": 10240, "Active(anon)": 2048, "HugePages_Total": 3,
    }  # fmt: skip
    assert procfs.vmstat("nr_free_pages 12\npgfault 9\n") == {"nr_free_pages": 12, "pgfault": 9}


def test_memory_of_iomem() -> None:
    """Lines of the top level that are memory; hidden addresses are no memory."""
    text = "00000000-00000fff : Reserved\n00001000-0009fbff : System RAM\n  00001000-00002000 : Kernel code\n"
    assert procfs.system_ram(text, 4096) == (range(1, 0xA0),)
    added = text + "140000000-17fffffff : virtio0\n  140000000-147ffffff : System RAM (virtio_mem)\n"
    assert procfs.system_ram(added, 4096) == (range(1, 0xA0), range(0x140000, 0x148000))
    assert procfs.system_ram("00000000-00000000 : System RAM\n" * 3, 4096) == ()


@given(st.text())
def test_no_text_is_fatal(text: str) -> None:
    """What is not understood is left out."""
    procfs.slabinfo(text)
    procfs.zoneinfo("Node 0, zone X\n" + text)
    procfs.vmallocinfo(text)
    procfs.buddyinfo(text)
    procfs.meminfo(text)
    procfs.vmstat(text)
    procfs.system_ram(text, 4096)
