#define _GNU_SOURCE
#include "CLinuxProcess.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void close_from(int first) {
    if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
    long limit = sysconf(_SC_OPEN_MAX);
    for (int fd = first; fd < limit; fd++) close(fd);
}

/// In the child: makes it what was asked for; the errno where that fails.
static int become(const char *network_namespace, const int descriptors[3], int report,
                  int death_signal, pid_t parent) {
    setsid();
    if (death_signal != 0) {
        if (prctl(PR_SET_PDEATHSIG, death_signal) != 0) return errno;
        if (getppid() != parent) return ESRCH;
    }
    if (network_namespace != NULL) {
        int fd = open(network_namespace, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || setns(fd, CLONE_NEWNET) != 0) return errno;
    }
    // First out of the way of 0 to 3, so that none is overwritten before it was copied.
    int copies[3];
    for (int i = 0; i < 3; i++) {
        int fd = descriptors[i] >= 0 ? descriptors[i] : open("/dev/null", O_RDWR);
        copies[i] = fcntl(fd, F_DUPFD, 10);
        if (copies[i] < 0) return errno;
    }
    int kept = fcntl(report, F_DUPFD_CLOEXEC, 10);
    if (kept < 0) return errno;
    for (int i = 0; i < 3; i++)
        if (dup2(copies[i], i) < 0) return errno;
    if (dup3(kept, 3, O_CLOEXEC) < 0) return errno;
    close_from(4);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    return 0;
}

pid_t cl_spawn(const char *path, char *const arguments[], const char *network_namespace,
               const int descriptors[3], int death_signal) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -errno;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0) {
        int error = errno;
        close(report[0]);
        close(report[1]);
        return -error;
    }
    if (child == 0) {
        int out = report[1];
        int error = become(network_namespace, descriptors, out, death_signal, parent);
        if (error == 0) {
            out = 3;
            execv(path, arguments);
            error = errno;
        }
        (void)!write(out, &error, sizeof error);
        _exit(127);
    }
    close(report[1]);
    int error = 0;
    ssize_t count;
    do count = read(report[0], &error, sizeof error);
    while (count < 0 && errno == EINTR);
    close(report[0]);
    if (count <= 0) return child;
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    return -error;
}

int cl_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) != 0 ? -errno : 0;
}
