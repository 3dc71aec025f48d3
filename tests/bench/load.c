/*
 * A load client that is not the bottleneck: one thread, epoll, no allocation on the way of a frame that comes whole.
 *
 *   load PORT AT_ONCE [FIRST] [TEMPLATE]
 *
 * reads one connection a line from standard input, "PATH<TAB>HEADERS" (headers with \n written as "|"), until an empty line; opens
 * them on 127.0.0.1, AT_ONCE at a time, and sends FIRST as the first text message of each. A connection is there when its first text
 * frame came, or without FIRST when the handshake was answered. When all are: {"ready", "refused", "seconds", "min", "p10", "p50", "p99",
 * "max"}, times from the first packet of each connection in milliseconds. Then it obeys a line each:
 *
 *   mark          print what came since the last mark. A mark is "t=MICROSECONDS;" (CLOCK_MONOTONIC of this machine) anywhere in a
 *                 frame; several may stand in one. The latency is that of marks, and of answers. Marks are counted and summed for each connection, so that a lost one cannot hide behind a repeated one.
 *   send N        let every connection keep N messages of TEMPLATE unanswered; hold stops that
 *   votes N RATE  send N messages of TEMPLATE, one connection after the other, at random moments, RATE a second on average
 *   delays        print how long these took: to the answer, and until each other connection held a stage of that position or a later one
 *   quit
 *
 * In TEMPLATE % becomes a number of its own, and @ the letters a, b, c, from one message of a connection to its next.
 * Server frames are unmasked (RFC 6455, section 5.1); an answer is a frame that starts with {"done".
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 20000, BUFFER = 1 << 20, BINS = 6000000, PIPELINE = 64, VOTES = 100000, ARRIVALS = 8000000 };
enum state { WAITING, CONNECTING, SHAKING, OPEN, SHUT };

struct connection {
  int fd;
  enum state state;
  char *line; /* the path; the headers stand behind its zero */
  int welcomed;
  uint64_t began;
  unsigned char *pending; /* the beginning of a frame, or of the answer to the handshake */
  size_t have, room;
  unsigned marks, marks_before;
  uint64_t sum, sum_before; /* of the marks' microseconds */
  unsigned sent;
  unsigned first, unanswered;
  uint64_t times[PIPELINE]; /* when the unanswered messages left, a ring that begins at `first` */
};

struct vote {
  unsigned seq, voter;
  uint64_t sent;
};

struct arrival {
  unsigned seq, place;
  uint64_t at;
};

struct histogram {
  unsigned bins[BINS + 1]; /* in steps of 10 microseconds */
};

static struct connection people[MOST];
static int count, opened, at_once, next_to_open, refused, closed_count, port, poll_fd, timer_fd;
static const char *first_text, *template_text;
static unsigned char buffer[BUFFER];
static struct histogram latency, scratch;
static uint64_t frames, bytes, answers, wrong, marks;
static unsigned pipeline, voter, to_send;
static double gap;
static uint64_t due;
static struct vote *votes;
static struct arrival *arrivals;
static size_t votes_have, arrivals_have;
static int watching;

static uint64_t microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void note(struct histogram *into, uint64_t took) { into->bins[took / 10 < BINS ? took / 10 : BINS]++; }

/* Print "min":…,"p10":…,"p50":…,"p99":…,"max":… in milliseconds with a prefix, and empty the histogram. */
static void quantiles(const char *prefix, struct histogram *from) {
  uint64_t all = 0, sum = 0;
  double least = -1, p10 = 0, p50 = 0, p99 = 0, worst = 0;
  for (int i = 0; i <= BINS; i++) all += from->bins[i];
  for (int i = 0; i <= BINS; i++) {
    if (!from->bins[i]) continue;
    if (least < 0) least = i / 100.0;
    if (sum < all * 0.10) p10 = i / 100.0;
    if (sum < all * 0.50) p50 = i / 100.0;
    if (sum < all * 0.99) p99 = i / 100.0;
    worst = i / 100.0;
    sum += from->bins[i];
  }
  printf("\"%smin\":%.2f,\"%sp10\":%.2f,\"%sp50\":%.2f,\"%sp99\":%.2f,\"%smax\":%.2f", prefix, least < 0 ? 0 : least, prefix, p10, prefix, p50,
         prefix, p99, prefix, worst);
  memset(from, 0, sizeof *from);
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
  size_t size = 0;
  if (one->unanswered == PIPELINE) die("too many unanswered messages");
  for (const char *c = template_text; *c && size < 900; c++) {
    if (*c == '%') size += sprintf(text + size, "%d-%u", one->fd, one->sent);
    else text[size++] = *c == '@' ? (char)('a' + one->sent % 3) : *c;
  }
  one->sent++;
  one->times[(one->first + one->unanswered++) % PIPELINE] = microseconds();
  send_text(one, text, size);
}

static unsigned number_behind(const unsigned char *payload, size_t size, const char *name) {
  const unsigned char *at = memmem(payload, size < 160 ? size : 160, name, strlen(name));
  return at ? strtoul((const char *)at + strlen(name), NULL, 10) : 0;
}

static void answered(struct connection *one, const unsigned char *payload, size_t size) {
  uint64_t sent = one->times[one->first];
  note(&latency, microseconds() - sent);
  one->first = (one->first + 1) % PIPELINE;
  one->unanswered--;
  answers++;
  if (watching && votes_have < VOTES) votes[votes_have++] = (struct vote){number_behind(payload, size, "\"seq\":"), one - people, sent};
  if (pipeline) send_template(one);
}

/* Every frame is followed by at least one readable byte, so that a number at its end ends there. */
static void seen(struct connection *one, const unsigned char *payload, size_t size) {
  const unsigned char *at = payload, *end = payload + size;
  uint64_t now = 0;
  frames++;
  if (!one->welcomed) {
    one->welcomed = 1;
    opened++;
    note(&latency, microseconds() - one->began);
  }
  if (one->unanswered && size > 7 && !memcmp(payload, "{\"done\"", 7)) {
    answered(one, payload, size);
    return;
  }
  if (size > 10 && !memcmp(payload, "{\"refused\"", 10)) {
    wrong++;
    return;
  }
  if (watching) {
    if (arrivals_have < ARRIVALS && size > 15 && !memcmp(payload, "{\"doc\":\"stage\",", 15))
      arrivals[arrivals_have++] = (struct arrival){number_behind(payload, size, "\"seq\":"), one - people, microseconds()};
    return;
  }
  while ((at = memmem(at, end - at, "t=", 2))) {
    char *stop;
    uint64_t then = strtoull((const char *)at + 2, &stop, 10);
    at += 2;
    if ((const unsigned char *)stop >= end || *stop != ';' || !then) continue;
    if (!now) now = microseconds();
    note(&latency, now - then);
    marks++;
    one->marks++;
    one->sum += then;
    at = (unsigned char *)stop;
  }
}

static void keep(struct connection *one, const unsigned char *data, size_t size) {
  if (one->have + size + 1 > one->room) {
    one->room = (one->have + size + 1) * 2;
    one->pending = realloc(one->pending, one->room);
    if (!one->pending) die("realloc");
  }
  memmove(one->pending + one->have, data, size);
  one->have += size;
}

static void take(struct connection *one, const unsigned char *data, size_t size) {
  int kept = one->have > 0;
  bytes += size;
  if (kept) {
    keep(one, data, size);
    data = one->pending;
    size = one->have;
  }
  while (size >= 2) {
    uint64_t length = data[1] & 127;
    size_t header = length == 126 ? 4 : length == 127 ? 10 : 2;
    if (size < header) break;
    if (header > 2) {
      length = 0;
      for (size_t i = 2; i < header; i++) length = length << 8 | data[i];
    }
    if (size < header + length) break;
    int opcode = data[0] & 15;
    if (opcode == 1) seen(one, data + header, length);
    if (opcode == 9) {
      unsigned char pong[132] = {0x8a, 0x80 | (length & 127)};
      memcpy(pong + 6, data + header, length & 127);
      write_all(one->fd, pong, 6 + length);
    }
    data += header + length;
    size -= header + length;
  }
  if (kept) {
    memmove(one->pending, data, size);
    one->have = size;
    if (!size) {
      free(one->pending);
      one->pending = NULL;
      one->room = 0;
    }
  } else if (size) {
    keep(one, data, size);
  }
}

static void shut(struct connection *one, const char *why) {
  if (one->state == SHUT) return;
  if (!refused && !one->welcomed) fprintf(stderr, "refused: %s\n", why);
  if (one->welcomed) closed_count++;
  else refused++;
  one->state = SHUT;
  close(one->fd);
}

static void begin(struct connection *one) {
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct epoll_event event = {.events = EPOLLOUT, .data.ptr = one};
  int yes = 1;
  one->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (one->fd < 0) die("socket");
  setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  one->began = microseconds();
  one->state = CONNECTING;
  if (connect(one->fd, (struct sockaddr *)&where, sizeof where) && errno != EINPROGRESS) die("connect");
  if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, one->fd, &event)) die("epoll_ctl");
}

static void ask(struct connection *one) {
  char request[2048];
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = one};
  int size = snprintf(request, sizeof request,
                      "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
                      one->line, port);
  for (char *c = one->line + strlen(one->line) + 1; *c; c++) {
    if (*c == '|') {
      request[size++] = '\r';
      request[size++] = '\n';
    } else {
      request[size++] = *c;
    }
  }
  size += snprintf(request + size, sizeof request - size, "\r\n");
  one->state = SHAKING;
  write_all(one->fd, (unsigned char *)request, size);
  epoll_ctl(poll_fd, EPOLL_CTL_MOD, one->fd, &event);
}

/* The answer to the handshake, and what may stand behind it. */
static void shake(struct connection *one, const unsigned char *data, size_t size) {
  keep(one, data, size);
  one->pending[one->have] = 0;
  char *end = strstr((char *)one->pending, "\r\n\r\n");
  if (!end) return;
  if (strncmp((char *)one->pending, "HTTP/1.1 101", 12)) {
    shut(one, (char *)one->pending);
    return;
  }
  one->state = OPEN;
  unsigned char *whole = one->pending;
  size_t rest = one->have - ((unsigned char *)end + 4 - whole);
  one->pending = NULL;
  one->have = one->room = 0;
  if (*first_text) {
    send_text(one, first_text, strlen(first_text));
  } else {
    one->welcomed = 1;
    opened++;
    note(&latency, microseconds() - one->began);
  }
  take(one, (unsigned char *)end + 4, rest);
  free(whole);
}

static void open_more(void) {
  while (next_to_open < count && next_to_open - opened - refused < at_once) begin(&people[next_to_open++]);
}

static double own_cpu(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void report(void) {
  static double cpu_before;
  static uint64_t frames_before, bytes_before, answers_before, wrong_before, marks_before;
  unsigned fewest = ~0u, most = 0;
  uint64_t least = ~0ull, greatest = 0;
  for (int i = 0; i < count; i++) {
    struct connection *one = &people[i];
    unsigned own = one->marks - one->marks_before;
    uint64_t sum = one->sum - one->sum_before;
    one->marks_before = one->marks;
    one->sum_before = one->sum;
    if (own < fewest) fewest = own;
    if (own > most) most = own;
    if (sum < least) least = sum;
    if (sum > greatest) greatest = sum;
  }
  double cpu = own_cpu();
  printf("{\"frames\":%lu,\"marks\":%lu,\"fewest\":%u,\"most\":%u,\"least\":%lu,\"greatest\":%lu,\"bytes\":%lu,\"answers\":%lu,"
         "\"refused\":%lu,\"cpu\":%.4f,\"closed\":%d,",
         frames - frames_before, marks - marks_before, fewest, most, least, greatest, bytes - bytes_before, answers - answers_before,
         wrong - wrong_before, cpu - cpu_before, closed_count);
  quantiles("", &latency);
  printf("}\n");
  fflush(stdout);
  frames_before = frames;
  bytes_before = bytes;
  answers_before = answers;
  wrong_before = wrong;
  marks_before = marks;
  cpu_before = cpu;
}

static void arm(void) {
  struct itimerspec when = {.it_value = {due / 1000000, due % 1000000 * 1000}};
  if (timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &when, NULL)) die("timerfd_settime");
}

static void begin_votes(unsigned many, double rate) {
  if (!votes) votes = malloc(VOTES * sizeof *votes);
  if (!arrivals) arrivals = malloc(ARRIVALS * sizeof *arrivals);
  if (!votes || !arrivals) die("malloc");
  votes_have = arrivals_have = 0;
  watching = 1;
  to_send = many;
  gap = 1e6 / rate;
  due = microseconds();
  arm();
}

static void vote_now(void) {
  uint64_t fired;
  if (read(timer_fd, &fired, sizeof fired) < 0) return;
  while (to_send && due <= microseconds()) {
    send_template(&people[voter++ % count]);
    to_send--;
    due += (uint64_t)(-log(1 - drand48()) * gap) + 1;
  }
  if (to_send) arm();
}

static int by_seq(const void *a, const void *b) {
  unsigned x = ((const struct vote *)a)->seq, y = ((const struct vote *)b)->seq;
  return (x > y) - (x < y);
}

/* For each connection go along its arrivals, in order of time, and along the votes, in order of the log. */
static void delays(void) {
  size_t *ends = calloc(count + 1, sizeof *ends), pairs = 0, never = 0;
  struct arrival *sorted = malloc((arrivals_have + 1) * sizeof *sorted);
  if (!ends || !sorted) die("malloc");
  watching = 0;
  qsort(votes, votes_have, sizeof *votes, by_seq);
  for (size_t i = 0; i < arrivals_have; i++) ends[arrivals[i].place + 1]++;
  for (int i = 0; i < count; i++) ends[i + 1] += ends[i];
  for (size_t i = 0; i < arrivals_have; i++) sorted[ends[arrivals[i].place]++] = arrivals[i];
  size_t at = 0;
  for (int i = 0; i < count; i++) {
    for (size_t j = 0; j < votes_have; j++) {
      while (at < ends[i] && sorted[at].seq < votes[j].seq) at++;
      if (votes[j].voter == (unsigned)i) continue;
      if (at == ends[i]) {
        never++;
        continue;
      }
      pairs++;
      note(&scratch, sorted[at].at > votes[j].sent ? sorted[at].at - votes[j].sent : 0);
    }
    at = ends[i];
  }
  printf("{\"votes\":%zu,\"left\":%u,\"pairs\":%zu,\"never\":%zu,\"patches\":%.1f,", votes_have, to_send, pairs, never,
         (double)arrivals_have / count);
  quantiles("", &scratch);
  printf("}\n");
  fflush(stdout);
  free(ends);
  free(sorted);
}

static void obey(char *line) {
  unsigned many;
  double rate;
  if (!strncmp(line, "mark", 4)) report();
  if (!strncmp(line, "hold", 4)) pipeline = 0;
  if (!strncmp(line, "delays", 6)) delays();
  if (sscanf(line, "votes %u %lf", &many, &rate) == 2) begin_votes(many, rate);
  if (sscanf(line, "send %u", &pipeline) == 1)
    for (int i = 0; i < count; i++)
      while (people[i].state == OPEN && people[i].unanswered < pipeline) send_template(&people[i]);
}

static void readable(struct connection *one, unsigned what) {
  if (one->state == CONNECTING) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(one->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) shut(one, strerror(error));
    else if (what & EPOLLOUT) ask(one);
    return;
  }
  ssize_t got = recv(one->fd, buffer, sizeof buffer - 1, 0);
  if (got > 0) {
    buffer[got] = 0;
    if (one->state == OPEN) take(one, buffer, got);
    else shake(one, buffer, got);
  } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
    shut(one, got ? strerror(errno) : "closed before the welcome");
  }
}

int main(int argc, char **argv) {
  if (argc < 3) die("usage: load PORT AT_ONCE [FIRST] [TEMPLATE]");
  port = atoi(argv[1]);
  at_once = atoi(argv[2]);
  first_text = argc > 3 ? argv[3] : "";
  template_text = argc > 4 ? argv[4] : "";
  char line[2048];
  poll_fd = epoll_create1(0);
  timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  while (fgets(line, sizeof line, stdin) && line[0] != '\n') {
    line[strcspn(line, "\n")] = 0;
    if (count == MOST) die("too many connections");
    if (!strchr(line, '\t')) die("a line without a tab");
    people[count].line = strdup(line);
    *strchr(people[count++].line, '\t') = 0;
  }
  setvbuf(stdin, NULL, _IONBF, 0);
  struct epoll_event events[512];
  struct epoll_event order = {.events = EPOLLIN, .data.ptr = &poll_fd}, tick = {.events = EPOLLIN, .data.ptr = &timer_fd};
  if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, 0, &order) || epoll_ctl(poll_fd, EPOLL_CTL_ADD, timer_fd, &tick)) die("epoll_ctl");
  uint64_t began = microseconds();
  int ready = 0;
  for (;;) {
    if (!ready) open_more();
    if (!ready && opened + refused >= count) {
      ready = 1;
      printf("{\"ready\":%d,\"refused\":%d,\"seconds\":%.3f,", opened, refused, (microseconds() - began) / 1e6);
      quantiles("", &latency);
      printf("}\n");
      fflush(stdout);
    }
    int many = epoll_wait(poll_fd, events, 512, -1);
    for (int i = 0; i < many; i++) {
      void *who = events[i].data.ptr;
      if (who == &timer_fd) {
        vote_now();
      } else if (who == &poll_fd) {
        if (!fgets(line, sizeof line, stdin) || !strncmp(line, "quit", 4)) return 0;
        obey(line);
      } else {
        readable(who, events[i].events);
      }
    }
  }
}
