// USB transfers. Notation: docs/signatures.md

// source: drivers/usb/core/message.c, include/linux/usb.h: the buffer is mapped for DMA
int usb_control_msg(struct usb_device *dev, unsigned int pipe, __u8 request, __u8 requesttype, __u16 value, __u16 index, void *data /* wants usb-buffer */, __u16 size, int timeout);
int usb_bulk_msg(struct usb_device *usb_dev, unsigned int pipe, void *data /* wants usb-buffer */, int len, int *actual_length, int timeout);
int usb_interrupt_msg(struct usb_device *usb_dev, unsigned int pipe, void *data /* wants usb-buffer */, int len, int *actual_length, int timeout);
void usb_fill_control_urb(struct urb *urb, struct usb_device *dev, unsigned int pipe, unsigned char *setup_packet /* wants usb-buffer */, void *transfer_buffer /* wants usb-buffer */, int buffer_length, usb_complete_t complete_fn, void *context);
void usb_fill_bulk_urb(struct urb *urb, struct usb_device *dev, unsigned int pipe, void *transfer_buffer /* wants usb-buffer */, int buffer_length, usb_complete_t complete_fn, void *context);
void usb_fill_int_urb(struct urb *urb, struct usb_device *dev, unsigned int pipe, void *transfer_buffer /* wants usb-buffer */, int buffer_length, usb_complete_t complete_fn, void *context, int interval);
int usb_get_descriptor(struct usb_device *dev, unsigned char desctype, unsigned char descindex, void *buf /* wants usb-buffer */, int size);
void *usb_alloc_coherent(struct usb_device *dev, size_t size /* bytes of return */, gfp_t mem_flags, dma_addr_t *dma) /* gives coherent */;
void usb_free_coherent(struct usb_device *dev, size_t size /* bytes of addr */, void *addr /* frees coherent-memory */, dma_addr_t dma);

// source: drivers/usb/core/message.c: these copy the buffer
int usb_control_msg_send(struct usb_device *dev, __u8 endpoint, __u8 request, __u8 requesttype, __u16 value, __u16 index, const void *data, __u16 size, int timeout, gfp_t memflags);
int usb_control_msg_recv(struct usb_device *dev, __u8 endpoint, __u8 request, __u8 requesttype, __u16 value, __u16 index, void *data, __u16 size, int timeout, gfp_t memflags);
int usb_string(struct usb_device *dev, int index, char *buf, size_t size);
