/* Tells the thread sanitizer of the waiting side of Swift's Mutex.

   Mutex takes and releases its word by atomics in the program itself, which the sanitizer sees. Where two threads want it at once
   the rest is done in libswiftSynchronization, which is built without the sanitizer: it sees neither that who waited has the lock
   now, nor that it was let go for somebody who waits, and calls what the lock guards a race. Loaded with LD_PRELOAD, this stands
   before those two functions and says so. It hides nothing: without the lock, the two accesses are still unordered. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

typedef SWIFT void (*lock_slow)(uint32_t thread, SELF);
typedef SWIFT void (*unlock_slow)(SELF);
typedef void (*note)(void *address);

static void *needed(void *library, const char *name) {
    void *found = dlsym(library, name);
    if (!found) abort();
    return found;
}

/* The commands that start the tests are not built with the sanitizer. */
static void tell(const char *name, void *address) {
    note say = (note)dlsym(RTLD_DEFAULT, name);
    if (say) say(address);
}

SWIFT void lock_slowly(uint32_t thread, SELF) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT void lock_slowly(uint32_t thread, SELF) {
    static lock_slow original;
    if (!original) original = (lock_slow)needed(RTLD_NEXT, "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
    original(thread, self);
    tell("__tsan_acquire", self);
}

SWIFT void unlock_slowly(SELF) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
SWIFT void unlock_slowly(SELF) {
    static unlock_slow original;
    if (!original) original = (unlock_slow)needed(RTLD_NEXT, "$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
    tell("__tsan_release", self);
    original(self);
}
