/*
 * Preloaded into a process, writes down in one ordered file all that the process does to the files below one folder:
 * what a disk would see. Changes nothing of what it watches. The reader of the file is DiskTrace.java.
 *
 *   DISKRECORDER_ROOT     folder that is watched, absolute
 *   DISKRECORDER_EXCLUDE  folder below it that is not (optional)
 *   DISKRECORDER_TRACE    file that the record goes to, outside of the root
 *   DISKRECORDER_MARKS    file name; what is written to it becomes a mark in the record, in its place in the order
 *
 * One lock is held over each call and its record, so that the order of the records is the order of the effects. A sync
 * is two records and runs without the lock: what it promises is what was recorded before its beginning, from its end on.
 * A way to change files that this file does not follow (a shared writable mapping, sendfile into a watched file ...)
 * leaves a record UNFOLLOWED, which the reader refuses.
 *
 *   cc -O1 -shared -fPIC -o diskrecorder.so diskrecorder.c -ldl -lpthread
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
    OPENED = 1, CLOSED, WROTE, RESIZED, RENAMED, REMOVED, LINKED, MADE_FOLDER, SYNC_BEGAN, SYNC_ENDED, MARKED, UNFOLLOWED,
    DUPLICATED
};
enum { CREATES = 1, EMPTIES = 2 }; /* flags of OPENED */
enum { NOT_WATCHED = 0, WATCHED = 1, MARKS = 2 };
enum { DESCRIPTORS = 65536 };

/* Followed by first_length and second_length bytes. Native byte order; Java reads little-endian. */
struct record {
    int32_t kind;
    int32_t descriptor;
    int64_t number; /* offset, size, flags, other descriptor, or id of a sync */
    int32_t first_length;
    int32_t second_length;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static unsigned char watched[DESCRIPTORS];
static const char *root, *exclude, *marks;
static int trace = -1;
static int64_t syncs;

#define REAL(result, name, ...)                                      \
    static result (*real)(__VA_ARGS__);                              \
    if (!real) real = (result(*)(__VA_ARGS__)) dlsym(RTLD_NEXT, name)

static void begin(void) {
    const char *file = getenv("DISKRECORDER_TRACE");
    root = getenv("DISKRECORDER_ROOT");
    exclude = getenv("DISKRECORDER_EXCLUDE");
    marks = getenv("DISKRECORDER_MARKS");
    if (!root || !file) return;
    trace = (int) syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (trace < 0) abort();
}

static int on(void) {
    pthread_once(&once, begin);
    return trace >= 0;
}

static int below(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == 0 || path[length] == '/');
}

/* The absolute path in buffer if it is below the root, else NULL. */
static const char *followed(int folder, const char *path, char *buffer) {
    if (!on() || !path) return NULL;
    if (path[0] == '/') {
        snprintf(buffer, PATH_MAX, "%s", path);
    } else {
        char link[64], base[PATH_MAX];
        if (folder == AT_FDCWD) {
            snprintf(link, sizeof link, "/proc/self/cwd");
        } else {
            snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        }
        ssize_t length = readlink(link, base, sizeof base - 1);
        if (length < 0) return NULL;
        base[length] = 0;
        if ((size_t) length + strlen(path) + 2 > PATH_MAX) return NULL;
        strcpy(buffer, base);
        strcat(buffer, "/");
        strcat(buffer, path);
    }
    return below(buffer, root) && !(exclude && below(buffer, exclude)) ? buffer : NULL;
}

static void put(int kind, int descriptor, int64_t number, const void *first, size_t length, const char *second) {
    int error = errno;
    struct record head = {kind, descriptor, number, (int32_t) length, second ? (int32_t) strlen(second) : 0};
    struct iovec parts[3] = {
        {&head, sizeof head}, {(void *) first, length}, {(void *) second, (size_t) head.second_length}};
    size_t all = sizeof head + length + (size_t) head.second_length;
    if (syscall(SYS_writev, trace, parts, 3) != (long) all) abort(); /* half a record would be a lie */
    errno = error;
}

static void put_path(int kind, int64_t number, const char *first, const char *second) {
    put(kind, -1, number, first, strlen(first), second);
}

static void unfollowed(const char *what) {
    pthread_mutex_lock(&lock);
    put(UNFOLLOWED, -1, 0, what, strlen(what), NULL);
    pthread_mutex_unlock(&lock);
}

static int watches(int fd) {
    return on() && fd >= 0 && fd < DESCRIPTORS ? watched[fd] : NOT_WATCHED;
}

/* ---- descriptors ---- */

static int opened(int folder, const char *path, int flags, mode_t mode) {
    char buffer[PATH_MAX];
    const char *file = followed(folder, path, buffer);
    int is_marks = on() && marks && path && strcmp(path, marks) == 0;
    if (file) pthread_mutex_lock(&lock);
    int fd = (int) syscall(SYS_openat, folder, path, flags, mode);
    if (fd >= 0 && fd < DESCRIPTORS) {
        watched[fd] = file ? WATCHED : is_marks ? MARKS : NOT_WATCHED;
    }
    if (file) {
        if (fd >= 0) {
            int64_t how = ((flags & O_CREAT) ? CREATES : 0) | ((flags & O_TRUNC) ? EMPTIES : 0);
            put(OPENED, fd, how, file, strlen(file), NULL);
        }
        pthread_mutex_unlock(&lock);
    }
    return fd;
}

static mode_t mode_of(int flags, va_list rest) {
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name, flags_more)                                       \
    int name(const char *path, int flags, ...) {                     \
        va_list rest;                                                \
        va_start(rest, flags);                                       \
        mode_t mode = mode_of(flags, rest);                          \
        va_end(rest);                                                \
        return opened(AT_FDCWD, path, flags | (flags_more), mode);   \
    }
#define OPENAT(name)                                                 \
    int name(int folder, const char *path, int flags, ...) {         \
        va_list rest;                                                \
        va_start(rest, flags);                                       \
        mode_t mode = mode_of(flags, rest);                          \
        va_end(rest);                                                \
        return opened(folder, path, flags, mode);                    \
    }
#define CREAT(name)                                                  \
    int name(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

OPEN(open, 0)
OPEN(open64, 0)
OPENAT(openat)
OPENAT(openat64)
CREAT(creat)
CREAT(creat64)

static void stdio(const char *path, const char *mode) {
    char buffer[PATH_MAX];
    if ((strpbrk(mode, "wa+")) && followed(AT_FDCWD, path, buffer)) unfollowed("fopen for writing");
}

FILE *fopen(const char *path, const char *mode) {
    REAL(FILE *, "fopen", const char *, const char *);
    stdio(path, mode);
    return real(path, mode);
}

FILE *fopen64(const char *path, const char *mode) {
    REAL(FILE *, "fopen64", const char *, const char *);
    stdio(path, mode);
    return real(path, mode);
}

FILE *fdopen(int fd, const char *mode) {
    REAL(FILE *, "fdopen", int, const char *);
    if (watches(fd) && strpbrk(mode, "wa+")) unfollowed("fdopen for writing");
    return real(fd, mode);
}

int close(int fd) {
    if (!watches(fd)) return (int) syscall(SYS_close, fd);
    pthread_mutex_lock(&lock);
    if (watched[fd] == WATCHED) put(CLOSED, fd, 0, NULL, 0, NULL);
    watched[fd] = NOT_WATCHED;
    int result = (int) syscall(SYS_close, fd);
    pthread_mutex_unlock(&lock);
    return result;
}

/* The descriptor of a folder that is listed goes with the listing. */
int closedir(DIR *listing) {
    REAL(int, "closedir", DIR *);
    int fd = listing ? dirfd(listing) : -1;
    if (!watches(fd)) return real(listing);
    pthread_mutex_lock(&lock);
    put(CLOSED, fd, 0, NULL, 0, NULL);
    watched[fd] = NOT_WATCHED;
    int result = real(listing);
    pthread_mutex_unlock(&lock);
    return result;
}

int dup(int fd) {
    if (watches(fd) != WATCHED) return (int) syscall(SYS_dup, fd);
    pthread_mutex_lock(&lock);
    int other = (int) syscall(SYS_dup, fd);
    if (other >= 0 && other < DESCRIPTORS) {
        watched[other] = WATCHED;
        put(DUPLICATED, other, fd, NULL, 0, NULL);
    }
    pthread_mutex_unlock(&lock);
    return other;
}

int dup2(int from, int to) {
    REAL(int, "dup2", int, int);
    if (watches(from) || watches(to)) unfollowed("dup2");
    return real(from, to);
}

/* ---- content ---- */

static ssize_t wrote(int fd, const struct iovec *parts, int count, int64_t offset) {
    pthread_mutex_lock(&lock);
    ssize_t done;
    if (watched[fd] == MARKS) {
        done = 0;
        for (int i = 0; i < count; i++) {
            put(MARKED, fd, 0, parts[i].iov_base, parts[i].iov_len, NULL);
            done += (ssize_t) parts[i].iov_len;
        }
    } else {
        int64_t at = offset;
        if (offset < 0) {
            struct stat about;
            int append = fcntl(fd, F_GETFL) & O_APPEND;
            at = append && fstat(fd, &about) == 0 ? about.st_size : lseek(fd, 0, SEEK_CUR);
            done = syscall(SYS_writev, fd, parts, count);
        } else {
            done = syscall(SYS_pwritev, fd, parts, count, offset, 0L);
        }
        ssize_t left = done;
        for (int i = 0; i < count && left > 0; i++) {
            size_t length = parts[i].iov_len < (size_t) left ? parts[i].iov_len : (size_t) left;
            put(WROTE, fd, at, parts[i].iov_base, length, NULL);
            at += (int64_t) length;
            left -= (ssize_t) length;
        }
    }
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t write(int fd, const void *data, size_t length) {
    if (!watches(fd)) return syscall(SYS_write, fd, data, length);
    struct iovec part = {(void *) data, length};
    return wrote(fd, &part, 1, -1);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    return watches(fd) ? wrote(fd, parts, count, -1) : syscall(SYS_writev, fd, parts, count);
}

#define PWRITE(name)                                                              \
    ssize_t name(int fd, const void *data, size_t length, off64_t offset) {       \
        struct iovec part = {(void *) data, length};                              \
        return watches(fd) ? wrote(fd, &part, 1, offset)                          \
                           : syscall(SYS_pwrite64, fd, data, length, offset);     \
    }
#define PWRITEV(name)                                                             \
    ssize_t name(int fd, const struct iovec *parts, int count, off64_t offset) {  \
        return watches(fd) ? wrote(fd, parts, count, offset)                      \
                           : syscall(SYS_pwritev, fd, parts, count, offset, 0L);  \
    }
PWRITE(pwrite)
PWRITE(pwrite64)
PWRITEV(pwritev)
PWRITEV(pwritev64)

static int resized(int fd, off64_t size) {
    if (!watches(fd)) return (int) syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&lock);
    int result = (int) syscall(SYS_ftruncate, fd, size);
    if (result == 0) put(RESIZED, fd, size, NULL, 0, NULL);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int fd, off_t size) { return resized(fd, size); }
int ftruncate64(int fd, off64_t size) { return resized(fd, size); }

static void by_path(const char *path) {
    char buffer[PATH_MAX];
    if (followed(AT_FDCWD, path, buffer)) unfollowed("truncate by path");
}

int truncate(const char *path, off_t size) {
    by_path(path);
    return (int) syscall(SYS_truncate, path, size);
}

int truncate64(const char *path, off64_t size) {
    by_path(path);
    return (int) syscall(SYS_truncate, path, size);
}

/* Space set aside beyond the size shows in no content; without KEEP_SIZE the file grows with zeros. */
static int allocated(int fd, int mode, off64_t offset, off64_t length) {
    if (!watches(fd)) return (int) syscall(SYS_fallocate, fd, mode, offset, length);
    pthread_mutex_lock(&lock);
    int result = (int) syscall(SYS_fallocate, fd, mode, offset, length);
    struct stat about;
    if (result == 0 && mode == 0 && fstat(fd, &about) == 0) put(RESIZED, fd, about.st_size, NULL, 0, NULL);
    if (result == 0 && (mode & ~FALLOC_FL_KEEP_SIZE)) put(UNFOLLOWED, fd, mode, "fallocate", 9, NULL);
    pthread_mutex_unlock(&lock);
    return result;
}

int fallocate(int fd, int mode, off_t offset, off_t length) { return allocated(fd, mode, offset, length); }
int fallocate64(int fd, int mode, off64_t offset, off64_t length) { return allocated(fd, mode, offset, length); }
int posix_fallocate(int fd, off_t offset, off_t length) { return allocated(fd, 0, offset, length) ? errno : 0; }
int posix_fallocate64(int fd, off64_t offset, off64_t length) { return allocated(fd, 0, offset, length) ? errno : 0; }

static void mapped(int protection, int flags, int fd) {
    if ((protection & PROT_WRITE) && (flags & MAP_SHARED) && fd >= 0 && watches(fd)) unfollowed("shared mapping");
}

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
    mapped(protection, flags, fd);
    return (void *) syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}

void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset) {
    mapped(protection, flags, fd);
    return (void *) syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}

ssize_t sendfile(int to, int from, off_t *offset, size_t count) {
    if (watches(to)) unfollowed("sendfile");
    return syscall(SYS_sendfile, to, from, offset, count);
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t count) {
    if (watches(to)) unfollowed("sendfile");
    return syscall(SYS_sendfile, to, from, offset, count);
}

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned int flags) {
    if (watches(to)) unfollowed("copy_file_range");
    return syscall(SYS_copy_file_range, from, from_at, to, to_at, length, flags);
}

/* ---- syncs; sync_file_range promises nothing and is left out ---- */

static int synced(int fd, long call) {
    if (watches(fd) != WATCHED) return (int) syscall(call, fd);
    pthread_mutex_lock(&lock);
    int64_t id = ++syncs;
    put(SYNC_BEGAN, fd, id, NULL, 0, NULL);
    pthread_mutex_unlock(&lock);
    int result = (int) syscall(call, fd);
    pthread_mutex_lock(&lock);
    if (result == 0) put(SYNC_ENDED, fd, id, NULL, 0, NULL);
    pthread_mutex_unlock(&lock);
    return result;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

/* ---- names ---- */

static int renamed(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags) {
    char a[PATH_MAX], b[PATH_MAX];
    const char *source = followed(from_folder, from, a), *target = followed(to_folder, to, b);
    if (!source && !target) return (int) syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    if (!source || !target || (flags & ~RENAME_NOREPLACE)) unfollowed("rename over the edge of the folder, or an exchange");
    pthread_mutex_lock(&lock);
    int result = (int) syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    if (result == 0 && source && target) put_path(RENAMED, 0, source, target);
    pthread_mutex_unlock(&lock);
    return result;
}

int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    return renamed(from_folder, from, to_folder, to, 0);
}
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags) {
    return renamed(from_folder, from, to_folder, to, flags);
}

static int removed(int folder, const char *path, int flags) {
    char buffer[PATH_MAX];
    const char *file = followed(folder, path, buffer);
    if (!file) return (int) syscall(SYS_unlinkat, folder, path, flags);
    pthread_mutex_lock(&lock);
    int result = (int) syscall(SYS_unlinkat, folder, path, flags);
    if (result == 0) put_path(REMOVED, 0, file, NULL);
    pthread_mutex_unlock(&lock);
    return result;
}

int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { return removed(folder, path, flags); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
    int result = removed(AT_FDCWD, path, 0);
    return result != 0 && (errno == EISDIR || errno == EPERM) ? removed(AT_FDCWD, path, AT_REMOVEDIR) : result;
}

static int linked(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    char a[PATH_MAX], b[PATH_MAX];
    const char *source = followed(from_folder, from, a), *target = followed(to_folder, to, b);
    if (!source && !target) return (int) syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
    if (!source || !target) unfollowed("link over the edge of the folder");
    pthread_mutex_lock(&lock);
    int result = (int) syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
    if (result == 0 && source && target) put_path(LINKED, 0, source, target);
    pthread_mutex_unlock(&lock);
    return result;
}

int link(const char *from, const char *to) { return linked(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    return linked(from_folder, from, to_folder, to, flags);
}

static void symlinked(int folder, const char *path) {
    char buffer[PATH_MAX];
    if (followed(folder, path, buffer)) unfollowed("symlink");
}

int symlink(const char *to, const char *path) {
    symlinked(AT_FDCWD, path);
    return (int) syscall(SYS_symlinkat, to, AT_FDCWD, path);
}

int symlinkat(const char *to, int folder, const char *path) {
    symlinked(folder, path);
    return (int) syscall(SYS_symlinkat, to, folder, path);
}

static int made_folder(int folder, const char *path, mode_t mode) {
    char buffer[PATH_MAX];
    const char *file = followed(folder, path, buffer);
    if (!file) return (int) syscall(SYS_mkdirat, folder, path, mode);
    pthread_mutex_lock(&lock);
    int result = (int) syscall(SYS_mkdirat, folder, path, mode);
    if (result == 0) put_path(MADE_FOLDER, 0, file, NULL);
    pthread_mutex_unlock(&lock);
    return result;
}

int mkdir(const char *path, mode_t mode) { return made_folder(AT_FDCWD, path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { return made_folder(folder, path, mode); }
