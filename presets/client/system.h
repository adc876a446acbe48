/* The system of Linux on x86-64, called without a library: numbers, and what the compiler calls on its own. */
#pragma once

typedef long word;
typedef unsigned char byte;
typedef unsigned long signals;

enum {
  SYS_READ = 0,
  SYS_WRITE = 1,
  SYS_CLOSE = 3,
  SYS_RT_SIGACTION = 13,
  SYS_RT_SIGPROCMASK = 14,
  SYS_DUP2 = 33,
  SYS_GETPID = 39,
  SYS_SOCKET = 41,
  SYS_CONNECT = 42,
  SYS_SENDTO = 44,
  SYS_RECVFROM = 45,
  SYS_SENDMSG = 46,
  SYS_EXECVE = 59,
  SYS_KILL = 62,
  SYS_GETCWD = 79,
  SYS_CHDIR = 80,
  SYS_READLINK = 89,
  SYS_SETPGID = 109,
  SYS_GETSID = 124,
  SYS_SETRLIMIT = 160,
  SYS_GETDENTS64 = 217,
  SYS_CLOCK_GETTIME = 228,
  SYS_EXIT_GROUP = 231,
  SYS_OPENAT = 257,
  SYS_PPOLL = 271,
  SYS_SIGNALFD4 = 289,
  SYS_STATX = 332,
};
enum { AT_HERE = -100, STATX_MTIME_AND_SIZE = 0x240, CLOCK_REALTIME = 0, RLIMIT_CORE = 4 };
enum { O_RDWR = 2, O_WRONLY = 1, O_NOCTTY = 0400, O_APPEND = 02000, O_DIRECTORY = 0200000, O_CLOEXEC = 02000000, O_PATH = 010000000 };
enum { AF_UNIX = 1, SOCK_STREAM = 1, SOL_SOCKET = 1, SCM_RIGHTS = 1, MSG_NOSIGNAL = 0x4000, POLLIN = 1 };
enum { SIG_BLOCK = 0, SIG_UNBLOCK = 1, SIG_SETMASK = 2, SIGNAL_BYTES = 8, SIGNAL_MESSAGE_BYTES = 128 };
enum { SIGCONT = 18 };
static const word SIG_IGN = 1;

enum {
  LONGEST_PATH = 4096,
  /* sizeof(sun_path) - 1. */
  LONGEST_SOCKET_PATH = 107,
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

void *memset(void *to, int value, unsigned long length) {
  for (byte *at = to; length > 0; length--) *at++ = (byte)value;
  return to;
}
void *memcpy(void *to, const void *from, unsigned long length) {
  byte *at = to;
  for (const byte *next = from; length > 0; length--) *at++ = *next++;
  return to;
}

static __attribute__((noreturn)) void end(word code) {
  for (;;) CALL(SYS_EXIT_GROUP, code);
}

static signals bit_of(word signal) { return 1UL << (signal - 1); }

/* Of a list that ends with 0, the signals that this process neither ignores nor blocks. */
static signals not_ignored(const byte *list) {
  signals blocked, noticed = 0;
  CALL(SYS_RT_SIGPROCMASK, SIG_BLOCK, 0, &blocked, SIGNAL_BYTES);
  for (; *list != 0; list++) {
    word action[4];
    if (CALL(SYS_RT_SIGACTION, *list, 0, action, SIGNAL_BYTES) == 0 && action[0] != SIG_IGN) noticed |= bit_of(*list);
  }
  return noticed & ~blocked;
}

/*
 * A descriptor that these signals are read from: from now on they do nothing else, and those that are ignored come as well. `before` is
 * what was blocked. Negative, and nothing is changed, where the system has none.
 */
static word hear(signals heard, signals *before) {
  CALL(SYS_RT_SIGPROCMASK, SIG_BLOCK, &heard, before, SIGNAL_BYTES);
  word descriptor = CALL(SYS_SIGNALFD4, NONE, &heard, SIGNAL_BYTES, O_CLOEXEC);
  if (descriptor < 0) CALL(SYS_RT_SIGPROCMASK, SIG_SETMASK, before, 0, SIGNAL_BYTES);
  return descriptor;
}

/* The next of them; 0 where there is none. */
static byte next_signal(word descriptor) {
  byte message[SIGNAL_MESSAGE_BYTES];
  return CALL(SYS_READ, descriptor, message, sizeof message) == sizeof message ? message[0] : 0;
}

enum { FIRST = 1, SECOND = 2 };

/*
 * Which of at most two descriptors have something to read; 0 when the time is over, which a negative one never is; negative where a
 * signal has come between.
 */
static word wait_for(word first, word second, word milliseconds) {
  struct {
    int descriptor;
    short wanted, found;
  } watched[2] = {{(int)first, POLLIN, 0}, {(int)second, POLLIN, 0}};
  word time[2] = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  word count = CALL(SYS_PPOLL, watched, second < 0 ? 1 : 2, milliseconds < 0 ? 0 : time, 0);
  return count <= 0 ? count : (watched[0].found != 0 ? FIRST : 0) | (watched[1].found != 0 ? SECOND : 0);
}
