#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
typedef unsigned int socklen_t;
struct sockaddr {
  unsigned short sa_family;
  char data[30];
};
struct zsock_pollfd {
  int fd;
  short events;
  short revents;
};
#define ZSOCK_POLLIN 1
#define ZSOCK_POLLOUT 4
#define ZSOCK_MSG_DONTWAIT 0x40
#define SOCK_STREAM 1
#define SOL_TLS 282
#define TLS_SEC_TAG_LIST 1
#define TLS_HOSTNAME 2
#define TLS_PEER_VERIFY 5
#define TLS_PEER_VERIFY_REQUIRED 2
enum net_ip_protocol_secure { IPPROTO_TLS_1_2 = 258 };
struct zsock_addrinfo {
  struct zsock_addrinfo* ai_next;
  int ai_flags;
  int ai_family;
  int ai_socktype;
  int ai_protocol;
  socklen_t ai_addrlen;
  struct sockaddr* ai_addr;
  char* ai_canonname;
};
extern "C" {
int zsock_getaddrinfo(
    const char* host, const char* service, const struct zsock_addrinfo* hints, struct zsock_addrinfo** res);
void zsock_freeaddrinfo(struct zsock_addrinfo* ai);
int zsock_socket(int family, int type, int proto);
int zsock_setsockopt(int sock, int level, int optname, const void* optval, socklen_t optlen);
int zsock_connect(int sock, const struct sockaddr* addr, socklen_t addrlen);
ssize_t zsock_send(int sock, const void* buf, size_t len, int flags);
ssize_t zsock_recv(int sock, void* buf, size_t max_len, int flags);
int zsock_poll(struct zsock_pollfd* fds, int nfds, int timeout);
int zsock_close(int sock);
}
