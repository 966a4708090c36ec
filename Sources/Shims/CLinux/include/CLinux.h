#ifndef PEERGLASS_CLINUX_H
#define PEERGLASS_CLINUX_H
#include "CLinuxSocket.h"
#endif
