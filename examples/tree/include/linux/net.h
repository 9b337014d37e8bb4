/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_NET_H
#define _LINUX_NET_H

#include <linux/mm.h>

struct socket;

#define MSG_DONTWAIT 0x40
#define MSG_MORE 0x8000

bool sendpage_ok(struct page *page);
int kernel_sendpage(struct socket *sock, struct page *page, int offset, size_t size, int flags);
int sock_no_sendpage(struct socket *sock, struct page *page, int offset, size_t size, int flags);

#endif
