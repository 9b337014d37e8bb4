// What hands its argument on, and containers of pointers. Notation: docs/signatures.md

// source: include/asm-generic/rwonce.h, include/linux/rcupdate.h, include/linux/compiler.h, include/linux/align.h
type READ_ONCE(x) /* gives kind of x */;
type data_race(expr) /* gives kind of expr */;
type rcu_dereference(p) /* gives kind of p */;
type rcu_dereference_raw(p) /* gives kind of p */;
type rcu_dereference_bh(p) /* gives kind of p */;
type rcu_dereference_check(p, c) /* gives kind of p */;
type rcu_dereference_protected(p, c) /* gives kind of p */;
type rcu_access_pointer(p) /* gives kind of p */;
type rcu_replace_pointer(rcu_ptr /* takes ptr */, ptr, c) /* gives kind of rcu_ptr */;
void WRITE_ONCE(x /* takes val */, val);
void rcu_assign_pointer(p /* takes v */, v);
void smp_store_release(p /* takes v */, v);
void RCU_INIT_POINTER(p /* takes v */, v);
type ALIGN(x, a) /* gives kind of x */;
type ALIGN_DOWN(x, a) /* gives kind of x */;
type PAGE_ALIGN(addr) /* gives kind of addr */;
type round_down(x, y) /* gives kind of x */;
type round_up(x, y) /* gives kind of x */;
type untagged_addr(addr) /* gives kind of addr */;
type kasan_reset_tag(const void *addr) /* gives kind of addr */;

// source: include/linux/string.h, lib/string.c, lib/string_helpers.c: the result lies in the argument
void *memset(void *s, int c, size_t n) /* gives kind of s */;
void *memcpy(void *dest, const void *src, size_t n) /* gives kind of dest */;
void *memmove(void *dest, const void *src, size_t n) /* gives kind of dest */;
void *memchr(const void *s, int c, size_t n) /* gives kind of s */;
char *strcpy(char *dest, const char *src) /* gives kind of dest */;
char *strncpy(char *dest, const char *src, size_t n) /* gives kind of dest */;
char *strchr(const char *s, int c) /* gives kind of s */;
char *strrchr(const char *s, int c) /* gives kind of s */;
char *strstr(const char *s1, const char *s2) /* gives kind of s1 */;
char *skip_spaces(const char *str) /* gives kind of str */;
char *strim(char *s) /* gives kind of s */;
char *d_path(const struct path *path, char *buf, int buflen) /* gives kind of buf */;

// source: include/linux/xarray.h, include/linux/radix-tree.h, include/linux/idr.h
void *xa_load(struct xarray *xa, unsigned long index) /* gives in xa */;
void *xa_store(struct xarray *xa, unsigned long index, void *entry /* into xa */, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index) /* gives in xa */;
int xa_insert(struct xarray *xa, unsigned long index, void *entry /* into xa */, gfp_t gfp);
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter) /* gives in xa */;
int xa_alloc(struct xarray *xa, u32 *id, void *entry /* into xa */, struct xa_limit limit, gfp_t gfp);
void *radix_tree_lookup(const struct radix_tree_root *root, unsigned long index) /* gives in root */;
int radix_tree_insert(struct radix_tree_root *root, unsigned long index, void *item /* into root */);
void *radix_tree_delete(struct radix_tree_root *root, unsigned long index) /* gives in root */;
void *idr_find(const struct idr *idr, unsigned long id) /* gives in idr */;
int idr_alloc(struct idr *idr, void *ptr /* into idr */, int start, int end, gfp_t gfp);
void *idr_remove(struct idr *idr, unsigned long id) /* gives in idr */;
for_each xa_for_each(struct xarray *xa, unsigned long index, void *entry /* merges xa */);

// source: include/linux/ptr_ring.h
int ptr_ring_produce(struct ptr_ring *r, void *ptr /* into r */);
int __ptr_ring_produce(struct ptr_ring *r, void *ptr /* into r */);
void *ptr_ring_consume(struct ptr_ring *r) /* gives in r */;
void *__ptr_ring_consume(struct ptr_ring *r) /* gives in r */;

// source: include/linux/list.h, include/linux/llist.h
void list_splice(const struct list_head *list, struct list_head *head /* merges list */);
void list_splice_tail(struct list_head *list, struct list_head *head /* merges list */);
void list_splice_init(struct list_head *list, struct list_head *head /* merges list */);
void list_splice_tail_init(struct list_head *list, struct list_head *head /* merges list */);

// source: include/linux/atomic/atomic-instrumented.h: what was there is given
type xchg(ptr /* takes x */, x) /* gives kind of ptr */;
type xchg_acquire(ptr /* takes x */, x) /* gives kind of ptr */;
type xchg_release(ptr /* takes x */, x) /* gives kind of ptr */;
type xchg_relaxed(ptr /* takes x */, x) /* gives kind of ptr */;

// source: include/linux/atomic/atomic-instrumented.h: stored when what is there is what was expected; what was there
// is given
type cmpxchg(ptr /* takes new */, old, new) /* gives kind of ptr */;
type cmpxchg_acquire(ptr /* takes new */, old, new) /* gives kind of ptr */;
type cmpxchg_release(ptr /* takes new */, old, new) /* gives kind of ptr */;
type cmpxchg_relaxed(ptr /* takes new */, old, new) /* gives kind of ptr */;
bool try_cmpxchg(ptr /* takes new */, oldp, new);
