// Slab memory and what is allocated like it. Notation: docs/signatures.md

// source: include/linux/slab.h, mm/slub.c, mm/slab_common.c
void *kmalloc(size_t size, gfp_t flags) /* gives slab */;
void *kzalloc(size_t size, gfp_t flags) /* gives slab */;
void *kcalloc(size_t n, size_t size, gfp_t flags) /* gives slab */;
void *kmalloc_array(size_t n, size_t size, gfp_t flags) /* gives slab */;
void *kmalloc_node(size_t size, gfp_t flags, int node) /* gives slab */;
void *kzalloc_node(size_t size, gfp_t flags, int node) /* gives slab */;
void *kcalloc_node(size_t n, size_t size, gfp_t flags, int node) /* gives slab */;
void *kmalloc_array_node(size_t n, size_t size, gfp_t flags, int node) /* gives slab */;
void *__kmalloc_cache_noprof(struct kmem_cache *s, gfp_t flags, size_t size) /* gives slab */; // since: 6.11
void *__kmalloc_large_noprof(size_t size, gfp_t flags) /* gives large */; // since: 6.11
void *__kmalloc_large_node_noprof(size_t size, gfp_t flags, int node) /* gives large */; // since: 6.11
void *__kmalloc(size_t size, gfp_t flags) /* gives slab */;
void *__kmalloc_node(size_t size, gfp_t flags, int node) /* gives slab */;
void *kmalloc_trace(struct kmem_cache *s, gfp_t flags, size_t size) /* gives slab */; // until: 6.11
void *kmalloc_large(size_t size, gfp_t flags) /* gives large */; // until: 6.11
void *kmalloc_large_node(size_t size, gfp_t flags, int node) /* gives large */; // until: 6.11
void *krealloc(const void *p /* frees kmalloc-memory */, size_t new_size, gfp_t flags) /* gives slab */;
void *krealloc_array(void *p /* frees kmalloc-memory */, size_t new_n, size_t new_size, gfp_t flags) /* gives slab */;
void kfree(const void *object /* frees kmalloc-memory */);
void kfree_sensitive(const void *objp /* frees kmalloc-memory */);
void kfree_const(const void *x /* frees kmalloc-or-constant */);
size_t ksize(const void *objp /* wants any-slab */);
void *kmem_cache_alloc(struct kmem_cache *s, gfp_t flags) /* gives slab */;
void *kmem_cache_zalloc(struct kmem_cache *k, gfp_t flags) /* gives slab */;
void *kmem_cache_alloc_node(struct kmem_cache *s, gfp_t flags, int node) /* gives slab */;
void *kmem_cache_alloc_lru(struct kmem_cache *s, struct list_lru *lru, gfp_t flags) /* gives slab */;
int kmem_cache_alloc_bulk(struct kmem_cache *s, gfp_t flags, size_t size, void **p /* holds slab */);
void kmem_cache_free(struct kmem_cache *s, void *objp /* frees slab-object */);
void kmem_cache_free_bulk(struct kmem_cache *s, size_t size, void **p);
void kfree_bulk(size_t size, void **p);

// source: mm/util.c, include/linux/slab.h
void *kvmalloc(size_t size, gfp_t flags) /* gives slab|vmalloc */;
void *kvzalloc(size_t size, gfp_t flags) /* gives slab|vmalloc */;
void *kvcalloc(size_t n, size_t size, gfp_t flags) /* gives slab|vmalloc */;
void *kvmalloc_array(size_t n, size_t size, gfp_t flags) /* gives slab|vmalloc */;
void *kvmalloc_node(size_t size, gfp_t flags, int node) /* gives slab|vmalloc */;
void *kvzalloc_node(size_t size, gfp_t flags, int node) /* gives slab|vmalloc */;
void kvfree(const void *addr /* frees kvmalloc-memory; brings slab|large|vmalloc */);
void kvfree_sensitive(const void *addr /* frees kvmalloc-memory */, size_t len);

// source: mm/util.c: the size of the old buffer is a parameter until 6.12
// until: 6.12
void *kvrealloc(const void *p /* frees kvmalloc-memory */, size_t oldsize, size_t newsize, gfp_t flags) /* gives slab|vmalloc */;

// source: mm/util.c
// since: 6.12
void *kvrealloc(const void *p /* frees kvmalloc-memory */, size_t size, gfp_t flags) /* gives slab|vmalloc */;

// source: mm/util.c, include/linux/string.h
void *kmemdup(const void *src, size_t len, gfp_t gfp) /* gives slab */;
void *kvmemdup(const void *src, size_t len, gfp_t gfp) /* gives slab|vmalloc */; // since: 6.12
void *kmemdup_array(const void *src, size_t count, size_t element_size, gfp_t gfp) /* gives slab */; // since: 6.9
char *kmemdup_nul(const char *s, size_t len, gfp_t gfp) /* gives slab */;
char *kstrdup(const char *s, gfp_t gfp) /* gives slab */;
char *kstrndup(const char *s, size_t max, gfp_t gfp) /* gives slab */;
const char *kstrdup_const(const char *s, gfp_t gfp) /* gives slab|global */;
char *kstrdup_quotable(const char *src, gfp_t gfp) /* gives slab */;
void *memdup_user(const void *src, size_t len) /* gives slab */;
void *memdup_user_nul(const void *src, size_t len) /* gives slab */;
void *vmemdup_user(const void *src, size_t len) /* gives slab|vmalloc */;
void *memdup_array_user(const void *src, size_t n, size_t size) /* gives slab */; // since: 6.7
void *vmemdup_array_user(const void *src, size_t n, size_t size) /* gives slab|vmalloc */; // since: 6.7
char *strndup_user(const char *s, long n) /* gives slab */;
char *kasprintf(gfp_t gfp, const char *fmt, ...) /* gives slab */;
char *kvasprintf(gfp_t gfp, const char *fmt, va_list ap) /* gives slab */;

// source: drivers/base/devres.c, include/linux/device.h
void *devm_kmalloc(struct device *dev, size_t size, gfp_t gfp) /* gives slab|managed */;
void *devm_kzalloc(struct device *dev, size_t size, gfp_t gfp) /* gives slab|managed */;
void *devm_kcalloc(struct device *dev, size_t n, size_t size, gfp_t flags) /* gives slab|managed */;
void *devm_kmalloc_array(struct device *dev, size_t n, size_t size, gfp_t flags) /* gives slab|managed */;
void *devm_krealloc(struct device *dev, void *ptr /* frees kmalloc-or-constant|managed */, size_t new_size, gfp_t gfp) /* gives slab|managed */;
void *devm_kmemdup(struct device *dev, const void *src, size_t len, gfp_t gfp) /* gives slab|managed */;
char *devm_kstrdup(struct device *dev, const char *s, gfp_t gfp) /* gives slab|managed */;
char *devm_kasprintf(struct device *dev, gfp_t gfp, const char *fmt, ...) /* gives slab|managed */;
void devm_kfree(struct device *dev, const void *p /* frees kmalloc-or-constant|managed */);
unsigned long devm_get_free_pages(struct device *dev, gfp_t gfp_mask, unsigned int order) /* gives pages(gfp_mask, order) */;
void devm_free_pages(struct device *dev, unsigned long addr /* frees page-memory */);

// source: include/linux/rcupdate.h: documented as a kfree(); does what kvfree() does since 5.9
void kfree_rcu(void *ptr /* frees kmalloc-memory */, ...); // until: 5.9
void kfree_rcu(void *ptr /* frees kvmalloc-memory */, ...); // since: 5.9
void kfree_rcu_mightsleep(void *ptr /* frees kmalloc-memory */);
void kvfree_rcu(void *ptr /* frees kvmalloc-memory */, ...);
void kvfree_rcu_mightsleep(void *ptr /* frees kvmalloc-memory */);

// source: include/linux/sockptr.h, include/linux/bpfptr.h, mm/slab_common.c
void *memdup_sockptr(sockptr_t src, size_t len) /* gives slab */;
void *memdup_sockptr_nul(sockptr_t src, size_t len) /* gives slab */;
void *kvmemdup_bpfptr(bpfptr_t src, size_t len) /* gives slab|vmalloc */;

// source: mm/slab_common.c, include/linux/slab.h, mm/util.c: older names
// until: 5.10
void kzfree(const void *p /* frees kmalloc-memory */);
