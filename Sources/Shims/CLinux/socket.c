#define _GNU_SOURCE
#include "CLinuxSocket.h"
#include <errno.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static socklen_t fill(struct sockaddr_storage *to, const struct cl_address *from) {
    memset(to, 0, sizeof *to);
    if (from->length == 4) {
        struct sockaddr_in *in = (struct sockaddr_in *)to;
        in->sin_family = AF_INET;
        in->sin_port = htons(from->port);
        memcpy(&in->sin_addr, from->bytes, 4);
        return sizeof *in;
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(from->port);
    in6->sin6_scope_id = from->scope;
    memcpy(&in6->sin6_addr, from->bytes, 16);
    return sizeof *in6;
}

static void take(struct cl_address *to, const struct sockaddr_storage *from) {
    memset(to, 0, sizeof *to);
    if (from->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)from;
        to->length = 4;
        to->port = ntohs(in->sin_port);
        memcpy(to->bytes, &in->sin_addr, 4);
    } else if (from->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)from;
        to->length = 16;
        to->port = ntohs(in6->sin6_port);
        to->scope = in6->sin6_scope_id;
        memcpy(to->bytes, &in6->sin6_addr, 16);
    }
}

static int answer(int result) { return result < 0 ? -errno : result; }

static int set(int fd, int level, int option, int value) {
    return answer(setsockopt(fd, level, option, &value, sizeof value));
}

int cl_tcp_socket(uint8_t address_length) {
    int family = address_length == 4 ? AF_INET : AF_INET6;
    return answer(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

int cl_bind(int fd, const struct cl_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = fill(&storage, address);
    return answer(bind(fd, (struct sockaddr *)&storage, length));
}

int cl_connect(int fd, const struct cl_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = fill(&storage, address);
    if (connect(fd, (struct sockaddr *)&storage, length) == 0) return 0;
    return errno == EINPROGRESS ? 1 : -errno;
}

int cl_listen(int fd, int backlog) { return answer(listen(fd, backlog)); }

int cl_accept(int fd, struct cl_address *peer) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    int accepted = accept4(fd, (struct sockaddr *)&storage, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0) return -errno;
    take(peer, &storage);
    return accepted;
}

int cl_local_address(int fd, struct cl_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    if (getsockname(fd, (struct sockaddr *)&storage, &length) < 0) return -errno;
    take(address, &storage);
    return 0;
}

int cl_remote_address(int fd, struct cl_address *address) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    if (getpeername(fd, (struct sockaddr *)&storage, &length) < 0) return -errno;
    take(address, &storage);
    return 0;
}

int cl_connect_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0) return errno;
    return error;
}

int cl_set_reuse_address(int fd) { return set(fd, SOL_SOCKET, SO_REUSEADDR, 1); }
int cl_set_ipv6_only(int fd) { return set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1); }
int cl_set_no_delay(int fd) { return set(fd, IPPROTO_TCP, TCP_NODELAY, 1); }

int cl_set_dscp_network_control(int fd, uint8_t address_length) {
    // CS6, as every router marks its routing protocols.
    return address_length == 4 ? set(fd, IPPROTO_IP, IP_TOS, 0xC0) : set(fd, IPPROTO_IPV6, IPV6_TCLASS, 0xC0);
}

int cl_set_buffers(int fd, int receive, int send) {
    int result = set(fd, SOL_SOCKET, SO_RCVBUF, receive);
    return result < 0 ? result : set(fd, SOL_SOCKET, SO_SNDBUF, send);
}

int cl_set_ttl(int fd, uint8_t address_length, int ttl) {
    return address_length == 4 ? set(fd, IPPROTO_IP, IP_TTL, ttl) : set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl);
}

#ifndef IP_MINTTL
#define IP_MINTTL 21
#endif
#ifndef IPV6_MINHOPCOUNT
#define IPV6_MINHOPCOUNT 73
#endif

int cl_set_minimum_ttl(int fd, uint8_t address_length, int ttl) {
    return address_length == 4 ? set(fd, IPPROTO_IP, IP_MINTTL, ttl) : set(fd, IPPROTO_IPV6, IPV6_MINHOPCOUNT, ttl);
}

int cl_set_md5(int fd, const struct cl_address *peer, int prefix_length, const uint8_t *key, size_t length) {
    struct tcp_md5sig md5;
    memset(&md5, 0, sizeof md5);
    if (length > sizeof md5.tcpm_key) return -EINVAL;
    struct sockaddr_storage storage;
    fill(&storage, peer);
    memcpy(&md5.tcpm_addr, &storage, sizeof md5.tcpm_addr);
    md5.tcpm_keylen = (uint16_t)length;
    if (length > 0) memcpy(md5.tcpm_key, key, length);
    if (prefix_length < 0) return answer(setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &md5, sizeof md5));
    md5.tcpm_flags = TCP_MD5SIG_FLAG_PREFIX;
    md5.tcpm_prefixlen = (uint8_t)prefix_length;
    return answer(setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG_EXT, &md5, sizeof md5));
}

int cl_bind_device(int fd, const char *interface) {
    return answer(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)));
}

long cl_read(int fd, uint8_t *into, size_t capacity) {
    for (;;) {
        ssize_t count = recv(fd, into, capacity, 0);
        if (count >= 0) return count;
        if (errno != EINTR) return -errno;
    }
}

long cl_write(int fd, const uint8_t *from, size_t count) {
    for (;;) {
        ssize_t written = send(fd, from, count, MSG_NOSIGNAL);
        if (written >= 0) return written;
        if (errno != EINTR) return -errno;
    }
}

int cl_waiting(int fd) {
    int count = 0;
    return ioctl(fd, FIONREAD, &count) < 0 ? -errno : count;
}

int cl_unacknowledged(int fd) {
    int count = 0;
    return ioctl(fd, SIOCOUTQ, &count) < 0 ? -errno : count;
}

int cl_shut_output(int fd) { return answer(shutdown(fd, SHUT_WR)); }

uint32_t cl_interface_index(const char *name) { return if_nametoindex(name); }

int cl_close(int fd) { return answer(close(fd)); }
