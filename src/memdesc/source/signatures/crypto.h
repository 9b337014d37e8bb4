// Crypto requests. Notation: docs/signatures.md

// source: include/crypto/hash.h, include/crypto/skcipher.h, include/crypto/aead.h, include/crypto/akcipher.h
void ahash_request_set_crypt(struct ahash_request *req, struct scatterlist *src, u8 *result /* into ahash_request.result */, unsigned int nbytes);
