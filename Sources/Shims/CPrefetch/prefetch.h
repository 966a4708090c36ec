#ifndef PREFETCH_H
#define PREFETCH_H

/// Asks memory for the line of the cache that holds the address; nothing waits for it, and any address will do.
static inline __attribute__((always_inline)) void cp_prefetch(const void *address) {
    __builtin_prefetch(address);
}

#endif
