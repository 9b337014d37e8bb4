// Addresses of user space. Notation: docs/signatures.md

// source: include/linux/uaccess.h, include/linux/kernel.h, arch/*/include/asm/uaccess.h
unsigned long copy_from_user(void *to, const void *from, unsigned long n);
unsigned long copy_to_user(void *to, const void *from, unsigned long n);
void *u64_to_user_ptr(u64 x) /* gives user */;
void *compat_ptr(compat_uptr_t uptr) /* gives user */;
