#define _GNU_SOURCE
#include "CLinuxUnix.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static int fill(const char *path, struct sockaddr_un *address)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (path[0] == '\0')
        return -ENOENT;
    if (strlen(path) >= sizeof address->sun_path)
        return -ENAMETOOLONG;
    strcpy(address->sun_path, path);
    return 0;
}

static int make(void)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return fd < 0 ? -errno : fd;
}

// 0 where a stale socket file was taken away or none was there.
static int clear_stale(const char *path)
{
    struct stat status;
    if (lstat(path, &status) < 0)
        return errno == ENOENT ? 0 : -errno;
    if (!S_ISSOCK(status.st_mode))
        return -ENOTSOCK;
    int fd = cl_unix_connect(path);
    if (fd >= 0) {
        close(fd);
        return -EADDRINUSE;
    }
    // A full backlog and a missing right both mean that somebody is there.
    if (fd == -EAGAIN || fd == -EACCES || fd == -EPERM)
        return -EADDRINUSE;
    if (fd != -ECONNREFUSED)
        return fd == -ENOENT ? 0 : fd;
    return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
}

int cl_unix_listen(const char *path, uint32_t mode, struct cl_unix_listener *listener)
{
    struct sockaddr_un address;
    int error = fill(path, &address);
    if (error < 0)
        return error;
    error = clear_stale(path);
    if (error < 0)
        return error;
    int fd = make();
    if (fd < 0)
        return fd;
    struct stat status;
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        error = -errno;
        close(fd);
        return error;
    }
    // Nobody can connect before listen: the mode is right from the first moment.
    if (chmod(path, mode) < 0 || lstat(path, &status) < 0 || listen(fd, 64) < 0) {
        error = -errno;
        unlink(path);
        close(fd);
        return error;
    }
    listener->fd = fd;
    listener->device = status.st_dev;
    listener->inode = status.st_ino;
    return fd;
}

int cl_unix_close(const char *path, const struct cl_unix_listener *listener)
{
    struct stat status;
    if (lstat(path, &status) == 0 && (uint64_t)status.st_dev == listener->device
        && (uint64_t)status.st_ino == listener->inode)
        unlink(path);
    return close(listener->fd) < 0 ? -errno : 0;
}

int cl_unix_accept(int fd)
{
    int accepted = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    return accepted < 0 ? -errno : accepted;
}

int cl_unix_connect(const char *path)
{
    struct sockaddr_un address;
    int error = fill(path, &address);
    if (error < 0)
        return error;
    int fd = make();
    if (fd < 0)
        return fd;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

int cl_wait(int fd, uint32_t events, int64_t nanoseconds)
{
    struct pollfd entry = {
        .fd = fd,
        .events = (short)((events & 1 ? POLLIN : 0) | (events & 2 ? POLLOUT : 0)),
    };
    struct timespec time = {
        .tv_sec = nanoseconds > 0 ? nanoseconds / 1000000000 : 0,
        .tv_nsec = nanoseconds > 0 ? nanoseconds % 1000000000 : 0,
    };
    int count = ppoll(&entry, 1, &time, NULL);
    if (count < 0)
        return errno == EINTR ? 0 : -errno;
    int found = 0;
    if (entry.revents & (POLLIN | POLLHUP | POLLERR))
        found |= 1;
    if (entry.revents & (POLLOUT | POLLERR))
        found |= 2;
    return found;
}
