/*
 * The first code that runs in an executable for Linux on x86-64: it asks a daemon to run the command, stands for it while it
 * runs, and ends as it ended. The runtime's own start takes 4 ms, all of this less than one. Wherever it is not sure, it
 * leaves everything as it was and returns, and the runtime starts.
 *
 * It runs before any library is set up: it calls the system alone, and has neither memory of its own nor anything that can be
 * written to but its stack. What it says is read by plugins/daemon/request.ts and presets/serve-call.ts; `words.h` is made from
 * the sources in TypeScript when the executable is built, see attach.ts.
 */
#include "words.h"

typedef long word;
typedef unsigned char byte;

enum {
  SYS_READ = 0,
  SYS_WRITE = 1,
  SYS_CLOSE = 3,
  SYS_RT_SIGACTION = 13,
  SYS_RT_SIGPROCMASK = 14,
  SYS_GETPID = 39,
  SYS_SOCKET = 41,
  SYS_CONNECT = 42,
  SYS_SENDTO = 44,
  SYS_RECVFROM = 45,
  SYS_SENDMSG = 46,
  SYS_GETCWD = 79,
  SYS_READLINK = 89,
  SYS_GETSID = 124,
  SYS_CLOCK_GETTIME = 228,
  SYS_EXIT_GROUP = 231,
  SYS_OPENAT = 257,
  SYS_PPOLL = 271,
  SYS_SIGNALFD4 = 289,
  SYS_STATX = 332,
};
enum { AT_HERE = -100, STATX_MTIME_AND_SIZE = 0x240, CLOCK_REALTIME = 0 };
enum { O_NOCTTY = 0400, O_DIRECTORY = 0200000, O_CLOEXEC = 02000000, O_PATH = 010000000 };
enum { AF_UNIX = 1, SOCK_STREAM = 1, SOL_SOCKET = 1, SCM_RIGHTS = 1, MSG_NOSIGNAL = 0x4000, POLLIN = 1 };
enum { SIG_BLOCK = 0, SIG_SETMASK = 2, SIGNAL_BYTES = 8, SIGHUP = 1, SIGINT = 2, SIGTERM = 15 };
static const word SIG_IGN = 1;

enum {
  LONGEST_PATH = 4096,
  /** sizeof(sun_path) - 1. */
  LONGEST_SOCKET_PATH = 107,
  /** More than this is left to the runtime: words and variables that long are rare. */
  LONGEST_REQUEST = 256 * 1024,
  MOST_VARIABLES_AT_START = 256,
  NONE = -1,
};

static word call(word number, word a, word b, word c, word d, word e, word f) {
  register word r10 __asm__("r10") = d;
  register word r8 __asm__("r8") = e;
  register word r9 __asm__("r9") = f;
  word result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#define CALL6(n, a, b, c, d, e, f, ...) call(n, (word)(a), (word)(b), (word)(c), (word)(d), (word)(e), (word)(f))
#define CALL(...) CALL6(__VA_ARGS__, 0, 0, 0, 0, 0, 0)

/* What the compiler calls on its own. */
void *memset(void *to, int value, unsigned long length) {
  for (byte *at = to; length > 0; length--) *at++ = (byte)value;
  return to;
}
void *memcpy(void *to, const void *from, unsigned long length) {
  byte *at = to;
  for (const byte *next = from; length > 0; length--) *at++ = *next++;
  return to;
}

static word length_of(const char *text) {
  word length = 0;
  while (text[length] != 0) length++;
  return length;
}

/* Less than, equal to, or greater than 0, as the first text stands to the second by its bytes. */
static int compare(const char *a, const char *b) {
  while (*a != 0 && *a == *b) a++, b++;
  return (byte)*a - (byte)*b;
}

/* Whether a text is among those of a list, each of which ends with a NUL, and the list with one more. */
static int is_listed(const char *text, const char *list) {
  for (; *list != 0; list += length_of(list) + 1)
    if (compare(text, list) == 0) return 1;
  return 0;
}

/* Bytes that are written one after the other; `next` is 0 once they had no room. */
struct writing {
  char *next, *end;
};

static void write_bytes(struct writing *to, const char *bytes, word length) {
  if (to->next == 0 || to->end - to->next < length) {
    to->next = 0;
    return;
  }
  memcpy(to->next, bytes, (unsigned long)length);
  to->next += length;
}

static void write_text(struct writing *to, const char *text) { write_bytes(to, text, length_of(text)); }

static void write_number(struct writing *to, unsigned long number, unsigned base, int digits) {
  char text[24];
  char *first = text + sizeof text;
  for (; number != 0 || digits > 0; number /= base, digits--) *--first = "0123456789abcdef"[number % base];
  write_bytes(to, first, text + sizeof text - first);
}

static void write_decimal(struct writing *to, unsigned long number) { write_number(to, number, 10, 1); }

/* Value of a variable; 0 where it is not set. */
static const char *value_of(const char *name, char **variables) {
  word length = length_of(name);
  for (; *variables != 0; variables++) {
    word at = 0;
    while (at < length && (*variables)[at] == name[at]) at++;
    if (at == length && (*variables)[at] == '=') return *variables + length + 1;
  }
  return 0;
}

/* As `isOff` in plugin-api/launch/background.ts. */
static int is_off(const char *value) {
  char small[8];
  word length = length_of(value);
  if (length >= (word)sizeof small) return 0;
  for (word at = 0; at <= length; at++)
    small[at] = value[at] >= 'A' && value[at] <= 'Z' ? (char)(value[at] + 32) : value[at];
  return length == 0 || is_listed(small, OFF);
}

/* As `isAllowed` in plugin-api/launch/daemon/place.ts. */
static int is_allowed(char **words, char **variables) {
  for (; *words != 0; words++)
    if (compare(*words, "--no-daemon") == 0) return 0;
  const char *wanted = value_of("PYBUN_DAEMON", variables);
  const char *ci = value_of("CI", variables);
  const char *invocation = value_of("INVOCATION_ID", variables);
  const char *service = value_of("SYSTEMD_EXEC_PID", variables);
  return !(wanted != 0 && is_off(wanted)) && !(ci != 0 && !is_off(ci)) &&
         !(invocation != 0 && *invocation != 0 && service != 0 && *service != 0);
}

/* Whether the name of a variable, up to its `=`, is one of AT_START; those that end in `*` stand for all that begin so. */
static int is_read_at_start(const char *variable) {
  for (const char *name = AT_START; *name != 0; name += length_of(name) + 1) {
    word at = 0;
    while (name[at] != 0 && name[at] == variable[at] && variable[at] != '=') at++;
    if (name[at] == '*' || (name[at] == 0 && variable[at] == '=')) return 1;
  }
  return 0;
}

/* Lines about what a daemon was started as: the same for all that it may run commands for. */
static void write_identity(struct writing *to, char **variables) {
  char path[LONGEST_PATH];
  word length = CALL(SYS_READLINK, "/proc/self/exe", path, sizeof path - 1);
  byte status[256];
  if (length <= 0) {
    to->next = 0;
    return;
  }
  path[length] = 0;
  if (CALL(SYS_STATX, AT_HERE, path, 0, STATX_MTIME_AND_SIZE, status) != 0) {
    to->next = 0;
    return;
  }
  unsigned long size, seconds;
  unsigned nanoseconds;
  memcpy(&size, status + 40, 8);
  memcpy(&seconds, status + 112, 8);
  memcpy(&nanoseconds, status + 120, 4);
  write_text(to, PROTOCOL "\n");
  write_text(to, path);
  write_text(to, " ");
  write_decimal(to, seconds * 1000 + nanoseconds / 1000000);
  write_text(to, " ");
  write_decimal(to, size);

  const char *lines[MOST_VARIABLES_AT_START];
  word count = 0;
  for (; *variables != 0; variables++) {
    if (!is_read_at_start(*variables)) continue;
    if (count == MOST_VARIABLES_AT_START) to->next = 0;
    if (to->next == 0) return;
    word at = count++;
    for (; at > 0 && compare(lines[at - 1], *variables) > 0; at--) lines[at] = lines[at - 1];
    lines[at] = *variables;
  }
  for (word at = 0; at < count; at++) {
    write_text(to, "\n");
    write_text(to, lines[at]);
  }
}

/* As `nameOf` in plugin-api/launch/background.ts: FNV-1a of 32 bits, from two beginnings. */
static void write_name(struct writing *to, const char *text, const char *end) {
  unsigned low = 0x811c9dc5, high = 0x050c5d1f;
  for (; text < end; text++) {
    low = (low ^ (byte)*text) * 0x01000193;
    high = (high ^ (byte)*text) * 0x01000193;
  }
  write_number(to, high, 16, 8);
  write_number(to, low, 16, 8);
}

/* Folder of the daemon's socket, as `keptUnder` in plugin-api/launch/state.ts, and the name of the socket in it, at the end. */
static void write_socket(struct writing *to, struct writing *room, char **variables) {
  char *identity = room->next;
  write_identity(room, variables);
  const char *home = value_of("PYBUN_HOME", variables), *cache = value_of("XDG_CACHE_HOME", variables);
  const char *user = value_of("HOME", variables);
  if (home == 0 && cache == 0 && (user == 0 || *user == 0)) to->next = 0;
  const char *root = home != 0 ? home : cache != 0 ? cache : user;
  if (room->next == 0 || root == 0 || *root == 0) {
    to->next = 0;
    return;
  }
  write_text(to, root);
  if (home == 0) write_text(to, cache != 0 ? "/pybun" : "/.cache/pybun");
  write_text(to, "/daemon/");
  write_name(to, identity, room->next);
  word terminal = CALL(SYS_OPENAT, AT_HERE, "/dev/tty", O_NOCTTY | O_CLOEXEC);
  if (terminal < 0) {
    write_bytes(to, "/detached", 10);
    return;
  }
  CALL(SYS_CLOSE, terminal);
  write_text(to, "/");
  write_decimal(to, (unsigned long)CALL(SYS_GETSID, 0));
  write_bytes(to, "", 1);
}

/* A connected socket, negative where nobody listens. `path` is changed for a time where it is too long for the system. */
static word connect_to(char *path) {
  struct {
    unsigned short family;
    char path[LONGEST_SOCKET_PATH + 1];
  } address = {.family = AF_UNIX};
  struct writing place = {address.path, address.path + sizeof address.path};
  word folder = NONE;
  if (length_of(path) > LONGEST_SOCKET_PATH) {
    char *slash = path;
    for (char *at = path; *at != 0; at++)
      if (*at == '/') slash = at;
    *slash = 0;
    folder = CALL(SYS_OPENAT, AT_HERE, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    *slash = '/';
    if (folder < 0) return folder;
    write_text(&place, "/proc/self/fd/");
    write_decimal(&place, (unsigned long)folder);
    path = slash;
  }
  write_bytes(&place, path, length_of(path) + 1);
  word socket = place.next == 0 ? -1 : CALL(SYS_SOCKET, AF_UNIX, SOCK_STREAM | O_CLOEXEC, 0);
  /* Where a stream is closed, its number would be the socket's, and the daemon would be handed that in its place. */
  word failed = socket <= 2 || CALL(SYS_CONNECT, socket, &address, 2 + (place.next - address.path)) != 0;
  if (folder >= 0) CALL(SYS_CLOSE, folder);
  if (!failed) return socket;
  if (socket >= 0) CALL(SYS_CLOSE, socket);
  return -1;
}

/* What is sent, as plugins/daemon/request.ts reads it: fields with a NUL between them, behind their length in 4 bytes. */
static void write_request(struct writing *to, word count, char **words, char **variables) {
  char *first = to->next;
  struct {
    unsigned long seconds, nanoseconds;
  } now;
  CALL(SYS_CLOCK_GETTIME, CLOCK_REALTIME, &now);
  write_bytes(to, "....", 4);
  write_decimal(to, (unsigned long)CALL(SYS_GETPID));
  write_bytes(to, "", 1);
  write_decimal(to, now.seconds * 1000 + now.nanoseconds / 1000000);
  write_bytes(to, "", 1);
  char folder[LONGEST_PATH];
  if (CALL(SYS_GETCWD, folder, sizeof folder) <= 0 || *folder != '/') to->next = 0;
  write_text(to, folder);
  write_bytes(to, "", 1);
  write_decimal(to, (unsigned long)count);
  for (int part = 0; part < 2; part++)
    for (char **next = part == 0 ? words : variables; *next != 0; next++) {
      write_bytes(to, "", 1);
      write_text(to, *next);
    }
  if (to->next == 0) return;
  unsigned length = (unsigned)(to->next - first - 4);
  memcpy(first, &length, 4);
}

/* Sends bytes, and the three streams with the first of them. Whether all were sent. */
static int send_request(word socket, const char *bytes, word length) {
  struct {
    unsigned long length;
    int level, type, streams[4];
  } control = {28, SOL_SOCKET, SCM_RIGHTS, {0, 1, 2, 0}};
  struct {
    const char *bytes;
    word length;
  } part = {bytes, length};
  struct {
    void *name;
    word name_length;
    void *parts;
    word count;
    void *control;
    word control_length;
    word flags;
  } message = {0, 0, &part, 1, &control, sizeof control, 0};
  word sent = CALL(SYS_SENDMSG, socket, &message, MSG_NOSIGNAL);
  while (sent > 0 && sent < length) {
    word more = CALL(SYS_SENDTO, socket, bytes + sent, length - sent, MSG_NOSIGNAL);
    sent = more <= 0 ? -1 : sent + more;
  }
  return sent == length;
}

/* Number of descriptors that have something to read, of at most two; 0 when the time is over, which -1 never is. */
static word wait_for(word first, word second, word milliseconds) {
  struct {
    int descriptor;
    short wanted, found;
  } watched[2] = {{(int)first, POLLIN, 0}, {(int)second, POLLIN, 0}};
  word time[2] = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  word count = CALL(SYS_PPOLL, watched, second < 0 ? 1 : 2, milliseconds < 0 ? 0 : time, 0);
  return count <= 0 ? count : (watched[0].found != 0 ? 1 : 0) + (watched[1].found != 0 ? 2 : 0);
}

/* The next byte; 0 at the end, which no word of the daemon is. */
static byte next_byte(word socket) {
  byte heard = 0;
  return CALL(SYS_RECVFROM, socket, &heard, 1, 0, 0, 0) == 1 ? heard : 0;
}

static __attribute__((noreturn)) void end(word code) {
  for (;;) CALL(SYS_EXIT_GROUP, code);
}

/* Of the signals that ask a command to stop, those that this process takes notice of. */
static unsigned long heard_signals(unsigned long blocked) {
  static const byte all[] = {SIGHUP, SIGINT, SIGTERM};
  unsigned long heard = 0;
  for (unsigned at = 0; at < sizeof all; at++) {
    word action[4];
    unsigned long bit = 1UL << (all[at] - 1);
    if (CALL(SYS_RT_SIGACTION, all[at], 0, action, SIGNAL_BYTES) == 0 && action[0] != SIG_IGN) heard |= bit;
  }
  return heard & ~blocked;
}

/* Stands for an accepted command, and ends as it ends; returns where the daemon has left it to this process. */
static void attend(word socket) {
  unsigned long before = 0;
  CALL(SYS_RT_SIGPROCMASK, SIG_BLOCK, 0, &before, SIGNAL_BYTES);
  unsigned long heard = heard_signals(before);
  CALL(SYS_RT_SIGPROCMASK, SIG_BLOCK, &heard, 0, SIGNAL_BYTES);
  word signals = CALL(SYS_SIGNALFD4, NONE, &heard, SIGNAL_BYTES, O_CLOEXEC);
  byte go = WORD_GO;
  CALL(SYS_SENDTO, socket, &go, 1, MSG_NOSIGNAL, 0, 0);
  byte said = 0;
  for (;;) {
    word ready = wait_for(socket, signals, -1);
    if (ready < 0) continue; // stopped, and told to go on
    if (ready & 2) {
      byte signal[128];
      if (CALL(SYS_READ, signals, signal, sizeof signal) == sizeof signal)
        CALL(SYS_SENDTO, socket, signal, 1, MSG_NOSIGNAL, 0, 0);
    }
    if (ready & 1) {
      said = next_byte(socket);
      break;
    }
  }
  if (said == WORD_ENDED) end(next_byte(socket));
  CALL(SYS_CLOSE, signals);
  CALL(SYS_RT_SIGPROCMASK, SIG_SETMASK, &before, 0, SIGNAL_BYTES);
  if (said == WORD_LEFT) return;
  CALL(SYS_WRITE, 2, KILLED, sizeof KILLED - 1);
  end(UNFINISHED);
}

/* Called with the words and variables as the system has laid them out: a count, words, 0, variables, 0. */
__attribute__((used)) static void ask(word *start) {
  word count = start[0];
  char **words = (char **)(start + 1);
  char **variables = words + count + 1;
  if (count < 2 || !is_listed(words[1], COMMANDS) || !is_allowed(words + 1, variables)) return;
  char room[LONGEST_REQUEST], path[LONGEST_PATH];
  struct writing place = {path, path + sizeof path}, request = {room, room + sizeof room};
  write_socket(&place, &request, variables);
  word socket = place.next == 0 ? -1 : connect_to(path);
  if (socket < 0) return;
  request.next = room;
  write_request(&request, count - 1, words + 1, variables);
  if (request.next != 0 && send_request(socket, room, request.next - room) && wait_for(socket, -1, ANSWER_MS) > 0 &&
      next_byte(socket) == WORD_ACCEPTED)
    attend(socket);
  CALL(SYS_CLOSE, socket);
}

/* Where the executable begins. The system's loader has left in %rdx what the runtime's start wants to find there. */
__asm__(".section .text.first, \"ax\"\n"
        ".globl client\n"
        "client:\n"
        "  push %rdx\n"
        "  sub $8, %rsp\n"
        "  lea 16(%rsp), %rdi\n"
        "  call ask\n"
        "  add $8, %rsp\n"
        "  pop %rdx\n"
        "  jmp runtime\n");
