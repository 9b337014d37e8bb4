// What takes memory of any kind, and neither keeps it nor gives any. Notation: docs/signatures.md

// source: include/asm-generic/io.h, include/linux/io.h, arch/*/include/asm/io.h
u8 readb(const volatile void *addr);
u16 readw(const volatile void *addr);
u32 readl(const volatile void *addr);
u64 readq(const volatile void *addr);
u32 readl_relaxed(const volatile void *addr);
void writeb(u8 value, volatile void *addr);
void writew(u16 value, volatile void *addr);
void writel(u32 value, volatile void *addr);
void writeq(u64 value, volatile void *addr);
void writel_relaxed(u32 value, volatile void *addr);
u32 __raw_readl(const volatile void *addr);
void __raw_writel(u32 value, volatile void *addr);
unsigned int ioread8(const void *addr);
unsigned int ioread16(const void *addr);
unsigned int ioread32(const void *addr);
void iowrite8(u8 value, void *addr);
void iowrite16(u16 value, void *addr);
void iowrite32(u32 value, void *addr);
void iowrite32be(u32 value, void *addr);
void memcpy_fromio(void *to, const volatile void *from, long count);
void memcpy_toio(volatile void *to, const void *from, long count);
void memset_io(volatile void *dst, int c, long count);

// source: arch/powerpc/include/asm/io.h
u8 in_8(const volatile u8 *addr);
u32 in_be32(const volatile u32 *addr);
void out_8(volatile u8 *addr, u8 val);
void out_be32(volatile u32 *addr, u32 val);

// source: include/linux/string.h, include/linux/kernel.h, include/linux/sprintf.h, lib/vsprintf.c
int memcmp(const void *cs, const void *ct, size_t count);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t count);
int strcmp(const char *cs, const char *ct);
int strncmp(const char *cs, const char *ct, size_t count);
ssize_t strscpy(char *dest, const char *src, size_t count);
int sprintf(char *buf, const char *fmt, ...);
int snprintf(char *buf, size_t size, const char *fmt, ...);
int scnprintf(char *buf, size_t size, const char *fmt, ...);

// source: include/linux/list.h, include/linux/spinlock.h, include/linux/mutex.h, include/linux/wait.h
void INIT_LIST_HEAD(struct list_head *list);
void INIT_HLIST_HEAD(struct hlist_head *h);
void spin_lock_init(spinlock_t *lock);
void mutex_init(struct mutex *lock);
void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void init_waitqueue_head(struct wait_queue_head *wq_head);

// source: include/linux/bitops.h, include/asm-generic/bitops/, include/linux/atomic/atomic-instrumented.h
bool test_bit(unsigned long nr, const volatile unsigned long *addr);
void set_bit(unsigned long nr, volatile unsigned long *addr);
void clear_bit(unsigned long nr, volatile unsigned long *addr);
void atomic_set(atomic_t *v, int i);

// source: include/linux/printk.h, include/linux/dev_printk.h, include/linux/seq_file.h: values are printed
int printk(const char *fmt, ...);
void pr_debug(const char *fmt, ...);
void pr_info(const char *fmt, ...);
void pr_err(const char *fmt, ...);
void dev_dbg(const struct device *dev, const char *fmt, ...);
void dev_info(const struct device *dev, const char *fmt, ...);
void dev_err(const struct device *dev, const char *fmt, ...);
void seq_printf(struct seq_file *m, const char *fmt, ...);
ssize_t simple_read_from_buffer(void *to, size_t count, loff_t *ppos, const void *from, size_t available);

// source: include/asm-generic/unaligned.h, include/linux/unaligned.h, include/linux/byteorder/generic.h
u16 get_unaligned_le16(const void *p);
u32 get_unaligned_le32(const void *p);
u64 get_unaligned_le64(const void *p);
u32 get_unaligned_be32(const void *p);
void put_unaligned_le32(u32 val, void *p);
void put_unaligned_le64(u64 val, void *p);
u32 le32_to_cpup(const __le32 *p);

// source: include/linux/prefetch.h, include/linux/dma-mapping.h
void prefetch(const void *x);
