#ifndef PEERGLASS_CLINUX_H
#define PEERGLASS_CLINUX_H
#include "CLinuxNetlink.h"
#include "CLinuxProcess.h"
#include "CLinuxSocket.h"
#include "CLinuxUnix.h"
#endif
