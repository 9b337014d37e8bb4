// zsmalloc and zswap pools. Notation: docs/signatures.md

// source: mm/zsmalloc.c, include/linux/zsmalloc.h
void *zs_map_object(struct zs_pool *pool, unsigned long handle, enum zs_mapmode mm) /* gives zsmalloc */;
void zs_unmap_object(struct zs_pool *pool, unsigned long handle);

// source: mm/zpool.c, include/linux/zpool.h
void *zpool_map_handle(struct zpool *pool, unsigned long handle, enum zpool_mapmode mm) /* gives driver */; // until: 6.8
void *zpool_map_handle(struct zpool *pool, unsigned long handle, enum zpool_mapmode mm) /* gives zsmalloc|driver */; // since: 6.8

// source: mm/zpdesc.h
// since: 6.14
struct zpdesc *page_zpdesc(struct page *p /* converts any-zsmalloc; as zpdesc */) /* gives kind of p */;
struct page *zpdesc_page(struct zpdesc *zp) /* gives kind of zp */;
struct folio *zpdesc_folio(struct zpdesc *zp) /* gives kind of zp */;
