#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/rand.h>
#include <openssl/err.h>
#include <openssl/bio.h>
// macros Swift cannot see
static inline EVP_PKEY *copenssl_rsa_gen(unsigned bits) { return EVP_RSA_gen(bits); }
static inline EVP_PKEY *copenssl_ec_gen(const char *curve) { return EVP_EC_gen(curve); }
static inline long copenssl_bio_mem_data(BIO *b, char **p) { return BIO_get_mem_data(b, p); }
#endif
