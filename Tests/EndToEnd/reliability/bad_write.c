/* A disk that fails a write, without a line of the daemon changed: started with LD_PRELOAD naming this library and PAIL_BAD_WRITE
   "NUMBER ERRNO HALF LOG", the write of that number to a file in staging/ fails so; where HALF is 1 it takes half of its bytes, and
   the next one fails. Each failure is a line of the file LOG. Only tests build it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int calls;

static int is_staged(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, "/staging/") != NULL;
}

static int next_call(void) {
    pthread_mutex_lock(&lock);
    int call = ++calls;
    pthread_mutex_unlock(&lock);
    return call;
}

static void tell(const char *path) {
    FILE *log = fopen(path, "a");
    if (log == NULL) return;
    fputs("INJECTED\n", log);
    fclose(log);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    ssize_t (*write_now)(int, const void *, size_t) = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    const char *plan = getenv("PAIL_BAD_WRITE");
    int number, reason, half;
    char path[4096];
    if (plan == NULL || sscanf(plan, "%d %d %d %4095s", &number, &reason, &half, path) != 4 || !is_staged(descriptor))
        return write_now(descriptor, bytes, count);
    int call = next_call();
    if (half && call == number) return write_now(descriptor, bytes, count - count / 2);
    if (call != number + half) return write_now(descriptor, bytes, count);
    tell(path);
    errno = reason;
    return -1;
}
