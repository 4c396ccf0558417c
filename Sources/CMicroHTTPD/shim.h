#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#ifndef CMICROHTTPD_SHIM_H
#define CMICROHTTPD_SHIM_H
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <microhttpd.h>

static const uint64_t CMICROHTTPD_SIZE_UNKNOWN = MHD_SIZE_UNKNOWN;
// Casts in the header hide these two from Swift.
static const ssize_t CMICROHTTPD_END_OF_STREAM = MHD_CONTENT_READER_END_OF_STREAM;
static const ssize_t CMICROHTTPD_END_WITH_ERROR = MHD_CONTENT_READER_END_WITH_ERROR;

typedef void *(*cmicrohttpd_request_line)(void *cls, const char *target, struct MHD_Connection *connection);

struct cmicrohttpd_setup {
    const struct sockaddr *address;
    unsigned flags, threads, connections, connections_per_address, idle_seconds, backlog;
    size_t connection_memory;
    void *cls;
    MHD_AccessHandlerCallback access;
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
    cmicrohttpd_request_line request_line;
};

// The target stays as it came: decoding is the caller's, who can refuse what is malformed.
static inline size_t cmicrohttpd_keep(void *cls, struct MHD_Connection *connection, char *text) {
    (void)cls; (void)connection;
    return strlen(text);
}

// MHD_start_daemon is variadic: an option array takes its place. One thread is had by leaving the pool option out.
static inline struct MHD_Daemon *cmicrohttpd_start(const struct cmicrohttpd_setup *s) {
    struct MHD_OptionItem options[] = {
        { MHD_OPTION_SOCK_ADDR, 0, (void *)s->address },
        { MHD_OPTION_CONNECTION_LIMIT, s->connections, NULL },
        { MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->connections_per_address, NULL },
        { MHD_OPTION_CONNECTION_TIMEOUT, s->idle_seconds, NULL },
        { MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)s->connection_memory, NULL },
        { MHD_OPTION_LISTEN_BACKLOG_SIZE, s->backlog, NULL },
        { MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)s->completed, s->cls },
        { MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)s->connection, s->cls },
        { MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)s->request_line, s->cls },
        { MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)cmicrohttpd_keep, NULL },
        { s->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, s->threads, NULL },
        { MHD_OPTION_END, 0, NULL },
    };
    return MHD_start_daemon(s->flags, 0, NULL, NULL, s->access, s->cls, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

// MHD_get_daemon_info and MHD_get_connection_info are variadic as well.
static inline int cmicrohttpd_port(struct MHD_Daemon *d) {
    const union MHD_DaemonInfo *i = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT);
    return i ? i->port : -1;
}
static inline int cmicrohttpd_socket(struct MHD_Connection *c) {
    const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    return i ? i->connect_fd : -1;
}
static inline const struct sockaddr *cmicrohttpd_peer(struct MHD_Connection *c) {
    const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return i ? i->client_addr : NULL;
}
static inline void *cmicrohttpd_socket_context(struct MHD_Connection *c) {
    const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return i ? i->socket_context : NULL;
}
static inline size_t cmicrohttpd_header_size(struct MHD_Connection *c) {
    const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return i ? i->header_size : 0;
}
#endif
