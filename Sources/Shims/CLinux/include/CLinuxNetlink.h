#ifndef PEERGLASS_CLINUX_NETLINK_H
#define PEERGLASS_CLINUX_NETLINK_H

#include <stddef.h>
#include <stdint.h>

/* Every call returns 0 or a positive result, or minus the errno; none sets errno for its caller to read. */

/* ---- netlink.c: rtnetlink sockets -------------------------------------------------------------- */

/* Opens a non-blocking NETLINK_ROUTE socket that hears the groups of the RTMGRP_ mask, with extended
   acknowledgements, capped acknowledgements and strict checking. `*port` is its port id. */
int cl_netlink_open(uint32_t groups, int receive_bytes, uint32_t *port);

/* The kernel no longer delivers to `fd` what the socket with that port id caused itself. */
int cl_netlink_ignore_port(int fd, uint32_t port);

/* Sends one datagram to the kernel, whole or not at all. */
long cl_netlink_send(int fd, const void *bytes, size_t count);

/* Receives up to `count` datagrams, each into its own `stride` bytes of `bytes`; gives how many.
   The length of one that was cut or that the kernel did not send is 0. -EAGAIN: nothing waits. */
int cl_netlink_receive(int fd, void *bytes, size_t stride, int count, uint32_t *lengths);

/* ---- thread.c: threads, names and namespaces ---------------------------------------------------- */

/* Waits until one of up to 8 descriptors is readable; `*ready` gets a bit for each. `milliseconds` < 0: for ever. */
int cl_wait_readable(const int *fds, int count, int milliseconds, uint32_t *ready);

/* Names the calling thread, at most 15 bytes. */
void cl_name_thread(const char *name);

/* Takes the name for as long as the descriptor is open: an abstract Unix socket, so one holder for each
   network namespace. -EADDRINUSE: somebody else holds it. */
int cl_hold_name(const char *name);

/* Moves the calling thread into the network namespace at `path` (/run/netns/NAME). */
int cl_enter_network_namespace(const char *path);

#endif
