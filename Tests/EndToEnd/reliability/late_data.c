/* A daemon that names its files before their bytes are in them, without a line of it changed: started with LD_PRELOAD naming
   this library, what is written to a file in staging/ gets there half a second later. Only tests build it, to show that
   they would notice. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct piece {
    struct piece *next;
    struct timespec due;
    int descriptor;
    size_t count;
    char bytes[];
};

static struct piece *first, **end = &first;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t added = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static ssize_t (*write_now)(int, const void *, size_t);

static void *deliver(void *unused) {
    for (;;) {
        pthread_mutex_lock(&lock);
        while (first == NULL) pthread_cond_wait(&added, &lock);
        struct piece *piece = first;
        first = piece->next;
        if (first == NULL) end = &first;
        pthread_mutex_unlock(&lock);
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &piece->due, NULL);
        write_now(piece->descriptor, piece->bytes, piece->count);
        close(piece->descriptor);
        free(piece);
    }
    return unused;
}

static void start(void) {
    pthread_t thread;
    write_now = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    pthread_create(&thread, NULL, deliver, NULL);
}

static int is_staged(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, "/staging/") != NULL;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    pthread_once(&once, start);
    if (!is_staged(descriptor)) return write_now(descriptor, bytes, count);
    struct piece *piece = malloc(sizeof *piece + count);
    piece->next = NULL;
    piece->descriptor = dup(descriptor);
    piece->count = count;
    memcpy(piece->bytes, bytes, count);
    clock_gettime(CLOCK_MONOTONIC, &piece->due);
    piece->due.tv_nsec += 500000000;
    if (piece->due.tv_nsec >= 1000000000) {
        piece->due.tv_sec += 1;
        piece->due.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&lock);
    *end = piece;
    end = &piece->next;
    pthread_cond_signal(&added);
    pthread_mutex_unlock(&lock);
    return (ssize_t)count;
}
