#define _GNU_SOURCE
#include "CLinuxSocket.h"
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

int cl_eventfd(void) {
    int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int cl_wake(int fd) {
    uint64_t one = 1;
    // A counter that is full wakes just as well.
    return write(fd, &one, sizeof one) < 0 && errno != EAGAIN ? -errno : 0;
}

int cl_clear_wake(int fd) {
    uint64_t count;
    return read(fd, &count, sizeof count) < 0 && errno != EAGAIN ? -errno : 0;
}

int cl_poll_create(void) {
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int control(int poll, int operation, int fd, uint32_t events, uint64_t tag) {
    struct epoll_event event;
    memset(&event, 0, sizeof event);
    if (events & 1) event.events |= EPOLLIN | EPOLLRDHUP;
    if (events & 2) event.events |= EPOLLOUT;
    event.data.u64 = tag;
    return epoll_ctl(poll, operation, fd, &event) < 0 ? -errno : 0;
}

int cl_poll_add(int poll, int fd, uint32_t events, uint64_t tag) {
    return control(poll, EPOLL_CTL_ADD, fd, events, tag);
}

int cl_poll_change(int poll, int fd, uint32_t events, uint64_t tag) {
    return control(poll, EPOLL_CTL_MOD, fd, events, tag);
}

int cl_poll_remove(int poll, int fd) { return control(poll, EPOLL_CTL_DEL, fd, 0, 0); }

int cl_poll_wait(int poll, struct cl_poll_event *events, int capacity, int64_t nanoseconds) {
    // Rounded up: waking a little late is right, waking early would spin.
    int milliseconds = nanoseconds < 0 ? -1
        : nanoseconds > 2000000000000 ? 2000000 : (int)((nanoseconds + 999999) / 1000000);
    _Static_assert(sizeof(struct epoll_event) <= sizeof(struct cl_poll_event), "made in place");
    char *memory = (char *)events;
    int count = epoll_wait(poll, (struct epoll_event *)memory, capacity, milliseconds);
    // After a signal, also SIGCONT, it has not looked: what is ready is told all the same, for timers are acted on
    // by what is unread.
    while (count < 0 && errno == EINTR) {
        count = epoll_wait(poll, (struct epoll_event *)memory, capacity, 0);
    }
    if (count < 0) return -errno;
    // From the last on, since ours are the longer ones.
    for (int index = count - 1; index >= 0; index--) {
        struct epoll_event raw;
        memcpy(&raw, memory + (size_t)index * sizeof raw, sizeof raw);
        struct cl_poll_event event;
        memset(&event, 0, sizeof event);
        event.tag = raw.data.u64;
        event.events = (raw.events & (EPOLLIN | EPOLLRDHUP) ? 1u : 0u)
            | (raw.events & EPOLLOUT ? 2u : 0u)
            | (raw.events & (EPOLLERR | EPOLLHUP) ? 4u : 0u);
        memcpy(memory + (size_t)index * sizeof event, &event, sizeof event);
    }
    return count;
}

static int64_t nanoseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t cl_monotonic_nanoseconds(void) { return nanoseconds(CLOCK_MONOTONIC); }
int64_t cl_wall_nanoseconds(void) { return nanoseconds(CLOCK_REALTIME); }

uint64_t cl_random_seed(void) {
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != sizeof seed) {
        seed = (uint64_t)nanoseconds(CLOCK_REALTIME) ^ ((uint64_t)getpid() << 32);
    }
    return seed;
}

int64_t cl_local_offset(int64_t unix_seconds) {
    time_t time = (time_t)unix_seconds;
    struct tm local;
    if (localtime_r(&time, &local) == NULL) return 0;
    return local.tm_gmtoff;
}

const char *cl_error_text(int error) {
    const char *text = strerrordesc_np(error);
    return text != NULL ? text : "unknown error";
}
