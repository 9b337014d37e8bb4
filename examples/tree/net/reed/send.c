// SPDX-License-Identifier: GPL-2.0-or-later
/* Reed: messages over a stream socket. A header lies in kmalloc() memory, the body in pages. */
#include <linux/net.h>
#include <linux/slab.h>

struct reed_message {
	struct socket *sock;
	struct page *head;
	struct page *body;
	size_t length;
};

int reed_prepare(struct reed_message *msg, size_t length)
{
	void *header = kzalloc(64, GFP_KERNEL);

	if (!header)
		return -12;
	msg->head = virt_to_page(header);
	msg->body = alloc_page(GFP_KERNEL);
	msg->length = length;
	return msg->body ? 0 : -12;
}

/* The network takes references on the pages that it is given; slab pages do not count them. */
int reed_send(struct reed_message *msg)
{
	return kernel_sendpage(msg->sock, msg->head, 0, 64, MSG_MORE); /* memdesc: expect slab -> kernel_sendpage */
}

int reed_send_checked(struct reed_message *msg)
{
	if (!sendpage_ok(msg->head))
		return sock_no_sendpage(msg->sock, msg->head, 0, 64, MSG_MORE);
	return kernel_sendpage(msg->sock, msg->head, 0, 64, MSG_MORE);
}

int reed_send_body(struct reed_message *msg)
{
	return kernel_sendpage(msg->sock, msg->body, 0, msg->length, MSG_DONTWAIT);
}
