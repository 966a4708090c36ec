#include "CTermGuard.h"
int cg_supervise(void) { return -1; }
int cg_detach(void) { return -1; }
void cg_protect_thread(void) {}
