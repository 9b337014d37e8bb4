// Members of structs that lone files need. Notation: docs/signatures.md

// source: include/linux/bvec.h, include/linux/skbuff.h, include/linux/pipe_fs_i.h, include/linux/mm_types.h
struct bio_vec { struct page *bv_page; /* element */ };
struct skb_frag { struct page *bv_page; /* element */ netmem_ref netmem; /* element */ };
struct pipe_buffer { struct page *page; /* element */ };
struct splice_pipe_desc { struct page **pages; /* element */ };
struct page_frag { struct page *page; /* element */ };
struct pagevec { struct page *pages[15]; /* element */ };
struct folio_batch { struct folio *folios[15]; /* element */ };
struct sg_mapping_iter { struct page *page; /* element */ void *addr; /* element */ };
struct kvec { void *iov_base; /* element */ };
struct buffer_head { struct page *b_page; /* element */ struct folio *b_folio; /* element */ };
struct xdr_buf { struct page **pages; /* element */ struct bio_vec *bvec; /* element */ };

// source: include/linux/bio.h, include/linux/blk_types.h, include/linux/uio.h, include/linux/socket.h
struct bio { struct bio_vec *bi_io_vec; };
struct iov_iter { const struct bio_vec *bvec; };
struct msghdr { struct iov_iter msg_iter; };

// source: include/linux/mm.h: a fault handler hands out the page, with a reference of its own
struct vm_fault { struct page *page; /* wants mappable */ };

// source: include/linux/usb.h: mapped for DMA by the controller's driver
struct urb { void *transfer_buffer; /* wants usb-buffer */ unsigned char *setup_packet; /* wants usb-buffer */ };

// source: include/linux/spi/spi.h: "must be dma-safe memory"
struct spi_transfer { const void *tx_buf; /* wants dma-sent */ void *rx_buf; /* wants dma-safe */ };

// source: include/crypto/hash.h, include/crypto/skcipher.h, include/crypto/aead.h: given to the driver as they are
struct ahash_request { u8 *result; struct scatterlist *src; };
struct skcipher_request { u8 *iv; struct scatterlist *src; struct scatterlist *dst; };
struct aead_request { u8 *iv; struct scatterlist *src; struct scatterlist *dst; };

// source: include/linux/socket.h, include/linux/skbuff.h, include/linux/netdevice.h, include/linux/if_ether.h: arrays
struct sockaddr { char sa_data[14]; };
struct sockaddr_storage { char __data[126]; };
struct sockaddr_ll { unsigned char sll_addr[8]; };
struct sk_buff { char cb[48]; __u8 pp_recycle; /* false !net */ };
struct ethhdr { unsigned char h_dest[6]; unsigned char h_source[6]; };
struct scsi_cmnd { unsigned char cmnd[32]; };

// source: include/linux/net.h, include/net/sock.h, include/linux/fs.h: tables of functions
struct socket { const struct proto_ops *ops; struct sock *sk; };
struct sock { struct proto *sk_prot; struct socket *sk_socket; };

// source: drivers/base/firmware_loader/main.c: fw_get_filesystem_firmware() reads into vmalloc() space
struct firmware { const u8 *data; /* gives vmalloc */ };
