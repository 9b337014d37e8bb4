// Device memory, memory before the allocators, per-cpu memory. Notation: docs/signatures.md

// source: include/asm-generic/io.h, include/linux/io.h, lib/devres.c, drivers/pci/iomap.c, lib/pci_iomap.c
void *ioremap(phys_addr_t phys_addr, size_t size) /* gives io */;
void *ioremap_nocache(phys_addr_t phys_addr, size_t size) /* gives io */; // until: 5.6
void *ioremap_wc(phys_addr_t phys_addr, size_t size) /* gives io */;
void *ioremap_wt(phys_addr_t phys_addr, size_t size) /* gives io */;
void *ioremap_np(phys_addr_t phys_addr, size_t size) /* gives io */;
void *ioremap_uc(phys_addr_t phys_addr, size_t size) /* gives io */;
void *ioremap_cache(phys_addr_t phys_addr, size_t size) /* gives io */;
void *ioremap_prot(phys_addr_t phys_addr, size_t size, unsigned long prot) /* gives io */;
void *devm_ioremap(struct device *dev, resource_size_t offset, resource_size_t size) /* gives io */;
void *devm_ioremap_wc(struct device *dev, resource_size_t offset, resource_size_t size) /* gives io */;
void *devm_ioremap_uc(struct device *dev, resource_size_t offset, resource_size_t size) /* gives io */;
void *devm_ioremap_resource(struct device *dev, const struct resource *res) /* gives io */;
void *devm_ioremap_resource_wc(struct device *dev, const struct resource *res) /* gives io */;
void *devm_platform_ioremap_resource(struct platform_device *pdev, unsigned int index) /* gives io */;
void *devm_platform_ioremap_resource_byname(struct platform_device *pdev, const char *name) /* gives io */;
void *devm_platform_get_and_ioremap_resource(struct platform_device *pdev, unsigned int index, struct resource **res) /* gives io */;
void *pci_iomap(struct pci_dev *dev, int bar, unsigned long max) /* gives io */;
void *pci_iomap_range(struct pci_dev *dev, int bar, unsigned long offset, unsigned long maxlen) /* gives io */;
void *pci_ioremap_bar(struct pci_dev *pdev, int bar) /* gives io */;
void *pci_ioremap_wc_bar(struct pci_dev *pdev, int bar) /* gives io */;
void *pcim_iomap(struct pci_dev *pdev, int bar, unsigned long maxlen) /* gives io */;
void *of_iomap(struct device_node *device, int index) /* gives io */;
void *of_io_request_and_map(struct device_node *device, int index, const char *name) /* gives io */;
void *early_ioremap(resource_size_t phys_addr, unsigned long size) /* gives io */;
void *acpi_os_ioremap(acpi_physical_address phys, acpi_size size) /* gives io */;
void iounmap(volatile void *addr /* frees io-memory */);
void devm_iounmap(struct device *dev, void *addr /* frees io-memory */);
void pci_iounmap(struct pci_dev *dev, void *addr /* frees io-memory */);
void pcim_iounmap(struct pci_dev *pdev, void *addr /* frees io-memory */);
void early_iounmap(void *addr /* frees io-memory */, unsigned long size);

// source: mm/memblock.c, include/linux/memblock.h
void *memblock_alloc(phys_addr_t size, phys_addr_t align) /* gives reserved */;
void *memblock_alloc_raw(phys_addr_t size, phys_addr_t align) /* gives reserved */;
void *memblock_alloc_from(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr) /* gives reserved */;
void *memblock_alloc_low(phys_addr_t size, phys_addr_t align) /* gives reserved */;
void *memblock_alloc_node(phys_addr_t size, phys_addr_t align, int nid) /* gives reserved */;
void *memblock_alloc_try_nid(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr, phys_addr_t max_addr, int nid) /* gives reserved */;
void *memblock_alloc_try_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr, phys_addr_t max_addr, int nid) /* gives reserved */;
void *memblock_alloc_exact_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr, phys_addr_t max_addr, int nid) /* gives reserved */;
void memblock_free(void *ptr /* frees reserved-memory */, size_t size); // since: 5.16

// source: mm/memblock.c before 5.16 takes a physical address, of the kernel image too, which setup_arch() reserves
int memblock_free(phys_addr_t base /* frees reserved-memory|global */, phys_addr_t size); // until: 5.16


// source: include/linux/percpu.h, mm/percpu.c
void *alloc_percpu(type) /* gives percpu */;
void *alloc_percpu_gfp(type, gfp_t gfp) /* gives percpu */;
void *__alloc_percpu(size_t size, size_t align) /* gives percpu */;
void *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp) /* gives percpu */;
void *devm_alloc_percpu(struct device *dev, type) /* gives percpu */;
void *__devm_alloc_percpu(struct device *dev, size_t size, size_t align) /* gives percpu */;
void free_percpu(void *__pdata /* frees percpu-memory */);
void devm_free_percpu(struct device *dev, void *pdata /* frees percpu-memory */);
void *per_cpu_ptr(void *ptr /* variable percpu */, int cpu) /* gives kind of ptr */;
void *this_cpu_ptr(void *ptr /* variable percpu */) /* gives kind of ptr */;
void *raw_cpu_ptr(void *ptr /* variable percpu */) /* gives kind of ptr */;
void *get_cpu_ptr(void *var /* variable percpu */) /* gives kind of var */;
phys_addr_t per_cpu_ptr_to_phys(void *addr) /* gives kind of addr */;
bool is_kernel_percpu_address(unsigned long addr);

// source: include/linux/percpu-defs.h: a variable, or what it is set to
per_cpu(var /* variable percpu */, int cpu) /* gives same var */;
get_cpu_var(var /* variable percpu */) /* gives same var */;
raw_cpu_read(pcp /* variable percpu */) /* gives same pcp */;
__this_cpu_read(pcp /* variable percpu */) /* gives same pcp */;
this_cpu_read(pcp /* variable percpu */) /* gives same pcp */;
raw_cpu_write(pcp /* variable percpu; takes val */, val);
__this_cpu_write(pcp /* variable percpu; takes val */, val);
this_cpu_write(pcp /* variable percpu; takes val */, val);

// source: include/linux/percpu-defs.h: gone in 3.19
// until: 3.19
__get_cpu_var(var /* variable percpu */) /* gives same var */;

// source: mm/page_alloc.c, mm/hugetlb.c
void *alloc_large_system_hash(const char *tablename, unsigned long bucketsize, unsigned long numentries, int scale, int flags, unsigned int *_hash_shift, unsigned int *_hash_mask, unsigned long low_limit, unsigned long high_limit) /* gives reserved|vmalloc|driver */;

// source: include/linux/genalloc.h: a part of what the pool was given, which gen_pool_free() takes back
unsigned long gen_pool_alloc(struct gen_pool *pool, size_t size) /* gives driver */;
void *gen_pool_dma_alloc(struct gen_pool *pool, size_t size, dma_addr_t *dma) /* gives driver */;
void *gen_pool_dma_zalloc(struct gen_pool *pool, size_t size, dma_addr_t *dma) /* gives driver */;
void gen_pool_free(struct gen_pool *pool, unsigned long addr /* wants !slab|large */, size_t size);

// source: include/linux/netdevice.h, include/net/cfg80211.h, include/linux/iio/iio.h, include/scsi/scsi_host.h: a part
// of the object, which goes with it
void *netdev_priv(const struct net_device *dev) /* gives slab|managed */;
void *wiphy_priv(struct wiphy *wiphy) /* gives slab|managed */;
void *iio_priv(const struct iio_dev *indio_dev) /* gives slab|managed */;
void *shost_priv(struct Scsi_Host *shost) /* gives slab|managed */;

// source: kernel/iomem.c: an address of the linear map where memory lies there, else a mapping: nothing can be said
void *memremap(resource_size_t offset, size_t size, unsigned long flags);
void memunmap(void *addr);
