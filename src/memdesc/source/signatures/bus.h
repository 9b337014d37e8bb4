// Buffers for buses and firmware. Notation: docs/signatures.md

// source: include/linux/spi/spi.h, drivers/spi/spi.c: the buffer must be safe for DMA
int spi_write(struct spi_device *spi, const void *buf /* wants dma-sent */, size_t len);
int spi_read(struct spi_device *spi, void *buf /* wants dma-safe */, size_t len);

// source: drivers/spi/spi.c, drivers/i2c/i2c-core-base.c: these copy or do not map
int spi_write_then_read(struct spi_device *spi, const void *txbuf, unsigned n_tx, void *rxbuf, unsigned n_rx);
int i2c_master_send(const struct i2c_client *client, const char *buf, int count);
int i2c_master_recv(const struct i2c_client *client, char *buf, int count);

// source: include/linux/i2c.h, Documentation/i2c/dma-considerations.rst
int i2c_master_send_dmasafe(const struct i2c_client *client, const char *buf /* wants dma-safe */, int count);
int i2c_master_recv_dmasafe(const struct i2c_client *client, char *buf /* wants dma-safe */, int count);

// source: drivers/mmc/core/sdio_io.c, drivers/mmc/core/sdio_ops.c: mmc_io_rw_extended() puts the buffer in a scatterlist
int sdio_memcpy_fromio(struct sdio_func *func, void *dst /* wants dma */, unsigned int addr, int count);
int sdio_memcpy_toio(struct sdio_func *func, unsigned int addr, void *src /* wants dma */, int count);
int sdio_readsb(struct sdio_func *func, void *dst /* wants dma */, unsigned int addr, int count);
int sdio_writesb(struct sdio_func *func, unsigned int addr, void *src /* wants dma */, int count);
int mmc_io_rw_extended(struct mmc_card *card, int write, unsigned fn, unsigned addr, int incr_addr, u8 *buf /* wants dma */, unsigned blocks, unsigned blksz);

// source: drivers/hid/hid-core.c, drivers/hid/usbhid/hid-core.c: the buffer goes to usb_control_msg()
int hid_hw_raw_request(struct hid_device *hdev, unsigned char reportnum, __u8 *buf /* wants usb-buffer */, size_t len, enum hid_report_type rtype, enum hid_class_request reqtype);
int hid_hw_output_report(struct hid_device *hdev, __u8 *buf /* wants usb-buffer */, size_t len);

// source: drivers/tee/tee_shm.c: the memory is registered by whole pages, on which references are taken
struct tee_shm *tee_shm_register_kernel_buf(struct tee_context *ctx, void *addr /* wants refcounted */, size_t length);

// source: include/linux/hyperv.h, drivers/hv/channel.c
unsigned long virt_to_hvpfn(void *addr) /* gives kind of addr */;
int vmbus_establish_gpadl(struct vmbus_channel *channel, void *kbuffer, u32 size, struct vmbus_gpadl *gpadl);

// source: include/xen/grant_table.h, drivers/xen/grant-table.c, drivers/xen/unpopulated-alloc.c
int gnttab_alloc_pages(int nr_pages, struct page **pages /* holds driver */); // until: 5.9
int gnttab_alloc_pages(int nr_pages, struct page **pages /* holds driver|device */); // since: 5.9
void gnttab_free_pages(int nr_pages, struct page **pages);
int xen_alloc_unpopulated_pages(unsigned int nr_pages, struct page **pages /* holds driver|device */);
void xen_free_unpopulated_pages(unsigned int nr_pages, struct page **pages);
unsigned long virt_to_mfn(void *v /* wants linear */) /* gives kind of v */;

// source: drivers/ata/libata-core.c: the buffer goes into a scatterlist
// until: 6.9
unsigned int ata_exec_internal(struct ata_device *dev, struct ata_taskfile *tf, const u8 *cdb, int dma_dir, void *buf /* wants dma */, unsigned int buflen, unsigned int timeout);

// source: drivers/ata/libata-core.c: the buffer goes into a scatterlist
// since: 6.9
unsigned int ata_exec_internal(struct ata_device *dev, struct ata_taskfile *tf, const u8 *cdb, enum dma_data_direction dma_dir, void *buf /* wants dma */, unsigned int buflen, unsigned int timeout);

// source: include/linux/rpmsg.h, drivers/rpmsg/rpmsg_core.c, drivers/scsi/scsi_lib.c, drivers/net/usb/usbnet.c: these copy
int rpmsg_send(struct rpmsg_endpoint *ept, void *data, int len);
int usbnet_read_cmd(struct usbnet *dev, u8 cmd, u8 reqtype, u16 value, u16 index, void *data, u16 size);
int usbnet_write_cmd(struct usbnet *dev, u8 cmd, u8 reqtype, u16 value, u16 index, const void *data, u16 size);

// source: drivers/spi/spi-mem.c: "This buffer must be DMA-able"
ssize_t spi_mem_dirmap_read(struct spi_mem_dirmap_desc *desc, u64 offs, size_t len, void *buf /* wants dma-safe */);
ssize_t spi_mem_dirmap_write(struct spi_mem_dirmap_desc *desc, u64 offs, size_t len, const void *buf /* wants dma-safe */);
