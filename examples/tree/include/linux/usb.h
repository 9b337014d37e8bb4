/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_USB_H
#define _LINUX_USB_H

#include <linux/types.h>

struct usb_device;

int usb_control_msg(struct usb_device *dev, unsigned int pipe, u8 request, u8 type, u16 value, u16 index,
		    void *data, u16 size, int timeout);

#endif
