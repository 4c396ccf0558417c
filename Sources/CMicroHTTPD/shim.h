#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#ifndef CMICROHTTPD_SHIM_H
#define CMICROHTTPD_SHIM_H
#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <microhttpd.h>
#include <stdint.h>
static const uint64_t CMICROHTTPD_SIZE_UNKNOWN = MHD_SIZE_UNKNOWN;
typedef void (*cmicrohttpd_completed_cb)(void *cls, struct MHD_Connection *c, void **req_cls, enum MHD_RequestTerminationCode toe);
// MHD_start_daemon is variadic; wrap with an option array.
static inline struct MHD_Daemon *cmicrohttpd_start(unsigned flags, uint16_t port, int loopback,
    MHD_AccessHandlerCallback h, void *cls, cmicrohttpd_completed_cb done, unsigned threads,
    unsigned conn_limit, unsigned timeout_s, size_t conn_mem) {
  struct sockaddr_in sa; memset(&sa, 0, sizeof sa);
  sa.sin_family = AF_INET; sa.sin_port = htons(port); sa.sin_addr.s_addr = htonl(loopback ? INADDR_LOOPBACK : INADDR_ANY);
  struct MHD_OptionItem ops[] = {
    { MHD_OPTION_THREAD_POOL_SIZE, threads, NULL },
    { MHD_OPTION_CONNECTION_LIMIT, conn_limit, NULL },
    { MHD_OPTION_CONNECTION_TIMEOUT, timeout_s, NULL },
    { MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)conn_mem, NULL },
    { MHD_OPTION_LISTENING_ADDRESS_REUSE, 1, NULL },
    { MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)done, cls },
    { MHD_OPTION_SOCK_ADDR, 0, &sa },
    { MHD_OPTION_END, 0, NULL } };
  return MHD_start_daemon(flags, port, NULL, NULL, h, cls, MHD_OPTION_ARRAY, ops, MHD_OPTION_END);
}
static inline int cmicrohttpd_port(struct MHD_Daemon *d) { const union MHD_DaemonInfo *i = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT); return i ? i->port : -1; }
#endif
