#ifndef PEERGLASS_CTERMGUARD_H
#define PEERGLASS_CTERMGUARD_H

/* The way out of the full screen: signal handlers, the supervising parent, what is written to
   standard error meanwhile. In C, because a signal handler may not run Swift.
   State is one per process; cg_wake is for every thread, the rest for the thread of the screen. */

/* First thing in main, before any thread. Returns 0 in the child, and -1 in the only process where
   there is no terminal or no fork; the supervising parent never returns: it passes TERM, HUP, INT
   and QUIT on, gives the terminal back if the child could not, and ends as the child ended. */
int cg_supervise(void);

/* 1 in the child of a supervising parent, which cg_detach can leave; else 0. */
int cg_is_supervised(void);

/* After the screen is left: the program goes on in a session of its own with 0, 1 and 2 on
   /dev/null and SIGHUP ignored; the parent exits with 0. Returns -1 without a parent. */
int cg_detach(void);

/* In each new thread: an alternate stack, so that a stack overflow gives the terminal back too. */
void cg_protect_thread(void);

/* Remembers the terminal's settings, installs the handlers, makes the wake pipe. Returns a file
   descriptor of its own, non-blocking, to write to the terminal, or -1. */
int cg_open(void);

/* Raw keys; from here on every way out gives the settings back. 0 or -1. */
int cg_take(void);

/* What every way out writes first. Longer than 1,000 bytes is refused with -1. */
int cg_set_restore(const char *bytes, int count);

/* Gives the terminal back now: bytes, settings, what standard error held. */
void cg_leave(void);

/* As cg_leave, and puts the earlier signal handlers back. */
void cg_close(void);

/* Stops the job, supervising parent and all, until it is continued. */
void cg_stop(void);

/* Readable when a signal came or cg_wake was called. */
int cg_wake_fd(void);

/* Ends a poll on cg_wake_fd. */
void cg_wake(void);

enum {
    CG_TERMINATE = 1,
    CG_HANGUP = 2,
    CG_RESIZE = 4,
    CG_SUSPEND = 8,
    CG_CONTINUE = 16,
};

/* The signals since the last call, as bits above; empties the wake pipe. */
unsigned cg_signals(void);

/* The terminal's rows and columns; 0 or -1. */
int cg_size(int *rows, int *columns);

/* A file in memory that only appends, or -1. */
int cg_memory_file(const char *name);
#endif
