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
#include <sys/prctl.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>
// WIFEXITED and its kin are macros over the status word.
static inline int clinux_exited(int status) { return WIFEXITED(status); }
static inline int clinux_exit_status(int status) { return WEXITSTATUS(status); }
static inline int clinux_term_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }
// Whether an ended child, not reaped yet, exited with status 0; siginfo's members are macros over a union.
static inline int clinux_ended_well(pid_t pid) {
  siginfo_t info;
  info.si_pid = 0;
  if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | WNOHANG) != 0) return 0;
  return info.si_pid == pid && info.si_code == CLD_EXITED && info.si_status == 0;
}
// prctl takes variable arguments.
static inline int clinux_forbid_looking_in(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
#endif
