/* Shows what a power cut would leave: a copy, in the folder $SYNCED, of every database file as it was
 * when it was last fsynced. Loaded with LD_PRELOAD.
 *
 * Written bytes count from the return of fsync; a removed file counts as removed from the next fsync
 * of its folder (POSIX promises no more). Only names with ".db" in them are followed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void copy_file(const char *from, const char *to) {
    char temp[4200];
    static char buffer[1 << 20];
    snprintf(temp, sizeof temp, "%s.copying", to);
    int in = open(from, O_RDONLY), out = open(temp, O_CREAT | O_TRUNC | O_WRONLY, 0644);
    ssize_t n;
    while (in >= 0 && (n = read(in, buffer, sizeof buffer)) > 0)
        if (write(out, buffer, n) != n) abort();
    close(in);
    close(out);
    rename(temp, to); /* a kill in the middle leaves the former copy */
}

static void forget_removed(const char *folder, const char *synced) {
    DIR *copies = opendir(synced);
    struct dirent *entry;
    char real[4200], copy[4200];
    struct stat found;
    while (copies && (entry = readdir(copies))) {
        if (!strstr(entry->d_name, ".db")) continue;
        snprintf(real, sizeof real, "%s/%s", folder, entry->d_name);
        snprintf(copy, sizeof copy, "%s/%s", synced, entry->d_name);
        if (stat(real, &found) != 0) unlink(copy);
    }
    if (copies) closedir(copies);
}

static void remember(int fd) {
    const char *synced = getenv("SYNCED");
    char link[64], path[2048], copy[4200];
    struct stat found;
    if (!synced || fstat(fd, &found) != 0) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n <= 0) return;
    path[n] = 0;
    const char *name = strrchr(path, '/');
    pthread_mutex_lock(&one_at_a_time);
    if (S_ISDIR(found.st_mode)) {
        forget_removed(path, synced);
    } else if (name && strstr(name, ".db")) {
        snprintf(copy, sizeof copy, "%s%s", synced, name);
        copy_file(path, copy);
    }
    pthread_mutex_unlock(&one_at_a_time);
}

int fsync(int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
    int result = real(fd);
    if (result == 0) remember(fd);
    return result;
}

int fdatasync(int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
    int result = real(fd);
    if (result == 0) remember(fd);
    return result;
}
