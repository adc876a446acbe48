/*
 * The first code that runs in an executable for Linux on x86-64: it asks a daemon to run the command, stands for it while it
 * runs, and ends as it ended. The runtime's own start takes 4 ms, all of this less than one. Wherever it is not sure, it
 * leaves everything as it was and returns, and the runtime starts.
 *
 * It runs before any library is set up: it calls the system alone, and has neither memory of its own nor anything that can be
 * written to but its stack. What it says is read by plugins/daemon/request.ts and presets/serve-call.ts; `words.h` is made from
 * the sources in TypeScript when the executable is built, see attach.ts.
 */
#include "place.h"
#include "program.h"
#include "socket.h"
#include "words.h"

/* More than this is left to the runtime: words and variables that long are rare. */
enum { LONGEST_MESSAGE = 256 * 1024 };

static const byte STOPPING[] = {SIGNALS_STOPPING, 0};

/* What is asked, as plugins/daemon/request.ts reads it. */
static void write_request(struct writing *to, word count, char **words, char **variables) {
  char *first = to->next, folder[LONGEST_PATH];
  struct {
    word seconds, nanoseconds;
  } now;
  CALL(SYS_CLOCK_GETTIME, CLOCK_REALTIME, &now);
  write_bytes(to, "....", 4);
  write_decimal(to, CALL(SYS_GETPID));
  write_nul(to);
  write_decimal(to, now.seconds * 1000 + now.nanoseconds / 1000000);
  write_nul(to);
  if (CALL(SYS_GETCWD, folder, sizeof folder) <= 0 || *folder != '/' || !is_utf8(folder)) to->next = 0;
  write_text(to, folder);
  write_nul(to);
  write_decimal(to, count);
  for (int part = 0; part < 2; part++)
    for (char **next = part == 0 ? words : variables; *next != 0; next++) {
      if (!is_utf8(*next)) to->next = 0;
      write_nul(to);
      write_text(to, *next);
    }
  if (to->next != 0) write_length(first, *to);
}

/* Becomes a program that is told of, or stands for it. Returns where the runtime has to see to it. */
static void start_program(word daemon, char *room, char *end, char **variables) {
  unsigned length;
  struct program program;
  if (!receive(daemon, &length, 4) || length >= end - room || !receive(daemon, room, length)) return;
  room[length] = 0;
  if (!read_program(&program, room, room + length + 1)) return;
  int is_missing = *program.socket != 0 && run_by_server(&program, daemon, room + length, end) < 0;
  if (!is_missing) become(&program, variables);
}

/* Stands for an accepted command, and ends as it ends; returns where the daemon has left it to this process. */
static void attend(word socket, char *room, char *room_end, char **variables) {
  signals before;
  word heard = hear(not_ignored(STOPPING), &before);
  byte said = 0;
  send_byte(socket, WORD_GO);
  for (word ready = 0; ready <= 0 || !(ready & FIRST);) {
    ready = wait_for(socket, heard, -1);
    byte signal = ready > 0 && (ready & SECOND) ? next_signal(heard) : 0;
    if (signal != 0) send_byte(socket, signal);
  }
  said = next_byte(socket);
  if (said == WORD_ENDED) end(next_byte(socket));
  if (heard >= 0) CALL(SYS_CLOSE, heard);
  CALL(SYS_RT_SIGPROCMASK, SIG_SETMASK, &before, 0, SIGNAL_BYTES);
  if (said == WORD_BECOME) start_program(socket, room, room_end, variables);
  if (said == WORD_BECOME || said == WORD_LEFT) return;
  CALL(SYS_WRITE, 2, KILLED, sizeof KILLED - 1);
  end(UNFINISHED);
}

/* The first word of the command, as plugin-api/launch/command-word.ts finds it. */
static const char *command_in(char **words) {
  for (; *words != 0; words++) {
    const char *at = *words;
    if (*at != '-' || at[1] == 0) return at;
    if (compare(at, "--") == 0 || (is_listed(at, TAKING) && *++words == 0)) break;
  }
  return "";
}

/* Called with the words and variables as the system has laid them out: a count, words, 0, variables, 0. */
__attribute__((used)) static void ask(word *start) {
  word count = start[0];
  char **words = (char **)(start + 1);
  char **variables = words + count + 1;
  if (count < 2 || !is_listed(command_in(words + 1), COMMANDS) || !is_allowed(words + 1, variables)) return;
  char room[LONGEST_MESSAGE], path[LONGEST_PATH];
  struct writing place = {path, path + sizeof path}, request = {room, room + sizeof room};
  write_socket(&place, request, variables);
  word socket = place.next == 0 ? NONE : connect_to(path);
  if (socket < 0) return;
  static const int streams[] = {0, 1, 2};
  write_request(&request, count - 1, words + 1, variables);
  if (request.next != 0 && send_with(socket, room, request.next - room, streams, 3) &&
      wait_for(socket, NONE, ANSWER_MS) > 0 && next_byte(socket) == WORD_ACCEPTED)
    attend(socket, room, room + sizeof room, variables);
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
