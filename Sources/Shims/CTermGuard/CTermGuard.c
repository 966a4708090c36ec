#define _GNU_SOURCE
#include "CTermGuard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* What the parent must know to give the terminal back when the child is gone. */
struct shared {
    atomic_int taken;
    atomic_int detached;
    atomic_int restore_count;
    char restore[1000];
    struct termios saved;
};

static struct shared *shared;
static int output = -1;         /* the terminal, opened anew: O_NONBLOCK of its own */
static int log_file = -1;       /* standard error while the screen is taken */
static int real_error = -1;     /* standard error before */
static int wake_read = -1, wake_write = -1;
static atomic_uint pending;
static pid_t supervisor;        /* 0 where there is none */

static const int soft[] = {SIGTERM, SIGINT, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT};
static const int hard[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGSYS, SIGQUIT};
enum { SOFT = sizeof soft / sizeof *soft, HARD = sizeof hard / sizeof *hard };
static struct sigaction soft_before[SOFT], hard_before[HARD];
static int handlers_installed;

/* ---- giving the terminal back: everything here is safe in a signal handler ---- */

/* Writes all of it, or gives up when the terminal takes nothing for half a second. */
static void write_patiently(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t n = write(fd, bytes, count);
        if (n > 0) {
            bytes += n;
            count -= (size_t)n;
        } else if (n < 0 && errno == EAGAIN) {
            struct pollfd p = {.fd = fd, .events = POLLOUT};
            if (poll(&p, 1, 500) <= 0) return;
        } else if (!(n < 0 && errno == EINTR)) {
            return;
        }
    }
}

/* Shows what was written to standard error, at most the last 64 KiB of it. */
static void replay_errors(int to) {
    struct stat s;
    char buffer[4096];
    if (log_file < 0 || fstat(log_file, &s) != 0) return;
    off_t at = s.st_size > 65536 ? s.st_size - 65536 : 0;
    ssize_t n;
    while ((n = pread(log_file, buffer, sizeof buffer, at)) > 0) {
        write_patiently(to, buffer, (size_t)n);
        at += n;
    }
    (void)!ftruncate(log_file, 0);
}

static void give_back(void) {
    if (!shared || atomic_exchange(&shared->taken, 0) == 0) return;
    int keep = errno;
    if (output >= 0)
        write_patiently(output, shared->restore, (size_t)atomic_load(&shared->restore_count));
    sigset_t block, before;
    sigemptyset(&block);
    sigaddset(&block, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &block, &before);
    tcflush(0, TCIFLUSH);  /* reports of mouse and focus that nobody will read */
    tcsetattr(0, TCSANOW, &shared->saved);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (real_error >= 0) dup2(real_error, 2);
    replay_errors(2);
    errno = keep;
}

/* ---- signals ---- */

static void on_soft(int number) {
    int keep = errno;
    unsigned bit = number == SIGHUP     ? CG_HANGUP
                   : number == SIGWINCH ? CG_RESIZE
                   : number == SIGTSTP  ? CG_SUSPEND
                   : number == SIGCONT  ? CG_CONTINUE
                                        : CG_TERMINATE;
    atomic_fetch_or(&pending, bit);
    cg_wake();
    errno = keep;
}

static void on_hard(int number, siginfo_t *info, void *context) {
    (void)context;
    give_back();
    for (int i = 0; i < HARD; i++)
        if (hard[i] == number) sigaction(number, &hard_before[i], NULL);
    /* A fault happens again on return, with its true context; what was sent is sent again. */
    int fault = number == SIGILL || number == SIGSEGV || number == SIGBUS || number == SIGFPE;
    if (!(fault && info->si_code > 0)) raise(number);
}

static void install_handlers(void) {
    if (handlers_installed) return;
    handlers_installed = 1;
    /* Swift's own handler asks questions on a terminal: it is called only where the user chose it. */
    int chain = getenv("SWIFT_BACKTRACE") != NULL;
    struct sigaction action = {0};
    sigemptyset(&action.sa_mask);
    action.sa_handler = on_soft;
    action.sa_flags = SA_RESTART;
    for (int i = 0; i < SOFT; i++) sigaction(soft[i], &action, &soft_before[i]);
    action.sa_sigaction = on_hard;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (int i = 0; i < HARD; i++) {
        sigaction(hard[i], &action, &hard_before[i]);
        if (!chain) {
            memset(&hard_before[i], 0, sizeof hard_before[i]);
            hard_before[i].sa_handler = SIG_DFL;
        }
    }
}

static void remove_handlers(void) {
    if (!handlers_installed) return;
    handlers_installed = 0;
    for (int i = 0; i < SOFT; i++) sigaction(soft[i], &soft_before[i], NULL);
    for (int i = 0; i < HARD; i++) sigaction(hard[i], &hard_before[i], NULL);
}

static pthread_key_t stack_key;
static pthread_once_t stack_once = PTHREAD_ONCE_INIT;
enum { STACK = 65536 };

static void free_stack(void *memory) {
    stack_t off = {.ss_flags = SS_DISABLE};
    sigaltstack(&off, NULL);
    munmap(memory, STACK);
}

static void make_stack_key(void) { pthread_key_create(&stack_key, free_stack); }

void cg_protect_thread(void) {
    pthread_once(&stack_once, make_stack_key);
    if (pthread_getspecific(stack_key)) return;
    void *memory = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    stack_t stack = {.ss_sp = memory, .ss_size = STACK};
    if (sigaltstack(&stack, NULL) == 0 && pthread_setspecific(stack_key, memory) == 0) return;
    free_stack(memory);
}

/* ---- taking the terminal ---- */

int cg_memory_file(const char *name) {
    int fd = memfd_create(name, MFD_CLOEXEC);
    if (fd >= 0) fcntl(fd, F_SETFL, O_APPEND);
    return fd;
}

/* What both parent and child need; before the fork where there is one. */
static int prepare(void) {
    if (shared) return 0;
    void *memory = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return -1;
    shared = memory;
    /* O_NONBLOCK on a descriptor shared with the shell would reach the shell: open it anew. */
    output = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (output < 0) output = open("/dev/tty", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (output < 0) output = fcntl(1, F_DUPFD_CLOEXEC, 3);
    log_file = cg_memory_file("peerglass-stderr");
    return 0;
}

int cg_open(void) {
    if (prepare() != 0 || tcgetattr(0, &shared->saved) != 0) return -1;
    if (wake_read < 0) {
        int fds[2];
        if (pipe2(fds, O_NONBLOCK | O_CLOEXEC) != 0) return -1;
        wake_read = fds[0];
        wake_write = fds[1];
        atexit(give_back);
    }
    cg_protect_thread();
    install_handlers();
    return output;
}

int cg_take(void) {
    if (!shared) return -1;
    struct termios raw;
    if (tcgetattr(0, &shared->saved) != 0) return -1;
    raw = shared->saved;
    cfmakeraw(&raw);
    raw.c_oflag |= OPOST;
    atomic_store(&shared->restore_count, 0);
    atomic_store(&shared->taken, 1);
    if (tcsetattr(0, TCSADRAIN, &raw) != 0) {
        atomic_store(&shared->taken, 0);
        return -1;
    }
    /* What goes to the terminal by standard error would tear the picture; a file is left alone. */
    if (log_file >= 0 && isatty(2)) {
        if (real_error < 0) real_error = fcntl(2, F_DUPFD_CLOEXEC, 3);
        if (real_error >= 0) dup2(log_file, 2);
    }
    return 0;
}

int cg_set_restore(const char *bytes, int count) {
    if (!shared || count < 0 || (size_t)count > sizeof shared->restore) return -1;
    atomic_store(&shared->restore_count, 0);
    memcpy(shared->restore, bytes, (size_t)count);
    atomic_store(&shared->restore_count, count);
    return 0;
}

void cg_leave(void) { give_back(); }

void cg_close(void) {
    give_back();
    remove_handlers();
}

void cg_stop(void) {
    kill(0, SIGSTOP);
    atomic_fetch_and(&pending, ~(unsigned)(CG_CONTINUE | CG_SUSPEND));
}

int cg_wake_fd(void) { return wake_read; }

void cg_wake(void) {
    if (wake_write >= 0) (void)!write(wake_write, "w", 1);  /* a full pipe wakes as well */
}

unsigned cg_signals(void) {
    char buffer[256];
    while (wake_read >= 0 && read(wake_read, buffer, sizeof buffer) == sizeof buffer) {}
    struct stat s;  /* a flood of warnings does not grow without end */
    if (log_file >= 0 && fstat(log_file, &s) == 0 && s.st_size > (1 << 20))
        (void)!ftruncate(log_file, 0);
    return atomic_exchange(&pending, 0);
}

int cg_size(int *rows, int *columns) {
    struct winsize size;
    if (ioctl(output >= 0 ? output : 1, TIOCGWINSZ, &size) != 0) return -1;
    if (size.ws_row == 0 || size.ws_col == 0) return -1;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

/* ---- the supervising parent ---- */

static _Noreturn void supervise(pid_t child, const sigset_t *watched) {
    signal(SIGTSTP, SIG_IGN);
    signal(SIGTTOU, SIG_IGN);
    signal(SIGTTIN, SIG_IGN);
    for (;;) {
        siginfo_t info;
        if (sigwaitinfo(watched, &info) < 0) continue;
        if (info.si_signo == SIGUSR1) {
            if (atomic_load(&shared->detached)) _exit(0);
        } else if (info.si_signo != SIGCHLD) {
            /* What the keyboard sent went to the child already. */
            int keyboard = info.si_code == SI_KERNEL && info.si_signo != SIGHUP;
            if (!keyboard) kill(child, info.si_signo);
            continue;
        }
        int status;
        if (waitpid(child, &status, WNOHANG) != child) continue;
        if (WIFSTOPPED(status) || WIFCONTINUED(status)) continue;
        give_back();
        if (!WIFSIGNALED(status)) _exit(WEXITSTATUS(status));
        struct rlimit none = {0, 0};  /* the child has left the core, if any */
        setrlimit(RLIMIT_CORE, &none);
        int number = WTERMSIG(status);
        signal(number, SIG_DFL);
        sigset_t one;
        sigemptyset(&one);
        sigaddset(&one, number);
        sigprocmask(SIG_UNBLOCK, &one, NULL);
        raise(number);
        _exit(128 + number);
    }
}

int cg_supervise(void) {
    if (supervisor || !isatty(0) || !isatty(1) || prepare() != 0) return -1;
    if (tcgetattr(0, &shared->saved) != 0) return -1;
    sigset_t watched, before;
    sigemptyset(&watched);
    const int numbers[] = {SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaddset(&watched, numbers[i]);
    sigprocmask(SIG_BLOCK, &watched, &before);
    pid_t parent = getpid(), child = fork();
    if (child > 0) supervise(child, &watched);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (child < 0) return -1;
    supervisor = parent;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) raise(SIGTERM);
    return 0;
}

int cg_is_supervised(void) { return supervisor != 0; }

int cg_detach(void) {
    if (!supervisor) return -1;
    give_back();
    signal(SIGHUP, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, 0);
    if (setsid() < 0) return -1;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        for (int fd = 0; fd < 3; fd++) dup2(null, fd);
        if (null > 2) close(null);
    }
    if (output >= 0) close(output);
    if (real_error >= 0) close(real_error);
    output = real_error = -1;
    atomic_store(&shared->detached, 1);
    kill(supervisor, SIGUSR1);
    supervisor = 0;
    return 0;
}
