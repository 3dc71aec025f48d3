/*
 * The limit: what one thread can send at all. Accepts WebSockets (without checking anything) on 127.0.0.1:PORT; whatever the
 * connection at /pub sends is sent to all at /sub with one send() each. Frames of up to 64 kB that come whole; nothing else.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 20000 };
static int subscribers[MOST], count, publisher = -1;
static unsigned char in[70000], out[70000];

static void greet(int fd) {
  char request[4096];
  ssize_t got = recv(fd, request, sizeof request - 1, 0);
  if (got <= 0) {
    close(fd);
    return;
  }
  request[got] = 0;
  const char *reply = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Accept: unchecked\r\n\r\n";
  send(fd, reply, strlen(reply), MSG_NOSIGNAL);
  if (!strncmp(request, "GET /pub", 8)) publisher = fd;
  else subscribers[count++] = fd;
}

static void broadcast(size_t have) {
  size_t head = 2, at = 0;
  while (at + 6 <= have) {
    size_t length = in[at + 1] & 127;
    size_t start = at + 2;
    if (length == 126) {
      length = in[at + 2] << 8 | in[at + 3];
      start = at + 4;
    }
    const unsigned char *mask = in + start;
    start += 4;
    out[0] = 0x81;
    if (length < 126) {
      out[1] = length;
      head = 2;
    } else {
      out[1] = 126;
      out[2] = length >> 8;
      out[3] = length & 255;
      head = 4;
    }
    for (size_t i = 0; i < length; i++) out[head + i] = in[start + i] ^ mask[i & 3];
    for (int i = 0; i < count; i++) send(subscribers[i], out, head + length, MSG_NOSIGNAL);
    at = start + length;
  }
}

int main(int argc, char **argv) {
  if (argc < 2) return 1;
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int yes = 1, listener = socket(AF_INET, SOCK_STREAM, 0), poll = epoll_create1(0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (struct sockaddr *)&where, sizeof where) || listen(listener, 4096)) {
    perror("bind");
    return 1;
  }
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[512];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int ready = epoll_wait(poll, events, 512, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        int fresh = accept(listener, NULL, NULL);
        setsockopt(fresh, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        greet(fresh);
        struct epoll_event more = {.events = EPOLLIN, .data.fd = fresh};
        epoll_ctl(poll, EPOLL_CTL_ADD, fresh, &more);
      } else {
        ssize_t got = recv(fd, in, sizeof in, 0);
        if (got <= 0) {
          epoll_ctl(poll, EPOLL_CTL_DEL, fd, NULL);
          close(fd);
        } else if (fd == publisher) {
          broadcast(got);
        }
      }
    }
  }
}
