// Sockets and packets. Notation: docs/signatures.md

// source: include/linux/net.h, net/socket.c
bool sendpage_ok(struct page *page /* true sendable; false any */);

// source: include/linux/net.h
// since: 6.12
bool sendpages_ok(struct page *page /* true sendable; false any */, size_t len, size_t offset);

// source: net/socket.c, include/net/tcp.h, include/net/inet_common.h: gone in 6.5
// until: 6.5
int kernel_sendpage(struct socket *sock, struct page *page /* wants sendable */, int offset, size_t size, int flags);
int kernel_sendpage_locked(struct sock *sk, struct page *page /* wants sendable */, int offset, size_t size, int flags);
ssize_t proto_ops.sendpage(struct socket *sock, struct page *page /* wants sendable */, int offset, size_t size, int flags);
int proto_ops.sendpage_locked(struct sock *sk, struct page *page /* wants sendable */, int offset, size_t size, int flags);
int proto.sendpage(struct sock *sk, struct page *page /* wants sendable */, int offset, size_t size, int flags);
ssize_t inet_sendpage(struct socket *sock, struct page *page /* wants sendable */, int offset, size_t size, int flags);
int tcp_sendpage(struct sock *sk, struct page *page /* wants sendable */, int offset, size_t size, int flags);
int tcp_sendpage_locked(struct sock *sk, struct page *page /* wants sendable */, int offset, size_t size, int flags);
ssize_t do_tcp_sendpages(struct sock *sk, struct page *page /* wants sendable */, int offset, size_t size, int flags);
int udp_sendpage(struct sock *sk, struct page *page /* wants sendable */, int offset, size_t size, int flags);
ssize_t ip_append_page(struct sock *sk, struct flowi4 *fl4, struct page *page /* wants sendable */, int offset, size_t size, int flags);
int tls_sw_sendpage(struct sock *sk, struct page *page /* wants sendable */, int offset, size_t size, int flags);
int tls_device_sendpage(struct sock *sk, struct page *page /* wants sendable */, int offset, size_t size, int flags);
ssize_t sock_no_sendpage(struct socket *sock, struct page *page /* exact */, int offset, size_t size, int flags);
ssize_t sock_no_sendpage_locked(struct sock *sk, struct page *page /* exact */, int offset, size_t size, int flags);
ssize_t generic_splice_sendpage(struct pipe_inode_info *pipe, struct file *out, loff_t *ppos, size_t len, unsigned int flags);
int skb_append_pagefrags(struct sk_buff *skb, struct page *page /* wants sendable; into skb; exact */, int offset, size_t size);

// source: net/core/skbuff.c
// since: 6.5
int skb_append_pagefrags(struct sk_buff *skb, struct page *page /* wants sendable; into skb; exact */, int offset, size_t size, size_t max_frags);
ssize_t skb_splice_from_iter(struct sk_buff *skb, struct iov_iter *iter /* in wants sendable */, ssize_t maxsize, gfp_t gfp);

// source: net/socket.c, include/linux/net.h
int sock_sendmsg(struct socket *sock, struct msghdr *msg /* in wants sendable when msg has MSG_SPLICE_PAGES */);
int sock_sendmsg_nosec(struct socket *sock, struct msghdr *msg /* in wants sendable when msg has MSG_SPLICE_PAGES */);
int __sock_sendmsg(struct socket *sock, struct msghdr *msg /* in wants sendable when msg has MSG_SPLICE_PAGES */);
int kernel_sendmsg(struct socket *sock, struct msghdr *msg, struct kvec *vec, size_t num, size_t len);
int kernel_sendmsg_locked(struct sock *sk, struct msghdr *msg, struct kvec *vec, size_t num, size_t len);
int tcp_sendmsg(struct sock *sk, struct msghdr *msg /* in wants sendable when msg has MSG_SPLICE_PAGES */, size_t size);
int tcp_sendmsg_locked(struct sock *sk, struct msghdr *msg /* in wants sendable when msg has MSG_SPLICE_PAGES */, size_t size);
int udp_sendmsg(struct sock *sk, struct msghdr *msg /* in wants sendable when msg has MSG_SPLICE_PAGES */, size_t len);
int inet_sendmsg(struct socket *sock, struct msghdr *msg /* in wants sendable when msg has MSG_SPLICE_PAGES */, size_t size);
int proto_ops.sendmsg(struct socket *sock, struct msghdr *msg /* in wants sendable when msg has MSG_SPLICE_PAGES */, size_t size);
int proto.sendmsg(struct sock *sk, struct msghdr *msg /* in wants sendable when msg has MSG_SPLICE_PAGES */, size_t size);

// source: include/linux/skbuff.h, net/core/skbuff.c: fragments; a reference is dropped with the packet
struct skb_shared_info *skb_shinfo(struct sk_buff *skb) /* gives same skb */;
struct page *skb_frag_page(const skb_frag_t *frag) /* gives in frag */;
void *skb_frag_address(const skb_frag_t *frag) /* gives in frag */;
void *skb_frag_address_safe(const skb_frag_t *frag) /* gives in frag */;
void skb_frag_page_copy(skb_frag_t *fragto /* merges fragfrom */, const skb_frag_t *fragfrom);
void __skb_frag_ref(skb_frag_t *frag /* in wants refcounted */);
void skb_frag_ref(struct sk_buff *skb /* in wants refcounted */, int f);
void __skb_frag_unref(skb_frag_t *frag, bool recycle);
void skb_frag_unref(struct sk_buff *skb, int f);
void __skb_fill_page_desc(struct sk_buff *skb, int i, struct page *page /* wants sendable; into skb; exact */, int off, int size);
void skb_fill_page_desc(struct sk_buff *skb, int i, struct page *page /* wants sendable; into skb; exact */, int off, int size);
void skb_fill_page_desc_noacc(struct sk_buff *skb, int i, struct page *page /* wants sendable; into skb; exact */, int off, int size);
void __skb_fill_page_desc_noacc(struct skb_shared_info *shinfo, int i, struct page *page /* wants sendable; into shinfo; exact */, int off, int size);
void skb_add_rx_frag(struct sk_buff *skb, int i, struct page *page /* wants sendable; wants unpooled unless skb has pp_recycle; into skb; exact */, int off, int size, unsigned int truesize);
void skb_coalesce_rx_frag(struct sk_buff *skb, int i, int size, unsigned int truesize);
void skb_mark_for_recycle(struct sk_buff *skb /* sets pp_recycle */);
void kfree_skb(struct sk_buff *skb /* in wants unpooled unless skb has pp_recycle */);
void kfree_skb_reason(struct sk_buff *skb /* in wants unpooled unless skb has pp_recycle */, enum skb_drop_reason reason);
void consume_skb(struct sk_buff *skb /* in wants unpooled unless skb has pp_recycle */);
void dev_kfree_skb(struct sk_buff *skb /* in wants unpooled unless skb has pp_recycle */);
void dev_kfree_skb_any(struct sk_buff *skb /* in wants unpooled unless skb has pp_recycle */);
void dev_kfree_skb_irq(struct sk_buff *skb /* in wants unpooled unless skb has pp_recycle */);
void dev_consume_skb_any(struct sk_buff *skb /* in wants unpooled unless skb has pp_recycle */);
void dev_consume_skb_irq(struct sk_buff *skb /* in wants unpooled unless skb has pp_recycle */);
void napi_consume_skb(struct sk_buff *skb /* in wants unpooled unless skb has pp_recycle */, int budget);
struct sk_buff *skb_get(struct sk_buff *skb) /* gives same skb */;
dma_addr_t skb_frag_dma_map(struct device *dev, const skb_frag_t *frag, size_t offset, size_t size, enum dma_data_direction dir);
int skb_to_sgvec(struct sk_buff *skb, struct scatterlist *sg /* merges skb */, int offset, int len);
int skb_to_sgvec_nomark(struct sk_buff *skb, struct scatterlist *sg /* merges skb */, int offset, int len);
int skb_copy_datagram_from_iter(struct sk_buff *skb, int offset, struct iov_iter *from, int len);
int zerocopy_sg_from_iter(struct sk_buff *skb /* merges frm */, struct iov_iter *frm);

// source: include/linux/skbuff.h: gone in 6.5
// until: 6.5
void __skb_frag_set_page(skb_frag_t *frag, struct page *page /* into frag; exact */);
void skb_frag_set_page(struct sk_buff *skb, int f, struct page *page /* wants sendable; into skb; exact */);

// source: include/linux/skbuff.h
// since: 6.5
void skb_frag_fill_page_desc(skb_frag_t *frag, struct page *page /* into frag; exact */, unsigned int off, unsigned int size);

// source: include/linux/skbuff.h, net/core/skbuff.c
// since: 6.12
void skb_frag_fill_netmem_desc(skb_frag_t *frag, netmem_ref netmem /* into frag; as netmem */, unsigned int off, unsigned int size);
void skb_add_rx_frag_netmem(struct sk_buff *skb, int i, netmem_ref netmem /* wants unpooled unless skb has pp_recycle; into skb; as netmem */, int off, int size, unsigned int truesize);
netmem_ref skb_frag_netmem(const skb_frag_t *frag) /* gives in frag */;
void skb_page_unref(netmem_ref netmem, bool recycle);
bool napi_pp_put_page(netmem_ref netmem /* true net|unref; false !net; as netmem */);

// source: net/core/skbuff.c: buffers that become packets; frag_size 0 meant kmalloc()
// until: 5.14
struct sk_buff *build_skb(void *data /* wants !vmalloc|stack|global|user|coherent|io */, unsigned int frag_size);
struct sk_buff *build_skb_around(struct sk_buff *skb, void *data /* wants !vmalloc|stack|global|user|coherent|io */, unsigned int frag_size);
struct sk_buff *napi_build_skb(void *data /* wants !vmalloc|stack|global|user|coherent|io */, unsigned int frag_size);

// source: net/core/skbuff.c: buffers that become packets; frag_size 0 meant kmalloc(); pages of a pool are marked or released
// since: 5.14
// until: 6.2
struct sk_buff *build_skb(void *data /* wants !vmalloc|stack|global|user|coherent|io; wants unpooled unless return has pp_recycle */, unsigned int frag_size);
struct sk_buff *build_skb_around(struct sk_buff *skb, void *data /* wants !vmalloc|stack|global|user|coherent|io; wants unpooled unless skb has pp_recycle */, unsigned int frag_size);
struct sk_buff *napi_build_skb(void *data /* wants !vmalloc|stack|global|user|coherent|io; wants unpooled unless return has pp_recycle */, unsigned int frag_size);

// source: net/core/skbuff.c: ce098da1497c split slab_build_skb() off
// since: 6.2
struct sk_buff *build_skb(void *data /* wants packet-buffer; wants unpooled unless return has pp_recycle */, unsigned int frag_size);
struct sk_buff *build_skb_around(struct sk_buff *skb, void *data /* wants packet-buffer; wants unpooled unless skb has pp_recycle */, unsigned int frag_size);
struct sk_buff *napi_build_skb(void *data /* wants packet-buffer; wants unpooled unless return has pp_recycle */, unsigned int frag_size);
struct sk_buff *slab_build_skb(void *data /* wants slab|large */);

// source: net/core/skbuff.c
struct sk_buff *__build_skb(void *data /* wants !stack|global|user|coherent|io */, unsigned int frag_size) /* unlike build_skb: netlink_alloc_large_skb() gives it memory of vmalloc(), others of kmalloc() with size 0; unlike napi_build_skb: as build_skb() */;

// source: include/linux/skbuff.h, net/core/skbuff.c, mm/page_alloc.c, mm/page_frag_cache.c: fragments of pages
struct page *dev_alloc_page(void) /* gives driver */;
struct page *dev_alloc_pages(unsigned int order) /* gives driver */;
struct page *__dev_alloc_page(gfp_t gfp_mask) /* gives driver */;
struct page *__dev_alloc_pages(gfp_t gfp_mask, unsigned int order) /* gives driver */;
void *napi_alloc_frag(unsigned int fragsz) /* gives frag */;
void *napi_alloc_frag_align(unsigned int fragsz, unsigned int align) /* gives frag */;
void *netdev_alloc_frag(unsigned int fragsz) /* gives frag */;
void *netdev_alloc_frag_align(unsigned int fragsz, unsigned int align) /* gives frag */;
void *__napi_alloc_frag_align(unsigned int fragsz, unsigned int align_mask) /* gives frag */;
void *__netdev_alloc_frag_align(unsigned int fragsz, unsigned int align_mask) /* gives frag */;
void *page_frag_alloc(struct page_frag_cache *nc, unsigned int fragsz, gfp_t gfp_mask) /* gives frag */;
void *page_frag_alloc_align(struct page_frag_cache *nc, unsigned int fragsz, gfp_t gfp_mask, unsigned int align) /* gives frag */;
void skb_free_frag(void *addr /* frees frag-memory */);
bool skb_page_frag_refill(unsigned int sz, struct page_frag *pfrag /* holds driver */, gfp_t prio);
bool sk_page_frag_refill(struct sock *sk, struct page_frag *pfrag /* holds driver */);
bool dev_page_is_reusable(const struct page *page);

// source: include/linux/skmsg.h, net/core/skmsg.c
void sk_msg_page_add(struct sk_msg *msg, struct page *page /* wants sendable; into msg; exact */, u32 len, u32 offset);
struct page *sk_msg_page(struct sk_msg *msg, int which) /* gives in msg */;
int sk_msg_zerocopy_from_iter(struct sock *sk, struct iov_iter *from, struct sk_msg *msg /* merges from */, u32 bytes);

// source: include/net/xdp.h, net/core/xdp.c
void xdp_return_frame(struct xdp_frame *xdpf);
void __xdp_return(void *data, struct xdp_mem_info *mem, bool napi_direct, struct xdp_buff *xdp);
void xdp_prepare_buff(struct xdp_buff *xdp, unsigned char *hard_start, int headroom, int data_len, const bool meta_valid);

// source: net/core/datagram.c, net/tls/tls_sw.c, net/rds/message.c, net/sunrpc/xdr.c
int xdr_buf_to_bvec(struct bio_vec *bvec /* merges xdr */, unsigned int bvec_size, const struct xdr_buf *xdr); // since: 6.6
int xdr_alloc_bvec(struct xdr_buf *buf, gfp_t gfp);
