// Sockets in the file system, as small calls.
// Every function answers 0 or more for success and -errno for failure.
#ifndef PEERGLASS_CLINUX_UNIX_H
#define PEERGLASS_CLINUX_UNIX_H
#include <stdint.h>

/// A socket file and what tells it from another of the same name.
struct cl_unix_listener {
    int fd;
    uint64_t device;
    uint64_t inode;
};

/// Makes the socket file and listens. A socket file on which nobody answers is replaced.
/// -EADDRINUSE: somebody answers there; -ENOTSOCK: a file of another kind; -ENAMETOOLONG.
int cl_unix_listen(const char *path, uint32_t mode, struct cl_unix_listener *listener);
/// Removes the file if it is still the one that was made, and closes.
int cl_unix_close(const char *path, const struct cl_unix_listener *listener);
/// The accepted socket, non-blocking.
int cl_unix_accept(int fd);
/// A connected socket, non-blocking.
int cl_unix_connect(const char *path);
/// Waits until readable (1) or writable (2); answers what is, 0 when the time is over.
int cl_wait(int fd, uint32_t events, int64_t nanoseconds);
#endif
