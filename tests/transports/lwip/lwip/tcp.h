// What examples/transports/lwip.hpp uses of lwIP 2.1's raw API, declared as there; the bodies are the test's.
#pragma once
#include <stdint.h>
typedef uint8_t u8_t;
typedef uint16_t u16_t;
typedef uint32_t u32_t;
typedef int8_t err_t;
enum { ERR_OK = 0, ERR_MEM = -1, ERR_TIMEOUT = -3, ERR_INPROGRESS = -5, ERR_ABRT = -13, ERR_RST = -14, ERR_ARG = -16 };
typedef struct ip_addr {
  u32_t addr;
} ip_addr_t;
struct pbuf {
  struct pbuf* next;
  void* payload;
  u16_t tot_len;
  u16_t len;
};
struct tcp_pcb {
  u16_t snd_buf;
};
typedef err_t (*tcp_recv_fn)(void* arg, struct tcp_pcb* tpcb, struct pbuf* p, err_t err);
typedef void (*tcp_err_fn)(void* arg, err_t err);
typedef err_t (*tcp_connected_fn)(void* arg, struct tcp_pcb* tpcb, err_t err);
typedef void (*dns_found_callback)(const char* name, const ip_addr_t* ipaddr, void* callback_arg);
#define tcp_sndbuf(pcb) ((pcb)->snd_buf)
#define TCP_WRITE_FLAG_COPY 0x01
extern "C" {
struct tcp_pcb* tcp_new(void);
void tcp_arg(struct tcp_pcb* pcb, void* arg);
void tcp_recv(struct tcp_pcb* pcb, tcp_recv_fn recv);
void tcp_err(struct tcp_pcb* pcb, tcp_err_fn err);
err_t tcp_connect(struct tcp_pcb* pcb, const ip_addr_t* ipaddr, u16_t port, tcp_connected_fn connected);
err_t tcp_write(struct tcp_pcb* pcb, const void* dataptr, u16_t len, u8_t apiflags);
err_t tcp_output(struct tcp_pcb* pcb);
void tcp_recved(struct tcp_pcb* pcb, u16_t len);
err_t tcp_close(struct tcp_pcb* pcb);
void tcp_abort(struct tcp_pcb* pcb);
u16_t pbuf_copy_partial(const struct pbuf* p, void* dataptr, u16_t len, u16_t offset);
struct pbuf* pbuf_free_header(struct pbuf* q, u16_t size);
void pbuf_cat(struct pbuf* head, struct pbuf* tail);
u8_t pbuf_free(struct pbuf* p);
err_t dns_gethostbyname(const char* hostname, ip_addr_t* addr, dns_found_callback found, void* callback_arg);
u32_t sys_now(void);
}
