#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H
// What Swift's Glibc module leaves out: the GNU extensions.
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>
// WIFEXITED and its kin are macros over the status word.
static inline int clinux_exited(int status) { return WIFEXITED(status); }
static inline int clinux_exit_status(int status) { return WEXITSTATUS(status); }
static inline int clinux_term_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }
#endif
