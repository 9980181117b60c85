#include "sqlite_faults.h"

#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum call { call_read, call_write, call_truncate, call_sync, call_open };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    char folder[4096];
    int left;
    int forever;
    int failed;
    enum sqlite_fault fault;
} plan;
static char watched[4096];

static sqlite3_vfs *disk;

typedef struct {
    sqlite3_file base;
    const char *path;
    int last_error;
} faulty_file;

// Memory that SQLite gives for a file has ours first, and the disk's own behind it.
static sqlite3_file *real(sqlite3_file *file) { return (sqlite3_file *)((faulty_file *)file + 1); }

static int counts(enum call call) {
    switch (plan.fault) {
    case sqlite_fault_io_error: return 1;
    case sqlite_fault_full:
    case sqlite_fault_quota:
    case sqlite_fault_short_write: return call == call_write;
    case sqlite_fault_too_many_files: return call == call_open;
    case sqlite_fault_sync: return call == call_sync;
    }
    return 0;
}

static int is_in(const char *folder, const char *path) {
    return folder[0] && path && strncmp(path, folder, strlen(folder)) == 0;
}

// What goes wrong with this call; -1 where nothing does.
static int fault_of(enum call call, const char *path) {
    int result = -1;
    pthread_mutex_lock(&lock);
    if (is_in(plan.folder, path) && counts(call)) {
        plan.left -= 1;
        if (plan.left == 0 || (plan.left < 0 && plan.forever)) {
            plan.failed += 1;
            result = plan.fault;
        }
    }
    pthread_mutex_unlock(&lock);
    if (result >= 0) errno = result == sqlite_fault_quota ? EDQUOT : EIO;
    return result;
}

static int fails(enum call call, const char *path) { return fault_of(call, path) >= 0; }

void sqlite_faults_arm(const char *folder, int number, enum sqlite_fault fault, int forever) {
    pthread_mutex_lock(&lock);
    strncpy(plan.folder, folder, sizeof plan.folder - 1);
    plan.left = number;
    plan.fault = fault;
    plan.forever = forever;
    plan.failed = 0;
    pthread_mutex_unlock(&lock);
}

void sqlite_faults_watch(const char *folder) {
    pthread_mutex_lock(&lock);
    watched[0] = 0;
    if (folder) strncpy(watched, folder, sizeof watched - 1);
    pthread_mutex_unlock(&lock);
}

int sqlite_faults_disarm(void) {
    pthread_mutex_lock(&lock);
    plan.folder[0] = 0;
    int failed = plan.failed;
    pthread_mutex_unlock(&lock);
    return failed;
}

static const char *path_of(sqlite3_file *file) { return ((faulty_file *)file)->path; }

static int faulty_close(sqlite3_file *file) { return real(file)->pMethods->xClose(real(file)); }

static int faulty_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    if (fails(call_read, path_of(file))) return SQLITE_IOERR_READ;
    return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int faulty_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    switch (fault_of(call_write, path_of(file))) {
    case -1: break;
    case sqlite_fault_io_error:
    case sqlite_fault_quota: ((faulty_file *)file)->last_error = errno; return SQLITE_IOERR_WRITE;
    case sqlite_fault_short_write:
        real(file)->pMethods->xWrite(real(file), bytes, count / 2, offset);
        return SQLITE_FULL;
    default: return SQLITE_FULL;
    }
    return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
}

static int faulty_truncate(sqlite3_file *file, sqlite3_int64 size) {
    if (fails(call_truncate, path_of(file))) return SQLITE_IOERR_TRUNCATE;
    return real(file)->pMethods->xTruncate(real(file), size);
}

// Reads through SQLite's own descriptor: closing another would end its locks.
static int keep_copy(sqlite3_file *file) {
    char name[4200], bytes[4096];
    sqlite3_int64 size = 0;
    snprintf(name, sizeof name, "%s-durable", path_of(file));
    FILE *copy = fopen(name, "wb");
    if (!copy) return SQLITE_IOERR;
    int result = real(file)->pMethods->xFileSize(real(file), &size);
    for (sqlite3_int64 offset = 0; result == SQLITE_OK && offset < size; offset += sizeof bytes) {
        int count = size - offset < (sqlite3_int64)sizeof bytes ? (int)(size - offset) : (int)sizeof bytes;
        result = real(file)->pMethods->xRead(real(file), bytes, count, offset);
        if (result == SQLITE_OK) fwrite(bytes, 1, (size_t)count, copy);
    }
    fclose(copy);
    return result;
}

static int faulty_sync(sqlite3_file *file, int flags) {
    if (fails(call_sync, path_of(file))) return SQLITE_IOERR_FSYNC;
    int result = real(file)->pMethods->xSync(real(file), flags);
    pthread_mutex_lock(&lock);
    int keeps = is_in(watched, path_of(file));
    pthread_mutex_unlock(&lock);
    return result == SQLITE_OK && keeps ? keep_copy(file) : result;
}

static int faulty_size(sqlite3_file *file, sqlite3_int64 *size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int faulty_lock(sqlite3_file *file, int level) { return real(file)->pMethods->xLock(real(file), level); }

static int faulty_unlock(sqlite3_file *file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}

static int faulty_is_reserved(sqlite3_file *file, int *result) {
    return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

static int faulty_control(sqlite3_file *file, int operation, void *argument) {
    int last_error = ((faulty_file *)file)->last_error;
    if (operation == SQLITE_FCNTL_LAST_ERRNO && last_error != 0) {
        *(int *)argument = last_error;
        return SQLITE_OK;
    }
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int faulty_sector(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }

static int faulty_device(sqlite3_file *file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }

static int faulty_map(sqlite3_file *file, int page, int size, int extends, void volatile **memory) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extends, memory);
}

static int faulty_shared_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void faulty_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }

static int faulty_unmap(sqlite3_file *file, int deletes) {
    return real(file)->pMethods->xShmUnmap(real(file), deletes);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = faulty_close,
    .xRead = faulty_read,
    .xWrite = faulty_write,
    .xTruncate = faulty_truncate,
    .xSync = faulty_sync,
    .xFileSize = faulty_size,
    .xLock = faulty_lock,
    .xUnlock = faulty_unlock,
    .xCheckReservedLock = faulty_is_reserved,
    .xFileControl = faulty_control,
    .xSectorSize = faulty_sector,
    .xDeviceCharacteristics = faulty_device,
    .xShmMap = faulty_map,
    .xShmLock = faulty_shared_lock,
    .xShmBarrier = faulty_barrier,
    .xShmUnmap = faulty_unmap,
};

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    (void)vfs;
    file->pMethods = 0;
    if (fails(call_open, name)) return SQLITE_CANTOPEN;
    ((faulty_file *)file)->path = name;
    ((faulty_file *)file)->last_error = 0;
    int result = disk->xOpen(disk, name, real(file), flags, out);
    if (real(file)->pMethods) file->pMethods = &methods;
    return result;
}

void sqlite_faults_install(void) {
    static sqlite3_vfs shim;
    pthread_mutex_lock(&lock);
    if (!disk) {
        sqlite3_initialize();
        disk = sqlite3_vfs_find(0);
        shim = *disk;
        shim.zName = "faults";
        shim.szOsFile = disk->szOsFile + (int)sizeof(faulty_file);
        shim.xOpen = faulty_open;
        shim.pNext = 0;
        sqlite3_vfs_register(&shim, 1);
    }
    pthread_mutex_unlock(&lock);
}
