// Sockets of a BGP session, a wake-up and a poll set, as small calls.
// Every function answers 0 or more for success and -errno for failure.
#ifndef PEERGLASS_CLINUX_SOCKET_H
#define PEERGLASS_CLINUX_SOCKET_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// An address as the core knows it: network order bytes, 4 or 16 of them.
struct cl_address {
    uint8_t bytes[16];
    uint8_t length;     // 4 or 16
    uint16_t port;      // host order
    uint32_t scope;     // interface index of a link-local address, else 0
};

/// A non-blocking stream socket of that family (4 or 16 bytes of address).
int cl_tcp_socket(uint8_t address_length);
int cl_bind(int fd, const struct cl_address *address);
/// 0 connected at once, 1 under way.
int cl_connect(int fd, const struct cl_address *address);
int cl_listen(int fd, int backlog);
/// The accepted socket, non-blocking, and where it comes from.
int cl_accept(int fd, struct cl_address *peer);
int cl_local_address(int fd, struct cl_address *address);
int cl_remote_address(int fd, struct cl_address *address);
/// What became of a connect: 0 or the errno (positive).
int cl_connect_error(int fd);
int cl_set_reuse_address(int fd);
int cl_set_ipv6_only(int fd);
int cl_set_no_delay(int fd);
int cl_set_dscp_network_control(int fd, uint8_t address_length);
int cl_set_buffers(int fd, int receive, int send);
int cl_set_ttl(int fd, uint8_t address_length, int ttl);
int cl_set_minimum_ttl(int fd, uint8_t address_length, int ttl);
/// RFC 2385: the key for one address or, with prefix_length >= 0, for a prefix; length 0 takes it away.
int cl_set_md5(int fd, const struct cl_address *peer, int prefix_length, const uint8_t *key, size_t length);
int cl_bind_device(int fd, const char *interface);
/// Bytes read, 0 at the end of the stream, -errno; -EAGAIN where nothing is there.
long cl_read(int fd, uint8_t *into, size_t capacity);
long cl_write(int fd, const uint8_t *from, size_t count);
/// Bytes that wait to be read.
int cl_waiting(int fd);
/// Bytes written and not yet acknowledged by the peer.
int cl_unacknowledged(int fd);
/// No more is sent; what waits still goes out.
int cl_shut_output(int fd);
int cl_close(int fd);
/// The index of an interface, 0 where there is none of that name.
uint32_t cl_interface_index(const char *name);

int cl_eventfd(void);
int cl_wake(int fd);
int cl_clear_wake(int fd);

int cl_poll_create(void);
/// events: 1 readable, 2 writable; tag comes back with the event.
int cl_poll_add(int poll, int fd, uint32_t events, uint64_t tag);
int cl_poll_change(int poll, int fd, uint32_t events, uint64_t tag);
int cl_poll_remove(int poll, int fd);

struct cl_poll_event {
    uint64_t tag;
    uint32_t events;    // 1 readable, 2 writable, 4 broken
};
/// Waits at most so many nanoseconds (negative: for ever); answers the number of events.
int cl_poll_wait(int poll, struct cl_poll_event *events, int capacity, int64_t nanoseconds);

int64_t cl_monotonic_nanoseconds(void);
int64_t cl_wall_nanoseconds(void);
uint64_t cl_random_seed(void);
/// Seconds east of UTC of the local time zone at that moment.
int64_t cl_local_offset(int64_t unix_seconds);
const char *cl_error_text(int error);
#endif
