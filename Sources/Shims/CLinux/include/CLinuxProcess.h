// Child processes that end with their parent, as small calls.
// Every function answers 0 or more for success and -errno for failure.
#ifndef PEERGLASS_CLINUX_PROCESS_H
#define PEERGLASS_CLINUX_PROCESS_H
#include <sys/types.h>

/// Starts a program: in a session of its own, in the network namespace at `network_namespace` (NULL: ours),
/// with `descriptors` as its 0, 1 and 2 (-1: /dev/null) and nothing else open, no signal blocked or ignored.
/// It gets `death_signal` when the calling thread ends (0: none). What fails up to and in exec is answered here.
pid_t cl_spawn(const char *path, char *const arguments[], const char *network_namespace,
               const int descriptors[3], int death_signal);

/// Lets this process have as many descriptors as it may without asking anybody.
int cl_raise_descriptor_limit(void);
#endif
