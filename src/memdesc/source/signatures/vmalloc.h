// vmalloc() space. Notation: docs/signatures.md

// source: mm/vmalloc.c, include/linux/vmalloc.h
void *vmalloc(unsigned long size) /* gives vmalloc */;
void *vzalloc(unsigned long size) /* gives vmalloc */;
void *vmalloc_user(unsigned long size) /* gives vmalloc */;
void *vmalloc_node(unsigned long size, int node) /* gives vmalloc */;
void *vzalloc_node(unsigned long size, int node) /* gives vmalloc */;
void *vmalloc_32(unsigned long size) /* gives vmalloc */;
void *vmalloc_32_user(unsigned long size) /* gives vmalloc */;
void *vmalloc_huge(unsigned long size, gfp_t gfp_mask) /* gives vmalloc */;
void *vmalloc_array(size_t n, size_t size) /* gives vmalloc */;
void *vcalloc(size_t n, size_t size) /* gives vmalloc */;
void *__vmalloc_array(size_t n, size_t size, gfp_t flags) /* gives vmalloc */;
void *__vcalloc(size_t n, size_t size, gfp_t flags) /* gives vmalloc */;
void *__vmalloc(unsigned long size, gfp_t gfp_mask) /* gives vmalloc */;
void *__vmalloc_node(unsigned long size, unsigned long align, gfp_t gfp_mask, int node, const void *caller) /* gives vmalloc */;
void *__vmalloc_node_range(unsigned long size, unsigned long align, unsigned long start, unsigned long end, gfp_t gfp_mask, pgprot_t prot, unsigned long vm_flags, int node, const void *caller) /* gives vmalloc */;
void vfree(const void *addr /* frees vmalloc-memory */);
void vfree_atomic(const void *addr /* frees vmalloc-memory */);
void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot) /* gives vmalloc */;
void *vmap_pfn(unsigned long *pfns, unsigned int count, pgprot_t prot) /* gives vmalloc */;
void vunmap(const void *addr /* frees vmalloc-memory */);
void *vm_map_ram(struct page **pages, unsigned int count, int node) /* gives vmalloc */;
void vm_unmap_ram(const void *mem /* frees vmalloc-memory */, unsigned int count);
struct page *vmalloc_to_page(const void *vmalloc_addr /* wants vmalloced */) /* gives driver */;
unsigned long vmalloc_to_pfn(const void *vmalloc_addr /* wants vmalloced */) /* gives driver */;
bool is_vmalloc_addr(const void *x /* true vmalloc|stack|global|io|percpu|coherent; false !vmalloc|stack|io|percpu|coherent */);
int is_vmalloc_or_module_addr(const void *x /* true vmalloc|stack|global|io|percpu|coherent; false !vmalloc|stack|io|percpu|coherent */);
int remap_vmalloc_range(struct vm_area_struct *vma, void *addr /* wants vmalloc */, unsigned long pgoff);
int remap_vmalloc_range_partial(struct vm_area_struct *vma, unsigned long uaddr, void *kaddr /* wants vmalloc */, unsigned long pgoff, unsigned long size);

// source: include/linux/moduleloader.h, kernel/module/main.c, arch/*/kernel/module.c
// until: 6.10
void *module_alloc(unsigned long size) /* gives vmalloc */;
void module_memfree(void *module_region /* frees vmalloc-memory */);

// source: include/linux/execmem.h, mm/execmem.c
// since: 6.10
void *execmem_alloc(enum execmem_type type, size_t size) /* gives vmalloc */;
void execmem_free(void *ptr /* frees vmalloc-memory */);
