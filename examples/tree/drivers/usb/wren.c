// SPDX-License-Identifier: GPL-2.0-or-later
/* Wren: a keyboard with lights. */
#include <linux/slab.h>
#include <linux/usb.h>

/* The controller writes the answer by DMA, and a stack may be vmalloc() memory. */
int wren_mode(struct usb_device *dev)
{
	u8 mode[2];
	int rv = usb_control_msg(dev, 0x80, 1, 0xc0, 0, 0, mode, sizeof(mode), 5000); /* memdesc: expect stack -> usb_control_msg */

	return rv < 0 ? rv : mode[0];
}

int wren_mode_from_heap(struct usb_device *dev)
{
	u8 *mode = kmalloc(2, GFP_KERNEL);
	int rv;

	if (!mode)
		return -12;
	rv = usb_control_msg(dev, 0x80, 1, 0xc0, 0, 0, mode, 2, 5000);
	if (rv >= 0)
		rv = mode[0];
	kfree(mode);
	return rv;
}
