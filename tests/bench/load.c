/*
 * A load client that is not the bottleneck: one thread, epoll, no allocation while it runs.
 *
 *   load PORT [FIRST] [TEMPLATE]
 *
 * reads one connection a line from standard input, "PATH<TAB>HEADERS" (headers with \n written as "|"), until an empty line;
 * opens them all on 127.0.0.1, sends FIRST as the first text message of each, and prints "ready N". Then it obeys a line each:
 *
 *   mark   print counts since the last mark: frames over all connections, fewest and most of one, bytes, own CPU seconds,
 *          closed connections, and the latency of frames that carry "t=MICROSECONDS;" (CLOCK_MONOTONIC of this machine)
 *   send   let every connection send TEMPLATE (a % in it becomes a number of its own) and again after each answer
 *   hold   stop that again
 *   quit
 *
 * Server frames are unmasked (RFC 6455, section 5.1); an answer is a frame that starts with {"done" or, for peers that echo, any.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 20000, BUFFER = 262144, BINS = 200000 };

struct connection {
  int fd;
  int open;
  uint64_t skip;      /* bytes of the present frame that are still to come and need no look */
  unsigned have;      /* bytes in `head` */
  unsigned char head[160];
  unsigned frames;
  unsigned sent;
  int waiting;
};

static struct connection people[MOST];
static int count;
static unsigned char buffer[BUFFER];
static unsigned latency[BINS + 1]; /* in steps of 10 microseconds */
static uint64_t frames, bytes, answers;
static int closed_count, sending;
static const char *template_text;

static uint64_t microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void write_all(int fd, const unsigned char *data, size_t size) {
  while (size) {
    ssize_t done = send(fd, data, size, MSG_NOSIGNAL);
    if (done < 0) {
      if (errno == EAGAIN || errno == EINTR) continue;
      return;
    }
    data += done;
    size -= done;
  }
}

/* A masked text frame with an all-zero mask: masking costs nothing and is still valid. */
static void send_text(struct connection *one, const char *text, size_t size) {
  unsigned char frame[2048];
  size_t head = 2;
  if (size > 2000) die("message too long");
  frame[0] = 0x81;
  if (size < 126) {
    frame[1] = 0x80 | size;
  } else {
    frame[1] = 0x80 | 126;
    frame[2] = size >> 8;
    frame[3] = size & 255;
    head = 4;
  }
  memset(frame + head, 0, 4);
  memcpy(frame + head + 4, text, size);
  write_all(one->fd, frame, head + 4 + size);
}

static void send_template(struct connection *one) {
  char text[1024];
  const char *hole = strchr(template_text, '%');
  int size = hole ? snprintf(text, sizeof text, "%.*s%d-%u%s", (int)(hole - template_text), template_text, one->fd, one->sent,
                             hole + 1)
                  : snprintf(text, sizeof text, "%s", template_text);
  one->sent++;
  one->waiting = 1;
  send_text(one, text, size);
}

/* Look at the first bytes of a frame's payload; all that is wanted of a frame stands there or is in its length. */
static void seen(struct connection *one, const unsigned char *payload, size_t size) {
  frames++;
  one->frames++;
  const unsigned char *stamp = memmem(payload, size, "t=", 2);
  if (stamp) {
    uint64_t then = strtoull((const char *)stamp + 2, NULL, 10), now = microseconds();
    if (then && now >= then) {
      uint64_t bin = (now - then) / 10;
      latency[bin < BINS ? bin : BINS]++;
    }
  }
  if (one->waiting && (size < 7 || memcmp(payload, "{\"done\"", 7) == 0 || payload[0] != '{' || !memmem(payload, size, "\"doc\"", 5))) {
    one->waiting = 0;
    answers++;
    if (sending) send_template(one);
  }
}

static void take(struct connection *one, const unsigned char *data, size_t size) {
  bytes += size;
  while (size) {
    if (one->skip) {
      size_t part = size < one->skip ? size : one->skip;
      one->skip -= part;
      data += part;
      size -= part;
      continue;
    }
    /* Gather a header and as much of the payload as `seen` wants. */
    size_t need = 2, header = 2;
    uint64_t length = 0;
    if (one->have >= 2) {
      length = one->head[1] & 127;
      header = length == 126 ? 4 : length == 127 ? 10 : 2;
      if (one->have >= header) {
        if (header == 4) length = one->head[2] << 8 | one->head[3];
        if (header == 10) {
          length = 0;
          for (int i = 2; i < 10; i++) length = length << 8 | one->head[i];
        }
        need = header + (length < 140 ? length : 140);
      } else {
        need = header;
      }
    }
    if (one->have < need) {
      size_t part = need - one->have < size ? need - one->have : size;
      memcpy(one->head + one->have, data, part);
      one->have += part;
      data += part;
      size -= part;
    }
    if (one->have >= 2) {
      length = one->head[1] & 127;
      header = length == 126 ? 4 : length == 127 ? 10 : 2;
      if (one->have < header) continue;
      if (header == 4) length = one->head[2] << 8 | one->head[3];
      if (header == 10) {
        length = 0;
        for (int i = 2; i < 10; i++) length = length << 8 | one->head[i];
      }
      size_t wanted = header + (length < 140 ? length : 140);
      if (one->have < wanted) continue;
      int opcode = one->head[0] & 15;
      if (opcode == 1) seen(one, one->head + header, wanted - header);
      if (opcode == 9) {
        unsigned char pong[132] = {0x8a, 0x80 | (length & 127)};
        memcpy(pong + 6, one->head + header, length);
        write_all(one->fd, pong, 6 + length);
      }
      one->skip = length - (wanted - header);
      one->have = 0;
    }
  }
}

static void shut(struct connection *one) {
  if (!one->open) return;
  one->open = 0;
  closed_count++;
  close(one->fd);
}

static void join(struct connection *one, int port, char *line, const char *first) {
  char request[2048], reply[4096];
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int yes = 1;
  char *headers = strchr(line, '\t');
  if (!headers) die("a line without a tab");
  *headers++ = 0;
  one->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (one->fd < 0 || connect(one->fd, (struct sockaddr *)&where, sizeof where)) die("connect");
  setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  int size = snprintf(request, sizeof request,
                      "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
                      line, port);
  for (char *c = headers; *c; c++) {
    if (*c == '|') {
      request[size++] = '\r';
      request[size++] = '\n';
    } else {
      request[size++] = *c;
    }
  }
  size += snprintf(request + size, sizeof request - size, "\r\n");
  write_all(one->fd, (unsigned char *)request, size);
  size_t have = 0;
  char *end = NULL;
  while (!end) {
    ssize_t got = recv(one->fd, reply + have, sizeof reply - 1 - have, 0);
    if (got <= 0) die("handshake");
    have += got;
    reply[have] = 0;
    end = strstr(reply, "\r\n\r\n");
  }
  if (strncmp(reply, "HTTP/1.1 101", 12)) {
    fprintf(stderr, "refused: %s\n", reply);
    exit(1);
  }
  one->open = 1;
  if (*first) send_text(one, first, strlen(first));
  end += 4;
  take(one, (unsigned char *)end, reply + have - end);
  fcntl(one->fd, F_SETFL, O_NONBLOCK);
}

static void report(void) {
  static double cpu_before;
  static uint64_t frames_before, bytes_before, answers_before;
  static unsigned frames_of[MOST];
  unsigned fewest = ~0u, most = 0;
  for (int i = 0; i < count; i++) {
    unsigned own = people[i].frames - frames_of[i];
    frames_of[i] = people[i].frames;
    if (own < fewest) fewest = own;
    if (own > most) most = own;
  }
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  double cpu = used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
  uint64_t measured = 0, sum = 0;
  for (int i = 0; i <= BINS; i++) measured += latency[i];
  double p50 = 0, p99 = 0, worst = 0;
  for (int i = 0; i <= BINS; i++) {
    if (!latency[i]) continue;
    if (sum < measured * 0.50) p50 = i / 100.0;
    if (sum < measured * 0.99) p99 = i / 100.0;
    worst = i / 100.0;
    sum += latency[i];
    latency[i] = 0;
  }
  printf("{\"frames\":%lu,\"fewest\":%u,\"most\":%u,\"bytes\":%lu,\"answers\":%lu,\"cpu\":%.4f,\"closed\":%d,"
         "\"measured\":%lu,\"p50\":%.2f,\"p99\":%.2f,\"max\":%.2f}\n",
         frames - frames_before, fewest, most, bytes - bytes_before, answers - answers_before, cpu - cpu_before, closed_count,
         measured, p50, p99, worst);
  fflush(stdout);
  frames_before = frames;
  bytes_before = bytes;
  answers_before = answers;
  cpu_before = cpu;
}

int main(int argc, char **argv) {
  if (argc < 2) die("usage: load PORT [FIRST] [TEMPLATE]");
  int port = atoi(argv[1]);
  const char *first = argc > 2 ? argv[2] : "";
  template_text = argc > 3 ? argv[3] : "";
  char line[2048];
  int poll = epoll_create1(0);
  while (fgets(line, sizeof line, stdin) && line[0] != '\n') {
    line[strcspn(line, "\n")] = 0;
    if (count == MOST) die("too many connections");
    join(&people[count], port, line, first);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &people[count]};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, people[count].fd, &event)) die("epoll_ctl");
    count++;
  }
  printf("ready %d\n", count);
  fflush(stdout);
  setvbuf(stdin, NULL, _IONBF, 0);
  struct epoll_event order = {.events = EPOLLIN, .data.ptr = NULL};
  if (epoll_ctl(poll, EPOLL_CTL_ADD, 0, &order)) die("epoll_ctl stdin");
  struct epoll_event events[512];
  for (;;) {
    int ready = epoll_wait(poll, events, 512, -1);
    for (int i = 0; i < ready; i++) {
      struct connection *one = events[i].data.ptr;
      if (!one) {
        if (!fgets(line, sizeof line, stdin) || !strncmp(line, "quit", 4)) return 0;
        if (!strncmp(line, "mark", 4)) report();
        if (!strncmp(line, "hold", 4)) sending = 0;
        if (!strncmp(line, "send", 4)) {
          sending = 1;
          for (int j = 0; j < count; j++)
            if (!people[j].waiting && people[j].open) send_template(&people[j]);
        }
        continue;
      }
      ssize_t got = recv(one->fd, buffer, sizeof buffer, 0);
      if (got > 0) take(one, buffer, got);
      else if (got == 0 || (errno != EAGAIN && errno != EINTR)) shut(one);
    }
  }
}
