// Members of structs that lone files need. Notation: docs/signatures.md

// source: include/linux/bvec.h, include/linux/skbuff.h, include/linux/scatterlist.h, include/linux/pipe_fs_i.h
struct bio_vec { struct page *bv_page; /* element */ };
struct pipe_buffer { struct page *page; /* element */ };
struct sg_mapping_iter { struct page *page; /* element */ void *addr; /* element */ };
struct page_frag { struct page *page; /* element */ };
struct sockaddr { char sa_data[14]; };
struct sockaddr_storage { char __data[126]; };
struct sk_buff { char cb[48]; };
struct vm_fault { struct page *page; pgoff_t pgoff; };
struct ahash_request { u8 *result; };
struct urb { void *transfer_buffer; unsigned char *setup_packet; };
struct socket { const struct proto_ops *ops; };
