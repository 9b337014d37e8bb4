// Crypto requests. Notation: docs/signatures.md

// source: include/crypto/hash.h, include/crypto/skcipher.h, include/crypto/aead.h, include/crypto/akcipher.h
void ahash_request_set_crypt(struct ahash_request *req, struct scatterlist *src /* into ahash_request.src */, u8 *result /* into ahash_request.result */, unsigned int nbytes);
void skcipher_request_set_crypt(struct skcipher_request *req, struct scatterlist *src /* into skcipher_request.src */, struct scatterlist *dst /* into skcipher_request.dst */, unsigned int cryptlen, void *iv /* into skcipher_request.iv */);
void aead_request_set_crypt(struct aead_request *req, struct scatterlist *src /* into aead_request.src */, struct scatterlist *dst /* into aead_request.dst */, unsigned int cryptlen, u8 *iv /* into aead_request.iv */);
void akcipher_request_set_crypt(struct akcipher_request *req, struct scatterlist *src, struct scatterlist *dst, unsigned int src_len, unsigned int dst_len);

// source: include/crypto/hash.h, crypto/shash.c: synchronous hashes work on any address
int crypto_shash_digest(struct shash_desc *desc, const u8 *data, unsigned int len, u8 *out);
int crypto_shash_update(struct shash_desc *desc, const u8 *data, unsigned int len);
