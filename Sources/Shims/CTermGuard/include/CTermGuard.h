#ifndef PEERGLASS_CTERMGUARD_H
#define PEERGLASS_CTERMGUARD_H
/// First thing in main, before any thread. Returns in the child (0) or, where fork fails, in the
/// only process (-1); the supervising parent never returns.
int cg_supervise(void);
/// After the screen is left: the program goes on in the background, the parent exits with 0.
int cg_detach(void);
/// In each new thread: an alternate stack, so that also a stack overflow gives the terminal back.
void cg_protect_thread(void);
#endif
