// Preloaded under valgrind 3.19, which changes the mask of sigsuspend in place and so dies of the constant one that Swift's
// main thread waits with for ever. Here the mask is a copy.
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *mask) {
    sigset_t copy = *mask;
    return (int)syscall(SYS_rt_sigsuspend, &copy, 8);
}
