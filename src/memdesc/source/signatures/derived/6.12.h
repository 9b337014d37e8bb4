// Made by `memdesc signatures --derive` of Linux 6.12.117; not to be edited.

// source: block/bio-integrity.c
bio_integrity_payload *bio_integrity_alloc(bio *bio, gfp_t gfp_mask, unsigned int nr_vecs) /* gives slab */;

// source: block/bio.c
void bio_add_virt_nofail(bio *bio, void *vaddr /* wants linear */, unsigned len);

// source: drivers/acpi/apei/ghes.c
void ghes_estatus_pool_region_free(unsigned long addr /* wants !slab|large */, u32 size);

// source: drivers/ata/libata-core.c
unsigned int ata_do_dev_read_id(ata_device *dev, ata_taskfile *tf, __le16 *id /* wants dma */);

// source: drivers/base/firmware_loader/main.c
void release_firmware(firmware *fw /* frees kmalloc-memory */);

// source: drivers/base/regmap/regmap.c
regmap *__devm_regmap_init(device *dev, regmap_bus *bus, void *bus_context, regmap_config *config, lock_class_key *lock_key, char *lock_name) /* gives slab */;
regmap *__regmap_init(device *dev, regmap_bus *bus, void *bus_context, regmap_config *config, lock_class_key *lock_key, char *lock_name) /* gives slab */;
void regmap_exit(regmap *map /* frees kmalloc-memory */);
void regmap_field_bulk_free(regmap_field *field /* frees kmalloc-memory */);
void regmap_field_free(regmap_field *field /* frees kmalloc-memory */);

// source: drivers/char/agp/generic.c
agp_memory *agp_allocate_memory(agp_bridge_data *bridge, size_t page_count, u32 type) /* gives slab */;

// source: drivers/char/ipmi/ipmi_msghandler.c
ipmi_smi_msg *ipmi_alloc_smi_msg() /* gives slab */;

// source: drivers/comedi/drivers/comedi_isadma.c
comedi_isadma *comedi_isadma_alloc(comedi_device *dev, int n_desc, unsigned int dma_chan1, unsigned int dma_chan2, unsigned int maxsize, char dma_dir) /* gives slab */;
void comedi_isadma_free(comedi_isadma *dma /* frees kmalloc-memory */);

// source: drivers/crypto/ccp/sev-dev.c
void *snp_alloc_firmware_page(gfp_t gfp_mask) /* gives driver */;
void snp_free_firmware_page(void *addr /* wants linear */);

// source: drivers/crypto/hisilicon/sgl.c
hisi_acc_sgl_pool *hisi_acc_create_sgl_pool(device *dev, u32 count, u32 sge_nr) /* gives slab */;

// source: drivers/firmware/broadcom/bcm47xx_nvram.c
char *bcm47xx_nvram_get_contents(size_t *nvram_size) /* gives vmalloc */;

// source: drivers/firmware/qcom/qcom_scm.c
int qcom_scm_set_cold_boot_addr(void *entry /* wants linear */);
int qcom_scm_set_warm_boot_addr(void *entry /* wants linear */);

// source: drivers/firmware/qcom/qcom_tzmem.c
void *qcom_tzmem_alloc(qcom_tzmem_pool *pool, size_t size, gfp_t gfp) /* gives driver */;
void qcom_tzmem_pool_free(qcom_tzmem_pool *pool /* frees kmalloc-memory */);
qcom_tzmem_pool *qcom_tzmem_pool_new(qcom_tzmem_pool_config *config) /* gives slab */;

// source: drivers/firmware/stratix10-svc.c
void *stratix10_svc_allocate_memory(stratix10_svc_chan *chan, size_t size) /* gives driver */;

// source: drivers/gpu/drm/drm_gem_dma_helper.c
void drm_gem_dma_free(drm_gem_dma_object *dma_obj /* frees kmalloc-memory */);

// source: drivers/gpu/drm/drm_gem_shmem_helper.c
void drm_gem_shmem_free(drm_gem_shmem_object *shmem /* frees kmalloc-memory */);

// source: drivers/gpu/drm/drm_property.c
drm_property_blob *drm_property_create_blob(drm_device *dev, size_t length, void *data) /* gives slab|vmalloc */;

// source: drivers/gpu/ipu-v3/ipu-image-convert.c
ipu_image_convert_ctx *ipu_image_convert_prepare(ipu_soc *ipu, enum ipu_ic_task ic_task, ipu_image *in, ipu_image *out, enum ipu_rotate_mode rot_mode, ipu_image_convert_cb_t complete, void *complete_context) /* gives slab */;
void ipu_image_convert_unprepare(ipu_image_convert_ctx *ctx /* frees kmalloc-memory */);

// source: drivers/hid/hid-core.c
u8 *hid_alloc_report_buf(hid_report *report, gfp_t flags) /* gives slab */;
hid_report *hid_register_report(hid_device *device, enum hid_report_type type, unsigned int id, unsigned int application) /* gives slab */;

// source: drivers/hv/hv_common.c
void *hv_alloc_hyperv_page() /* gives slab|driver */;
void *hv_alloc_hyperv_zeroed_page() /* gives slab|driver */;

// source: drivers/hwtracing/coresight/coresight-core.c
coresight_device *coresight_register(coresight_desc *desc) /* gives slab */;

// source: drivers/iio/buffer/industrialio-buffer-dma.c
iio_dma_buffer_block *iio_dma_buffer_attach_dmabuf(iio_buffer *buffer, dma_buf_attachment *attach) /* gives slab */;

// source: drivers/infiniband/core/umem.c
ib_umem *ib_umem_get(ib_device *device, unsigned long addr, size_t size, int access) /* gives slab */;

// source: drivers/infiniband/core/umem_odp.c
ib_umem_odp *ib_umem_odp_alloc_child(ib_umem_odp *root, unsigned long addr, size_t size, mmu_interval_notifier_ops *ops) /* gives slab */;
ib_umem_odp *ib_umem_odp_alloc_implicit(ib_device *device, int access) /* gives slab */;
ib_umem_odp *ib_umem_odp_get(ib_device *device, unsigned long addr, size_t size, int access, mmu_interval_notifier_ops *ops) /* gives slab */;
void ib_umem_odp_release(ib_umem_odp *umem_odp /* frees kmalloc-memory */);

// source: drivers/infiniband/sw/rdmavt/qp.c
rvt_qp_iter *rvt_qp_iter_init(rvt_dev_info *rdi, u64 v, void *cb) /* gives slab */;

// source: drivers/iommu/dma-iommu.c
void *iommu_dma_alloc(device *dev, size_t size, dma_addr_t *handle, gfp_t gfp, unsigned long attrs) /* gives vmalloc|driver */;
sg_table *iommu_dma_alloc_noncontiguous(device *dev, size_t size, enum dma_data_direction dir, gfp_t gfp, unsigned long attrs) /* gives slab */;
int iommu_dma_get_sgtable(device *dev, sg_table *sgt, void *cpu_addr /* wants !zsmalloc|global|user|kmap */, dma_addr_t dma_addr, size_t size, unsigned long attrs);
void *iommu_dma_vmap_noncontiguous(device *dev, size_t size, sg_table *sgt) /* gives vmalloc */;

// source: drivers/iommu/iommufd/iova_bitmap.c
iova_bitmap *iova_bitmap_alloc(unsigned long iova, size_t length, unsigned long page_size, u64 *data) /* gives slab */;
void iova_bitmap_free(iova_bitmap *bitmap /* frees kmalloc-memory */);

// source: drivers/md/dm-bufio.c
dm_bufio_client *dm_bufio_client_create(block_device *bdev, unsigned int block_size, unsigned int reserved_buffers, unsigned int aux_size, void *alloc_callback, void *write_callback, unsigned int flags) /* gives slab */;

// source: drivers/md/dm-region-hash.c
dm_region_hash *dm_region_hash_create(void *context, void *dispatch_bios, void *wakeup_workers, void *wakeup_all_recovery_waiters, sector_t target_begin, unsigned int max_recovery, dm_dirty_log *log, uint32_t region_size, region_t nr_regions) /* gives slab */;

// source: drivers/media/common/saa7146/saa7146_core.c
void saa7146_vfree_destroy_pgtable(pci_dev *pci, void *mem /* frees vmalloc-memory */, saa7146_pgtable *pt);
void *saa7146_vmalloc_build_pgtable(pci_dev *pci, unsigned long length, saa7146_pgtable *pt) /* gives vmalloc */;

// source: drivers/media/common/videobuf2/frame_vector.c
frame_vector *frame_vector_create(unsigned int nr_frames) /* gives slab|vmalloc */;

// source: drivers/media/v4l2-core/v4l2-ctrls-core.c
v4l2_ctrl *v4l2_ctrl_new_custom(v4l2_ctrl_handler *hdl, v4l2_ctrl_config *cfg, void *priv) /* gives slab|vmalloc */;
v4l2_ctrl *v4l2_ctrl_new_int_menu(v4l2_ctrl_handler *hdl, v4l2_ctrl_ops *ops, u32 id, u8 _max, u8 _def, s64 *qmenu_int) /* gives slab|vmalloc */;
v4l2_ctrl *v4l2_ctrl_new_std(v4l2_ctrl_handler *hdl, v4l2_ctrl_ops *ops, u32 id, s64 min, s64 max, u64 step, s64 def) /* gives slab|vmalloc */;
v4l2_ctrl *v4l2_ctrl_new_std_compound(v4l2_ctrl_handler *hdl, v4l2_ctrl_ops *ops, u32 id, v4l2_ctrl_ptr p_def) /* gives slab|vmalloc */;
v4l2_ctrl *v4l2_ctrl_new_std_menu(v4l2_ctrl_handler *hdl, v4l2_ctrl_ops *ops, u32 id, u8 _max, u64 mask, u8 _def) /* gives slab|vmalloc */;
v4l2_ctrl *v4l2_ctrl_new_std_menu_items(v4l2_ctrl_handler *hdl, v4l2_ctrl_ops *ops, u32 id, u8 _max, u64 mask, u8 _def, char **qmenu) /* gives slab|vmalloc */;

// source: drivers/media/v4l2-core/v4l2-subdev.c
v4l2_subdev_state *__v4l2_subdev_state_alloc(v4l2_subdev *sd, char *lock_name, lock_class_key *lock_key) /* gives slab */;

// source: drivers/mfd/ezx-pcap.c
int ezx_pcap_read(pcap_chip *pcap /* wants dma-sent */, u8 reg_num, u32 *value);
int ezx_pcap_set_bits(pcap_chip *pcap /* wants dma-sent */, u8 reg_num, u32 mask, u32 val);
int ezx_pcap_write(pcap_chip *pcap /* wants dma-sent */, u8 reg_num, u32 value);
void pcap_set_ts_bits(pcap_chip *pcap /* wants dma-sent */, u32 bits);

// source: drivers/mtd/nand/ecc-mtk.c
int mtk_ecc_encode(mtk_ecc *ecc, mtk_ecc_config *config, u8 *data /* wants dma */, u32 bytes);

// source: drivers/net/ethernet/intel/libeth/rx.c
void libeth_rx_recycle_slow(struct page *page /* wants pooled; keeps net|driver|percpu|stack|global|unref|ptl */);

// source: drivers/net/ethernet/mellanox/mlx4/cmd.c
mlx4_cmd_mailbox *mlx4_alloc_cmd_mailbox(mlx4_dev *dev) /* gives slab */;
void mlx4_free_cmd_mailbox(mlx4_dev *dev, mlx4_cmd_mailbox *mailbox /* frees kmalloc-memory */);

// source: drivers/net/ethernet/mellanox/mlx5/core/eq.c
mlx5_eq *mlx5_eq_create_generic(mlx5_core_dev *dev, mlx5_eq_param *param) /* gives slab|vmalloc */;

// source: drivers/net/ethernet/microsoft/mana/gdma_main.c
void mana_gd_destroy_queue(gdma_context *gc, gdma_queue *queue /* frees kmalloc-memory */);

// source: drivers/net/usb/rndis_host.c
int rndis_command(usbnet *dev, rndis_msg_hdr *buf /* wants usb-buffer */, int buflen);

// source: drivers/of/kexec.c
void *of_kexec_alloc_and_setup_fdt(kimage *image, unsigned long initrd_load_addr, unsigned long initrd_len, char *cmdline, size_t extra_fdt_size) /* gives slab|vmalloc */;

// source: drivers/pci/ecam.c
pci_config_window *pci_ecam_create(device *dev, resource *cfgres, resource *busr, pci_ecam_ops *ops) /* gives slab */;
void pci_ecam_free(pci_config_window *cfg /* frees kmalloc-memory */);

// source: drivers/pci/endpoint/pci-epf-core.c
void *pci_epf_alloc_space(pci_epf *epf, size_t size, enum pci_barno bar, pci_epc_features *epc_features, enum pci_epc_interface_type type) /* gives coherent */;
void pci_epf_free_space(pci_epf *epf, void *addr /* frees coherent-memory */, enum pci_barno bar, enum pci_epc_interface_type type);

// source: drivers/pci/p2pdma.c
scatterlist *pci_p2pmem_alloc_sgl(pci_dev *pdev, unsigned int *nents, u32 length) /* gives slab */;

// source: drivers/perf/arm_pmu.c
arm_pmu *armpmu_alloc() /* gives slab */;
void armpmu_free(arm_pmu *pmu /* frees kmalloc-memory */);

// source: drivers/perf/riscv_pmu.c
riscv_pmu *riscv_pmu_alloc() /* gives slab */;

// source: drivers/remoteproc/remoteproc_core.c
rproc *devm_rproc_alloc(device *dev, char *name, rproc_ops *ops, char *firmware, int len) /* gives slab */;
rproc *rproc_alloc(device *dev, char *name, rproc_ops *ops, char *firmware, int len) /* gives slab */;

// source: drivers/scsi/libfc/fc_exch.c
fc_exch_mgr *fc_exch_mgr_alloc(fc_lport *lport, enum fc_class class, u16 min_xid, u16 max_xid, bool *match) /* gives slab */;

// source: drivers/scsi/libiscsi_tcp.c
void iscsi_tcp_dgst_header(ahash_request *hash, void *hdr /* wants linear */, size_t hdrlen, unsigned char *digest);

// source: drivers/scsi/scsicam.c
unsigned char *scsi_bios_ptable(block_device *dev) /* gives slab */;

// source: drivers/soc/apple/rtkit.c
void apple_rtkit_free(apple_rtkit *rtk /* frees kmalloc-memory */);

// source: drivers/soc/fsl/dpio/dpio-service.c
dpaa2_io_store *dpaa2_io_store_create(unsigned int max_frames, device *dev) /* gives slab */;

// source: drivers/soc/fsl/qbman/bman.c
void bman_free_pool(bman_pool *pool /* frees kmalloc-memory */);
bman_pool *bman_new_pool() /* gives slab */;

// source: drivers/soc/ti/knav_qmss_queue.c
void *knav_pool_create(char *name, int num_desc, int region_id) /* gives slab|managed */;
void knav_queue_close(void *qhandle /* frees slab|large|global|managed */);
void *knav_queue_open(char *name, unsigned id, unsigned flags) /* gives slab|managed */;

// source: drivers/spi/spi.c
spi_controller *__spi_alloc_controller(device *dev, unsigned int size, bool slave) /* gives slab */;
spi_device *spi_alloc_device(spi_controller *ctlr) /* gives slab */;

// source: drivers/thunderbolt/nhi.c
tb_ring *tb_ring_alloc_rx(tb_nhi *nhi, int hop, int size, unsigned int flags, int e2e_tx_hop, u16 sof_mask, u16 eof_mask, void *start_poll, void *poll_data) /* gives slab */;
tb_ring *tb_ring_alloc_tx(tb_nhi *nhi, int hop, int size, unsigned int flags) /* gives slab */;
void tb_ring_free(tb_ring *ring /* frees kmalloc-memory */);

// source: drivers/tty/tty_io.c
tty_driver *__tty_alloc_driver(unsigned int lines, module *owner, unsigned long flags) /* gives slab */;
tty_struct *tty_init_dev(tty_driver *driver, int idx) /* gives slab */;
tty_struct *tty_kopen_exclusive(dev_t device) /* gives slab */;
tty_struct *tty_kopen_shared(dev_t device) /* gives slab */;
device *tty_register_device(tty_driver *driver, unsigned index, device *device) /* gives slab */;
device *tty_register_device_attr(tty_driver *driver, unsigned index, device *device, void *drvdata, attribute_group **attr_grp) /* gives slab */;

// source: drivers/usb/core/buffer.c
void *hcd_buffer_alloc(usb_bus *bus, size_t size, gfp_t mem_flags, dma_addr_t *dma) /* gives slab|driver|coherent */;
void *hcd_buffer_alloc_pages(usb_hcd *hcd, size_t size, gfp_t mem_flags, dma_addr_t *dma) /* gives driver|coherent */;

// source: drivers/vfio/vfio_main.c
vfio_device *_vfio_alloc_device(size_t size, device *dev, vfio_device_ops *ops) /* gives slab|vmalloc */;

// source: fs/buffer.c
int __block_write_begin(struct folio *folio /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap; keeps !tail|slab */, loff_t pos, unsigned len, get_block_t *get_block);
int __block_write_full_folio(inode *inode, struct folio *folio /* keeps !slab|net|zsmalloc; wants !tail|slab|large|table|zsmalloc|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */, get_block_t *get_block, writeback_control *wbc);
buffer_head *alloc_buffer_head(gfp_t gfp_flags) /* gives slab */;
void block_commit_write(struct page *page /* wants !slab|large|table|zsmalloc|vmalloc|free|offline|guard|percpu|io|stack|global|user|untyped-table|kmap */, unsigned from, unsigned to);
bool block_dirty_folio(address_space *mapping, struct folio *folio /* wants cached */);
void block_invalidate_folio(struct folio *folio /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */, size_t offset, size_t length);
bool block_is_partially_uptodate(struct folio *folio /* wants cached */, size_t from, size_t count);
int block_read_full_folio(struct folio *folio /* wants !tail|slab|large|table|zsmalloc|vmalloc|noncomp|free|offline|guard|hugetlb|percpu|io|stack|global|user|iommu|untyped-table|kmap; keeps !tail|slab|net|zsmalloc */, get_block_t *get_block);
int block_write_end(file *file, address_space *mapping, loff_t pos, unsigned len, unsigned copied, struct folio *folio /* wants cached; keeps !slab|net|zsmalloc */, void *fsdata);
int block_write_full_folio(struct folio *folio /* wants head; keeps !tail|slab|net|zsmalloc */, writeback_control *wbc, void *get_block);
void folio_zero_new_buffers(struct folio *folio /* wants !tail|slab|large|table|zsmalloc|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */, size_t from, size_t to);
int generic_write_end(file *file, address_space *mapping, loff_t pos, unsigned len, unsigned copied, struct folio *folio /* wants !tail|slab|large|net|table|zsmalloc|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap|pinned; keeps !slab|net|zsmalloc */, void *fsdata);

// source: fs/crypto/crypto.c
int fscrypt_decrypt_pagecache_blocks(struct folio *folio /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap; keeps !tail|slab|net|zsmalloc */, size_t len, size_t offs);
struct page *fscrypt_encrypt_pagecache_blocks(struct page *page /* wants !slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */, unsigned int len, unsigned int offs, gfp_t gfp_flags);
void fscrypt_free_bounce_page(struct page *bounce_page /* keeps !slab|net|table|zsmalloc */);

// source: fs/file.c
files_struct *dup_fd(files_struct *oldf, fd_range *punch_hole) /* gives slab */;

// source: fs/iomap/buffered-io.c
bool iomap_dirty_folio(address_space *mapping, struct folio *folio /* wants cached; keeps !tail|slab|net|table|zsmalloc */);
struct folio *iomap_get_folio(iomap_iter *iter, loff_t pos, size_t len) /* gives file */;
void iomap_invalidate_folio(struct folio *folio /* keeps !tail|slab|net|zsmalloc */, size_t offset, size_t len);
bool iomap_is_partially_uptodate(struct folio *folio /* keeps !tail|slab|net|table|zsmalloc */, size_t from, size_t count);
int iomap_read_folio(struct folio *folio /* wants head; keeps !tail|slab|net|zsmalloc */, iomap_ops *ops);
bool iomap_release_folio(struct folio *folio /* wants head; keeps !tail|slab|net|zsmalloc */, gfp_t gfp_flags);

// source: fs/jbd2/journal.c
void *jbd2_alloc(size_t size, gfp_t flags) /* gives slab|driver */;

// source: fs/jbd2/transaction.c
int jbd2_journal_invalidate_folio(journal_t *journal, struct folio *folio /* wants !tail|zsmalloc */, size_t offset, size_t length);
bool jbd2_journal_try_to_free_buffers(journal_t *journal, struct folio *folio /* wants !tail|slab|large|table|zsmalloc|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */);

// source: fs/namei.c
filename *getname(char *filename) /* gives slab */;
filename *getname_flags(char *filename, int flags) /* gives slab */;
filename *getname_kernel(char *filename) /* gives slab */;
filename *getname_uflags(char *filename, int uflags) /* gives slab */;
char *page_get_link(dentry *dentry, inode *inode, delayed_call *callback) /* gives file */;
char *page_get_link_raw(dentry *dentry, inode *inode, delayed_call *callback) /* gives file */;
void page_put_link(void *arg /* wants !slab|large|net|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap|pinned */);

// source: fs/namespace.c
mnt_namespace *copy_mnt_ns(unsigned long flags, mnt_namespace *ns, user_namespace *user_ns, fs_struct *new_fs) /* gives slab */;
vfsmount *vfs_create_mount(fs_context *fc) /* gives slab */;

// source: fs/netfs/buffered_read.c
int netfs_read_folio(file *file, struct folio *folio /* wants !tail|zsmalloc|unref; keeps !tail|slab|net|zsmalloc */);

// source: fs/netfs/misc.c
bool netfs_dirty_folio(address_space *mapping, struct folio *folio /* wants cached */);
void netfs_invalidate_folio(struct folio *folio /* wants !tail|slab|large|table|zsmalloc|vmalloc|free|offline|guard|percpu|io|stack|global|user|unref|untyped-table|kmap; keeps !tail|slab|net|zsmalloc */, size_t offset, size_t length);
bool netfs_release_folio(struct folio *folio /* wants cached */, gfp_t gfp);

// source: fs/netfs/rolling_buffer.c
ssize_t rolling_buffer_append(rolling_buffer *roll, struct folio *folio /* wants head */, unsigned int flags, gfp_t gfp);

// source: fs/nfs/pagelist.c
nfs_page *nfs_page_create_from_folio(nfs_open_context *ctx, struct folio *folio /* keeps !tail|slab|net|zsmalloc; wants !tail|slab|large|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|unref|kmap */, unsigned int offset, unsigned int count);
nfs_page *nfs_page_create_from_page(nfs_open_context *ctx, struct page *page /* wants refcounted */, unsigned int pgbase, loff_t offset, unsigned int count);

// source: fs/nfs/read.c
int nfs_read_folio(file *file, struct folio *folio /* wants !tail|slab|large|table|zsmalloc|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|unref|iommu|untyped-table|kmap; keeps !slab|net|zsmalloc */);

// source: fs/nfs/write.c
int nfs_flush_incompatible(file *file, struct folio *folio /* wants head; keeps !tail|slab|net|zsmalloc */);
int nfs_update_folio(file *file, struct folio *folio /* keeps !tail|slab|net|zsmalloc; wants head */, unsigned int offset, unsigned int count);
int nfs_wb_folio(inode *inode, struct folio *folio /* wants !tail|slab|large|table|zsmalloc|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|unref|iommu|untyped-table|kmap; keeps !slab|net|zsmalloc */);
int nfs_wb_folio_cancel(inode *inode, struct folio *folio /* wants !tail|unref; keeps !tail|slab|net|zsmalloc */);
int nfs_wb_folio_reclaim(inode *inode, struct folio *folio /* wants head; keeps !slab|net|zsmalloc */);

// source: fs/pipe.c
void free_pipe_info(pipe_inode_info *pipe /* frees kmalloc-memory */);

// source: fs/proc/page.c
u64 stable_page_flags(struct page *page /* wants rmappable; keeps !slab */);

// source: fs/proc/vmcore.c
int remap_oldmem_pfn_range(vm_area_struct *vma, unsigned long from, unsigned long pfn /* wants mappable */, unsigned long size, pgprot_t prot);

// source: fs/verity/verify.c
bool fsverity_verify_blocks(struct folio *folio /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap; keeps !tail|slab|net|zsmalloc */, size_t len, size_t offset);

// source: fs/xattr.c
simple_xattr *simple_xattr_alloc(void *value, size_t size) /* gives slab|vmalloc */;

// source: include/acpi/acpi_bus.h
type to_acpi_device(d) /* gives kind of d */;
type to_acpi_driver(d) /* gives kind of d */;
acpi_hotplug_profile *to_acpi_hotplug_profile(kobject *kobj) /* gives kind of kobj */;

// source: include/acpi/actypes.h
type ACPI_SET_BIT(target, bit) /* gives kind of bit */;

// source: include/acpi/ghes.h
void *acpi_hest_get_payload(acpi_hest_generic_data *gdata) /* gives kind of gdata */;

// source: include/acpi/nhlt.h
type __acpi_nhlt_config_caps(cfg) /* gives kind of cfg */;
type __acpi_nhlt_endpoint_config(ep) /* gives kind of ep */;
type __acpi_nhlt_first_endpoint(tb) /* gives kind of tb */;
type __acpi_nhlt_first_fmtcfg(fmts) /* gives kind of fmts */;

// source: include/acpi/platform/aclinuxex.h
type acpi_os_acquire_object(_cache) /* gives slab */;
type acpi_os_allocate(_size) /* gives slab */;
type acpi_os_allocate_zeroed(_size) /* gives slab */;

// source: include/asm-generic/atomic.h
type arch_atomic_set(v, i) /* gives kind of i */;

// source: include/asm-generic/cmpxchg-local.h
unsigned long __generic_cmpxchg_local(void *ptr, unsigned long old, unsigned long new, int size) /* gives kind of new */;

// source: include/asm-generic/exec.h
type arch_align_stack(x) /* gives kind of x */;

// source: include/asm-generic/io.h
type __io_virt(x) /* gives kind of x */;
void *ioport_map(unsigned long port, unsigned int nr) /* gives kind of port */;
void *xlate_dev_mem_ptr(phys_addr_t addr) /* gives kind of addr */;

// source: include/asm-generic/irq_regs.h
pt_regs *set_irq_regs(pt_regs *new_regs) /* gives kind of new_regs */;

// source: include/asm-generic/percpu.h
type __this_cpu_generic_read_noirq(pcp) /* gives kind of pcp */;
type __this_cpu_generic_read_nopreempt(pcp) /* gives kind of pcp */;
type raw_cpu_generic_read(pcp) /* gives kind of pcp */;
type raw_cpu_read_1(pcp) /* gives kind of pcp */;
type raw_cpu_read_2(pcp) /* gives kind of pcp */;
type raw_cpu_read_4(pcp) /* gives kind of pcp */;
type raw_cpu_read_8(pcp) /* gives kind of pcp */;
type this_cpu_generic_read(pcp) /* gives kind of pcp */;
type this_cpu_read_1(pcp) /* gives kind of pcp */;
type this_cpu_read_2(pcp) /* gives kind of pcp */;
type this_cpu_read_4(pcp) /* gives kind of pcp */;
type this_cpu_read_8(pcp) /* gives kind of pcp */;

// source: include/asm-generic/pgalloc.h
pte_t *__pte_alloc_one_kernel_noprof(mm_struct *mm) /* gives untyped-table */;

// source: include/asm-generic/runtime-const.h
type runtime_const_ptr(sym) /* gives kind of sym */;

// source: include/asm-generic/rwonce.h
type __READ_ONCE(x) /* gives kind of x */;

// source: include/asm-generic/sections.h
type dereference_function_descriptor(p) /* gives kind of p */;
type dereference_kernel_function_descriptor(p) /* gives kind of p */;

// source: include/asm-generic/vga.h
type VGA_MAP_MEM(x, s) /* gives kind of x */;
type vga_writeb(x, y) /* gives kind of x */;

// source: include/asm-generic/vmlinux.lds.h
type BSS(bss_align) /* gives kind of bss_align */;
type CACHELINE_ALIGNED_DATA(align) /* gives kind of align */;
type EXCEPTION_TABLE(align) /* gives kind of align */;
type INIT_SETUP(initsetup_align) /* gives kind of initsetup_align */;
type INIT_TASK_DATA_SECTION(align) /* gives kind of align */;
type INIT_TEXT_SECTION(inittext_align) /* gives kind of inittext_align */;
type SBSS(sbss_align) /* gives kind of sbss_align */;

// source: include/crypto/acompress.h
crypto_acomp *__crypto_acomp_tfm(crypto_tfm *tfm) /* gives kind of tfm */;
comp_alg_common *__crypto_comp_alg_common(crypto_alg *alg) /* gives kind of alg */;
crypto_tfm *crypto_acomp_tfm(crypto_acomp *tfm) /* gives kind of tfm */;

// source: include/crypto/aead.h
crypto_aead *__crypto_aead_cast(crypto_tfm *tfm) /* gives kind of tfm */;
aead_request *aead_request_alloc(crypto_aead *tfm, gfp_t gfp) /* gives slab */;
void aead_request_free(aead_request *req /* frees kmalloc-memory */);
crypto_tfm *crypto_aead_tfm(crypto_aead *tfm) /* gives kind of tfm */;

// source: include/crypto/akcipher.h
akcipher_alg *__crypto_akcipher_alg(crypto_alg *alg) /* gives kind of alg */;
crypto_akcipher *__crypto_akcipher_tfm(crypto_tfm *tfm) /* gives kind of tfm */;
akcipher_request *akcipher_request_alloc(crypto_akcipher *tfm, gfp_t gfp) /* gives slab */;
void akcipher_request_free(akcipher_request *req /* frees kmalloc-memory */);
crypto_tfm *crypto_akcipher_tfm(crypto_akcipher *tfm) /* gives kind of tfm */;

// source: include/crypto/cryptd.h
cryptd_aead *__cryptd_aead_cast(crypto_aead *tfm) /* gives kind of tfm */;
cryptd_ahash *__cryptd_ahash_cast(crypto_ahash *tfm) /* gives kind of tfm */;

// source: include/crypto/gf128mul.h
void gf128mul_free_4k(gf128mul_4k *t /* frees kmalloc-memory */);

// source: include/crypto/hash.h
crypto_ahash *__crypto_ahash_cast(crypto_tfm *tfm) /* gives kind of tfm */;
hash_alg_common *__crypto_hash_alg_common(crypto_alg *alg) /* gives kind of alg */;
shash_alg *__crypto_shash_alg(crypto_alg *alg) /* gives kind of alg */;
ahash_request *ahash_request_alloc_noprof(crypto_ahash *tfm, gfp_t gfp) /* gives slab */;
ahash_request *ahash_request_cast(crypto_async_request *req) /* gives kind of req */;
void ahash_request_free(ahash_request *req /* frees kmalloc-memory */);
crypto_tfm *crypto_ahash_tfm(crypto_ahash *tfm) /* gives kind of tfm */;
crypto_tfm *crypto_shash_tfm(crypto_shash *tfm) /* gives kind of tfm */;

// source: include/crypto/if_alg.h
alg_sock *alg_sk(sock *sk) /* gives kind of sk */;

// source: include/crypto/internal/acompress.h
acomp_req *__acomp_request_alloc_noprof(crypto_acomp *tfm) /* gives slab */;
void __acomp_request_free(acomp_req *req /* frees kmalloc-memory */);

// source: include/crypto/internal/aead.h
aead_instance *aead_instance(crypto_instance *inst) /* gives kind of inst */;
aead_request *aead_request_cast(crypto_async_request *req) /* gives kind of req */;

// source: include/crypto/internal/akcipher.h
akcipher_instance *akcipher_instance(crypto_instance *inst) /* gives kind of inst */;

// source: include/crypto/internal/cipher.h
crypto_cipher *__crypto_cipher_cast(crypto_tfm *tfm) /* gives kind of tfm */;
crypto_tfm *crypto_cipher_tfm(crypto_cipher *tfm) /* gives kind of tfm */;

// source: include/crypto/internal/hash.h
crypto_shash *__crypto_shash_cast(crypto_tfm *tfm) /* gives kind of tfm */;
ahash_instance *ahash_instance(crypto_instance *inst) /* gives kind of inst */;
shash_instance *shash_instance(crypto_instance *inst) /* gives kind of inst */;

// source: include/crypto/internal/kpp.h
kpp_instance *kpp_instance(crypto_instance *inst) /* gives kind of inst */;

// source: include/crypto/internal/scompress.h
scomp_alg *__crypto_scomp_alg(crypto_alg *alg) /* gives kind of alg */;
crypto_scomp *__crypto_scomp_tfm(crypto_tfm *tfm) /* gives kind of tfm */;
crypto_tfm *crypto_scomp_tfm(crypto_scomp *tfm) /* gives kind of tfm */;

// source: include/crypto/kpp.h
kpp_alg *__crypto_kpp_alg(crypto_alg *alg) /* gives kind of alg */;
crypto_kpp *__crypto_kpp_tfm(crypto_tfm *tfm) /* gives kind of tfm */;
crypto_tfm *crypto_kpp_tfm(crypto_kpp *tfm) /* gives kind of tfm */;
kpp_request *kpp_request_alloc(crypto_kpp *tfm, gfp_t gfp) /* gives slab */;
void kpp_request_free(kpp_request *req /* frees kmalloc-memory */);

// source: include/crypto/pcrypt.h
pcrypt_request *pcrypt_padata_request(padata_priv *padata) /* gives kind of padata */;
padata_priv *pcrypt_request_padata(pcrypt_request *req) /* gives kind of req */;

// source: include/crypto/rng.h
rng_alg *__crypto_rng_alg(crypto_alg *alg) /* gives kind of alg */;
crypto_tfm *crypto_rng_tfm(crypto_rng *tfm) /* gives kind of tfm */;

// source: include/crypto/sig.h
crypto_tfm *crypto_sig_tfm(crypto_sig *tfm) /* gives kind of tfm */;

// source: include/crypto/skcipher.h
crypto_skcipher *__crypto_skcipher_cast(crypto_tfm *tfm) /* gives kind of tfm */;
crypto_tfm *crypto_lskcipher_tfm(crypto_lskcipher *tfm) /* gives kind of tfm */;
crypto_tfm *crypto_skcipher_tfm(crypto_skcipher *tfm) /* gives kind of tfm */;
skcipher_request *skcipher_request_alloc_noprof(crypto_skcipher *tfm, gfp_t gfp) /* gives slab */;
skcipher_request *skcipher_request_cast(crypto_async_request *req) /* gives kind of req */;
void skcipher_request_free(skcipher_request *req /* frees kmalloc-memory */);

// source: include/drm/display/drm_dp_aux_bus.h
dp_aux_ep_device *to_dp_aux_ep_dev(device *dev) /* gives kind of dev */;
dp_aux_ep_driver *to_dp_aux_ep_drv(device_driver *drv) /* gives kind of drv */;

// source: include/drm/display/drm_dp_mst_helper.h
type to_dp_mst_topology_mgr(x) /* gives kind of x */;
type to_dp_mst_topology_state(x) /* gives kind of x */;
drm_dp_mst_topology_state *to_drm_dp_mst_topology_state(drm_private_state *state) /* gives kind of state */;

// source: include/drm/drm_atomic.h
drm_atomic_state *drm_atomic_state_get(drm_atomic_state *state) /* gives kind of state */;
drm_crtc_commit *drm_crtc_commit_get(drm_crtc_commit *commit) /* gives kind of commit */;
drm_bridge_state *drm_priv_to_bridge_state(drm_private_state *priv) /* gives kind of priv */;

// source: include/drm/drm_bridge.h
drm_bridge *drm_priv_to_bridge(drm_private_obj *priv) /* gives kind of priv */;

// source: include/drm/drm_connector.h
type obj_to_connector(x) /* gives kind of x */;

// source: include/drm/drm_crtc.h
type obj_to_crtc(x) /* gives kind of x */;

// source: include/drm/drm_edid.h
char *drm_edid_decode_mfg_id(u16 mfg_id, char *vend) /* gives kind of vend */;

// source: include/drm/drm_encoder.h
type obj_to_encoder(x) /* gives kind of x */;

// source: include/drm/drm_encoder_slave.h
type to_drm_i2c_encoder_driver(x) /* gives kind of x */;
type to_encoder_slave(x) /* gives kind of x */;

// source: include/drm/drm_fb_helper.h
drm_fb_helper *drm_fb_helper_from_client(drm_client_dev *client) /* gives kind of client */;

// source: include/drm/drm_framebuffer.h
type fb_to_afbc_fb(x) /* gives kind of x */;
type obj_to_fb(x) /* gives kind of x */;

// source: include/drm/drm_gem_atomic_helper.h
drm_shadow_plane_state *to_drm_shadow_plane_state(drm_plane_state *state) /* gives kind of state */;

// source: include/drm/drm_gem_dma_helper.h
type to_drm_gem_dma_obj(gem_obj) /* gives kind of gem_obj */;

// source: include/drm/drm_gem_shmem_helper.h
type to_drm_gem_shmem_obj(obj) /* gives kind of obj */;

// source: include/drm/drm_gem_ttm_helper.h
type drm_gem_ttm_of_gem(gem_obj) /* gives kind of gem_obj */;

// source: include/drm/drm_gem_vram_helper.h
drm_gem_vram_object *drm_gem_vram_of_bo(ttm_buffer_object *bo) /* gives kind of bo */;
drm_gem_vram_object *drm_gem_vram_of_gem(drm_gem_object *gem) /* gives kind of gem */;
drm_vram_mm *drm_vram_mm_of_bdev(ttm_device *bdev) /* gives kind of bdev */;

// source: include/drm/drm_gpuvm.h
drm_gpuvm_bo *drm_gpuvm_bo_get(drm_gpuvm_bo *vm_bo) /* gives kind of vm_bo */;
drm_gpuvm *drm_gpuvm_get(drm_gpuvm *gpuvm) /* gives kind of gpuvm */;

// source: include/drm/drm_mipi_dbi.h
mipi_dbi_dev *drm_to_mipi_dbi_dev(drm_device *drm) /* gives kind of drm */;

// source: include/drm/drm_mipi_dsi.h
type to_mipi_dsi_device(__dev) /* gives kind of __dev */;
mipi_dsi_driver *to_mipi_dsi_driver(device_driver *driver) /* gives kind of driver */;

// source: include/drm/drm_modes.h
type obj_to_mode(x) /* gives kind of x */;

// source: include/drm/drm_plane.h
type obj_to_plane(x) /* gives kind of x */;

// source: include/drm/drm_property.h
type obj_to_blob(x) /* gives kind of x */;
type obj_to_property(x) /* gives kind of x */;

// source: include/drm/drm_vblank_work.h
type to_drm_vblank_work(_work) /* gives kind of _work */;

// source: include/drm/drm_writeback.h
drm_writeback_connector *drm_connector_to_writeback(drm_connector *connector) /* gives kind of connector */;

// source: include/drm/ttm/ttm_bo.h
ttm_buffer_object *ttm_bo_get_unless_zero(ttm_buffer_object *bo) /* gives kind of bo */;

// source: include/drm/ttm/ttm_range_manager.h
ttm_range_mgr_node *to_ttm_range_mgr_node(ttm_resource *res) /* gives kind of res */;

// source: include/drm/ttm/ttm_resource.h
ttm_resource *ttm_lru_item_to_res(ttm_lru_item *item) /* gives kind of item */;

// source: include/kunit/resource.h
kunit_resource *kunit_alloc_and_get_resource(kunit *test, kunit_resource_init_t init, kunit_resource_free_t free, gfp_t internal_gfp, void *context) /* gives slab */;

// source: include/kunit/skbuff.h
sk_buff *kunit_zalloc_skb(kunit *test, int len, gfp_t gfp) /* gives slab */;

// source: include/linux/acpi.h
fwnode_handle *acpi_alloc_fwnode_static() /* gives slab */;

// source: include/linux/align.h
type PTR_ALIGN(p, a) /* gives kind of p */;
type PTR_ALIGN_DOWN(p, a) /* gives kind of p */;

// source: include/linux/alloc_tag.h
type alloc_hooks_tag(_tag, _do_alloc) /* gives kind of _do_alloc */;
alloc_tag *ct_to_alloc_tag(codetag *ct) /* gives kind of ct */;

// source: include/linux/amba/bus.h
type to_amba_device(d) /* gives kind of d */;

// source: include/linux/arm_ffa.h
type to_ffa_dev(d) /* gives kind of d */;
type to_ffa_driver(d) /* gives kind of d */;

// source: include/linux/asn1_ber_bytecode.h
type _action(N) /* gives kind of N */;
type _jump_target(N) /* gives kind of N */;

// source: include/linux/assoc_array_priv.h
unsigned long __assoc_array_ptr_to_meta(assoc_array_ptr *x) /* gives kind of x */;
assoc_array_ptr *__assoc_array_x_to_ptr(void *p, unsigned long t) /* gives kind of p */;
void *assoc_array_ptr_to_leaf(assoc_array_ptr *x) /* gives kind of x */;

// source: include/linux/atalk.h
atalk_sock *at_sk(sock *sk) /* gives kind of sk */;

// source: include/linux/atmdev.h
type ATM_SKB(skb) /* gives kind of skb */;
atm_vcc *atm_sk(sock *sk) /* gives kind of sk */;
sock *sk_atm(atm_vcc *vcc) /* gives kind of vcc */;

// source: include/linux/auxiliary_bus.h
auxiliary_device *to_auxiliary_dev(device *dev) /* gives kind of dev */;
auxiliary_driver *to_auxiliary_drv(device_driver *drv) /* gives kind of drv */;

// source: include/linux/backing-dev.h
backing_dev_info *bdi_get(backing_dev_info *bdi) /* gives kind of bdi */;

// source: include/linux/backlight.h
type to_backlight_device(obj) /* gives kind of obj */;

// source: include/linux/balloon_compaction.h
void balloon_page_push(list_head *pages, struct page *page /* keeps !tail|slab|net|device */);

// source: include/linux/bio.h
bio *bio_next_split(bio *bio, int sectors, gfp_t gfp, bio_set *bs) /* gives kind of bio */;
type bio_set_prio(bio, prio) /* gives kind of prio */;

// source: include/linux/bitfield.h
type FIELD_GET(_mask, _reg) /* gives kind of _reg */;
type FIELD_MAX(_mask) /* gives kind of _mask */;
type FIELD_PREP(_mask, _val) /* gives kind of _val */;

// source: include/linux/bitrev.h
type __constant_bitrev16(x) /* gives kind of x */;
type __constant_bitrev32(x) /* gives kind of x */;
type __constant_bitrev8(x) /* gives kind of x */;
type __constant_bitrev8x4(x) /* gives kind of x */;

// source: include/linux/blk-mq.h
request *blk_mq_rq_from_pdu(void *pdu) /* gives kind of pdu */;
void *blk_mq_rq_to_pdu(request *rq) /* gives kind of rq */;

// source: include/linux/blk_types.h
type dev_to_bdev(device) /* gives kind of device */;

// source: include/linux/blkdev.h
type list_entry_rq(ptr) /* gives kind of ptr */;

// source: include/linux/bootmem_info.h
void get_page_bootmem(unsigned long info, struct page *page /* keeps !tail|slab|net|table|zsmalloc; wants refcounted */, unsigned long type);
void put_page_bootmem(struct page *page /* keeps !tail|slab|net|zsmalloc */);
void register_page_bootmem_info_node(pglist_data *pgdat /* wants linear */);

// source: include/linux/bpf-cgroup.h
bpf_cgroup_storage *bpf_cgroup_storage_alloc(bpf_prog *prog, enum bpf_cgroup_storage_type stype) /* gives slab */;

// source: include/linux/bpf.h
type bpf_map_alloc_percpu(_map, _size, _align, _flags) /* gives percpu */;
type bpf_map_kmalloc_node(_map, _size, _flags, _node) /* gives slab */;
type bpf_map_kvcalloc(_map, _n, _size, _flags) /* gives slab|vmalloc */;
type bpf_map_kzalloc(_map, _size, _flags) /* gives slab */;
bpf_map *bpf_map_offload_map_alloc(bpf_attr *attr) /* gives slab|vmalloc */;
bpf_map_owner *bpf_map_owner_alloc(bpf_map *map) /* gives slab */;
bpf_offloaded_map *map_to_offmap(bpf_map *map) /* gives kind of map */;

// source: include/linux/bpf_local_storage.h
type SDATA(_SELEM) /* gives kind of _SELEM */;
type SELEM(_SDATA) /* gives kind of _SDATA */;

// source: include/linux/btf.h
btf_array *btf_array(btf_type *t) /* gives kind of t */;
btf_decl_tag *btf_decl_tag(btf_type *t) /* gives kind of t */;
btf_enum *btf_enum(btf_type *t) /* gives kind of t */;
btf_enum64 *btf_enum64(btf_type *t) /* gives kind of t */;
btf_member *btf_members(btf_type *t) /* gives kind of t */;
btf_param *btf_params(btf_type *t) /* gives kind of t */;
btf_member *btf_type_member(btf_type *t) /* gives kind of t */;
btf_var_secinfo *btf_type_var_secinfo(btf_type *t) /* gives kind of t */;

// source: include/linux/bvec.h
type __bvec_iter_bvec(bvec, iter) /* gives kind of bvec */;
bio_vec *bvec_init_iter_all(bvec_iter_all *iter_all) /* gives kind of iter_all */;

// source: include/linux/cb710.h
cb710_slot *cb710_pdev_to_slot(platform_device *pdev) /* gives kind of pdev */;

// source: include/linux/cdx/cdx_bus.h
type to_cdx_device(_dev) /* gives kind of _dev */;
type to_cdx_driver(_drv) /* gives kind of _drv */;

// source: include/linux/ceph/buffer.h
ceph_buffer *ceph_buffer_get(ceph_buffer *b) /* gives kind of b */;

// source: include/linux/ceph/ceph_debug.h
type pr_err_client(client, fmt) /* gives kind of client */;
type pr_info_client(client, fmt) /* gives kind of client */;

// source: include/linux/ceph/decode.h
char *ceph_extract_encoded_string(void **p, void *end, size_t *lenp, gfp_t gfp) /* gives slab */;

// source: include/linux/ceph/libceph.h
unsigned long ceph_timeout_jiffies(unsigned long timeout) /* gives kind of timeout */;
type from_msgr(ms) /* gives kind of ms */;

// source: include/linux/ceph/string_table.h
ceph_string *ceph_get_string(ceph_string *str) /* gives kind of str */;
type ceph_try_get_string(x) /* gives kind of x */;

// source: include/linux/cgroup.h
cgroup_namespace *copy_cgroup_ns(unsigned long flags, user_namespace *user_ns, cgroup_namespace *old_ns) /* gives kind of old_ns */;

// source: include/linux/cleanup.h
void *__must_check_fn(void *val) /* gives kind of val */;
type return_ptr(p) /* gives kind of p */;

// source: include/linux/clk-provider.h
clk_hw *__clk_get_hw(clk *clk) /* gives kind of clk */;
type to_clk_composite(_hw) /* gives kind of _hw */;
type to_clk_divider(_hw) /* gives kind of _hw */;
type to_clk_fd(_hw) /* gives kind of _hw */;
type to_clk_fixed_factor(_hw) /* gives kind of _hw */;
type to_clk_gate(_hw) /* gives kind of _hw */;
type to_clk_multiplier(_hw) /* gives kind of _hw */;
type to_clk_mux(_hw) /* gives kind of _hw */;

// source: include/linux/clk/ti.h
type to_clk_hw_omap(_hw) /* gives kind of _hw */;

// source: include/linux/clockchips.h
unsigned long div_sc(unsigned long ticks, unsigned long nsec, int shift) /* gives kind of ticks */;

// source: include/linux/cma.h
bool cma_free_folio(cma *cma, struct folio *folio /* wants !tail|block|noncomp; frees tail|driver|block|noncomp|hugetlb|unref|ptl */);

// source: include/linux/compiler-clang.h
type __diag_str1(s) /* gives kind of s */;

// source: include/linux/configfs.h
config_group *to_config_group(config_item *item) /* gives kind of item */;
configfs_subsystem *to_configfs_subsystem(config_group *group) /* gives kind of group */;

// source: include/linux/container.h
container_dev *to_container_dev(device *dev) /* gives kind of dev */;

// source: include/linux/container_of.h
type container_of_const(ptr, type, member) /* gives kind of ptr */;

// source: include/linux/cordic.h
type CORDIC_FLOAT(X) /* gives kind of X */;

// source: include/linux/coresight.h
type to_coresight_device(d) /* gives kind of d */;

// source: include/linux/cpufreq.h
gov_attr_set *to_gov_attr_set(kobject *kobj) /* gives kind of kobj */;

// source: include/linux/cpuidle.h
type __CPU_PM_CPU_IDLE_ENTER(low_level_idle_enter, idx, state, is_retention, is_rcu) /* gives kind of idx */;

// source: include/linux/cpumask.h
type this_cpu_cpumask_var_ptr(x) /* gives kind of x */;
type to_cpumask(bitmap) /* gives kind of bitmap */;

// source: include/linux/cred.h
cred *get_cred_rcu(cred *cred) /* gives kind of cred */;
group_info *get_group_info(group_info *gi) /* gives kind of gi */;
cred *get_new_cred_many(cred *cred, int nr) /* gives kind of cred */;

// source: include/linux/crypto.h
crypto_comp *__crypto_comp_cast(crypto_tfm *tfm) /* gives kind of tfm */;
crypto_tfm *crypto_comp_tfm(crypto_comp *tfm) /* gives kind of tfm */;

// source: include/linux/ctype.h
type toascii(c) /* gives kind of c */;

// source: include/linux/dca.h
void *dca_priv(dca_provider *dca) /* gives kind of dca */;

// source: include/linux/dcache.h
dentry *dget(dentry *dentry) /* gives kind of dentry */;
dentry *dget_dlock(dentry *dentry) /* gives kind of dentry */;

// source: include/linux/dccp.h
dccp_hdr_ext *dccp_hdrx(dccp_hdr *dh) /* gives kind of dh */;
dccp_request_sock *dccp_rsk(request_sock *req) /* gives kind of req */;
type dccp_sk(ptr) /* gives kind of ptr */;

// source: include/linux/dev_printk.h
type dev_fmt(fmt) /* gives kind of fmt */;

// source: include/linux/device-mapper.h
unsigned long to_bytes(sector_t n) /* gives kind of n */;

// source: include/linux/device.h
type kobj_to_dev(__kobj) /* gives kind of __kobj */;

// source: include/linux/device/devres.h
void *devm_kmemdup_array(device *dev, void *src, size_t n, size_t size, gfp_t flags) /* gives slab|managed */;
void *devm_krealloc_array(device *dev, void *p, size_t new_n, size_t new_size, gfp_t flags) /* gives slab|managed */;

// source: include/linux/dfl.h
type to_dfl_dev(d) /* gives kind of d */;
type to_dfl_drv(d) /* gives kind of d */;

// source: include/linux/dio.h
type dio_request_device(d, name) /* gives slab */;
type to_dio_dev(n) /* gives kind of n */;
type to_dio_driver(drv) /* gives kind of drv */;

// source: include/linux/dma-fence-array.h
dma_fence_array *to_dma_fence_array(dma_fence *fence) /* gives kind of fence */;

// source: include/linux/dma-fence-chain.h
void dma_fence_chain_free(dma_fence_chain *chain /* frees kmalloc-memory */);
dma_fence_chain *to_dma_fence_chain(dma_fence *fence) /* gives kind of fence */;

// source: include/linux/dma-fence.h
dma_fence *dma_fence_get(dma_fence *fence) /* gives kind of fence */;
dma_fence *dma_fence_get_rcu(dma_fence *fence) /* gives kind of fence */;

// source: include/linux/dma-mapping.h
sg_table *dma_alloc_noncontiguous(device *dev, size_t size, enum dma_data_direction dir, gfp_t gfp, unsigned long attrs) /* gives slab */;

// source: include/linux/dmapool.h
void dma_pool_destroy(dma_pool *pool /* frees kmalloc-memory */);

// source: include/linux/dmar.h
type dmar_rcu_dereference(p) /* gives kind of p */;

// source: include/linux/dsa/ksz_common.h
type KSZ_SKB_CB(skb) /* gives kind of skb */;

// source: include/linux/dsa/ocelot.h
type OCELOT_SKB_CB(skb) /* gives kind of skb */;

// source: include/linux/dsa/sja1105.h
type SJA1105_SKB_CB(skb) /* gives kind of skb */;

// source: include/linux/dtpm.h
dtpm *to_dtpm(powercap_zone *zone) /* gives kind of zone */;

// source: include/linux/efi.h
char *efi_guid_to_str(efi_guid_t *guid, char *out) /* gives kind of out */;

// source: include/linux/eisa.h
type to_eisa_device(n) /* gives kind of n */;
type to_eisa_driver(drv) /* gives kind of drv */;

// source: include/linux/enclosure.h
enclosure_component *to_enclosure_component(device *dev) /* gives kind of dev */;
enclosure_device *to_enclosure_device(device *dev) /* gives kind of dev */;

// source: include/linux/err.h
void *ERR_CAST(void *ptr) /* gives kind of ptr */;
void *ERR_PTR(unsigned long error) /* gives kind of error */;
unsigned long PTR_ERR(void *ptr) /* gives kind of ptr */;

// source: include/linux/errqueue.h
type SKB_EXT_ERR(skb) /* gives kind of skb */;

// source: include/linux/eventpoll.h
epoll_event *epoll_put_uevent(__poll_t revents, __u64 data, epoll_event *uevent) /* gives kind of uevent */;

// source: include/linux/fb.h
type FB_SHIFT_HIGH(p, val, bits) /* gives kind of val */;
type FB_SHIFT_LOW(p, val, bits) /* gives kind of val */;

// source: include/linux/fdtable.h
type rcu_dereference_check_fdtable(files, fdtfd) /* gives kind of fdtfd */;

// source: include/linux/file.h
type take_fd(fd) /* gives kind of fd */;

// source: include/linux/filter.h
type __BPF_CAST(t, a) /* gives kind of a */;
unsigned long __bpf_xdp_redirect_map(bpf_map *map, u64 index, u64 flags, u64 flag_mask, void *lookup_elem) /* gives kind of flags */;
bpf_net_context *bpf_net_ctx_set(bpf_net_context *bpf_net_ctx) /* gives kind of bpf_net_ctx */;
void bpf_prog_unlock_free(bpf_prog *fp /* frees vmalloc-memory */);

// source: include/linux/firewire.h
fw_card *fw_card_get(fw_card *card) /* gives kind of card */;
type fw_device(dev) /* gives kind of dev */;
type fw_unit(dev) /* gives kind of dev */;
fw_unit *fw_unit_get(fw_unit *unit) /* gives kind of unit */;

// source: include/linux/folio_queue.h
unsigned int __folio_order(struct folio *folio /* wants head */);
unsigned int folioq_append(folio_queue *folioq, struct folio *folio /* wants head */);
unsigned int folioq_append_mark(folio_queue *folioq, struct folio *folio /* wants head */);

// source: include/linux/fpga/fpga-bridge.h
type to_fpga_bridge(d) /* gives kind of d */;

// source: include/linux/fpga/fpga-mgr.h
type to_fpga_manager(d) /* gives kind of d */;

// source: include/linux/fpga/fpga-region.h
type to_fpga_region(d) /* gives kind of d */;

// source: include/linux/fs.h
type __putname(name /* frees slab-object */);
type alloc_inode_sb(_sb, _cache, _gfp) /* gives slab */;
type fops_get(fops) /* gives kind of fops */;
file *get_file(file *f) /* gives kind of f */;
posix_acl *uncached_acl_sentinel(task_struct *task) /* gives kind of task */;

// source: include/linux/fsi.h
type to_fsi_dev(devp) /* gives kind of devp */;
type to_fsi_drv(drvp) /* gives kind of drvp */;

// source: include/linux/fsl/mc.h
type fsl_mc_cont_dev(_dev) /* gives kind of _dev */;
type to_fsl_mc_device(_dev) /* gives kind of _dev */;
type to_fsl_mc_driver(_drv) /* gives kind of _drv */;
type to_fsl_mc_irq(_mc_resource) /* gives kind of _mc_resource */;

// source: include/linux/fsnotify_backend.h
fs_error_report *fsnotify_data_error_report(void *data, int data_type) /* gives kind of data */;
path *fsnotify_data_path(void *data, int data_type) /* gives kind of data */;

// source: include/linux/fsverity.h
bool fsverity_verify_folio(struct folio *folio /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap; keeps !tail|slab|net|zsmalloc */);
bool fsverity_verify_page(struct page *page /* wants !slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap; keeps !slab|net|zsmalloc */);

// source: include/linux/ftrace.h
unsigned long ftrace_graph_ret_addr(task_struct *task, int *idx, unsigned long ret, unsigned long *retp) /* gives kind of ret */;

// source: include/linux/ftrace_regs.h
type arch_ftrace_regs(fregs) /* gives kind of fregs */;

// source: include/linux/gameport.h
gameport *gameport_allocate_port() /* gives slab */;
void gameport_free_port(gameport *gameport /* frees kmalloc-memory */);
type to_gameport_driver(d) /* gives kind of d */;
type to_gameport_port(d) /* gives kind of d */;

// source: include/linux/generic-radix-tree.h
genradix_node *genradix_alloc_node(gfp_t gfp_mask) /* gives slab */;
void genradix_free_node(genradix_node *node /* frees kmalloc-memory */);
genradix_node *genradix_root_to_node(genradix_root *r) /* gives kind of r */;

// source: include/linux/gfp.h
type __default_gfp(a, b) /* gives kind of b */;
struct page *alloc_pages_mpol_noprof(gfp_t gfp, unsigned int order, mempolicy *mpol, pgoff_t ilx, int nid) /* gives driver */;
struct folio *folio_alloc_gigantic_noprof(int order, gfp_t gfp, int nid, nodemask_t *node) /* gives driver */;
struct folio *folio_alloc_mpol_noprof(gfp_t gfp, unsigned int order, mempolicy *mpol, pgoff_t ilx, int nid) /* gives file|anon */;

// source: include/linux/gpio-pxa.h
type gpio_to_bank(gpio) /* gives kind of gpio */;

// source: include/linux/gpio/legacy-of-mm-gpiochip.h
of_mm_gpio_chip *to_of_mm_gpio_chip(gpio_chip *gc) /* gives kind of gc */;

// source: include/linux/greybus.h
type to_greybus_driver(d) /* gives kind of d */;

// source: include/linux/greybus/bundle.h
type to_gb_bundle(d) /* gives kind of d */;

// source: include/linux/greybus/control.h
type to_gb_control(d) /* gives kind of d */;

// source: include/linux/greybus/hd.h
type to_gb_host_device(d) /* gives kind of d */;

// source: include/linux/greybus/interface.h
type to_gb_interface(d) /* gives kind of d */;

// source: include/linux/greybus/module.h
type to_gb_module(d) /* gives kind of d */;

// source: include/linux/greybus/svc.h
type to_gb_svc(d) /* gives kind of d */;

// source: include/linux/hdlc.h
hdlc_device *dev_to_hdlc(net_device *dev) /* gives slab|managed */;

// source: include/linux/hid.h
type to_hid_device(pdev) /* gives kind of pdev */;
type to_hid_driver(pdrv) /* gives kind of pdrv */;

// source: include/linux/hid_bpf.h
type call_hid_bpf_rdesc_fixup(_hdev, _rdesc, _size) /* gives slab */;
u8 *dispatch_hid_bpf_device_event(hid_device *hid, enum hid_report_type type, u8 *data, size_t *buf_size, u32 *size, int interrupt, u64 source, bool from_bpf) /* gives kind of data */;

// source: include/linux/highmem.h
void folio_fill_tail(struct folio *folio /* wants head */, size_t offset, char *from, size_t len);
void folio_release_kmap(struct folio *folio /* wants !tail|slab|large|net|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap|pinned */, void *addr);
void *folio_zero_tail(struct folio *folio /* wants head */, size_t offset, void *kaddr);
size_t memcpy_from_file_folio(char *to, struct folio *folio /* wants head */, loff_t pos, size_t len);
void memcpy_from_folio(char *to, struct folio *folio /* wants head */, size_t offset, size_t len);
void memcpy_to_folio(struct folio *folio /* wants head */, size_t offset, char *from, size_t len);
void unmap_and_put_page(struct page *page /* wants !slab|large|net|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap|pinned */, void *addr);
struct folio *vma_alloc_zeroed_movable_folio(vm_area_struct *vma, unsigned long vaddr) /* gives driver */;

// source: include/linux/highuid.h
type high_16_bits(x) /* gives kind of x */;
type low_16_bits(x) /* gives kind of x */;

// source: include/linux/hmm.h
struct page *hmm_pfn_to_page(unsigned long hmm_pfn) /* gives kind of hmm_pfn */;

// source: include/linux/host1x.h
host1x_bo_mapping *to_host1x_bo_mapping(kref *ref) /* gives kind of ref */;
host1x_device *to_host1x_device(device *dev) /* gives kind of dev */;
host1x_driver *to_host1x_driver(device_driver *driver) /* gives kind of driver */;

// source: include/linux/hsi/hsi.h
type to_hsi_client(dev) /* gives kind of dev */;
type to_hsi_client_driver(drv) /* gives kind of drv */;
type to_hsi_controller(dev) /* gives kind of dev */;
type to_hsi_port(dev) /* gives kind of dev */;

// source: include/linux/huge_mm.h
void __split_huge_pmd(vm_area_struct *vma, pmd_t *pmd, unsigned long address, bool freeze, struct folio *folio /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */);
bool can_split_folio(struct folio *folio /* wants !tail|slab|large|table|zsmalloc|free|offline|guard|stack|user|untyped-table; keeps !slab */, int caller_pins, int *pextra_pins);
int min_order_for_split(struct folio *folio /* keeps !tail|slab */);
int split_folio_to_list_to_order(struct folio *folio /* wants !slab|large|table|vmalloc|block|noncomp|free|offline|guard|percpu|io|stack|global|user|unref|iommu|untyped-table|kmap */, list_head *list, int new_order);
int split_folio_to_order(struct folio *folio /* wants !tail|slab|large|table|vmalloc|block|noncomp|free|offline|guard|percpu|io|stack|global|user|unref|iommu|untyped-table|kmap */, int new_order);
void split_huge_pmd_locked(vm_area_struct *vma, unsigned long address, pmd_t *pmd, bool freeze, struct folio *folio /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */);
type to_thpsize(kobj) /* gives kind of kobj */;
bool unmap_huge_pmd_locked(vm_area_struct *vma, unsigned long addr, pmd_t *pmdp, struct folio *folio /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap; keeps !slab */);

// source: include/linux/hugetlb.h
hugetlbfs_inode_info *HUGETLBFS_I(inode *inode) /* gives kind of inode */;
int dissolve_free_hugetlb_folio(struct folio *folio /* wants head */);
struct folio *filemap_lock_hugetlb_folio(hstate *h, address_space *mapping, pgoff_t idx) /* gives file */;
void folio_putback_active_hugetlb(struct folio *folio /* wants hugetlb|unref|ptl */);
pte_t *huge_pte_offset(mm_struct *mm, unsigned long addr, unsigned long sz) /* gives installed-table */;
pte_t *hugetlb_walk(vm_area_struct *vma, unsigned long addr, unsigned long sz) /* gives installed-table */;
pte_t *pte_alloc_huge(mm_struct *mm, pmd_t *pmd, unsigned long address) /* gives installed-table */;
pte_t *pte_offset_huge(pmd_t *pmd, unsigned long address) /* gives installed-table */;

// source: include/linux/hugetlb_cgroup.h
hugetlb_cgroup *__hugetlb_cgroup_from_folio(struct folio *folio /* wants hugetlb|unref|ptl */, bool rsvd);
void __set_hugetlb_cgroup(struct folio *folio /* wants hugetlb|unref|ptl */, hugetlb_cgroup *h_cg, bool rsvd);
void hugetlb_cgroup_commit_charge(int idx, unsigned long nr_pages, hugetlb_cgroup *h_cg, struct folio *folio /* wants head */);
void hugetlb_cgroup_commit_charge_rsvd(int idx, unsigned long nr_pages, hugetlb_cgroup *h_cg, struct folio *folio /* wants head */);
void hugetlb_cgroup_migrate(struct folio *old_folio /* wants hugetlb|unref|ptl */, struct folio *new_folio);
void hugetlb_cgroup_uncharge_folio(int idx, unsigned long nr_pages, struct folio *folio /* wants head */);
void hugetlb_cgroup_uncharge_folio_rsvd(int idx, unsigned long nr_pages, struct folio *folio /* wants head */);

// source: include/linux/hw_breakpoint.h
perf_event **register_wide_hw_breakpoint(perf_event_attr *attr, perf_overflow_handler_t triggered, void *context) /* gives percpu */;

// source: include/linux/hwmon-sysfs.h
type to_sensor_dev_attr(_dev_attr) /* gives kind of _dev_attr */;
type to_sensor_dev_attr_2(_dev_attr) /* gives kind of _dev_attr */;

// source: include/linux/hyperv.h
type device_to_hv_device(d) /* gives kind of d */;
type drv_to_hv_drv(d) /* gives kind of d */;
type offset_in_hvpage(ptr) /* gives kind of ptr */;

// source: include/linux/i2c.h
type to_i2c_adapter(d) /* gives kind of d */;
type to_i2c_client(d) /* gives kind of d */;
type to_i2c_driver(d) /* gives kind of d */;

// source: include/linux/i3c/device.h
type dev_to_i3cdev(__dev) /* gives kind of __dev */;
type drv_to_i3cdrv(__drv) /* gives kind of __drv */;

// source: include/linux/i3c/master.h
i3c_bus *i3c_master_get_bus(i3c_master_controller *master) /* gives kind of master */;

// source: include/linux/ieee80211.h
type IEEE80211_HT_MCS_CHAINS(mcs) /* gives kind of mcs */;
u8 *ieee80211_get_qos_ctl(ieee80211_hdr *hdr) /* gives kind of hdr */;

// source: include/linux/if_pppox.h
pppox_sock *pppox_sk(sock *sk) /* gives kind of sk */;
sock *sk_pppox(pppox_sock *po) /* gives kind of po */;

// source: include/linux/if_vlan.h
vlan_dev_priv *vlan_dev_priv(net_device *dev) /* gives slab|managed */;
sk_buff *vlan_insert_inner_tag(sk_buff *skb, __be16 vlan_proto, u16 vlan_tci, unsigned int mac_len) /* gives kind of skb */;

// source: include/linux/igmp.h
type IGMPV3_MASK(value, nb) /* gives kind of value */;

// source: include/linux/iio/iio-opaque.h
type to_iio_dev_opaque(_indio_dev) /* gives kind of _indio_dev */;

// source: include/linux/iio/iio.h
iio_dev *dev_to_iio_dev(device *dev) /* gives kind of dev */;

// source: include/linux/iio/sysfs.h
type to_iio_const_attr(_dev_attr) /* gives kind of _dev_attr */;
type to_iio_dev_attr(_dev_attr) /* gives kind of _dev_attr */;

// source: include/linux/iio/trigger.h
iio_trigger *iio_trigger_get(iio_trigger *trig) /* gives kind of trig */;
iio_trigger *to_iio_trigger(device *d) /* gives kind of d */;

// source: include/linux/input.h
type to_input_dev(d) /* gives kind of d */;

// source: include/linux/intel_vsec.h
intel_vsec_device *auxdev_to_ivdev(auxiliary_device *auxdev) /* gives kind of auxdev */;
intel_vsec_device *dev_to_ivdev(device *dev) /* gives kind of dev */;

// source: include/linux/interconnect.h
type kBps_to_icc(x) /* gives kind of x */;

// source: include/linux/interrupt.h
type from_tasklet(var, callback_tasklet, tasklet_fieldname) /* gives kind of callback_tasklet */;
type set_softirq_pending(x) /* gives kind of x */;

// source: include/linux/io-mapping.h
io_mapping *io_mapping_create_wc(resource_size_t base, unsigned long size) /* gives slab */;
void io_mapping_free(io_mapping *iomap /* frees kmalloc-memory */);
io_mapping *io_mapping_init_wc(io_mapping *iomap, resource_size_t base, unsigned long size) /* gives kind of iomap */;
void *io_mapping_map_atomic_wc(io_mapping *mapping, unsigned long offset) /* gives io */;
void *io_mapping_map_local_wc(io_mapping *mapping, unsigned long offset) /* gives io */;
void *io_mapping_map_wc(io_mapping *mapping, unsigned long offset, unsigned long size) /* gives io */;

// source: include/linux/io-pgtable.h
type io_pgtable_ops_to_pgtable(x) /* gives kind of x */;

// source: include/linux/io.h
void *pci_remap_cfgspace(phys_addr_t offset, size_t size) /* gives io */;

// source: include/linux/io_uring/cmd.h
type io_uring_cmd_to_pdu(cmd, pdu_type) /* gives kind of cmd */;

// source: include/linux/io_uring_types.h
type cmd_to_io_kiocb(ptr) /* gives kind of ptr */;
type io_kiocb_to_cmd(req, cmd_type) /* gives kind of req */;

// source: include/linux/iomap.h
iomap_ioend *iomap_ioend_from_bio(bio *bio) /* gives kind of bio */;
iomap *iomap_iter_srcmap(iomap_iter *i) /* gives kind of i */;

// source: include/linux/iommu-dma.h
type iommu_dma_vunmap_noncontiguous(dev, vaddr /* frees vmalloc-memory */);

// source: include/linux/iommu-helper.h
unsigned long iommu_device_max_index(unsigned long size, unsigned long offset, u64 dma_mask) /* gives kind of size */;

// source: include/linux/ioport.h
type __request_mem_region(start, n, name, excl) /* gives slab */;
type devm_request_mem_region(dev, start, n, name) /* gives slab */;
type devm_request_region(dev, start, n, name) /* gives slab */;
type request_mem_region(start, n, name) /* gives slab */;
type request_mem_region_exclusive(start, n, name) /* gives slab */;
type request_mem_region_muxed(start, n, name) /* gives slab */;
type request_muxed_region(start, n, name) /* gives slab */;
type request_region(start, n, name) /* gives slab */;

// source: include/linux/iosys-map.h
type __iosys_map_wr_sys(val__, vaddr__, type__) /* gives kind of val__ */;

// source: include/linux/iova.h
unsigned long iova_pfn(iova_domain *iovad, dma_addr_t iova) /* gives kind of iova */;

// source: include/linux/ipc_namespace.h
ipc_namespace *get_ipc_ns(ipc_namespace *ns) /* gives kind of ns */;
ipc_namespace *get_ipc_ns_not_zero(ipc_namespace *ns) /* gives kind of ns */;

// source: include/linux/ipv6.h
type IP6CB(skb) /* gives kind of skb */;
type IP6CBMTU(skb) /* gives kind of skb */;

// source: include/linux/irq.h
void irq_destroy_generic_chip(irq_chip_generic *gc /* frees kmalloc-memory */, u32 msk, unsigned int clr, unsigned int set);
void irq_free_generic_chip(irq_chip_generic *gc /* frees kmalloc-memory */);

// source: include/linux/irqchip/arm-gic-v3.h
type GITS_BASER_ADDR_48_to_52(baser) /* gives kind of baser */;
type GITS_BASER_PHYS_52_to_48(phys) /* gives kind of phys */;
type GITS_CMD_GICv4(x) /* gives kind of x */;

// source: include/linux/irqchip/riscv-aplic.h
type APLIC_xMSICFGADDR_PPN_LHX_SHIFT(__lhxs) /* gives kind of __lhxs */;

// source: include/linux/irqdesc.h
irq_data *irq_desc_get_irq_data(irq_desc *desc) /* gives kind of desc */;

// source: include/linux/irqdomain.h
fwnode_handle *of_node_to_fwnode(device_node *node) /* gives kind of node */;

// source: include/linux/isa.h
type to_isa_driver(x) /* gives kind of x */;

// source: include/linux/jbd2.h
type __journal_expect(expr) /* gives kind of expr */;
type jbd2_alloc_handle(_gfp_flags) /* gives slab */;
type jbd2_alloc_inode(_gfp_flags) /* gives slab */;

// source: include/linux/kasan.h
void *kasan_mem_to_shadow(void *addr) /* gives kind of addr */;
void kasan_record_aux_stack(void *ptr /* wants !kmap */);
void kasan_record_aux_stack_noalloc(void *ptr /* wants !kmap */);

// source: include/linux/kconfig.h
type __take_second_arg(__ignored, val) /* gives kind of val */;

// source: include/linux/kcsan-checks.h
kcsan_scoped_access *kcsan_begin_scoped_access(void *ptr, size_t size, int type, kcsan_scoped_access *sa) /* gives kind of sa */;

// source: include/linux/kdev_t.h
type format_dev_t(buffer, dev) /* gives kind of buffer */;

// source: include/linux/kexec.h
struct page *boot_pfn_to_page(unsigned long boot_pfn) /* gives kind of boot_pfn */;
phys_addr_t boot_phys_to_phys(unsigned long boot_phys) /* gives kind of boot_phys */;
void *kimage_map_segment(kimage *image, unsigned long addr, unsigned long size) /* gives vmalloc */;
void kimage_unmap_segment(void *buffer /* frees vmalloc-memory */);
unsigned long page_to_boot_pfn(struct page *page) /* gives kind of page */;
unsigned long phys_to_boot_phys(phys_addr_t phys) /* gives kind of phys */;

// source: include/linux/key.h
key *__key_get(key *key) /* gives kind of key */;

// source: include/linux/kmod.h
type try_then_request_module(x) /* gives kind of x */;

// source: include/linux/kmsan.h
type KMSAN_WARN_ON(cond) /* gives kind of cond */;

// source: include/linux/kobject.h
kset *to_kset(kobject *kobj) /* gives kind of kobj */;

// source: include/linux/ksm.h
void folio_migrate_ksm(struct folio *newfolio /* wants !slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */, struct folio *old /* wants !slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */);
void rmap_walk_ksm(struct folio *folio /* wants anon|unref|ptl; keeps !slab */, rmap_walk_control *rwc);

// source: include/linux/kvm_dirty_ring.h
struct page *kvm_dirty_ring_get_page(kvm_dirty_ring *ring, u32 offset) /* gives driver */;

// source: include/linux/kvm_host.h
type KVM_ARCH_REQ_FLAGS(nr, flags) /* gives kind of nr */;
void __kvm_arch_free_vm(kvm *kvm /* frees kvmalloc-memory */);
void kvm_account_pgtable_pages(void *virt /* wants linear */, int nr);
kvm *kvm_arch_alloc_vm() /* gives slab */;
kvm_memory_slot *try_get_memslot(kvm_memory_slot *slot, gfn_t gfn) /* gives kind of slot */;

// source: include/linux/lcd.h
type to_lcd_device(obj) /* gives kind of obj */;

// source: include/linux/led-class-flash.h
led_classdev_flash *lcdev_to_flcdev(led_classdev *lcdev) /* gives kind of lcdev */;

// source: include/linux/led-class-multicolor.h
led_classdev_mc *lcdev_to_mccdev(led_classdev *led_cdev) /* gives kind of led_cdev */;

// source: include/linux/list.h
type hlist_entry(ptr, type, member) /* gives kind of ptr */;
type list_entry(ptr, type, member) /* gives kind of ptr */;

// source: include/linux/list_bl.h
type hlist_bl_entry(ptr, type, member) /* gives kind of ptr */;

// source: include/linux/list_nulls.h
unsigned long get_nulls_value(hlist_nulls_node *ptr) /* gives kind of ptr */;
type hlist_nulls_entry(ptr, type, member) /* gives kind of ptr */;

// source: include/linux/llc.h
type llc_ui_skb_cb(__skb) /* gives kind of __skb */;

// source: include/linux/llist.h
type llist_entry(ptr, type, member) /* gives kind of ptr */;

// source: include/linux/lockd/lockd.h
sockaddr *nlm_addr(nlm_host *host) /* gives kind of host */;
sockaddr *nlm_srcaddr(nlm_host *host) /* gives kind of host */;

// source: include/linux/lru_cache.h
type lc_entry(ptr, type, member) /* gives kind of ptr */;

// source: include/linux/lsm_hooks.h
xattr *lsm_get_xattr_slot(xattr *xattrs, int *xattr_count) /* gives kind of xattrs */;

// source: include/linux/mISDNif.h
sk_buff *_alloc_mISDN_skb(u_int prim, u_int id, u_int len, void *dp, gfp_t gfp_mask) /* gives slab */;
type mISDN_HEAD_P(s) /* gives kind of s */;
sk_buff *mI_alloc_skb(unsigned int len, gfp_t gfp_mask) /* gives slab */;

// source: include/linux/maple.h
type to_maple_dev(n) /* gives kind of n */;
type to_maple_driver(n) /* gives kind of n */;

// source: include/linux/maple_tree.h
type MA_ERROR(err) /* gives kind of err */;

// source: include/linux/math.h
type DIV_ROUND_DOWN_ULL(ll, d) /* gives kind of ll */;
type __round_mask(x, y) /* gives kind of y */;

// source: include/linux/mcb.h
mcb_bus *to_mcb_bus(device *dev) /* gives kind of dev */;
type to_mcb_device(__dev) /* gives kind of __dev */;
type to_mcb_driver(__drv) /* gives kind of __drv */;

// source: include/linux/mdev.h
device *mdev_dev(mdev_device *mdev) /* gives kind of mdev */;
mdev_device *to_mdev_device(device *dev) /* gives kind of dev */;

// source: include/linux/mdio.h
type to_mdio_common_driver(__drv_c) /* gives kind of __drv_c */;
type to_mdio_device(__dev) /* gives kind of __dev */;

// source: include/linux/mei_aux.h
type auxiliary_dev_to_mei_aux_dev(auxiliary_dev) /* gives kind of auxiliary_dev */;

// source: include/linux/mei_cl_bus.h
type to_mei_cl_device(d) /* gives kind of d */;

// source: include/linux/mem_encrypt.h
type __sme_clr(x) /* gives kind of x */;
type __sme_set(x) /* gives kind of x */;

// source: include/linux/memblock.h
phys_addr_t memblock_phys_alloc(phys_addr_t size, phys_addr_t align) /* gives slab */;

// source: include/linux/memcontrol.h
mem_cgroup *__folio_memcg(struct folio *folio /* wants !slab */);
lruvec *folio_lruvec_relock_irq(struct folio *folio /* wants head */, lruvec *locked_lruvec);
void folio_lruvec_relock_irqsave(struct folio *folio /* wants head */, lruvec **lruvecp, unsigned long *flags);
bool folio_matches_lruvec(struct folio *folio /* wants head */, lruvec *lruvec);
bool folio_memcg_kmem(struct folio *folio /* wants !tail */);
void folio_memcg_unlock(struct folio *folio /* keeps !slab; wants head */);
mem_cgroup *get_mem_cgroup_from_folio(struct folio *folio /* keeps !slab; wants head */);
type mem_cgroup_from_counter(counter, member) /* gives kind of counter */;
void mem_cgroup_migrate(struct folio *old /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */, struct folio *new /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */);
void mem_cgroup_replace_folio(struct folio *old /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */, struct folio *new /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */);

// source: include/linux/memfd.h
struct folio *memfd_alloc_folio(file *memfd, pgoff_t idx) /* gives file */;

// source: include/linux/mempolicy.h
int mpol_misplaced(struct folio *folio /* wants head */, vm_fault *vmf, unsigned long address);

// source: include/linux/memremap.h
vmem_altmap *pgmap_altmap(dev_pagemap *pgmap) /* gives kind of pgmap */;

// source: include/linux/mfd/as3722.h
type AS3722_GPIOn_CONTROL_REG(n) /* gives kind of n */;

// source: include/linux/mfd/mcp.h
void *mcp_priv(mcp *mcp) /* gives kind of mcp */;

// source: include/linux/mfd/palmas.h
type comparator_to_palmas(x) /* gives kind of x */;

// source: include/linux/mfd/rave-sp.h
unsigned long rave_sp_action_pack(u8 event, u8 value) /* gives kind of value */;

// source: include/linux/mfd/ucb1x00.h
type classdev_to_ucb1x00(cd) /* gives kind of cd */;

// source: include/linux/mfd/wm8350/supply.h
type WM8350_CHG_EOC_mA(x) /* gives kind of x */;

// source: include/linux/mhi.h
type to_mhi_device(dev) /* gives kind of dev */;
type to_mhi_driver(drv) /* gives kind of drv */;

// source: include/linux/mhi_ep.h
type to_mhi_ep_device(dev) /* gives kind of dev */;
type to_mhi_ep_driver(drv) /* gives kind of drv */;

// source: include/linux/migrate.h
struct folio *alloc_migration_target(struct folio *src /* wants head */, unsigned long private);
movable_operations *folio_movable_ops(struct folio *folio /* wants zsmalloc|movable|unref|ptl */);
bool isolate_folio_to_list(struct folio *folio /* wants head */, list_head *list);
int migrate_huge_page_move_mapping(address_space *mapping, struct folio *dst, struct folio *src /* wants head; keeps !slab|net|zsmalloc */);
movable_operations *page_movable_ops(struct page *page /* wants zsmalloc|movable|unref|ptl; keeps !slab */);

// source: include/linux/mii.h
mii_ioctl_data *if_mii(ifreq *rq) /* gives kind of rq */;

// source: include/linux/misc_cgroup.h
misc_cg *css_misc(cgroup_subsys_state *css) /* gives kind of css */;

// source: include/linux/mlx5/eq.h
type mlx5_nb_cof(ptr, type, member) /* gives kind of ptr */;

// source: include/linux/mlx5/qp.h
mlx5_ib_ah *to_mah(ib_ah *ibah) /* gives kind of ibah */;

// source: include/linux/mm.h
int folio_entire_mapcount(struct folio *folio /* wants !tail|block|noncomp */);
int folio_expected_ref_count(struct folio *folio /* wants head */);
type folio_has_pincount(folio /* wants head */);
int folio_large_mapcount(struct folio *folio /* wants !tail|block|noncomp */);
bool folio_likely_mapped_shared(struct folio *folio /* wants !tail|slab|large|table|zsmalloc|free|offline|guard|stack|user|untyped-table */);
bool folio_maybe_dma_pinned(struct folio *folio /* wants head */);
type folio_ref_zero_or_close_to_overflow(folio /* wants head */);
type free_highmem_page(page /* frees reserved-memory */);
void free_reserved_ptdesc(struct ptdesc *pt /* frees reserved-memory */);
int mm_counter(struct folio *folio /* keeps !slab; wants head */);
int mm_counter_file(struct folio *folio /* wants head */);
type offset_in_folio(folio /* wants head */, p) /* gives kind of p */;
type offset_in_page(p) /* gives kind of p */;
type offset_in_thp(page /* wants !tail|block */, p) /* gives kind of p */;
p4d_t *p4d_alloc(mm_struct *mm, pgd_t *pgd, unsigned long address) /* gives installed-table */;
pmd_t *pmd_alloc(mm_struct *mm, pud_t *pud, unsigned long address) /* gives installed-table */;
struct page *pmd_pgtable_page(pmd_t *pmd) /* gives kind of pmd */;
type pte_alloc_kernel(pmd, address) /* gives installed-table */;
pud_t *pud_alloc(mm_struct *mm, p4d_t *p4d, unsigned long address) /* gives installed-table */;
spinlock_t *pud_lockptr(mm_struct *mm, pud_t *pud) /* gives kind of mm */;
int thp_nr_pages(struct page *page /* wants head */);
unsigned int thp_order(struct page *page /* wants !tail|block */);
unsigned long thp_size(struct page *page /* wants !tail|block */);
struct folio *virt_to_folio(void *x /* wants linear */) /* gives kind of x & !tail */;

// source: include/linux/mm_inline.h
void __folio_clear_lru_flags(struct folio *folio /* wants file|anon|unref|ptl */);
int folio_is_file_lru(struct folio *folio /* wants head */);
enum lru_list folio_lru_list(struct folio *folio /* wants head */);
void lruvec_add_folio(lruvec *lruvec, struct folio *folio /* wants head */);
void lruvec_add_folio_tail(lruvec *lruvec, struct folio *folio /* wants head */);
void lruvec_del_folio(lruvec *lruvec, struct folio *folio /* wants head */);

// source: include/linux/mm_types.h
encoded_page *encode_nr_pages(unsigned long nr) /* gives kind of nr */;
encoded_page *encode_page(struct page *page, unsigned long flags) /* gives kind of flags */;
unsigned long encoded_nr_pages(encoded_page *page) /* gives kind of page */;
cpumask_t *mm_cpumask(mm_struct *mm) /* gives kind of mm */;

// source: include/linux/mmc/host.h
type mmc_classdev(x) /* gives kind of x */;
mmc_host *mmc_from_priv(void *priv) /* gives kind of priv */;

// source: include/linux/mmc/mmc.h
type R1_CURRENT_STATE(x) /* gives kind of x */;

// source: include/linux/mmc/sdio_func.h
type dev_to_sdio_func(d) /* gives kind of d */;

// source: include/linux/mmzone.h
unsigned long pfn_to_section_nr(unsigned long pfn) /* gives kind of pfn */;
unsigned long section_nr_to_pfn(unsigned long sec) /* gives kind of sec */;

// source: include/linux/module.h
void *dereference_module_function_descriptor(module *mod, void *ptr) /* gives kind of ptr */;

// source: include/linux/moxtet.h
moxtet_device *to_moxtet_device(device *dev) /* gives kind of dev */;
type to_moxtet_driver(__drv) /* gives kind of __drv */;

// source: include/linux/mtd/cfi_endian.h
type cfi8_to_cpu(map, x) /* gives kind of x */;
type cfi_default(s) /* gives kind of s */;
type cpu_to_cfi8(map, x) /* gives kind of x */;

// source: include/linux/mtd/nand.h
nand_device *mtd_to_nanddev(mtd_info *mtd) /* gives kind of mtd */;
nand_memory_organization *nanddev_get_memorg(nand_device *nand) /* gives kind of nand */;
mtd_info *nanddev_to_mtd(nand_device *nand) /* gives kind of nand */;

// source: include/linux/mtd/rawnand.h
nand_chip *mtd_to_nand(mtd_info *mtd) /* gives kind of mtd */;

// source: include/linux/mtd/spinand.h
spinand_device *nand_to_spinand(nand_device *nand) /* gives kind of nand */;
nand_device *spinand_to_nand(spinand_device *spinand) /* gives kind of spinand */;

// source: include/linux/mux/driver.h
type to_mux_chip(x) /* gives kind of x */;

// source: include/linux/nd.h
type to_nd_device_driver(__drv) /* gives kind of __drv */;
nd_namespace_io *to_nd_namespace_io(device *dev) /* gives kind of dev */;
nd_namespace_common *to_ndns(device *dev) /* gives kind of dev */;

// source: include/linux/netdevice.h
type SET_NETDEV_DEV(net, pdev) /* gives kind of pdev */;
type SET_NETDEV_DEVLINK_PORT(dev, port) /* gives kind of port */;
type SET_NETDEV_DEVTYPE(net, devtype) /* gives kind of devtype */;
type __netdev_alloc_pcpu_stats(type, gfp) /* gives percpu */;
type alloc_netdev(sizeof_priv, name, name_assign_type, setup) /* gives slab|vmalloc */;
type alloc_netdev_mq(sizeof_priv, name, name_assign_type, setup, count) /* gives slab|vmalloc */;
type devm_netdev_alloc_pcpu_stats(dev, type) /* gives percpu */;
type net_device_entry(lh) /* gives kind of lh */;
type net_xmit_eval(e) /* gives kind of e */;
type netdev_alloc_pcpu_stats(type) /* gives percpu */;
type to_net_dev(d) /* gives kind of d */;

// source: include/linux/netfilter/x_tables.h
type NF_INVF(ptr, flag, boolean) /* gives kind of boolean */;

// source: include/linux/netfilter_bridge/ebtables.h
type EBT_ALIGN(s) /* gives kind of s */;

// source: include/linux/netfilter_netdev.h
sk_buff *nf_hook_egress(sk_buff *skb, int *rc, net_device *dev) /* gives kind of skb */;

// source: include/linux/netfs.h
netfs_folio *__netfs_folio_info(void *priv) /* gives kind of priv */;
void folio_start_private_2(struct folio *folio /* wants head */);
netfs_group *netfs_folio_group(struct folio *folio /* wants cached */);
netfs_folio *netfs_folio_info(struct folio *folio /* wants cached */);
netfs_inode *netfs_inode(inode *inode) /* gives kind of inode */;

// source: include/linux/netlink.h
type NETLINK_CB(skb) /* gives kind of skb */;

// source: include/linux/nfs_fs.h
nfs_inode *NFS_I(inode *inode) /* gives kind of inode */;
void nfs_free_fattr(nfs_fattr *fattr /* frees kmalloc-memory */);
void nfs_free_fhandle(nfs_fh *fh /* frees kmalloc-memory */);

// source: include/linux/nfs_page.h
nfs_page *nfs_list_entry(list_head *head) /* gives kind of head */;

// source: include/linux/node.h
type to_node(device) /* gives kind of device */;

// source: include/linux/nospec.h
type array_index_nospec(index, size) /* gives kind of index */;

// source: include/linux/nsproxy.h
type to_ns_common(__ns) /* gives kind of __ns */;

// source: include/linux/ntb.h
type dev_ntb(__dev) /* gives kind of __dev */;
type drv_ntb_client(__drv) /* gives kind of __drv */;

// source: include/linux/of.h
device_node *of_node_get(device_node *node) /* gives kind of node */;

// source: include/linux/omap-dma.h
type SET_DMA_ERRATA(id) /* gives kind of id */;

// source: include/linux/page-flags.h
void ClearPageCompound(struct page *page /* wants !tail|block|noncomp */);
void ClearPageForeign(struct page *page /* wants !tail|hugetlb */);
void ClearPageHasHWPoisoned(struct page *page /* wants !tail|block|noncomp */);
void ClearPageMappedToDisk(struct page *page /* wants !tail */);
void ClearPagePinned(struct page *page /* wants !tail|hugetlb */);
void ClearPageSavePinned(struct page *page /* wants !tail|hugetlb */);
void ClearPageXenRemapped(struct page *page /* wants !tail|hugetlb */);
int PageHasHWPoisoned(struct page *page /* wants !tail|block|noncomp */);
int PageUnaccepted(struct page *page /* keeps !file|anon|net */);
int PageZsmalloc(struct page *page /* keeps !file|anon|net */);
void SetPageForeign(struct page *page /* wants !tail|hugetlb */);
void SetPageHasHWPoisoned(struct page *page /* wants !tail|block|noncomp */);
void SetPagePinned(struct page *page /* wants !tail|hugetlb */);
void SetPageReserved(struct page *page /* wants !tail|hugetlb */);
void SetPageSavePinned(struct page *page /* wants !tail|hugetlb */);
void SetPageXenRemapped(struct page *page /* wants !tail|hugetlb */);
int TestClearPageHasHWPoisoned(struct page *page /* wants !tail|block|noncomp */);
int TestClearPagePinned(struct page *page /* wants !tail|hugetlb */);
int TestClearPageWriteback(struct page *page /* wants !tail */);
int TestClearPageXenRemapped(struct page *page /* wants !tail|hugetlb */);
int TestSetPageHasHWPoisoned(struct page *page /* wants !tail|block|noncomp */);
int TestSetPagePinned(struct page *page /* wants !tail|hugetlb */);
void __ClearPageBuddy(struct page *page /* keeps !file|anon|net */);
void __ClearPageGuard(struct page *page /* keeps !file|anon|net */);
void __ClearPageOffline(struct page *page /* keeps !file|anon|net */);
void __ClearPageReported(struct page *page /* wants !tail|hugetlb */);
void __ClearPageTable(struct page *page /* keeps !file|anon|net */);
void __ClearPageUnaccepted(struct page *page /* keeps !file|anon|net */);
void __ClearPageZsmalloc(struct page *page /* keeps !file|anon|net */);
void __SetPageGuard(struct page *page /* keeps !file|anon|net */);
void __SetPageOffline(struct page *page /* keeps !file|anon|net */);
void __SetPageReported(struct page *page /* wants !tail|hugetlb */);
void __SetPageReserved(struct page *page /* wants !tail|hugetlb */);
void __SetPageTable(struct page *page /* keeps !file|anon|net */);
void __SetPageUnaccepted(struct page *page /* keeps !file|anon|net */);
void __SetPageZsmalloc(struct page *page /* keeps !file|anon|net */);
void __folio_clear_active(struct folio *folio /* wants head */);
void __folio_clear_dirty(struct folio *folio /* wants head */);
void __folio_clear_head(struct folio *folio /* wants head */);
void __folio_clear_locked(struct folio *folio /* wants head */);
void __folio_clear_lru(struct folio *folio /* wants head */);
void __folio_clear_mlocked(struct folio *folio /* wants head */);
void __folio_clear_reported(struct folio *folio /* wants head */);
void __folio_clear_reserved(struct folio *folio /* wants head */);
void __folio_clear_swapbacked(struct folio *folio /* wants head */);
void __folio_clear_unevictable(struct folio *folio /* wants head */);
void __folio_set_head(struct folio *folio /* wants head */);
void __folio_set_hugetlb(struct folio *folio /* wants head */);
void __folio_set_locked(struct folio *folio /* wants head */);
void __folio_set_referenced(struct folio *folio /* wants head */);
void __folio_set_reported(struct folio *folio /* wants head */);
void __folio_set_reserved(struct folio *folio /* wants head */);
void folio_clear_active(struct folio *folio /* wants head */);
void folio_clear_checked(struct folio *folio /* wants head */);
void folio_clear_dirty(struct folio *folio /* wants head */);
void folio_clear_foreign(struct folio *folio /* wants head */);
void folio_clear_has_hwpoisoned(struct folio *folio /* wants head */);
void folio_clear_head(struct folio *folio /* wants head */);
void folio_clear_hwpoison(struct folio *folio /* wants head */);
void folio_clear_isolated(struct folio *folio /* wants head */);
void folio_clear_large_rmappable(struct folio *folio /* wants head */);
void folio_clear_lru(struct folio *folio /* wants head */);
void folio_clear_mappedtodisk(struct folio *folio /* wants head */);
void folio_clear_mlocked(struct folio *folio /* wants head */);
void folio_clear_owner_2(struct folio *folio /* wants head */);
void folio_clear_partially_mapped(struct folio *folio /* wants head */);
void folio_clear_pinned(struct folio *folio /* wants head */);
void folio_clear_private(struct folio *folio /* wants head */);
void folio_clear_private_2(struct folio *folio /* wants head */);
void folio_clear_readahead(struct folio *folio /* wants head */);
void folio_clear_reclaim(struct folio *folio /* wants head */);
void folio_clear_referenced(struct folio *folio /* wants head */);
void folio_clear_reserved(struct folio *folio /* wants head */);
void folio_clear_savepinned(struct folio *folio /* wants head */);
void folio_clear_swapbacked(struct folio *folio /* wants head */);
void folio_clear_swapcache(struct folio *folio /* wants head */);
void folio_clear_unevictable(struct folio *folio /* wants head */);
void folio_clear_uptodate(struct folio *folio /* wants head */);
void folio_clear_vmemmap_self_hosted(struct folio *folio /* wants head */);
void folio_clear_waiters(struct folio *folio /* wants head */);
void folio_clear_workingset(struct folio *folio /* wants head */);
void folio_clear_xen_remapped(struct folio *folio /* wants head */);
void folio_set_active(struct folio *folio /* wants head */);
void folio_set_checked(struct folio *folio /* wants head */);
void folio_set_foreign(struct folio *folio /* wants head */);
void folio_set_has_hwpoisoned(struct folio *folio /* wants head */);
void folio_set_hwpoison(struct folio *folio /* wants head */);
void folio_set_isolated(struct folio *folio /* wants head */);
void folio_set_large_rmappable(struct folio *folio /* wants head */);
void folio_set_lru(struct folio *folio /* wants head */);
void folio_set_mappedtodisk(struct folio *folio /* wants head */);
void folio_set_mlocked(struct folio *folio /* wants head */);
void folio_set_owner_2(struct folio *folio /* wants head */);
void folio_set_partially_mapped(struct folio *folio /* wants head */);
void folio_set_pinned(struct folio *folio /* wants head */);
void folio_set_private(struct folio *folio /* wants head */);
void folio_set_private_2(struct folio *folio /* wants head */);
void folio_set_readahead(struct folio *folio /* wants head */);
void folio_set_reclaim(struct folio *folio /* wants head */);
void folio_set_referenced(struct folio *folio /* wants head */);
void folio_set_reserved(struct folio *folio /* wants head */);
void folio_set_savepinned(struct folio *folio /* wants head */);
void folio_set_swapcache(struct folio *folio /* wants head */);
void folio_set_unevictable(struct folio *folio /* wants head */);
void folio_set_vmemmap_self_hosted(struct folio *folio /* wants head */);
void folio_set_waiters(struct folio *folio /* wants head */);
void folio_set_workingset(struct folio *folio /* wants head */);
void folio_set_xen_remapped(struct folio *folio /* wants head */);
bool folio_test_clear_active(struct folio *folio /* wants head */);
bool folio_test_clear_dirty(struct folio *folio /* wants head */);
bool folio_test_clear_has_hwpoisoned(struct folio *folio /* wants head */);
bool folio_test_clear_hwpoison(struct folio *folio /* wants head */);
bool folio_test_clear_lru(struct folio *folio /* wants head */);
bool folio_test_clear_mlocked(struct folio *folio /* wants head */);
bool folio_test_clear_pinned(struct folio *folio /* wants head */);
bool folio_test_clear_readahead(struct folio *folio /* wants head */);
bool folio_test_clear_reclaim(struct folio *folio /* wants head */);
bool folio_test_clear_unevictable(struct folio *folio /* wants head */);
bool folio_test_clear_workingset(struct folio *folio /* wants head */);
bool folio_test_clear_writeback(struct folio *folio /* wants head */);
bool folio_test_clear_xen_remapped(struct folio *folio /* wants head */);
bool folio_test_foreign(struct folio *folio /* wants head */);
bool folio_test_large_rmappable(struct folio *folio /* wants head */);
bool folio_test_owner_2(struct folio *folio /* wants head */);
bool folio_test_partially_mapped(struct folio *folio /* wants head */);
bool folio_test_pinned(struct folio *folio /* wants head */);
bool folio_test_readahead(struct folio *folio /* wants head */);
bool folio_test_reclaim(struct folio *folio /* wants head */);
bool folio_test_reported(struct folio *folio /* wants head */);
bool folio_test_savepinned(struct folio *folio /* wants head */);
bool folio_test_set_dirty(struct folio *folio /* wants head */);
bool folio_test_set_has_hwpoisoned(struct folio *folio /* wants head */);
bool folio_test_set_hwpoison(struct folio *folio /* wants head */);
bool folio_test_set_mlocked(struct folio *folio /* wants head */);
bool folio_test_set_pinned(struct folio *folio /* wants head */);
bool folio_test_set_writeback(struct folio *folio /* wants head */);
bool folio_test_vmemmap_self_hosted(struct folio *folio /* wants head */);
bool folio_test_waiters(struct folio *folio /* wants head */);
bool folio_test_xen_remapped(struct folio *folio /* wants head */);

// source: include/linux/page_ref.h
int folio_ref_inc_return(struct folio *folio /* wants refcounted */);
bool folio_ref_try_add(struct folio *folio /* wants head */, int count);

// source: include/linux/pageblock-flags.h
type pageblock_align(pfn) /* gives kind of pfn */;
type pageblock_end_pfn(pfn) /* gives kind of pfn */;
type pageblock_start_pfn(pfn) /* gives kind of pfn */;

// source: include/linux/pagemap.h
void *folio_change_private(struct folio *folio /* wants cached */, void *data);
address_space *folio_file_mapping(struct folio *folio /* wants head */);
address_space *folio_flush_mapping(struct folio *folio /* wants head */);
vm_fault_t folio_lock_or_retry(struct folio *folio /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */, vm_fault *vmf);
ssize_t folio_mkwrite_check_truncate(struct folio *folio /* keeps !tail|slab; wants head */, inode *inode);
pgoff_t folio_pgoff(struct folio *folio /* keeps !tail|slab|net|zsmalloc */);
unsigned int i_blocks_per_folio(inode *inode, struct folio *folio /* wants head */);
void page_cache_async_readahead(address_space *mapping, file_ra_state *ra, file *file, struct folio *folio /* keeps !tail|slab|net|zsmalloc; wants head */, unsigned long req_count);
int page_mkwrite_check_truncate(struct page *page /* keeps !tail|slab */, inode *inode);

// source: include/linux/parport.h
type to_pardevice(n) /* gives kind of n */;
type to_parport_dev(n) /* gives kind of n */;
type to_parport_driver(n) /* gives kind of n */;

// source: include/linux/pci-epc.h
type to_pci_epc(device) /* gives kind of device */;

// source: include/linux/pci-epf.h
type to_pci_epf(epf_dev) /* gives kind of epf_dev */;
type to_pci_epf_driver(drv) /* gives kind of drv */;

// source: include/linux/pci.h
pci_host_bridge *pci_host_bridge_from_priv(void *priv) /* gives kind of priv */;
resource *pci_request_config_region_exclusive(pci_dev *pdev, unsigned int offset, unsigned int len, char *name) /* gives slab */;
type pci_resource_n(dev, bar) /* gives kind of dev */;
type to_pci_bus(n) /* gives kind of n */;
type to_pci_dev(n) /* gives kind of n */;
type to_pci_driver(__drv) /* gives kind of __drv */;
type to_pci_host_bridge(n) /* gives kind of n */;

// source: include/linux/peci.h
peci_controller *to_peci_controller(void *d) /* gives kind of d */;
peci_device *to_peci_device(device *d) /* gives kind of d */;

// source: include/linux/percpu-defs.h
type VERIFY_PERCPU_PTR(__p) /* gives kind of __p */;

// source: include/linux/perf/arm_pmu.h
type to_arm_pmu(p) /* gives kind of p */;

// source: include/linux/perf/riscv_pmu.h
type to_riscv_pmu(p) /* gives kind of p */;

// source: include/linux/perf_event.h
type perf_arch_bpf_user_pt_regs(regs) /* gives kind of regs */;

// source: include/linux/personality.h
type personality(pers) /* gives kind of pers */;
type set_personality(pers) /* gives kind of pers */;

// source: include/linux/pfn_t.h
phys_addr_t pfn_t_to_phys(pfn_t pfn) /* gives kind of pfn */;

// source: include/linux/pgalloc.h
type p4d_populate_kernel(addr, p4d, pud /* wants !file|anon|net|vmalloc|user */);
type pgd_populate_kernel(addr, pgd, p4d /* wants !file|anon|net|vmalloc|user */);

// source: include/linux/pgtable.h
pte_t *__pte_map(pmd_t *pmd, unsigned long address) /* gives installed-table */;
type move_pte(pte, old_addr, new_addr) /* gives kind of pte */;
unsigned long my_zero_pfn(unsigned long addr) /* gives zero */;
type p4d_offset_lockless(pgdp, pgd, address) /* gives installed-table */;
type pgd_index(a) /* gives kind of a */;
type pgprot_decrypted(prot) /* gives kind of prot */;
type pgprot_encrypted(prot) /* gives kind of prot */;
type pgprot_mhp(prot) /* gives kind of prot */;
type pgprot_noncached(prot) /* gives kind of prot */;
type pgprot_nx(prot) /* gives kind of prot */;
unsigned long pmd_index(unsigned long address) /* gives kind of address */;
pmd_t *pmd_off(mm_struct *mm, unsigned long va) /* gives installed-table */;
pmd_t *pmd_off_k(unsigned long va) /* gives installed-table */;
type pmd_offset_lockless(pudp, pud, address) /* gives installed-table */;
unsigned long pte_index(unsigned long address) /* gives kind of address */;
unsigned long pud_index(unsigned long address) /* gives kind of address */;
type pud_offset_lockless(p4dp, p4d, address) /* gives installed-table */;
pte_t *virt_to_kpte(unsigned long vaddr) /* gives installed-table */;

// source: include/linux/phy.h
type to_mii_bus(d) /* gives kind of d */;
type to_phy_led(d) /* gives kind of d */;

// source: include/linux/phy/omap_usb.h
type phy_to_omapusb(x) /* gives kind of x */;

// source: include/linux/pid.h
pid *get_pid(pid *pid) /* gives kind of pid */;

// source: include/linux/platform_data/amd_qdma.h
type QDMA_FILTER_PARAM(qinfo) /* gives kind of qinfo */;

// source: include/linux/platform_data/amd_xdma.h
type XDMA_FILTER_PARAM(chan_info) /* gives kind of chan_info */;

// source: include/linux/platform_data/cros_ec_proto.h
type to_cros_ec_dev(dev) /* gives kind of dev */;

// source: include/linux/platform_data/dma-iop32x.h
type to_iop_sw_desc(addr_hw_desc) /* gives kind of addr_hw_desc */;

// source: include/linux/platform_data/dma-mcf-edma.h
type MCF_EDMA_FILTER_PARAM(ch) /* gives kind of ch */;

// source: include/linux/platform_device.h
type to_platform_device(x) /* gives kind of x */;
type to_platform_driver(drv) /* gives kind of drv */;

// source: include/linux/pm_domain.h
generic_pm_domain *pd_to_genpd(dev_pm_domain *pd) /* gives kind of pd */;
generic_pm_domain_data *to_gpd_data(pm_domain_data *pdd) /* gives kind of pdd */;

// source: include/linux/pnp.h
type card_to_pnp_dev(n) /* gives kind of n */;
type global_to_pnp_card(n) /* gives kind of n */;
type global_to_pnp_dev(n) /* gives kind of n */;
type pnp_dev_name(dev) /* gives kind of dev */;
type protocol_to_pnp_card(n) /* gives kind of n */;
type protocol_to_pnp_dev(n) /* gives kind of n */;
type to_pnp_card(n) /* gives kind of n */;
type to_pnp_card_driver(drv) /* gives kind of drv */;
type to_pnp_dev(n) /* gives kind of n */;
type to_pnp_driver(drv) /* gives kind of drv */;
type to_pnp_protocol(n) /* gives kind of n */;

// source: include/linux/posix_acl.h
posix_acl *posix_acl_dup(posix_acl *acl) /* gives kind of acl */;

// source: include/linux/power_supply.h
type to_power_supply(device) /* gives kind of device */;

// source: include/linux/powercap.h
type POWERCAP_GET_DEV(power_zone) /* gives kind of power_zone */;

// source: include/linux/printk.h
char *printk_skip_level(char *buffer) /* gives kind of buffer */;

// source: include/linux/ptp_clock_kernel.h
unsigned long scaled_ppm_to_ppb(unsigned long ppm) /* gives kind of ppm */;

// source: include/linux/ptr_ring.h
void **__ptr_ring_init_queue_alloc_noprof(unsigned int size, gfp_t gfp) /* gives slab|vmalloc */;

// source: include/linux/pxa2xx_ssp.h
type CE4100_SSCR1_RxTresh(x) /* gives kind of x */;
type CE4100_SSCR1_TxTresh(x) /* gives kind of x */;
type QUARK_X1000_SSCR0_DataSize(x) /* gives kind of x */;
type QUARK_X1000_SSCR1_RxTresh(x) /* gives kind of x */;
type QUARK_X1000_SSCR1_TxTresh(x) /* gives kind of x */;
type SFIFOTT_RxThresh(x) /* gives kind of x */;
type SFIFOTT_TxThresh(x) /* gives kind of x */;
type SSCR0_DataSize(x) /* gives kind of x */;
type SSCR0_SlotsPerFrm(x) /* gives kind of x */;
type SSCR1_RxTresh(x) /* gives kind of x */;
type SSCR1_TxTresh(x) /* gives kind of x */;
type SSIRF_RxThresh(x) /* gives kind of x */;
type SSITF_TxHiThresh(x) /* gives kind of x */;
type SSITF_TxLoThresh(x) /* gives kind of x */;

// source: include/linux/quotaops.h
quota_info *sb_dqopt(super_block *sb) /* gives kind of sb */;

// source: include/linux/rbtree.h
type RB_CLEAR_NODE(node) /* gives kind of node */;
rb_node *rb_add_cached(rb_node *node, rb_root_cached *tree, bool *less) /* gives kind of node */;
type rb_entry(ptr, type, member) /* gives kind of ptr */;

// source: include/linux/rbtree_augmented.h
type __rb_color(pc) /* gives kind of pc */;
type __rb_parent(pc) /* gives kind of pc */;
rb_node *rb_add_augmented_cached(rb_node *node, rb_root_cached *tree, bool *less, rb_augment_callbacks *augment) /* gives kind of node */;

// source: include/linux/rbtree_latch.h
latch_tree_node *__lt_from_rb(rb_node *node, int idx) /* gives kind of node */;

// source: include/linux/rculist.h
type list_entry_lockless(ptr, type, member) /* gives kind of ptr */;
type list_entry_rcu(ptr, type, member) /* gives kind of ptr */;

// source: include/linux/rcupdate.h
type RCU_INITIALIZER(v) /* gives kind of v */;
type __rcu_access_pointer(p, local, space) /* gives kind of p */;
type __rcu_dereference_check(p, local, c, space) /* gives kind of p */;
type __rcu_dereference_protected(p, local, c, space) /* gives kind of p */;
type __rcu_dereference_raw(p, local) /* gives kind of p */;
type __unrcu_pointer(p, local) /* gives kind of p */;
type rcu_pointer_handoff(p) /* gives kind of p */;

// source: include/linux/rcuwait.h
type ___rcuwait_wait_event(w, condition, state, ret, cmd) /* gives kind of ret */;

// source: include/linux/resource_ext.h
void resource_list_destroy_entry(resource_entry *entry /* frees kmalloc-memory */);
void resource_list_free_entry(resource_entry *entry /* frees kmalloc-memory */);

// source: include/linux/rhashtable.h
type rht_dereference(p, ht) /* gives kind of p */;
type rht_dereference_bucket(p, tbl, hash) /* gives kind of p */;
type rht_dereference_bucket_rcu(p, tbl, hash) /* gives kind of p */;
type rht_dereference_rcu(p, ht) /* gives kind of p */;

// source: include/linux/rio.h
rio_mport *dma_to_mport(dma_device *ddev) /* gives kind of ddev */;
type rio_dev_f(n) /* gives kind of n */;
type rio_dev_g(n) /* gives kind of n */;
type sw_to_rio_dev(n) /* gives kind of n */;
type to_rio_dev(n) /* gives kind of n */;
type to_rio_driver(drv) /* gives kind of drv */;
type to_rio_mport(n) /* gives kind of n */;
type to_rio_net(n) /* gives kind of n */;

// source: include/linux/rmap.h
void __folio_rmap_sanity_checks(struct folio *folio /* wants !hugetlb */, struct page *page, int nr_pages, enum rmap_level level);
int __folio_try_dup_anon_rmap(struct folio *folio /* wants anon|device|hugetlb|unref|ptl */, struct page *page, int nr_pages, vm_area_struct *src_vma, enum rmap_level level);
int __folio_try_share_anon_rmap(struct folio *folio /* wants anon|device|hugetlb|unref|ptl */, struct page *page /* wants anon|tail|device|hugetlb|unref|ptl */, int nr_pages, enum rmap_level level);
void hugetlb_add_file_rmap(struct folio *folio /* wants hugetlb|unref|ptl */);
void hugetlb_remove_rmap(struct folio *folio /* wants hugetlb|unref|ptl */);
int hugetlb_try_dup_anon_rmap(struct folio *folio /* wants hugetlb|unref|ptl */, vm_area_struct *vma);
int hugetlb_try_share_anon_rmap(struct folio *folio /* wants hugetlb|unref|ptl */);

// source: include/linux/rpmb.h
type to_rpmb_dev(x) /* gives kind of x */;

// source: include/linux/rtc.h
type to_rtc_device(d) /* gives kind of d */;

// source: include/linux/rtnetlink.h
type rcu_dereference_rtnl(p) /* gives kind of p */;
type rcu_replace_pointer_rtnl(rp, p) /* gives kind of rp */;
type rtnl_dereference(p) /* gives kind of p */;

// source: include/linux/rtsx_pci.h
type rtsx_set_dev_flag(cr, flag) /* gives kind of flag */;

// source: include/linux/sbitmap.h
type SB_NR_TO_BIT(sb, bitnr) /* gives kind of bitnr */;
type SB_NR_TO_INDEX(sb, bitnr) /* gives kind of bitnr */;

// source: include/linux/sched.h
type is_special_task_state(state) /* gives kind of state */;
type task_thread_info(task) /* gives kind of task */;

// source: include/linux/sched/coredump.h
unsigned long mmf_init_flags(unsigned long flags) /* gives kind of flags */;

// source: include/linux/sched/mm.h
type arch_get_mmap_base(addr, base) /* gives kind of base */;

// source: include/linux/sched/signal.h
unsigned long sigsp(unsigned long sp, ksignal *ksig) /* gives kind of sp */;

// source: include/linux/sched/task.h
task_struct *get_task_struct(task_struct *t) /* gives kind of t */;
task_struct *tryget_task_struct(task_struct *t) /* gives kind of t */;

// source: include/linux/sched/user.h
user_struct *get_uid(user_struct *u) /* gives kind of u */;

// source: include/linux/scmi_protocol.h
type to_scmi_dev(d) /* gives kind of d */;
type to_scmi_driver(d) /* gives kind of d */;

// source: include/linux/scs.h
unsigned long *__scs_magic(void *s) /* gives kind of s */;
void *scs_alloc(int node) /* gives vmalloc */;
void scs_free(void *s /* wants vmalloced */);

// source: include/linux/seqlock.h
seqcount_t *__seqprop_const_ptr(seqcount_t *s) /* gives kind of s */;
seqcount_t *__seqprop_mutex_const_ptr(seqcount_mutex_t *s) /* gives kind of s */;
seqcount_t *__seqprop_mutex_ptr(seqcount_mutex_t *s) /* gives kind of s */;
seqcount_t *__seqprop_ptr(seqcount_t *s) /* gives kind of s */;
seqcount_t *__seqprop_raw_spinlock_const_ptr(seqcount_raw_spinlock_t *s) /* gives kind of s */;
seqcount_t *__seqprop_raw_spinlock_ptr(seqcount_raw_spinlock_t *s) /* gives kind of s */;
seqcount_t *__seqprop_rwlock_const_ptr(seqcount_rwlock_t *s) /* gives kind of s */;
seqcount_t *__seqprop_rwlock_ptr(seqcount_rwlock_t *s) /* gives kind of s */;
seqcount_t *__seqprop_spinlock_const_ptr(seqcount_spinlock_t *s) /* gives kind of s */;
seqcount_t *__seqprop_spinlock_ptr(seqcount_spinlock_t *s) /* gives kind of s */;

// source: include/linux/serdev.h
serdev_controller *to_serdev_controller(device *d) /* gives kind of d */;
serdev_device *to_serdev_device(device *d) /* gives kind of d */;
serdev_device_driver *to_serdev_device_driver(device_driver *d) /* gives kind of d */;

// source: include/linux/serial_8250.h
uart_8250_port *up_to_u8250p(uart_port *up) /* gives kind of up */;

// source: include/linux/serio.h
type to_serio_driver(d) /* gives kind of d */;
type to_serio_port(d) /* gives kind of d */;

// source: include/linux/sh_intc.h
type evt2irq(evt) /* gives kind of evt */;
type irq2evt(irq) /* gives kind of irq */;

// source: include/linux/shmem_fs.h
shmem_inode_info *SHMEM_I(inode *inode) /* gives kind of inode */;

// source: include/linux/signal.h
type _sig_and(x, y) /* gives kind of x */;
type _sig_andn(x, y) /* gives kind of x */;
type _sig_or(x, y) /* gives kind of x */;
void *arch_untagged_si_addr(void *addr, unsigned long sig, unsigned long si_code) /* gives kind of addr */;

// source: include/linux/siox.h
type to_siox_device(_dev) /* gives kind of _dev */;
siox_driver *to_siox_driver(device_driver *driver) /* gives kind of driver */;

// source: include/linux/skbuff.h
type SKB_TRUESIZE(X) /* gives kind of X */;
sk_buff *__dev_alloc_skb(unsigned int length, gfp_t gfp_mask) /* gives slab */;
sk_buff *__netdev_alloc_skb_ip_align(net_device *dev, unsigned int length, gfp_t gfp) /* gives slab */;
sk_buff *__pskb_copy(sk_buff *skb, int headroom, gfp_t gfp_mask) /* gives slab */;
void *__skb_pull(sk_buff *skb, unsigned int len) /* gives kind of len */;
sk_buff *alloc_skb(unsigned int size, gfp_t priority) /* gives slab */;
sk_buff *alloc_skb_fclone(unsigned int size, gfp_t priority) /* gives slab */;
sk_buff *dev_alloc_skb(unsigned int length) /* gives slab */;
sk_buff *netdev_alloc_skb(net_device *dev, unsigned int length) /* gives slab */;
sk_buff *netdev_alloc_skb_ip_align(net_device *dev, unsigned int length) /* gives slab */;
sk_buff *pskb_copy(sk_buff *skb, gfp_t gfp_mask) /* gives slab */;
sk_buff *pskb_copy_for_clone(sk_buff *skb, gfp_t gfp_mask) /* gives slab */;
void *pskb_pull(sk_buff *skb, unsigned int len) /* gives kind of len */;
skb_shared_hwtstamps *skb_hwtstamps(sk_buff *skb) /* gives kind of skb */;
sk_buff *skb_unshare(sk_buff *skb, gfp_t pri) /* gives slab */;
type uarg_to_msgzc(ubuf_ptr) /* gives kind of ubuf_ptr */;

// source: include/linux/skmsg.h
void kfree_sk_msg(sk_msg *msg /* frees kmalloc-memory */);
void sk_psock_free_link(sk_psock_link *link /* frees kmalloc-memory */);

// source: include/linux/slab.h
type kvcalloc_node_noprof(_n, _s, _f, _node) /* gives slab|vmalloc */;
void *kvmalloc_array_node_noprof(size_t n, size_t size, gfp_t flags, int node) /* gives slab|vmalloc */;

// source: include/linux/slimbus.h
type to_slim_device(d) /* gives kind of d */;
type to_slim_driver(d) /* gives kind of d */;

// source: include/linux/soc/cirrus/ep93xx.h
type to_ep93xx_regmap_adev(_adev) /* gives kind of _adev */;

// source: include/linux/soc/qcom/apr.h
type svc_to_apr_device(d) /* gives kind of d */;
type to_apr_device(d) /* gives kind of d */;
type to_apr_driver(d) /* gives kind of d */;

// source: include/linux/soc/qcom/socinfo.h
type SOCINFO_FC_Yn(n) /* gives kind of n */;
type SOCINFO_PCn(n) /* gives kind of n */;

// source: include/linux/socket.h
type CMSG_ALIGN(len) /* gives kind of len */;
type CMSG_DATA(cmsg) /* gives kind of cmsg */;
type CMSG_LEN(len) /* gives kind of len */;
type CMSG_USER_DATA(cmsg) /* gives kind of cmsg */;
type __CMSG_FIRSTHDR(ctl, len) /* gives kind of ctl */;

// source: include/linux/soundwire/sdw.h
type dev_to_sdw_dev(_dev) /* gives kind of _dev */;
type dev_to_sdw_master_device(d) /* gives kind of d */;

// source: include/linux/soundwire/sdw_type.h
type drv_to_sdw_driver(_drv) /* gives kind of _drv */;

// source: include/linux/spi/spi.h
spi_controller *spi_alloc_host(device *dev, unsigned int size) /* gives slab */;
spi_controller *spi_alloc_master(device *host, unsigned int size) /* gives slab */;
spi_controller *spi_alloc_slave(device *host, unsigned int size) /* gives slab */;
spi_controller *spi_alloc_target(device *dev, unsigned int size) /* gives slab */;
spi_controller *spi_controller_get(spi_controller *ctlr) /* gives kind of ctlr */;
spi_device *spi_dev_get(spi_device *spi) /* gives kind of spi */;
spi_message *spi_message_alloc(unsigned ntrans, gfp_t flags) /* gives slab */;
void spi_message_free(spi_message *m /* frees kmalloc-memory */);
type to_spi_device(__dev) /* gives kind of __dev */;
type to_spi_driver(__drv) /* gives kind of __drv */;

// source: include/linux/spinlock.h
raw_spinlock_t *spinlock_check(spinlock_t *lock) /* gives kind of lock */;

// source: include/linux/spmi.h
spmi_controller *to_spmi_controller(device *d) /* gives kind of d */;
spmi_device *to_spmi_device(device *d) /* gives kind of d */;
spmi_driver *to_spmi_driver(device_driver *d) /* gives kind of d */;

// source: include/linux/ssb/ssb.h
type drv_to_ssb_drv(_drv) /* gives kind of _drv */;

// source: include/linux/string.h
char *kbasename(char *path) /* gives kind of path */;
char *strstrip(char *str) /* gives kind of str */;

// source: include/linux/stringhash.h
type init_name_hash(salt) /* gives kind of salt */;

// source: include/linux/sunrpc/auth.h
rpc_cred *get_rpccred(rpc_cred *cred) /* gives kind of cred */;

// source: include/linux/sunrpc/cache.h
cache_head *cache_get(cache_head *h) /* gives kind of h */;
cache_head *cache_get_rcu(cache_head *h) /* gives kind of h */;

// source: include/linux/sunrpc/rpc_pipe_fs.h
rpc_inode *RPC_I(inode *inode) /* gives kind of inode */;

// source: include/linux/sunrpc/svc.h
sockaddr *svc_addr(svc_rqst *rqst) /* gives kind of rqst */;
sockaddr_in *svc_addr_in(svc_rqst *rqst) /* gives kind of rqst */;
sockaddr_in6 *svc_addr_in6(svc_rqst *rqst) /* gives kind of rqst */;
sockaddr *svc_daddr(svc_rqst *rqst) /* gives kind of rqst */;
sockaddr_in *svc_daddr_in(svc_rqst *rqst) /* gives kind of rqst */;
sockaddr_in6 *svc_daddr_in6(svc_rqst *rqst) /* gives kind of rqst */;

// source: include/linux/sunrpc/svc_xprt.h
char *__svc_print_addr(sockaddr *addr, char *buf, size_t len) /* gives kind of buf */;

// source: include/linux/sunrpc/xdr.h
__be32 *xdr_decode_hyper(__be32 *p, __u64 *valp) /* gives kind of p */;
__be32 *xdr_encode_hyper(__be32 *p, __u64 val) /* gives kind of p */;
void xdr_set_scratch_folio(xdr_stream *xdr, struct folio *folio /* wants head */);

// source: include/linux/sunxi-rsb.h
sunxi_rsb_device *to_sunxi_rsb_device(device *d) /* gives kind of d */;
sunxi_rsb_driver *to_sunxi_rsb_driver(device_driver *d) /* gives kind of d */;

// source: include/linux/surface_aggregator/device.h
type to_ssam_device(d) /* gives kind of d */;
type to_ssam_device_driver(d) /* gives kind of d */;

// source: include/linux/surface_aggregator/serial_hub.h
ssh_request *to_ssh_request(ssh_packet *p) /* gives kind of p */;

// source: include/linux/swait.h
type swait_event_idle_timeout_exclusive(wq, condition, timeout) /* gives kind of timeout */;
type swait_event_interruptible_timeout_exclusive(wq, condition, timeout) /* gives kind of timeout */;
type swait_event_timeout_exclusive(wq, condition, timeout) /* gives kind of timeout */;

// source: include/linux/swap.h
bool mem_cgroup_swap_full(struct folio *folio /* wants !slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */);
void put_swap_folio(struct folio *folio /* wants head */, swp_entry_t swp);

// source: include/linux/swapops.h
swp_entry_t make_hwpoison_entry(struct page *page /* wants !slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */);
type softleaf_from_pte(pte) /* gives file|anon|tail|device */;
void swap_entry_migration_sync(swp_entry_t entry, struct folio *folio /* wants !slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */);

// source: include/linux/switchtec.h
switchtec_dev *to_stdev(device *dev) /* gives kind of dev */;

// source: include/linux/sysfs.h
kernfs_node *sysfs_get(kernfs_node *kn) /* gives kind of kn */;

// source: include/linux/tboot.h
type tboot_get_dmar_table(dmar_tbl) /* gives kind of dmar_tbl */;

// source: include/linux/tc.h
type to_tc_dev(n) /* gives kind of n */;
type to_tc_driver(drv) /* gives kind of drv */;

// source: include/linux/tcp.h
tcp_request_sock *tcp_rsk(request_sock *req) /* gives kind of req */;
type tcp_sk(ptr) /* gives kind of ptr */;
type tcp_sk_rw(ptr) /* gives kind of ptr */;
tcp_timewait_sock *tcp_twsk(sock *sk) /* gives kind of sk */;

// source: include/linux/tee_drv.h
type to_tee_client_device(d) /* gives kind of d */;
type to_tee_client_driver(d) /* gives kind of d */;

// source: include/linux/textsearch.h
ts_config *alloc_ts_config(size_t payload, gfp_t gfp_mask) /* gives slab */;
void *ts_config_priv(ts_config *conf) /* gives kind of conf */;

// source: include/linux/thermal.h
type THERMAL_INT_TO_TRIP_PRIV(_val_) /* gives kind of _val_ */;

// source: include/linux/thunderbolt.h
tb_service *tb_service_get(tb_service *svc) /* gives kind of svc */;
tb_service *tb_to_service(device *dev) /* gives kind of dev */;
tb_xdomain *tb_to_xdomain(device *dev) /* gives kind of dev */;
tb_xdomain *tb_xdomain_get(tb_xdomain *xd) /* gives kind of xd */;

// source: include/linux/time_namespace.h
time_namespace *copy_time_ns(unsigned long flags, user_namespace *user_ns, time_namespace *old_ns) /* gives slab */;

// source: include/linux/timer.h
type from_timer(var, callback_timer, timer_fieldname) /* gives kind of callback_timer */;

// source: include/linux/timex.h
type shift_right(x, s) /* gives kind of x */;

// source: include/linux/tpm.h
type to_tpm_chip(d) /* gives kind of d */;

// source: include/linux/tracepoint.h
type tracepoint_string(str) /* gives kind of str */;

// source: include/linux/transport_class.h
type attribute_container_to_transport_container(x) /* gives kind of x */;
type class_to_transport_class(x) /* gives kind of x */;

// source: include/linux/tty.h
tty_struct *tty_kref_get(tty_struct *tty) /* gives kind of tty */;

// source: include/linux/tty_driver.h
type tty_alloc_driver(lines, flags) /* gives slab */;
tty_driver *tty_driver_kref_get(tty_driver *d) /* gives kind of d */;

// source: include/linux/tty_port.h
tty_port *tty_port_get(tty_port *port) /* gives kind of port */;

// source: include/linux/typecheck.h
type typecheck_fn(type, function) /* gives kind of function */;

// source: include/linux/uaccess.h
type mask_user_address(src) /* gives kind of src */;
type untagged_addr_remote(mm, addr) /* gives kind of addr */;

// source: include/linux/udp.h
type udp_sk(ptr) /* gives kind of ptr */;

// source: include/linux/ulpi/driver.h
type to_ulpi_dev(d) /* gives kind of d */;
type to_ulpi_driver(d) /* gives kind of d */;

// source: include/linux/units.h
unsigned long kelvin_to_celsius(unsigned long t) /* gives kind of t */;
unsigned long milli_kelvin_to_millicelsius(unsigned long t) /* gives kind of t */;
unsigned long millicelsius_to_milli_kelvin(unsigned long t) /* gives kind of t */;

// source: include/linux/usb.h
type altsetting_to_usb_interface_cache(a) /* gives kind of a */;
type ref_to_usb_interface_cache(r) /* gives kind of r */;
type to_usb_device(__dev) /* gives kind of __dev */;
type to_usb_device_driver(d) /* gives kind of d */;
type to_usb_driver(d) /* gives kind of d */;
type to_usb_interface(__dev) /* gives kind of __dev */;
type usb_pipedevice(pipe) /* gives kind of pipe */;
type usb_pipeendpoint(pipe) /* gives kind of pipe */;
type usb_pipein(pipe) /* gives kind of pipe */;
type usb_pipetype(pipe) /* gives kind of pipe */;

// source: include/linux/usb/c67x00.h
type c67x00_sie_config(config, n) /* gives kind of config */;

// source: include/linux/usb/composite.h
usb_composite_driver *to_cdriver(usb_gadget_driver *gdrv) /* gives kind of gdrv */;

// source: include/linux/usb/gadget.h
usb_gadget *dev_to_usb_gadget(device *dev) /* gives kind of dev */;
type to_gadget_string(str_item) /* gives kind of str_item */;
void usb_free_descriptors(usb_descriptor_header **v /* frees kmalloc-memory */);
usb_gadget *usb_get_gadget(usb_gadget *gadget) /* gives kind of gadget */;
type work_to_gadget(w) /* gives kind of w */;

// source: include/linux/usb/hcd.h
usb_hcd *bus_to_hcd(usb_bus *bus) /* gives kind of bus */;
usb_bus *hcd_to_bus(usb_hcd *hcd) /* gives kind of hcd */;

// source: include/linux/usb/ljca.h
type auxiliary_dev_to_ljca_client(auxiliary_dev) /* gives kind of auxiliary_dev */;

// source: include/linux/usb/pd.h
type PD_HEADER(type, pwr, data, rev, id, cnt, ext_hdr) /* gives kind of type */;

// source: include/linux/usb/serial.h
type to_usb_serial(d) /* gives kind of d */;
type to_usb_serial_driver(d) /* gives kind of d */;
type to_usb_serial_port(d) /* gives kind of d */;

// source: include/linux/usb/typec_altmode.h
type to_altmode_driver(d) /* gives kind of d */;
type to_typec_altmode(d) /* gives kind of d */;

// source: include/linux/vdpa.h
vdpa_device *dev_to_vdpa(device *_dev) /* gives kind of _dev */;
vdpa_driver *drv_to_vdpa(device_driver *driver) /* gives kind of driver */;

// source: include/linux/vfio.h
type vfio_alloc_device(dev_struct, member, dev, ops) /* gives slab|vmalloc */;

// source: include/linux/virtio.h
type dev_to_virtio(_dev) /* gives kind of _dev */;
type drv_to_virtio(__drv) /* gives kind of __drv */;

// source: include/linux/virtio_vsock.h
type VIRTIO_VSOCK_SKB_CB(skb) /* gives kind of skb */;
sk_buff *__virtio_vsock_alloc_skb_with_frags(unsigned int header_len, unsigned int data_len, gfp_t mask) /* gives slab */;
sk_buff *virtio_vsock_alloc_linear_skb(unsigned int size, gfp_t mask) /* gives slab */;
sk_buff *virtio_vsock_alloc_skb(unsigned int size, gfp_t mask) /* gives slab */;

// source: include/linux/vmalloc.h
vm_struct **pcpu_get_vm_areas(unsigned long *offsets, size_t *sizes, int nr_vms, size_t align) /* gives slab */;

// source: include/linux/vmstat.h
void __lruvec_stat_add_folio(struct folio *folio /* wants head */, enum node_stat_item idx);
void __lruvec_stat_sub_folio(struct folio *folio /* wants head */, enum node_stat_item idx);
void __node_stat_add_folio(struct folio *folio /* wants head */, enum node_stat_item item);
void __node_stat_mod_folio(struct folio *folio /* wants head */, enum node_stat_item item, unsigned long nr);
void __node_stat_sub_folio(struct folio *folio /* wants head */, enum node_stat_item item);
void __zone_stat_add_folio(struct folio *folio /* wants head */, enum zone_stat_item item);
void __zone_stat_mod_folio(struct folio *folio /* wants head */, enum zone_stat_item item, unsigned long nr);
void __zone_stat_sub_folio(struct folio *folio /* wants head */, enum zone_stat_item item);
void lruvec_stat_add_folio(struct folio *folio /* wants head */, enum node_stat_item idx);
void lruvec_stat_sub_folio(struct folio *folio /* wants head */, enum node_stat_item idx);
void node_stat_add_folio(struct folio *folio /* wants head */, enum node_stat_item item);
void node_stat_mod_folio(struct folio *folio /* wants head */, enum node_stat_item item, unsigned long nr);
void node_stat_sub_folio(struct folio *folio /* wants head */, enum node_stat_item item);
void zone_stat_add_folio(struct folio *folio /* wants head */, enum zone_stat_item item);
void zone_stat_mod_folio(struct folio *folio /* wants head */, enum zone_stat_item item, unsigned long nr);
void zone_stat_sub_folio(struct folio *folio /* wants head */, enum zone_stat_item item);

// source: include/linux/vmw_vmci_defs.h
type VMCI_DG_PAYLOAD(_dg) /* gives kind of _dg */;
void *vmci_event_data_const_payload(vmci_event_data *ev_data) /* gives kind of ev_data */;

// source: include/linux/vt_buffer.h
type scr_writew(val, addr) /* gives kind of val */;

// source: include/linux/w1.h
w1_master *dev_to_w1_master(device *dev) /* gives kind of dev */;
w1_slave *dev_to_w1_slave(device *dev) /* gives kind of dev */;

// source: include/linux/wait.h
type __WAIT_QUEUE_HEAD_INIT_ONSTACK(name) /* gives kind of name */;
type key_to_poll(m) /* gives kind of m */;
type wait_event_freezable_timeout(wq_head, condition, timeout) /* gives kind of timeout */;
type wait_event_idle_exclusive_timeout(wq_head, condition, timeout) /* gives kind of timeout */;
type wait_event_idle_timeout(wq_head, condition, timeout) /* gives kind of timeout */;
type wait_event_interruptible_timeout(wq_head, condition, timeout) /* gives kind of timeout */;
type wait_event_killable_timeout(wq_head, condition, timeout) /* gives kind of timeout */;
type wait_event_timeout(wq_head, condition, timeout) /* gives kind of timeout */;

// source: include/linux/wm97xx.h
type WM9712_RPU(i) /* gives kind of i */;
type WM97XX_SLT(i) /* gives kind of i */;

// source: include/linux/wmi.h
type to_wmi_device(device) /* gives kind of device */;

// source: include/linux/workqueue.h
type from_work(var, callback_work, work_fieldname) /* gives kind of callback_work */;
delayed_work *to_delayed_work(work_struct *work) /* gives kind of work */;
rcu_work *to_rcu_work(work_struct *work) /* gives kind of work */;
type work_data_bits(work) /* gives kind of work */;

// source: include/linux/xarray.h
type XA_ERROR(errno) /* gives kind of errno */;
void *xa_mk_internal(unsigned long v) /* gives kind of v */;
void *xa_mk_node(xa_node *node) /* gives kind of node */;
void *xa_mk_value(unsigned long v) /* gives kind of v */;
void *xa_tag_pointer(void *p, unsigned long tag) /* gives kind of p */;
unsigned long xa_to_internal(void *entry) /* gives kind of entry */;
xa_node *xa_to_node(void *entry) /* gives kind of entry */;
unsigned long xa_to_value(void *entry) /* gives kind of entry */;
void *xa_untag_pointer(void *entry) /* gives kind of entry */;

// source: include/linux/zorro.h
type to_zorro_dev(n) /* gives kind of n */;
type to_zorro_driver(drv) /* gives kind of drv */;
type zorro_request_device(z, name) /* gives slab */;

// source: include/linux/zswap.h
void zswap_folio_swapin(struct folio *folio /* wants lru-listed */);
bool zswap_load(struct folio *folio /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */);
bool zswap_store(struct folio *folio /* wants file|anon|unref|ptl */);

// source: include/math-emu/op-1.h
type _FP_FRAC_ADDI_1(X, I) /* gives kind of I */;
type _FP_FRAC_DISASSEMBLE_1(X, r, rsize) /* gives kind of r */;
type _FP_FRAC_SET_1(X, I) /* gives kind of I */;
type _FP_FRAC_SRL_1(X, N) /* gives kind of N */;
type __FP_FRAC_SRS_1(X, N, sz) /* gives kind of X */;

// source: include/math-emu/op-2.h
type _FP_FRAC_SRL_2(X, N) /* gives kind of N */;
type _FP_FRAC_SRS_2(X, N, sz) /* gives kind of N */;
type __FP_FRAC_SET_2(X, I1, I0) /* gives kind of I1 */;

// source: include/math-emu/op-4.h
type __FP_FRAC_SET_4(X, I3, I2, I1, I0) /* gives kind of I0 */;

// source: include/math-emu/soft-fp.h
type FP_SET_EXCEPTION(ex) /* gives kind of ex */;

// source: include/media/cec.h
type cec_phys_addr_exp(pa) /* gives kind of pa */;

// source: include/media/demux.h
type DMX_FE_ENTRY(list) /* gives kind of list */;

// source: include/media/drv-intf/exynos-fimc.h
exynos_video_entity *vdev_to_exynos_video_entity(video_device *vdev) /* gives kind of vdev */;

// source: include/media/drv-intf/saa7146.h
saa7146_dev *to_saa7146_dev(v4l2_device *v4l2_dev) /* gives kind of v4l2_dev */;

// source: include/media/i2c/adp1653.h
type to_adp1653_flash(sd) /* gives kind of sd */;

// source: include/media/media-devnode.h
type to_media_devnode(cd) /* gives kind of cd */;

// source: include/media/media-entity.h
type gobj_to_entity(gobj) /* gives kind of gobj */;
type gobj_to_intf(gobj) /* gives kind of gobj */;
type gobj_to_link(gobj) /* gives kind of gobj */;
type gobj_to_pad(gobj) /* gives kind of gobj */;
type intf_to_devnode(intf) /* gives kind of intf */;

// source: include/media/rc-core.h
type to_rc_dev(d) /* gives kind of d */;

// source: include/media/v4l2-common.h
type v4l_printk(level, name, adapter, addr, fmt) /* gives kind of name */;

// source: include/media/v4l2-dev.h
type media_entity_to_video_device(__entity) /* gives kind of __entity */;
type to_video_device(cd) /* gives kind of cd */;

// source: include/media/v4l2-flash-led-class.h
v4l2_flash *v4l2_subdev_to_v4l2_flash(v4l2_subdev *sd) /* gives kind of sd */;

// source: include/media/v4l2-subdev.h
type __v4l2_subdev_state_constify_ret(state, value) /* gives kind of value */;
type media_entity_to_v4l2_subdev(ent) /* gives kind of ent */;
type to_v4l2_subdev_fh(fh) /* gives kind of fh */;

// source: include/media/videobuf2-v4l2.h
type to_vb2_v4l2_buffer(vb) /* gives kind of vb */;

// source: include/net/6lowpan.h
type LOWPAN_PRIV_SIZE(llpriv_size) /* gives kind of llpriv_size */;
lowpan_802154_neigh *lowpan_802154_neigh(void *neigh_priv) /* gives kind of neigh_priv */;
lowpan_dev *lowpan_dev(net_device *dev) /* gives slab|managed */;

// source: include/net/9p/client.h
p9_fid *p9_fid_get(p9_fid *fid) /* gives kind of fid */;

// source: include/net/addrconf.h
unsigned long addrconf_timeout_fixup(u32 timeout, unsigned int unit) /* gives kind of timeout */;

// source: include/net/af_unix.h
type UNIXCB(skb) /* gives kind of skb */;
type unix_sk(ptr) /* gives kind of ptr */;

// source: include/net/af_vsock.h
type sk_vsock(__vsk) /* gives kind of __vsk */;
type vsock_sk(__sk) /* gives kind of __sk */;

// source: include/net/atmclip.h
type PRIV(dev) /* gives slab|managed */;

// source: include/net/ax25.h
type ax25_sk(ptr) /* gives kind of ptr */;

// source: include/net/bluetooth/bluetooth.h
type bt_cb(skb) /* gives kind of skb */;
type bt_sk(__sk) /* gives kind of __sk */;
sk_buff *bt_skb_alloc(unsigned int len, gfp_t how) /* gives slab */;

// source: include/net/bluetooth/hci.h
type hci_flags(h) /* gives kind of h */;
type hci_handle(h) /* gives kind of h */;
type hci_iso_data_flags(h) /* gives kind of h */;
type hci_iso_data_len(h) /* gives kind of h */;
type hci_iso_flags_pack(pb, ts) /* gives kind of pb */;
type hci_iso_flags_pb(f) /* gives kind of f */;
type hci_iso_flags_ts(f) /* gives kind of f */;
type hci_opcode_ocf(op) /* gives kind of op */;
type hci_opcode_ogf(op) /* gives kind of op */;

// source: include/net/bluetooth/hci_core.h
type SET_HCIDEV_DEV(hdev, pdev) /* gives kind of pdev */;
hci_conn *hci_conn_get(hci_conn *conn) /* gives kind of conn */;
hci_conn *hci_conn_hold(hci_conn *conn) /* gives kind of conn */;
hci_dev *hci_dev_hold(hci_dev *d) /* gives kind of d */;
void *hci_get_priv(hci_dev *hdev) /* gives kind of hdev */;
type to_hci_conn(c) /* gives kind of c */;
type to_hci_dev(d) /* gives kind of d */;

// source: include/net/bluetooth/hci_sync.h
type PTR_UINT(_ptr) /* gives kind of _ptr */;
type UINT_PTR(_handle) /* gives kind of _handle */;

// source: include/net/bluetooth/l2cap.h
type l2cap_pi(sk) /* gives kind of sk */;

// source: include/net/bluetooth/rfcomm.h
type rfcomm_pi(sk) /* gives kind of sk */;

// source: include/net/bonding.h
slave *to_slave(kobject *kobj) /* gives kind of kobj */;

// source: include/net/caif/caif_layer.h
type layer_set_dn(layr, below) /* gives kind of below */;
type layer_set_up(layr, above) /* gives kind of above */;

// source: include/net/cfg80211.h
wiphy *priv_to_wiphy(void *priv) /* gives kind of priv */;
type rcu_dereference_wiphy(wiphy, p) /* gives kind of p */;
void *wdev_priv(wireless_dev *wdev) /* gives slab|managed */;
type wiphy_dereference(wiphy, p) /* gives kind of p */;

// source: include/net/cfg802154.h
void *wpan_phy_priv(wpan_phy *phy) /* gives kind of phy */;

// source: include/net/devlink.h
devlink *devlink_alloc(devlink_ops *ops, size_t priv_size, device *dev) /* gives slab|vmalloc */;

// source: include/net/dsa.h
dsa_port *dsa_phylink_to_port(phylink_config *config) /* gives kind of config */;

// source: include/net/dst.h
type __DST_METRICS_PTR(Y) /* gives kind of Y */;
dst_entry *dst_clone(dst_entry *dst) /* gives kind of dst */;
dst_entry *xfrm_lookup(net *net, dst_entry *dst_orig, flowi *fl, sock *sk, int flags) /* gives kind of dst_orig */;
dst_entry *xfrm_lookup_route(net *net, dst_entry *dst_orig, flowi *fl, sock *sk, int flags) /* gives kind of dst_orig */;
dst_entry *xfrm_lookup_with_ifid(net *net, dst_entry *dst_orig, flowi *fl, sock *sk, int flags, u32 if_id) /* gives kind of dst_orig */;

// source: include/net/flow.h
flowi *flowi4_to_flowi(flowi4 *fl4) /* gives kind of fl4 */;
flowi_common *flowi4_to_flowi_common(flowi4 *fl4) /* gives kind of fl4 */;
flowi *flowi6_to_flowi(flowi6 *fl6) /* gives kind of fl6 */;
flowi_common *flowi6_to_flowi_common(flowi6 *fl6) /* gives kind of fl6 */;

// source: include/net/genetlink.h
void *genlmsg_data(genlmsghdr *gnlh) /* gives kind of gnlh */;
sk_buff *genlmsg_new(size_t payload, gfp_t flags) /* gives slab */;
nlmsghdr *genlmsg_nlhdr(void *user_hdr) /* gives kind of user_hdr */;

// source: include/net/gro.h
type NAPI_GRO_CB(skb) /* gives kind of skb */;

// source: include/net/gso.h
type SKB_GSO_CB(skb) /* gives kind of skb */;

// source: include/net/inet_connection_sock.h
type inet_csk(ptr) /* gives kind of ptr */;

// source: include/net/inet_sock.h
inet_request_sock *inet_rsk(request_sock *sk) /* gives kind of sk */;
type inet_sk(ptr) /* gives kind of ptr */;
sock *sk_to_full_sk(sock *sk) /* gives kind of sk */;

// source: include/net/inet_timewait_sock.h
inet_timewait_sock *inet_twsk(sock *sk) /* gives kind of sk */;

// source: include/net/inetpeer.h
in6_addr *inetpeer_get_addr_v6(inetpeer_addr *iaddr) /* gives kind of iaddr */;

// source: include/net/ip.h
type IP4_REPLY_MARK(net, mark) /* gives kind of mark */;
type IPCB(skb) /* gives kind of skb */;
type PKTINFO_SKB_CB(skb) /* gives kind of skb */;
sk_buff *ip_check_defrag(net *net, sk_buff *skb, u32 user) /* gives kind of skb */;

// source: include/net/ip6_fib.h
type dst_rt6_info(_ptr) /* gives kind of _ptr */;

// source: include/net/ip_tunnels.h
type ip_tunnel_info_opts(info) /* gives kind of info */;

// source: include/net/ip_vs.h
char *ip_vs_dbg_addr(int af, char *buf, size_t buf_len, nf_inet_addr *addr, int *idx) /* gives kind of buf */;

// source: include/net/ipv6.h
type IP6_REPLY_MARK(net, mark) /* gives kind of mark */;

// source: include/net/iucv/af_iucv.h
type IUCV_SKB_CB(__skb) /* gives kind of __skb */;
type iucv_sk(__sk) /* gives kind of __sk */;

// source: include/net/iucv/iucv.h
iucv_path *iucv_path_alloc(u16 msglim, u8 flags, gfp_t gfp) /* gives slab */;
void iucv_path_free(iucv_path *path /* frees kmalloc-memory */);

// source: include/net/kcm.h
type KCM_STATS_ADD(stat, count) /* gives kind of count */;

// source: include/net/llc_conn.h
llc_sock *llc_sk(sock *sk) /* gives kind of sk */;

// source: include/net/llc_pdu.h
type FRMR_INFO_SET_C_R_BIT(info, cr) /* gives kind of cr */;
type FRMR_INFO_SET_Vr(info, vr) /* gives kind of vr */;
type FRMR_INFO_SET_Vs(info, vs) /* gives kind of vs */;
type PDU_GET_NEXT_Vr(sn) /* gives kind of sn */;

// source: include/net/lwtunnel.h
lwtunnel_state *lwtstate_get(lwtunnel_state *lws) /* gives kind of lws */;

// source: include/net/macsec.h
void *macsec_netdev_priv(net_device *dev) /* gives slab|managed */;

// source: include/net/neighbour.h
type NEIGH_CB(skb) /* gives kind of skb */;
type NEIGH_VAR_INIT(p, attr, val) /* gives kind of val */;
neighbour *neigh_clone(neighbour *neigh) /* gives kind of neigh */;
neigh_parms *neigh_parms_clone(neigh_parms *parms) /* gives kind of parms */;

// source: include/net/net_namespace.h
net *get_net(net *net) /* gives kind of net */;
net *get_net_track(net *net, netns_tracker *tracker, gfp_t gfp) /* gives kind of net */;
net *maybe_get_net(net *net) /* gives kind of net */;
netns_ieee802154_lowpan *net_ieee802154_lowpan(net *net) /* gives kind of net */;

// source: include/net/netfilter/nf_conntrack.h
nf_conn *nf_ct_to_nf_conn(nf_conntrack *nfct) /* gives kind of nfct */;
type nf_ct_tuple(ct, dir) /* gives kind of ct */;
nf_conn *nf_ct_tuplehash_to_ctrack(nf_conntrack_tuple_hash *hash) /* gives kind of hash */;

// source: include/net/netfilter/nf_conntrack_zones.h
nf_conntrack_zone *nf_ct_zone(nf_conn *ct) /* gives kind of ct */;
nf_conntrack_zone *nf_ct_zone_init(nf_conntrack_zone *zone, u16 id, u8 dir, u8 flags) /* gives kind of zone */;

// source: include/net/netfilter/nf_queue.h
type nf_queue_entry_reroute(x) /* gives kind of x */;

// source: include/net/netfilter/nf_tables.h
type NFT_EXPR_SIZE(size) /* gives kind of size */;
nft_base_chain *nft_base_chain(nft_chain *chain) /* gives kind of chain */;
void *nft_elem_priv_cast(nft_elem_priv *priv) /* gives kind of priv */;
type nft_setelem_expr_at(__elem_expr, __offset) /* gives kind of __elem_expr */;
type nft_trans_container_chain(t) /* gives kind of t */;
type nft_trans_container_elem(t) /* gives kind of t */;
type nft_trans_container_flowtable(t) /* gives kind of t */;
type nft_trans_container_obj(t) /* gives kind of t */;
type nft_trans_container_rule(trans) /* gives kind of trans */;
type nft_trans_container_set(t) /* gives kind of t */;
type nft_trans_container_table(trans) /* gives kind of trans */;
type to_set_type(o) /* gives kind of o */;

// source: include/net/netlabel.h
netlbl_lsm_catmap *netlbl_catmap_alloc_noprof(gfp_t flags) /* gives slab */;
netlbl_lsm_secattr *netlbl_secattr_alloc_noprof(gfp_t flags) /* gives slab */;
netlbl_lsm_cache *netlbl_secattr_cache_alloc_noprof(gfp_t flags) /* gives slab */;
void netlbl_secattr_free(netlbl_lsm_secattr *secattr /* frees kmalloc-memory */);

// source: include/net/netlink.h
void *nla_data(nlattr *nla) /* gives kind of nla */;
void *nla_memdup_noprof(nlattr *src, gfp_t gfp) /* gives slab */;
void *nlmsg_data(nlmsghdr *nlh) /* gives kind of nlh */;
sk_buff *nlmsg_new(size_t payload, gfp_t flags) /* gives slab */;
sk_buff *nlmsg_new_large(size_t payload) /* gives slab */;

// source: include/net/netmem.h
struct net_iov *__netmem_clear_lsb(netmem_ref netmem) /* gives kind of netmem */;
struct page *__netmem_to_page(netmem_ref netmem) /* gives kind of netmem */;
unsigned long netmem_pfn_trace(netmem_ref netmem) /* gives kind of netmem */;
struct net_iov *netmem_to_net_iov(netmem_ref netmem) /* gives kind of netmem */;
netmem_ref virt_to_netmem(void *data /* wants linear */) /* gives kind of data */;

// source: include/net/netrom.h
type nr_sk(sk) /* gives kind of sk */;

// source: include/net/nfc/nci_core.h
sk_buff *nci_skb_alloc(nci_dev *ndev, unsigned int len, gfp_t how) /* gives slab */;

// source: include/net/nfc/nfc.h
type to_nfc_dev(_dev) /* gives kind of _dev */;

// source: include/net/page_pool/helpers.h
u64 *page_pool_ethtool_stats_get(u64 *data, void *stats) /* gives kind of data */;
u8 *page_pool_ethtool_stats_get_strings(u8 *data) /* gives kind of data */;
bool page_pool_is_last_ref(netmem_ref netmem /* wants pooled */);

// source: include/net/phonet/pep.h
pep_sock *pep_sk(sock *sk) /* gives kind of sk */;
type pn_flow_safe(fc) /* gives kind of fc */;

// source: include/net/phonet/phonet.h
pn_sock *pn_sk(sock *sk) /* gives kind of sk */;

// source: include/net/pkt_cls.h
unsigned long __cls_set_class(unsigned long *clp, unsigned long cl) /* gives kind of clp */;
sk_buff *tcf_qevent_handle(tcf_qevent *qe, Qdisc *sch, sk_buff *skb, sk_buff **to_free, int *ret) /* gives kind of skb */;

// source: include/net/pkt_sched.h
Qdisc *qdisc_from_priv(void *priv) /* gives kind of priv */;
type qdisc_priv(q) /* gives kind of q */;

// source: include/net/raw.h
type raw_sk(ptr) /* gives kind of ptr */;

// source: include/net/request_sock.h
void __reqsk_free(request_sock *req /* frees slab-object */);
request_sock *inet_reqsk(sock *sk) /* gives kind of sk */;
sock *req_to_sk(request_sock *req) /* gives kind of req */;
void reqsk_free(request_sock *req /* frees slab-object */);

// source: include/net/rose.h
type rose_sk(sk) /* gives kind of sk */;

// source: include/net/route.h
type dst_rtable(_ptr) /* gives kind of _ptr */;

// source: include/net/rtnh.h
nlattr *rtnh_attrs(rtnexthop *rtnh) /* gives kind of rtnh */;

// source: include/net/sch_generic.h
Qdisc *qdisc_refcount_inc_nz(Qdisc *qdisc) /* gives kind of qdisc */;
type tcf_chain_dereference(p, chain) /* gives kind of p */;
type tcf_proto_dereference(p, tp) /* gives kind of p */;

// source: include/net/sctp/structs.h
type SCTP_INPUT_CB(__skb) /* gives kind of __skb */;
type SCTP_OUTPUT_CB(__skb) /* gives kind of __skb */;
sctp_association *sctp_assoc(sctp_ep_common *base) /* gives kind of base */;
sctp_endpoint *sctp_ep(sctp_ep_common *base) /* gives kind of base */;
type sctp_mid_skip(stream, type, sid, mid) /* gives kind of mid */;
sock *sctp_opt2sk(sctp_sock *sp) /* gives kind of sp */;
type sctp_sk(ptr) /* gives kind of ptr */;
type sctp_ssn_skip(stream, type, sid, ssn) /* gives kind of ssn */;

// source: include/net/sctp/ulpevent.h
sk_buff *sctp_event2skb(sctp_ulpevent *ev) /* gives kind of ev */;

// source: include/net/sock.h
type SOCK_SKB_CB(__skb) /* gives kind of __skb */;
type __rcu_assign_sk_user_data_with_flags(sk, ptr, flags) /* gives kind of ptr */;
type rcu_assign_sk_user_data(sk, ptr) /* gives kind of ptr */;
void sk_eat_skb(sock *sk, sk_buff *skb /* frees slab-object */);
page_frag *sk_page_frag(sock *sk) /* gives kind of sk */;
type sk_wait_event(__sk, __timeo, __condition, __wait) /* gives kind of __condition */;

// source: include/net/strparser.h
type STRP_STATS_ADD(stat, count) /* gives kind of count */;

// source: include/net/switchdev.h
type SWITCHDEV_OBJ_IN_ROLE_MRP(OBJ) /* gives kind of OBJ */;
type SWITCHDEV_OBJ_IN_STATE_MRP(OBJ) /* gives kind of OBJ */;
type SWITCHDEV_OBJ_IN_TEST_MRP(OBJ) /* gives kind of OBJ */;
type SWITCHDEV_OBJ_MRP(OBJ) /* gives kind of OBJ */;
type SWITCHDEV_OBJ_PORT_MDB(OBJ) /* gives kind of OBJ */;
type SWITCHDEV_OBJ_PORT_VLAN(OBJ) /* gives kind of OBJ */;
type SWITCHDEV_OBJ_RING_ROLE_MRP(OBJ) /* gives kind of OBJ */;
type SWITCHDEV_OBJ_RING_STATE_MRP(OBJ) /* gives kind of OBJ */;
type SWITCHDEV_OBJ_RING_TEST_MRP(OBJ) /* gives kind of OBJ */;

// source: include/net/tc_act/tc_bpf.h
type to_bpf(a) /* gives kind of a */;

// source: include/net/tc_act/tc_connmark.h
type to_connmark(a) /* gives kind of a */;

// source: include/net/tc_act/tc_csum.h
type to_tcf_csum(a) /* gives kind of a */;

// source: include/net/tc_act/tc_ct.h
type to_ct(a) /* gives kind of a */;

// source: include/net/tc_act/tc_ctinfo.h
type to_ctinfo(a) /* gives kind of a */;

// source: include/net/tc_act/tc_defact.h
type to_defact(a) /* gives kind of a */;

// source: include/net/tc_act/tc_gact.h
type to_gact(a) /* gives kind of a */;

// source: include/net/tc_act/tc_gate.h
action_gate_entry *tcf_gate_get_list(tc_action *a) /* gives slab */;
type to_gate(a) /* gives kind of a */;

// source: include/net/tc_act/tc_ife.h
type to_ife(a) /* gives kind of a */;

// source: include/net/tc_act/tc_mirred.h
type to_mirred(a) /* gives kind of a */;

// source: include/net/tc_act/tc_mpls.h
type to_mpls(a) /* gives kind of a */;

// source: include/net/tc_act/tc_nat.h
type to_tcf_nat(a) /* gives kind of a */;

// source: include/net/tc_act/tc_pedit.h
type to_pedit(a) /* gives kind of a */;

// source: include/net/tc_act/tc_police.h
type to_police(pc) /* gives kind of pc */;

// source: include/net/tc_act/tc_sample.h
type to_sample(a) /* gives kind of a */;

// source: include/net/tc_act/tc_skbedit.h
type to_skbedit(a) /* gives kind of a */;

// source: include/net/tc_act/tc_skbmod.h
type to_skbmod(a) /* gives kind of a */;

// source: include/net/tc_act/tc_tunnel_key.h
ip_tunnel_info *tcf_tunnel_info_copy(tc_action *a) /* gives slab */;
type to_tunnel_key(a) /* gives kind of a */;

// source: include/net/tc_act/tc_vlan.h
type to_vlan(a) /* gives kind of a */;

// source: include/net/tcp.h
type TCP_SKB_CB(__skb) /* gives kind of __skb */;
void tcp_rtx_queue_unlink_and_free(sk_buff *skb /* frees slab-object */, sock *sk);
ip_options_rcu *tcp_v4_save_options(net *net, sk_buff *skb) /* gives slab */;
void tcp_wmem_free_skb(sock *sk, sk_buff *skb /* frees slab-object */);

// source: include/net/tcx.h
tcx_link *tcx_link(bpf_link *link) /* gives kind of link */;

// source: include/net/udp.h
type UDP_SKB_CB(__skb) /* gives kind of __skb */;
udp_dev_scratch *udp_skb_scratch(sk_buff *skb) /* gives kind of skb */;

// source: include/net/x25.h
type X25_SKB_CB(s) /* gives kind of s */;
type x25_sk(ptr) /* gives kind of ptr */;

// source: include/net/xdp.h
xdp_frame *xdp_convert_buff_to_frame(xdp_buff *xdp) /* gives driver */;

// source: include/net/xfrm.h
type XFRM_MODE_SKB_CB(__skb) /* gives kind of __skb */;
type XFRM_SKB_CB(__skb) /* gives kind of __skb */;
type XFRM_SPI_SKB_CB(__skb) /* gives kind of __skb */;
type XFRM_TUNNEL_SKB_CB(__skb) /* gives kind of __skb */;
sk_buff *validate_xmit_xfrm(sk_buff *skb, netdev_features_t features, bool *again) /* gives kind of skb */;
xfrm_algo_aead *xfrm_algo_aead_clone(xfrm_algo_aead *orig) /* gives slab */;
xfrm_algo_auth *xfrm_algo_auth_clone(xfrm_algo_auth *orig) /* gives slab */;
xfrm_algo *xfrm_algo_clone(xfrm_algo *orig) /* gives slab */;
xfrm_mode *xfrm_ip2inner_mode(xfrm_state *x, int ipproto) /* gives kind of x */;

// source: include/pcmcia/ds.h
type to_pcmcia_dev(n) /* gives kind of n */;
type to_pcmcia_drv(n) /* gives kind of n */;

// source: include/rdma/ib_umem.h
ib_umem_dmabuf *to_ib_umem_dmabuf(ib_umem *umem) /* gives kind of umem */;

// source: include/rdma/ib_umem_odp.h
ib_umem_odp *to_ib_umem_odp(ib_umem *umem) /* gives kind of umem */;

// source: include/rdma/ib_verbs.h
ib_atomic_wr *atomic_wr(ib_send_wr *wr) /* gives kind of wr */;
void *ib_virt_dma_to_ptr(u64 dma_addr) /* gives kind of dma_addr */;
ib_global_route *rdma_ah_read_grh(rdma_ah_attr *attr) /* gives kind of attr */;
ib_global_route *rdma_ah_retrieve_grh(rdma_ah_attr *attr) /* gives kind of attr */;
ib_rdma_wr *rdma_wr(ib_send_wr *wr) /* gives kind of wr */;
type rdma_zalloc_drv_obj(ib_dev, ib_type) /* gives slab */;
type rdma_zalloc_drv_obj_gfp(ib_dev, ib_type, gfp) /* gives slab */;
type rdma_zalloc_drv_obj_numa(ib_dev, ib_type) /* gives slab */;
void *rdma_zalloc_obj(ib_device *dev, size_t size, gfp_t gfp, bool is_numa_aware) /* gives slab */;
ib_reg_wr *reg_wr(ib_send_wr *wr) /* gives kind of wr */;
ib_ud_wr *ud_wr(ib_send_wr *wr) /* gives kind of wr */;

// source: include/rdma/ibta_vol1_c12.h
type CM_STRUCT(field_struct, total_len) /* gives kind of field_struct */;

// source: include/rdma/opa_addr.h
type OPA_TO_IB_UCAST_LID(x) /* gives kind of x */;

// source: include/rdma/rdma_vt.h
rvt_dev_info *ib_to_rvt(ib_device *ibdev) /* gives kind of ibdev */;
rvt_ah *ibah_to_rvtah(ib_ah *ibah) /* gives kind of ibah */;
rvt_pd *ibpd_to_rvtpd(ib_pd *ibpd) /* gives kind of ibpd */;

// source: include/rdma/rdmavt_cq.h
type RDMA_WRITE_UAPI_ATOMIC(member, x) /* gives kind of x */;
rvt_cq *ibcq_to_rvtcq(ib_cq *ibcq) /* gives kind of ibcq */;

// source: include/rdma/rdmavt_qp.h
rvt_qp *ibqp_to_rvtqp(ib_qp *ibqp) /* gives kind of ibqp */;
rvt_srq *ibsrq_to_rvtsrq(ib_srq *ibsrq) /* gives kind of ibsrq */;

// source: include/rdma/uverbs_ioctl.h
uverbs_attr_bundle *rdma_udata_to_uverbs_attr_bundle(ib_udata *udata) /* gives kind of udata */;

// source: include/scsi/fc/fc_fcoe.h
type FC_FCOE_ENCAPS_VER(hp, ver) /* gives kind of ver */;

// source: include/scsi/fc_frame.h
type fp_skb(fp) /* gives kind of fp */;

// source: include/scsi/fcoe_sysfs.h
type dev_to_ctlr(d) /* gives kind of d */;
type dev_to_fcf(d) /* gives kind of d */;
void *fcoe_ctlr_device_priv(fcoe_ctlr_device *ctlr) /* gives kind of ctlr */;

// source: include/scsi/iscsi_if.h
type iscsi_handle(_ptr) /* gives kind of _ptr */;
type iscsi_ptr(_handle) /* gives kind of _handle */;

// source: include/scsi/libfc.h
fc_lport *fc_disc_lport(fc_disc *disc) /* gives kind of disc */;
type fc_seq_exch(sp) /* gives kind of sp */;
fc_lport *libfc_host_alloc(scsi_host_template *sht, int priv_size) /* gives slab|managed */;
void *lport_priv(fc_lport *lport) /* gives kind of lport */;

// source: include/scsi/libfcoe.h
void *fcoe_ctlr_priv(fcoe_ctlr *ctlr) /* gives kind of ctlr */;

// source: include/scsi/libiscsi.h
type iscsi_host_priv(_shost) /* gives slab|managed */;

// source: include/scsi/libsas.h
asd_sas_event *to_asd_sas_event(work_struct *work) /* gives kind of work */;
type to_dev_attr(_attr) /* gives kind of _attr */;
type to_dom_device(_obj) /* gives kind of _obj */;
sas_discovery_event *to_sas_discovery_event(work_struct *work) /* gives kind of work */;

// source: include/scsi/scsi.h
type host_byte(result) /* gives kind of result */;
type sense_class(sense) /* gives kind of sense */;
type sense_error(sense) /* gives kind of sense */;
type sense_valid(sense) /* gives kind of sense */;
type status_byte(result) /* gives kind of result */;

// source: include/scsi/scsi_cmnd.h
void *scsi_cmd_priv(scsi_cmnd *cmd) /* gives kind of cmd */;

// source: include/scsi/scsi_device.h
type class_to_sdev(d) /* gives kind of d */;
type to_scsi_device(d) /* gives kind of d */;
type to_scsi_target(d) /* gives kind of d */;

// source: include/scsi/scsi_driver.h
type to_scsi_driver(drv) /* gives kind of drv */;

// source: include/scsi/scsi_host.h
type class_to_shost(d) /* gives kind of d */;

// source: include/scsi/scsi_transport_fc.h
type dev_to_rport(d) /* gives kind of d */;
type dev_to_vport(d) /* gives kind of d */;

// source: include/scsi/scsi_transport_iscsi.h
type iscsi_dev_to_conn(_dev) /* gives kind of _dev */;
type iscsi_dev_to_flash_conn(_dev) /* gives kind of _dev */;
type iscsi_dev_to_flash_session(_dev) /* gives kind of _dev */;
type iscsi_dev_to_iface(_dev) /* gives kind of _dev */;
type iscsi_dev_to_session(_dev) /* gives kind of _dev */;

// source: include/scsi/scsi_transport_sas.h
type dev_to_phy(d) /* gives kind of d */;
type dev_to_rphy(d) /* gives kind of d */;
type dev_to_sas_port(d) /* gives kind of d */;
type rphy_to_end_device(r) /* gives kind of r */;
type rphy_to_expander_device(r) /* gives kind of r */;

// source: include/scsi/sg.h
type driver_byte(result) /* gives kind of result */;
type sg_status_byte(result) /* gives kind of result */;

// source: include/soc/qcom/tcs.h
type BCM_TCS_CMD(commit, valid, vote_x, vote_y) /* gives kind of commit */;

// source: include/soc/starfive/reset-starfive-jh71x0.h
type to_jh71x0_reset_adev(_adev) /* gives kind of _adev */;

// source: include/sound/ac97/codec.h
device *ac97_codec_dev2dev(ac97_codec_device *adev) /* gives kind of adev */;
ac97_codec_device *to_ac97_device(device *d) /* gives kind of d */;
type to_ac97_driver(__drv) /* gives kind of __drv */;

// source: include/sound/ac97_codec.h
type to_ac97_t(d) /* gives kind of d */;

// source: include/sound/ak4xxx-adda.h
type snd_akm4xxx_set(ak, chip, reg, val) /* gives kind of val */;
type snd_akm4xxx_set_vol(ak, chip, reg, val) /* gives kind of val */;

// source: include/sound/asequencer.h
type snd_seq_queue_sync_port(q) /* gives kind of q */;

// source: include/sound/control.h
snd_ctl_elem_id *snd_ctl_build_ioff(snd_ctl_elem_id *dst_id, snd_kcontrol *src_kctl, unsigned int offset) /* gives kind of dst_id */;
type snd_ctl_file(n) /* gives kind of n */;
type snd_kcontrol(n) /* gives kind of n */;
type snd_kctl_event(n) /* gives kind of n */;

// source: include/sound/core.h
type dev_to_snd_card(p) /* gives kind of p */;
type gameport_set_dev_parent(gp, xdev) /* gives kind of xdev */;
type gameport_set_port_data(gp, r) /* gives kind of r */;
device *snd_card_get_device_link(snd_card *card) /* gives kind of card */;
type snd_card_set_dev(card, devptr) /* gives kind of devptr */;
type snd_device(n) /* gives kind of n */;

// source: include/sound/dmaengine_pcm.h
dmaengine_pcm *soc_component_to_pcm(snd_soc_component *p) /* gives kind of p */;

// source: include/sound/hda_codec.h
type dev_to_hda_codec(_dev) /* gives kind of _dev */;
type hdac_to_hda_codec(_hdac) /* gives kind of _hdac */;
type to_hda_bus(bus) /* gives kind of bus */;

// source: include/sound/hda_regmap.h
type snd_hdac_regmap_encode_verb(nid, verb) /* gives kind of verb */;

// source: include/sound/hdaudio.h
type dev_to_hdac_dev(_dev) /* gives kind of _dev */;
type drv_to_hdac_driver(_drv) /* gives kind of _drv */;

// source: include/sound/hdaudio_ext.h
type hdac_stream(s) /* gives kind of s */;
type stream_to_hdac_ext_stream(s) /* gives kind of s */;

// source: include/sound/i2c.h
type snd_i2c_device(n) /* gives kind of n */;
type snd_i2c_slave_bus(n) /* gives kind of n */;

// source: include/sound/seq_device.h
type SNDRV_SEQ_DEVICE_ARGPTR(dev) /* gives kind of dev */;
type to_seq_dev(_dev) /* gives kind of _dev */;
type to_seq_drv(_drv) /* gives kind of _drv */;

// source: include/sound/simple_card_utils.h
type simple_priv_to_card(priv) /* gives kind of priv */;

// source: include/sound/soc-component.h
snd_soc_dapm_context *snd_soc_component_get_dapm(snd_soc_component *component) /* gives kind of component */;
snd_soc_component *snd_soc_dapm_to_component(snd_soc_dapm_context *dapm) /* gives kind of dapm */;

// source: include/sound/soc-topology.h
void *snd_soc_tplg_get_data(snd_soc_tplg_hdr *hdr) /* gives kind of hdr */;

// source: include/sound/ump.h
type rawmidi_to_ump(rmidi) /* gives kind of rmidi */;

// source: include/sound/util_mem.h
type snd_util_memblk_argptr(blk) /* gives kind of blk */;

// source: include/sound/wavefront.h
type WF_SET_CHANNEL(samp, chn) /* gives kind of chn */;

// source: include/target/iscsi/iscsi_target_core.h
iscsi_node_acl *to_iscsi_nacl(se_node_acl *se_nacl) /* gives kind of se_nacl */;
iscsi_portal_group *to_iscsi_tpg(se_portal_group *se_tpg) /* gives kind of se_tpg */;

// source: include/target/iscsi/iscsi_transport.h
void *iscsit_priv_cmd(iscsit_cmd *cmd) /* gives kind of cmd */;

// source: include/trace/bpf_probe.h
type __perf_count(c) /* gives kind of c */;
type __perf_task(t) /* gives kind of t */;

// source: include/trace/events/ext4.h
type EXT4_I(inode) /* gives kind of inode */;

// source: include/trace/events/writeback.h
type KBps(x) /* gives kind of x */;

// source: include/trace/stages/stage5_get_offsets.h
char *__string_src(char *str) /* gives kind of str */;

// source: include/uapi/drm/drm_fourcc.h
type fourcc_mod_broadcom_mod(m) /* gives kind of m */;
type fourcc_mod_broadcom_param(m) /* gives kind of m */;
type fourcc_mod_get_vendor(modifier) /* gives kind of modifier */;

// source: include/uapi/drm/i915_drm.h
type i915_execbuffer2_get_context_id(eb2) /* gives kind of eb2 */;
type i915_execbuffer2_set_context_id(eb2, context) /* gives kind of context */;

// source: include/uapi/linux/a.out.h
type N_SET_INFO(exec, magic, type, flags) /* gives kind of magic */;

// source: include/uapi/linux/atm.h
type __SO_ENCODE(l, n, t) /* gives kind of l */;

// source: include/uapi/linux/capability.h
type CAP_TO_INDEX(x) /* gives kind of x */;

// source: include/uapi/linux/errqueue.h
type SO_EE_OFFENDER(ee) /* gives kind of ee */;

// source: include/uapi/linux/fuse.h
type FUSE_REC_ALIGN(x) /* gives kind of x */;

// source: include/uapi/linux/genwqe/genwqe_card.h
type ATS_SET_FLAGS(_struct, _field, _flags) /* gives kind of _flags */;

// source: include/uapi/linux/gfs2_ondisk.h
type GFS2_DIRENT_SIZE(name_len) /* gives kind of name_len */;

// source: include/uapi/linux/if_addr.h
type IFA_RTA(r) /* gives kind of r */;

// source: include/uapi/linux/if_link.h
type IFLA_RTA(r) /* gives kind of r */;

// source: include/uapi/linux/kfd_ioctl.h
type KFD_EVENT_FMT_MIGRATE_END(ns, pid, start, size, from, to, migrate_trigger) /* gives kind of migrate_trigger */;
type KFD_EVENT_FMT_MIGRATE_START(ns, pid, start, size, from, to, prefetch_loc, preferred_loc, migrate_trigger) /* gives kind of migrate_trigger */;
type KFD_EVENT_FMT_PAGEFAULT_END(ns, pid, addr, node, migrate_update) /* gives kind of migrate_update */;
type KFD_EVENT_FMT_PAGEFAULT_START(ns, pid, addr, node, rw) /* gives kind of rw */;
type KFD_EVENT_FMT_UNMAP_FROM_GPU(ns, pid, addr, size, node, unmap_trigger) /* gives kind of unmap_trigger */;

// source: include/uapi/linux/mmc/ioctl.h
type mmc_ioc_cmd_set_data(ic, ptr) /* gives kind of ptr */;

// source: include/uapi/linux/mroute.h
type VIFM_COPY(mfrom, mto) /* gives kind of mfrom */;

// source: include/uapi/linux/mtio.h
type GMT_DR_OPEN(x) /* gives kind of x */;

// source: include/uapi/linux/netfilter/nfnetlink_compat.h
type NFA_DATA(nfa) /* gives kind of nfa */;
type NFM_NFA(n) /* gives kind of n */;

// source: include/uapi/linux/netfilter/xt_sctp.h
type SCTP_CHUNKMAP_COPY(destmap, srcmap) /* gives kind of destmap */;
type SCTP_CHUNKMAP_RESET(chunkmap) /* gives kind of chunkmap */;
type SCTP_CHUNKMAP_SET_ALL(chunkmap) /* gives kind of chunkmap */;

// source: include/uapi/linux/netlink.h
type NLMSG_DATA(nlh) /* gives kind of nlh */;

// source: include/uapi/linux/rkisp1-config.h
type RKISP1_CIF_ISP_DPCC_RND_OFFS_n_G(n, v) /* gives kind of v */;
type RKISP1_CIF_ISP_DPCC_RND_OFFS_n_RB(n, v) /* gives kind of v */;
type RKISP1_CIF_ISP_DPCC_RO_LIMITS_n_G(n, v) /* gives kind of v */;
type RKISP1_CIF_ISP_DPCC_RO_LIMITS_n_RB(n, v) /* gives kind of v */;

// source: include/uapi/linux/romfs_fs.h
type __mkl(h, l) /* gives kind of h */;
type __mkw(h, l) /* gives kind of h */;

// source: include/uapi/linux/rtnetlink.h
type RTA_DATA(rta) /* gives kind of rta */;
type RTM_RTA(r) /* gives kind of r */;
type RTNH_DATA(rtnh) /* gives kind of rtnh */;
type TA_RTA(r) /* gives kind of r */;
type TCA_RTA(r) /* gives kind of r */;

// source: include/uapi/linux/soundcard.h
type _SEQ_ADVBUF(len) /* gives kind of len */;

// source: include/uapi/linux/tipc_config.h
type TCM_DATA(tcm_hdr) /* gives kind of tcm_hdr */;
type TCM_LENGTH(datalen) /* gives kind of datalen */;
type TLV_DATA(tlv) /* gives kind of tlv */;
type TLV_LENGTH(datalen) /* gives kind of datalen */;

// source: include/uapi/linux/wireless.h
type IW_EVENT_CAPA_BASE(cmd) /* gives kind of cmd */;

// source: include/uapi/sound/emu10k1.h
type A3_EMU32IN(x) /* gives kind of x */;
type A3_EMU32OUT(x) /* gives kind of x */;
type A_EMU32OUTH(x) /* gives kind of x */;
type A_EMU32OUTL(x) /* gives kind of x */;
type A_ETRAM_ADDR(x) /* gives kind of x */;
type A_ETRAM_CTL(x) /* gives kind of x */;
type A_ETRAM_DATA(x) /* gives kind of x */;
type A_EXTIN(x) /* gives kind of x */;
type A_EXTOUT(x) /* gives kind of x */;
type A_FXBUS(x) /* gives kind of x */;
type A_FXBUS2(x) /* gives kind of x */;
type A_ITRAM_ADDR(x) /* gives kind of x */;
type A_ITRAM_CTL(x) /* gives kind of x */;
type A_ITRAM_DATA(x) /* gives kind of x */;
type A_P16VIN(x) /* gives kind of x */;
type ETRAM_ADDR(x) /* gives kind of x */;
type ETRAM_DATA(x) /* gives kind of x */;
type EXTIN(x) /* gives kind of x */;
type EXTOUT(x) /* gives kind of x */;
type FXBUS(x) /* gives kind of x */;
type FXBUS2(x) /* gives kind of x */;
type GPR(x) /* gives kind of x */;
type ITRAM_ADDR(x) /* gives kind of x */;
type ITRAM_DATA(x) /* gives kind of x */;

// source: include/video/gbe.h
type SET(v, f, msb, lsb) /* gives kind of v */;

// source: include/video/pm3fb.h
type PM3ByApertureMode_PATCH_OFFSET_X(off) /* gives kind of off */;
type PM3ByApertureMode_PATCH_OFFSET_Y(off) /* gives kind of off */;
type PM3Config2D_BackgroundROP(rop) /* gives kind of rop */;
type PM3Config2D_ForegroundROP(rop) /* gives kind of rop */;
type PM3ConstantColorDDA_A(a) /* gives kind of a */;
type PM3ConstantColorDDA_B(b) /* gives kind of b */;
type PM3ConstantColorDDA_G(g) /* gives kind of g */;
type PM3ConstantColorDDA_R(r) /* gives kind of r */;
type PM3DownloadGlyphwidth_GlyphWidth(gw) /* gives kind of gw */;
type PM3DownloadTarget_TagName(tag) /* gives kind of tag */;
type PM3FBDestReadBufferOffset_XOffset(x) /* gives kind of x */;
type PM3FBDestReadBufferOffset_YOffset(y) /* gives kind of y */;
type PM3FBDestReadBufferWidth_Width(w) /* gives kind of w */;
type PM3FBDestReadEnables_E(e) /* gives kind of e */;
type PM3FBDestReadEnables_R(r) /* gives kind of r */;
type PM3FBDestReadEnables_ReferenceAlpha(a) /* gives kind of a */;
type PM3FBDestReadMode_Layout0(l) /* gives kind of l */;
type PM3FBDestReadMode_Layout1(l) /* gives kind of l */;
type PM3FBDestReadMode_Layout2(l) /* gives kind of l */;
type PM3FBDestReadMode_Layout3(l) /* gives kind of l */;
type PM3FBDestReadMode_StripeHeight(sh) /* gives kind of sh */;
type PM3FBDestReadMode_StripePitch(sp) /* gives kind of sp */;
type PM3FBSourceReadBufferOffset_XOffset(x) /* gives kind of x */;
type PM3FBSourceReadBufferOffset_YOffset(y) /* gives kind of y */;
type PM3FBSourceReadBufferWidth_Width(w) /* gives kind of w */;
type PM3FBSourceReadMode_Layout(l) /* gives kind of l */;
type PM3FBSourceReadMode_StripeHeight(sh) /* gives kind of sh */;
type PM3FBSourceReadMode_StripePitch(sp) /* gives kind of sp */;
type PM3FBSourceReadMode_WrapX(w) /* gives kind of w */;
type PM3FBSourceReadMode_WrapY(w) /* gives kind of w */;
type PM3FBWriteBufferOffset_XOffset(x) /* gives kind of x */;
type PM3FBWriteBufferOffset_YOffset(y) /* gives kind of y */;
type PM3FBWriteBufferWidth_Width(w) /* gives kind of w */;
type PM3FBWriteMode_Layout0(l) /* gives kind of l */;
type PM3FBWriteMode_Layout1(l) /* gives kind of l */;
type PM3FBWriteMode_Layout2(l) /* gives kind of l */;
type PM3FBWriteMode_Layout3(l) /* gives kind of l */;
type PM3FBWriteMode_StripeHeight(h) /* gives kind of h */;
type PM3FBWriteMode_StripePitch(p) /* gives kind of p */;
type PM3FillConfig2D_BackgroundROP(rop) /* gives kind of rop */;
type PM3FillConfig2D_ForegroundROP(rop) /* gives kind of rop */;
type PM3FillFBSourceReadBufferOffset_XOffset(x) /* gives kind of x */;
type PM3FillFBSourceReadBufferOffset_YOffset(y) /* gives kind of y */;
type PM3FillGlyphPosition_XOffset(x) /* gives kind of x */;
type PM3FillGlyphPosition_YOffset(y) /* gives kind of y */;
type PM3FillRectanglePosition_XOffset(x) /* gives kind of x */;
type PM3FillRectanglePosition_YOffset(y) /* gives kind of y */;
type PM3GlyphPosition_XOffset(x) /* gives kind of x */;
type PM3GlyphPosition_YOffset(y) /* gives kind of y */;
type PM3LBDestReadMode_StripeHeight(h) /* gives kind of h */;
type PM3LBDestReadMode_StripePitch(p) /* gives kind of p */;
type PM3LBDestReadMode_Width(w) /* gives kind of w */;
type PM3LBReadFormat_DepthWidth(w) /* gives kind of w */;
type PM3LBReadFormat_FCPPosition(p) /* gives kind of p */;
type PM3LBReadFormat_FCPWidth(w) /* gives kind of w */;
type PM3LBReadFormat_GIDPosition(p) /* gives kind of p */;
type PM3LBReadFormat_GIDWidth(w) /* gives kind of w */;
type PM3LBReadFormat_StencilPosition(p) /* gives kind of p */;
type PM3LBReadFormat_StencilWidth(w) /* gives kind of w */;
type PM3LBSourceReadMode_StripeHeight(h) /* gives kind of h */;
type PM3LBSourceReadMode_StripePitch(p) /* gives kind of p */;
type PM3LBSourceReadMode_Width(w) /* gives kind of w */;
type PM3LBWriteFormat_DepthWidth(w) /* gives kind of w */;
type PM3LBWriteFormat_GIDPosition(p) /* gives kind of p */;
type PM3LBWriteFormat_GIDWidth(w) /* gives kind of w */;
type PM3LBWriteFormat_StencilPosition(p) /* gives kind of p */;
type PM3LBWriteFormat_StencilWidth(w) /* gives kind of w */;
type PM3LBWriteMode_StripeHeight(h) /* gives kind of h */;
type PM3LBWriteMode_StripePitch(p) /* gives kind of p */;
type PM3LBWriteMode_Width(w) /* gives kind of w */;
type PM3LogicalOpMode_Background_LogicOp(op) /* gives kind of op */;
type PM3LogicalOpMode_LogicOp(op) /* gives kind of op */;
type PM3RD_CursorPalette(p) /* gives kind of p */;
type PM3RD_CursorPattern(p) /* gives kind of p */;
type PM3RLCount_Count(c) /* gives kind of c */;
type PM3RectanglePosition_XOffset(x) /* gives kind of x */;
type PM3RectanglePosition_YOffset(y) /* gives kind of y */;
type PM3Render2DGlyph_Height(h) /* gives kind of h */;
type PM3Render2DGlyph_Width(w) /* gives kind of w */;
type PM3Render2DGlyph_XOffset(x) /* gives kind of x */;
type PM3Render2DGlyph_YOffset(y) /* gives kind of y */;
type PM3Render2D_Height(h) /* gives kind of h */;
type PM3Render2D_Width(w) /* gives kind of w */;
type PM3RenderPatchOffset_XOffset(x) /* gives kind of x */;
type PM3RenderPatchOffset_YOffset(y) /* gives kind of y */;
type PM3TextureMapWidth_Width(w) /* gives kind of w */;
type PM3VideoControl_PATCH_OFFSET_X(off) /* gives kind of off */;
type PM3VideoControl_PATCH_OFFSET_Y(off) /* gives kind of off */;
type PM3VideoOverlayHeight_HEIGHT(h) /* gives kind of h */;
type PM3VideoOverlayOrigin_XORIGIN(x) /* gives kind of x */;
type PM3VideoOverlayOrigin_YORIGIN(y) /* gives kind of y */;
type PM3VideoOverlayStride_STRIDE(s) /* gives kind of s */;
type PM3VideoOverlayWidth_WIDTH(w) /* gives kind of w */;
type PM3Window_FrameCount(c) /* gives kind of c */;

// source: include/video/samsung_fimd.h
type VIDOSDxA_TOPLEFT_X(_x) /* gives kind of _x */;
type VIDOSDxA_TOPLEFT_X_E(_x) /* gives kind of _x */;
type VIDOSDxA_TOPLEFT_Y(_x) /* gives kind of _x */;
type VIDOSDxA_TOPLEFT_Y_E(_x) /* gives kind of _x */;
type VIDOSDxB_BOTRIGHT_X(_x) /* gives kind of _x */;
type VIDOSDxB_BOTRIGHT_X_E(_x) /* gives kind of _x */;
type VIDOSDxB_BOTRIGHT_Y(_x) /* gives kind of _x */;
type VIDOSDxB_BOTRIGHT_Y_E(_x) /* gives kind of _x */;
type WINxMAP_MAP_COLOUR(_x) /* gives kind of _x */;
type WxKEYCON0_COMPKEY(_x) /* gives kind of _x */;
type WxKEYCON1_COLVAL(_x) /* gives kind of _x */;

// source: include/video/sticore.h
type STI_PTR(p /* wants linear */) /* gives kind of p */;

// source: include/xen/arm/page.h
unsigned long bfn_to_pfn(unsigned long bfn) /* gives kind of bfn */;
unsigned long pfn_to_gfn(unsigned long pfn) /* gives kind of pfn */;

// source: include/xen/interface/io/console.h
type MASK_XENCONS_IDX(idx, ring) /* gives kind of idx */;

// source: include/xen/interface/io/displif.h
type XENDISPL_IN_RING(page) /* gives kind of page */;

// source: include/xen/interface/io/fbif.h
type XENFB_IN_RING(page) /* gives kind of page */;
type XENFB_OUT_RING(page) /* gives kind of page */;

// source: include/xen/interface/io/kbdif.h
type XENKBD_IN_RING(page) /* gives kind of page */;
type XENKBD_OUT_RING(page) /* gives kind of page */;

// source: include/xen/interface/io/sndif.h
type XENSND_IN_RING(page) /* gives kind of page */;

// source: include/xen/interface/io/usbif.h
type xenusb_pipedevice(pipe) /* gives kind of pipe */;
type xenusb_pipeendpoint(pipe) /* gives kind of pipe */;
type xenusb_pipein(pipe) /* gives kind of pipe */;
type xenusb_pipeportnum(pipe) /* gives kind of pipe */;
type xenusb_pipetype(pipe) /* gives kind of pipe */;
type xenusb_pipeunlink(pipe) /* gives kind of pipe */;
type xenusb_setportnum_pipe(pipe, portnum) /* gives kind of pipe */;
type xenusb_setunlink_pipe(pipe) /* gives kind of pipe */;

// source: include/xen/interface/memory.h
type XENMEM_resource_ioreq_server_frame_ioreq(n) /* gives kind of n */;

// source: include/xen/interface/vcpu.h
type xen_vcpu_physid_to_x86_acpiid(physid) /* gives kind of physid */;
type xen_vcpu_physid_to_x86_apicid(physid) /* gives kind of physid */;

// source: include/xen/interface/xen-mca.h
type x86_mcinfo_first(_mi) /* gives kind of _mi */;

// source: include/xen/page.h
type page_to_xen_pfn(page) /* gives kind of page */;
type xen_offset_in_page(p) /* gives kind of p */;
type xen_pfn_to_page(xen_pfn) /* gives kind of xen_pfn */;

// source: include/xen/xenbus.h
type to_xenbus_device(__dev) /* gives kind of __dev */;
type to_xenbus_driver(__drv) /* gives kind of __drv */;

// source: kernel/bpf/bpf_local_storage.c
bpf_map *bpf_local_storage_map_alloc(bpf_attr *attr, bpf_local_storage_cache *cache, bool bpf_ma) /* gives slab|vmalloc */;

// source: kernel/bpf/btf.c
btf_record *btf_parse_fields(btf *btf, btf_type *t, u32 field_mask, u32 value_size) /* gives slab */;
btf *btf_parse_vmlinux() /* gives slab */;

// source: kernel/bpf/core.c
void __bpf_prog_free(bpf_prog *fp /* frees vmalloc-memory */);
void *bpf_jit_alloc_exec(unsigned long size) /* gives vmalloc */;
bpf_binary_header *bpf_jit_binary_alloc(unsigned int proglen, u8 **image_ptr, unsigned int alignment, bpf_jit_fill_hole_t bpf_fill_ill_insns) /* gives vmalloc */;
bpf_binary_header *bpf_jit_binary_pack_alloc(unsigned int proglen, u8 **image_ptr, unsigned int alignment, bpf_binary_header **rw_header, u8 **rw_image, bpf_jit_fill_hole_t bpf_fill_ill_insns, bool was_classic) /* gives vmalloc */;
bpf_prog *bpf_jit_blind_constants(bpf_prog *prog) /* gives vmalloc */;
bpf_prog *bpf_patch_insn_single(bpf_prog *prog, u32 off, bpf_insn *patch, u32 len) /* gives vmalloc */;
bpf_prog *bpf_prog_alloc(unsigned int size, gfp_t gfp_extra_flags) /* gives vmalloc */;
bpf_prog *bpf_prog_alloc_no_stats(unsigned int size, gfp_t gfp_extra_flags) /* gives vmalloc */;
void *bpf_prog_pack_alloc(u32 size, bpf_jit_fill_hole_t bpf_fill_ill_insns, bool was_classic) /* gives vmalloc */;
bpf_prog *bpf_prog_realloc(bpf_prog *fp_old, unsigned int size, gfp_t gfp_extra_flags) /* gives vmalloc */;

// source: kernel/bpf/memalloc.c
void *bpf_mem_cache_alloc_flags(bpf_mem_alloc *ma, gfp_t flags) /* gives slab */;

// source: kernel/dma/direct.c
void *dma_direct_alloc(device *dev, size_t size, dma_addr_t *dma_handle, gfp_t gfp, unsigned long attrs) /* gives vmalloc|driver */;
struct page *dma_direct_alloc_pages(device *dev, size_t size, dma_addr_t *dma_handle, enum dma_data_direction dir, gfp_t gfp) /* gives driver */;

// source: kernel/dma/ops_helpers.c
struct page *dma_common_alloc_pages(device *dev, size_t size, dma_addr_t *dma_handle, enum dma_data_direction dir, gfp_t gfp) /* gives driver */;
int dma_common_get_sgtable(device *dev, sg_table *sgt, void *cpu_addr /* wants !zsmalloc|global|user|kmap */, dma_addr_t dma_addr, size_t size, unsigned long attrs);

// source: kernel/dma/remap.c
void *dma_common_contiguous_remap(struct page *page, size_t size, pgprot_t prot, void *caller) /* gives vmalloc */;
void *dma_common_pages_remap(struct page **pages, size_t size, pgprot_t prot, void *caller) /* gives vmalloc */;

// source: kernel/events/core.c
perf_event *perf_event_create_kernel_counter(perf_event_attr *attr, int cpu, task_struct *task, perf_overflow_handler_t overflow_handler, void *context) /* gives slab */;

// source: kernel/fork.c
task_struct *copy_process(pid *pid, int trace, int node, kernel_clone_args *args) /* gives slab */;

// source: kernel/groups.c
group_info *groups_alloc(int gidsetsize) /* gives slab|vmalloc */;

// source: kernel/irq/matrix.c
irq_matrix *irq_alloc_matrix(unsigned int matrix_bits, unsigned int alloc_start, unsigned int alloc_end) /* gives slab */;

// source: kernel/kexec_core.c
struct page *kimage_alloc_control_pages(kimage *image, unsigned int order) /* gives driver */;

// source: kernel/kprobes.c
void *alloc_insn_page() /* gives vmalloc */;
void *alloc_optinsn_page() /* gives vmalloc */;

// source: kernel/padata.c
padata_shell *padata_alloc_shell(padata_instance *pinst) /* gives slab */;

// source: kernel/relay.c
rchan *relay_open(char *base_filename, dentry *parent, size_t subbuf_size, size_t n_subbufs, rchan_callbacks *cb, void *private_data) /* gives slab */;

// source: kernel/resource.c
resource *__devm_request_region(device *dev, resource *parent, resource_size_t start, resource_size_t n, char *name) /* gives slab */;
resource *__request_region(resource *parent, resource_size_t start, resource_size_t n, char *name, int flags) /* gives slab */;

// source: kernel/time/namespace.c
void free_time_ns(time_namespace *ns /* frees kmalloc-memory */);

// source: kernel/trace/ring_buffer.c
void ring_buffer_free(trace_buffer *buffer /* frees kmalloc-memory */);
void ring_buffer_read_finish(ring_buffer_iter *iter /* frees kmalloc-memory */);

// source: lib/genalloc.c
void gen_pool_destroy(gen_pool *pool /* frees kmalloc-memory */);

// source: lib/iov_iter.c
void *dup_iter(iov_iter *new, iov_iter *old, gfp_t flags) /* gives slab */;
iovec *iovec_from_user(iovec *uvec, unsigned long nr_segs, unsigned long fast_segs, iovec *fast_iov, bool compat) /* gives slab */;

// source: lib/xz/xz_dec_lzma2.c
xz_dec_microlzma *xz_dec_microlzma_alloc(enum xz_mode mode, uint32_t dict_size) /* gives slab */;

// source: mm/filemap.c
int __filemap_add_folio(address_space *mapping, struct folio *folio /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */, pgoff_t index, gfp_t gfp, void **shadowp);
void __filemap_remove_folio(struct folio *folio /* keeps !tail|slab|net|zsmalloc; wants !tail|slab|large|table|zsmalloc|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */, void *shadow);
int __folio_lock_killable(struct folio *folio /* wants head */);
void folio_add_wait_queue(struct folio *folio /* wants head */, wait_queue_entry_t *waiter);
int folio_wait_bit_killable(struct folio *folio /* wants head */, int bit_nr);
int folio_wait_private_2_killable(struct folio *folio /* wants head */);

// source: mm/gup.c
void folio_add_pin(struct folio *folio /* wants head */);
void unpin_folio(struct folio *folio /* wants head */);
void unpin_user_folio(struct folio *folio /* wants head */, unsigned long npages);

// source: mm/highmem.c
struct page *__kmap_to_page(void *vaddr) /* gives tail */;

// source: mm/hugetlb.c
pte_t *huge_pmd_share(mm_struct *mm, vm_area_struct *vma, unsigned long addr, pud_t *pud) /* gives installed-table */;
pte_t *huge_pte_alloc(mm_struct *mm, vm_area_struct *vma, unsigned long addr, unsigned long sz) /* gives installed-table */;
int hugetlb_add_to_page_cache(struct folio *folio /* wants head */, address_space *mapping, pgoff_t idx);

// source: mm/kasan/common.c
void *__kasan_kmalloc_large(void *ptr /* wants !zsmalloc|vmalloc|block|percpu|coherent|io|stack|global|user|kmap */, size_t size, gfp_t flags) /* gives kind of ptr */;
void *__kasan_krealloc(void *object, size_t size, gfp_t flags) /* gives kind of object */;
bool __kasan_mempool_poison_object(void *ptr /* wants linear */, unsigned long ip);
void __kasan_mempool_unpoison_object(void *ptr /* wants linear */, size_t size, unsigned long ip);
void __kasan_poison_slab(struct slab *slab /* wants !block */);

// source: mm/list_lru.c
bool list_lru_add_obj(list_lru *lru, list_head *item /* wants linear */);
bool list_lru_del_obj(list_lru *lru, list_head *item /* wants linear */);

// source: mm/memblock.c
phys_addr_t memblock_alloc_range_nid(phys_addr_t size, phys_addr_t align, phys_addr_t start, phys_addr_t end, int nid, bool exact_nid) /* gives slab */;
phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align, phys_addr_t start, phys_addr_t end) /* gives slab */;
phys_addr_t memblock_phys_alloc_try_nid(phys_addr_t size, phys_addr_t align, int nid) /* gives slab */;

// source: mm/memcontrol.c
int __mem_cgroup_charge(struct folio *folio /* wants head */, mm_struct *mm, gfp_t gfp);
void __mem_cgroup_uncharge(struct folio *folio /* wants head */);
cgroup_subsys_state *mem_cgroup_css_from_folio(struct folio *folio /* keeps !slab; wants head */);

// source: mm/memory.c
struct folio *vm_normal_folio_pmd(vm_area_struct *vma, unsigned long addr, pmd_t pmd) /* gives file|anon */;

// source: mm/memory_hotplug.c
void generic_online_page(struct page *page /* wants !tail */, unsigned int order);

// source: mm/mempool.c
void *mempool_kvmalloc(gfp_t gfp_mask, void *pool_data) /* gives slab|vmalloc */;

// source: mm/migrate.c
int filemap_migrate_folio(address_space *mapping, struct folio *dst /* wants head */, struct folio *src /* wants cached */, enum migrate_mode mode);
int migrate_folio(address_space *mapping, struct folio *dst, struct folio *src /* wants head */, enum migrate_mode mode);

// source: mm/page-writeback.c
void __folio_cancel_dirty(struct folio *folio /* wants !tail|large|table|vmalloc|free|offline|guard|percpu|io|stack|global|user|untyped-table|kmap */);
void __folio_mark_dirty(struct folio *folio /* keeps !tail|slab */, address_space *mapping, int warn);
void __folio_start_writeback(struct folio *folio /* wants !tail|large|table|vmalloc|free|offline|guard|percpu|io|stack|global|user|untyped-table|kmap */, bool keep_write);
void folio_account_cleaned(struct folio *folio /* wants head */, bdi_writeback *wb);
bool noop_dirty_folio(address_space *mapping, struct folio *folio /* wants head */);
struct folio *writeback_iter(address_space *mapping, writeback_control *wbc, struct folio *folio /* wants head */, int *error);

// source: mm/page_alloc.c
void __page_frag_cache_drain(struct page *page /* wants !noncomp|unref */, unsigned int count);
unsigned long get_free_pages_noprof(gfp_t gfp_mask, unsigned int order) /* gives driver */;

// source: mm/page_table_check.c
void __page_table_check_zero(struct page *page /* wants !slab */, unsigned int order);

// source: mm/pagewalk.c
struct folio *folio_walk_start(folio_walk *fw, vm_area_struct *vma, unsigned long addr, folio_walk_flags_t flags) /* gives file|anon|device */;

// source: mm/percpu.c
pcpu_alloc_info *pcpu_alloc_alloc_info(int nr_groups, int nr_units) /* gives reserved */;
void pcpu_free_alloc_info(pcpu_alloc_info *ai /* frees reserved-memory */);

// source: mm/readahead.c
void page_cache_async_ra(readahead_control *ractl, struct folio *folio /* wants head */, unsigned long req_count);

// source: mm/rmap.c
void hugetlb_add_anon_rmap(struct folio *folio /* wants hugetlb|unref|ptl */, vm_area_struct *vma, unsigned long address, rmap_t flags);
void hugetlb_add_new_anon_rmap(struct folio *folio /* wants hugetlb|unref|ptl */, vm_area_struct *vma, unsigned long address);

// source: mm/sparse-vmemmap.c
struct page *__populate_section_memmap(unsigned long pfn, unsigned long nr_pages, int nid, vmem_altmap *altmap, dev_pagemap *pgmap) /* gives reserved */;
void *vmemmap_alloc_block(unsigned long size, int node) /* gives block|reserved */;
void *vmemmap_alloc_block_buf(unsigned long size, int node, vmem_altmap *altmap) /* gives block|reserved */;
p4d_t *vmemmap_p4d_populate(pgd_t *pgd, unsigned long addr, int node) /* gives installed-table */;
pmd_t *vmemmap_pmd_populate(pud_t *pud, unsigned long addr, int node) /* gives installed-table */;
pte_t *vmemmap_pte_populate(pmd_t *pmd, unsigned long addr, int node, vmem_altmap *altmap, struct page *reuse) /* gives installed-table */;
pud_t *vmemmap_pud_populate(p4d_t *p4d, unsigned long addr, int node) /* gives installed-table */;

// source: mm/swap.c
void __folio_put(struct folio *folio /* wants head */);
void lru_note_cost_refault(struct folio *folio /* wants lru-listed */);

// source: mm/userfaultfd.c
int mfill_atomic_install_pte(pmd_t *dst_pmd, vm_area_struct *dst_vma, unsigned long dst_addr, struct page *page /* wants !large|table|vmalloc|free|offline|guard|percpu|io|stack|global|user|untyped-table|kmap */, bool newly_allocated, uffd_flags_t flags);

// source: mm/util.c
void folio_copy(struct folio *dst /* wants head */, struct folio *src /* wants head */);
int folio_mc_copy(struct folio *dst /* wants head */, struct folio *src /* wants head */);

// source: mm/vmalloc.c
vm_struct *__get_vm_area_caller(unsigned long size, unsigned long flags, unsigned long start, unsigned long end, void *caller) /* gives slab */;
vm_struct *get_vm_area(unsigned long size, unsigned long flags) /* gives slab */;
vm_struct *get_vm_area_caller(unsigned long size, unsigned long flags, void *caller) /* gives slab */;
void *vrealloc_noprof(void *p, size_t size, gfp_t flags) /* gives vmalloc */;

// source: mm/vmscan.c
unsigned long remove_mapping(address_space *mapping, struct folio *folio /* wants !tail|slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */);

// source: mm/workingset.c
void workingset_activation(struct folio *folio /* keeps !slab; wants head */);
void *workingset_eviction(struct folio *folio /* wants !slab|large|table|vmalloc|noncomp|free|offline|guard|percpu|io|stack|global|user|iommu|untyped-table|kmap */, mem_cgroup *target_memcg);
void workingset_refault(struct folio *folio /* wants head */, void *shadow);

// source: mm/zsmalloc.c
unsigned long zs_malloc(zs_pool *pool, size_t size, gfp_t gfp) /* gives slab */;

// source: net/caif/cffrml.c
cflayer *cffrml_create(u16 phyid, bool use_fcs) /* gives slab */;
void cffrml_free(cflayer *layer /* frees kmalloc-memory */);

// source: net/ceph/buffer.c
ceph_buffer *ceph_buffer_new(size_t len, gfp_t gfp) /* gives slab */;

// source: net/ceph/messenger.c
struct page *ceph_msg_data_next(ceph_msg_data_cursor *cursor, size_t *page_offset, size_t *length) /* gives file|anon|tail */;
ceph_msg *ceph_msg_new(int type, int front_len, gfp_t flags, bool can_fail) /* gives slab */;
ceph_msg *ceph_msg_new2(int type, int front_len, int max_data_items, gfp_t flags, bool can_fail) /* gives slab */;

// source: net/ceph/pagevec.c
struct page **ceph_alloc_page_vector(int num_pages, gfp_t flags) /* gives slab */;

// source: net/core/dev.c
net_device *alloc_netdev_mqs(int sizeof_priv, char *name, unsigned char name_assign_type, void *setup, unsigned int txqs, unsigned int rxqs) /* gives slab|vmalloc */;
rtnl_link_stats64 *dev_get_stats(net_device *dev, rtnl_link_stats64 *storage) /* gives kind of storage */;
netdev_queue *dev_ingress_queue_create(net_device *dev) /* gives slab */;

// source: net/core/dst.c
metadata_dst *metadata_dst_alloc_percpu(u8 optslen, enum metadata_type type, gfp_t flags) /* gives percpu */;
void metadata_dst_free_percpu(metadata_dst *md_dst /* frees percpu-memory */);

// source: net/core/neighbour.c
pneigh_entry *pneigh_lookup(neigh_table *tbl, net *net, void *pkey, net_device *dev, int creat) /* gives slab */;

// source: net/core/page_pool.c
page_pool *page_pool_create_percpu(page_pool_params *params, int cpuid) /* gives slab */;

// source: net/core/skbuff.c
sk_buff *__alloc_skb(unsigned int size, gfp_t gfp_mask, int flags, int node) /* gives slab */;
void __kfree_skb(sk_buff *skb /* frees slab-object */);
sk_buff *__netdev_alloc_skb(net_device *dev, unsigned int len, gfp_t gfp_mask) /* gives slab */;
sk_buff *__pskb_copy_fclone(sk_buff *skb, int headroom, gfp_t gfp_mask, bool fclone) /* gives slab */;
skb_ext *__skb_ext_alloc(gfp_t flags) /* gives slab */;
sk_buff *alloc_skb_for_msg(sk_buff *first) /* gives slab */;
sk_buff *alloc_skb_with_frags(unsigned long header_len, unsigned long data_len, int order, int *errcode, gfp_t gfp_mask) /* gives slab */;
sk_buff *napi_alloc_skb(napi_struct *napi, unsigned int len) /* gives slab */;
sk_buff *skb_copy(sk_buff *skb, gfp_t gfp_mask) /* gives slab */;
sk_buff *skb_copy_expand(sk_buff *skb, int newheadroom, int newtailroom, gfp_t gfp_mask) /* gives slab */;
sk_buff *skb_realloc_headroom(sk_buff *skb, unsigned int headroom) /* gives slab */;
sk_buff *skb_segment(sk_buff *head_skb, netdev_features_t features) /* gives slab */;

// source: net/core/xdp.c
xdp_frame *xdp_convert_zc_to_xdp_frame(xdp_buff *xdp) /* gives driver */;
xdp_frame *xdpf_clone(xdp_frame *xdpf) /* gives driver */;

// source: net/devlink/core.c
devlink *devlink_alloc_ns(devlink_ops *ops, size_t priv_size, net *net, device *dev) /* gives slab|vmalloc */;

// source: net/ipv4/fib_trie.c
fib_table *fib_trie_table(u32 id, fib_table *alias) /* gives slab */;
fib_table *fib_trie_unmerge(fib_table *oldtb) /* gives slab */;

// source: net/ipv4/inet_hashtables.c
inet_hashinfo *inet_pernet_hashinfo_alloc(inet_hashinfo *hashinfo, unsigned int ehash_entries) /* gives slab */;

// source: net/ipv4/nexthop.c
void nexthop_free_rcu(rcu_head *head /* frees kmalloc-memory */);

// source: net/netfilter/ipset/ip_set_core.c
void *ip_set_alloc(size_t size) /* gives slab|vmalloc */;
void ip_set_free(void *members /* frees kvmalloc-memory */);

// source: net/netfilter/ipvs/ip_vs_ctl.c
ip_vs_stats *ip_vs_stats_alloc() /* gives slab */;
void ip_vs_stats_free(ip_vs_stats *stats /* frees kmalloc-memory */);

// source: net/netfilter/nf_conntrack_core.c
void *nf_ct_alloc_hashtable(unsigned int *sizep, int nulls) /* gives slab|vmalloc */;

// source: net/netfilter/x_tables.c
unsigned int *xt_alloc_entry_offsets(unsigned int size) /* gives slab|vmalloc */;
xt_table_info *xt_alloc_table_info(unsigned int size) /* gives slab|vmalloc */;
void *xt_copy_counters(sockptr_t arg, unsigned int len, xt_counters_info *info) /* gives vmalloc */;
xt_counters *xt_counters_alloc(unsigned int counters) /* gives vmalloc */;

// source: net/netlink/af_netlink.c
sk_buff *netlink_alloc_large_skb(unsigned int size, int broadcast) /* gives slab */;

// source: net/nfc/nci/spi.c
sk_buff *nci_spi_read(nci_spi *nspi) /* gives slab */;

// source: net/sched/sch_generic.c
Qdisc *qdisc_alloc(netdev_queue *dev_queue, Qdisc_ops *ops, netlink_ext_ack *extack) /* gives slab */;
Qdisc *qdisc_create_dflt(netdev_queue *dev_queue, Qdisc_ops *ops, unsigned int parentid, netlink_ext_ack *extack) /* gives slab */;

// source: net/tls/tls_device_fallback.c
sk_buff *tls_encrypt_skb(sk_buff *skb) /* gives slab */;
sk_buff *tls_validate_xmit_skb(sock *sk, net_device *dev, sk_buff *skb) /* gives slab */;
sk_buff *tls_validate_xmit_skb_sw(sock *sk, net_device *dev, sk_buff *skb) /* gives slab */;

// source: net/xdp/xsk_buff_pool.c
xsk_buff_pool *xp_create_and_assign_umem(xdp_sock *xs, xdp_umem *umem, u32 max_segs) /* gives slab|vmalloc */;

// source: sound/soc/soc-dapm.c
void snd_soc_dapm_free_widget(snd_soc_dapm_widget *w /* frees kmalloc-memory */);
snd_soc_dapm_widget *snd_soc_dapm_new_control_unlocked(snd_soc_dapm_context *dapm, snd_soc_dapm_widget *widget) /* gives slab */;

// source: virt/kvm/kvm_main.c
bool kvm_is_zone_device_page(struct page *page /* wants !noncomp|unref */);
struct page *kvm_pfn_to_refcounted_page(kvm_pfn_t pfn) /* gives kind of pfn */;

// source: include/asm-generic/percpu.h
void raw_cpu_generic_cmpxchg(pcp, oval, nval);
void raw_cpu_generic_xchg(pcp, nval);

// source: include/asm-generic/pgtable-nop4d.h
void p4d_offset(pgd, address);

// source: include/asm-generic/video.h
void fb_writeb(b, addr);
void fb_writel(b, addr);
void fb_writeq(b, addr);
void fb_writew(b, addr);

// source: include/drm/drm_gem_shmem_helper.h
void drm_gem_shmem_vmap(shmem, map);

// source: include/linux/bio.h
void bio_alloc(bdev, nr_vecs, opf, gfp_mask);
void bio_alloc_bioset(bdev, nr_vecs, opf, gfp_mask, fs_bio_set);
void bio_kmalloc(nr_vecs, gfp_mask);

// source: include/linux/bpf_mem_alloc.h
void bpf_mem_free(ma, ptr);

// source: include/linux/can/dev.h
void netdev_priv(dev);

// source: include/linux/consolemap.h
void conv_8bit_to_uni(c);
void conv_uni_to_8bit(uni);
void conv_uni_to_pc(conp, ucs);
void inverse_translate(conp, glyph, use_unicode);

// source: include/linux/cred.h
void get_new_cred(cred);

// source: include/linux/ftrace.h
void arch_ftrace_get_regs(fregs);
void ftrace_get_regs(fregs);

// source: include/linux/hugetlb.h
void move_hugetlb_state(old_folio, new_folio, reason);
void restore_reserve_on_error(h, vma, address, folio);

// source: include/linux/iomap.h
void __iomap_dio_rw(iocb, iter, ops, dops, dio_flags, private, done_before);

// source: include/linux/kasan.h
void __kasan_kfree_large(ptr, _RET_IP_);
void kasan_kfree_large(ptr);
void kasan_kmalloc(s, object, size, flags);
void kasan_kmalloc_large(ptr, size, flags);
void kasan_slab_alloc(s, object, flags, init);

// source: include/linux/kvm_host.h
void KVM_BUG_ON(kvm);

// source: include/linux/libnvdimm.h
void nvdimm_blk_region_create(nvdimm_bus, ndr_desc);
void nvdimm_pmem_region_create(nvdimm_bus, ndr_desc);
void nvdimm_volatile_region_create(nvdimm_bus, ndr_desc);

// source: include/linux/list_lru.h
void list_lru_add(lru, item, nid, memcg);
void list_lru_del(lru, item, nid, memcg);

// source: include/linux/memcontrol.h
void mem_cgroup_from_css(css);
void page_cgroup_ino(page);
void split_page_memcg(head, old_order, new_order);

// source: include/linux/mempolicy.h
void __mpol_dup(pol);
void mpol_dup(pol);

// source: include/linux/mm.h
void pte_offset_map(pmd, addr);

// source: include/linux/netfilter_bridge/ebtables.h
void ebt_unregister_table(net, tablename);

// source: include/linux/padata.h
void padata_free_shell(ps);

// source: include/linux/pagemap.h
void swapcache_mapping(folio);

// source: include/linux/quotaops.h
void dqgrab(dquot);

// source: include/linux/ring_buffer.h
void __ring_buffer_alloc(size, flags, key);
void ring_buffer_alloc_read_page(buffer, cpu, rpage);
void ring_buffer_free_read_page(buffer, cpu, page);

// source: include/linux/rmap.h
void folio_get_anon_vma(folio);

// source: include/linux/soc/mediatek/mtk-cmdq.h
void cmdq_pkt_create(client, pkt, size);

// source: include/linux/string.h
void memdup_array_user(src, n, size);
void vmemdup_array_user(src, n, size);

// source: include/linux/sunrpc/svc.h
void svc_exit_thread(svc_rqst);

// source: include/linux/workqueue.h
void alloc_workqueue(fmt, flags, max_active);

// source: include/linux/wwan.h
void wwan_create_port(parent, type, ops, caps, drvdata);

// source: include/net/cfg80211.h
void wiphy_priv(wiphy);

// source: include/net/devlink.h
void devlink_priv(devlink);
void priv_to_devlink(priv);

// source: include/net/page_pool/types.h
void page_pool_create(params);

// source: include/rdma/ib_verbs.h
void rdma_alloc_hw_stats_struct(descs, num_counters, lifespan);

// source: include/sound/memalloc.h
void snd_sgbuf_get_chunk_size(dmab, ofs, size);
