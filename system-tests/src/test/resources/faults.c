/*
 * Makes the disk fail and the clock step for one process, without any right. Loaded before the C library
 * (LD_PRELOAD); the file that FAULTS names is shared with the test:
 *
 *   int32 failWrites   not 0: writes and syncs under a path with FAULTS_PATH in it fail with this errno
 *   int32 failReads    the same for reads
 *   int64 clockMillis  is added to the wall clock
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct faults {
    volatile int32_t fail_writes;
    volatile int32_t fail_reads;
    volatile int64_t clock_millis;
};

static struct faults none;
static struct faults *faults = &none;
static const char *place = "";

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("FAULTS");
    const char *path = getenv("FAULTS_PATH");
    if (name == NULL || path == NULL) return;
    place = path;
    int fd = open(name, O_RDWR);
    if (fd < 0) return;
    void *shared = mmap(NULL, sizeof(struct faults), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared != MAP_FAILED) faults = shared;
    close(fd);
}

static int concerns(int fd) {
    char link[64];
    char path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return strstr(path, place) != NULL;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAILS(flag, fd) (faults->flag && concerns(fd))
#define WRAP(flag, type, name, params, args, fd)                    \
    type name params {                                              \
        static __typeof__(&name) next;                              \
        if (next == NULL) next = NEXT(name);                        \
        if (FAILS(flag, fd)) {                                      \
            errno = faults->flag;                                   \
            return -1;                                              \
        }                                                           \
        return next args;                                           \
    }

WRAP(fail_writes, ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n), fd)
WRAP(fail_writes, ssize_t, pwrite, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o), fd)
WRAP(fail_writes, ssize_t, pwrite64, (int fd, const void *b, size_t n, off64_t o), (fd, b, n, o), fd)
WRAP(fail_writes, ssize_t, writev, (int fd, const struct iovec *v, int n), (fd, v, n), fd)
WRAP(fail_writes, int, fsync, (int fd), (fd), fd)
WRAP(fail_writes, int, fdatasync, (int fd), (fd), fd)
WRAP(fail_reads, ssize_t, read, (int fd, void *b, size_t n), (fd, b, n), fd)
WRAP(fail_reads, ssize_t, pread, (int fd, void *b, size_t n, off_t o), (fd, b, n, o), fd)
WRAP(fail_reads, ssize_t, pread64, (int fd, void *b, size_t n, off64_t o), (fd, b, n, o), fd)

int clock_gettime(clockid_t clock, struct timespec *at) {
    static __typeof__(&clock_gettime) next;
    if (next == NULL) next = NEXT(clock_gettime);
    int result = next(clock, at);
    if (result == 0 && clock == CLOCK_REALTIME) {
        at->tv_sec += faults->clock_millis / 1000;
    }
    return result;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    static int (*next)(struct timeval *restrict, void *restrict);
    if (next == NULL) next = (int (*)(struct timeval *restrict, void *restrict))dlsym(RTLD_NEXT, "gettimeofday");
    int result = next(at, zone);
    if (result == 0) at->tv_sec += faults->clock_millis / 1000;
    return result;
}
