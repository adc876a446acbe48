/* Programs that a daemon has found: this process becomes one, or a fork server runs it and this process stands for it. */
#pragma once
#include "place.h"
#include "socket.h"

/* Signals of the terminal reach the program itself. */
static const byte HANDED_ON[] = {SIGNALS_HANDED_ON, SIGCONT, 0};
enum {
  MOST_WORDS = 4096,
  MOST_VARIABLES = 4096,
  /* A kind, and a number of 4 bytes. */
  MESSAGE_BYTES = 5,
};

/* What a daemon has told of a program; all of it stands in the room it was read to. */
struct program {
  char *folder, *words[MOST_WORDS + 1];
  /* `NAME=VALUE` of variables that are not as they were, `NAME` of those that are gone. */
  char *changes[MOST_VARIABLES + 1];
  /* Of a fork server; empty for none. */
  char *socket;
  /* A request to that, which lacks the descriptors and its length. */
  char *request;
};

static char *next_field(char **at, const char *end) {
  char *field = *at;
  *at += length_of(field) + 1;
  return *at <= end ? field : 0;
}

/* A count, and so many fields; 0 where they are too many, or not all there. */
static int read_list(char **list, word most, char **at, const char *end) {
  char *count = next_field(at, end);
  word length = count == 0 ? NONE : number_in(count);
  if (length < 0 || length > most) return 0;
  for (word index = 0; index < length; index++)
    if ((list[index] = next_field(at, end)) == 0) return 0;
  list[length] = 0;
  return 1;
}

/* As `programText` in presets/serve-call.ts writes it; behind the end stands a NUL. */
static int read_program(struct program *program, char *at, const char *end) {
  program->folder = next_field(&at, end);
  if (program->folder == 0 || !read_list(program->words, MOST_WORDS, &at, end) ||
      !read_list(program->changes, MOST_VARIABLES, &at, end))
    return 0;
  program->socket = next_field(&at, end);
  program->request = at;
  return program->socket != 0 && program->words[0] != 0;
}

/* Whether a change is of this variable, up to its `=`. */
static int is_change_of(const char *change, const char *variable) {
  word at = 0;
  while (change[at] != 0 && change[at] != '=' && change[at] == variable[at]) at++;
  return (change[at] == 0 || change[at] == '=') && variable[at] == '=';
}

/* Becomes the program; returns where the system refuses. Variables that have not changed keep their bytes and their order. */
static void become(struct program *program, char **variables) {
  char here[LONGEST_PATH], *all[2 * MOST_VARIABLES + 1], **next = all;
  byte is_used[MOST_VARIABLES] = {0};
  for (; *variables != 0; variables++) {
    char *now = *variables;
    for (word at = 0; program->changes[at] != 0; at++)
      if (is_change_of(program->changes[at], *variables)) is_used[at] = 1, now = program->changes[at];
    if (next == all + MOST_VARIABLES) return;
    word at = 0;
    while (now[at] != 0 && now[at] != '=') at++;
    if (now == *variables || now[at] == '=') *next++ = now;
  }
  for (word at = 0; program->changes[at] != 0; at++) {
    const char *change = program->changes[at];
    while (*change != 0 && *change != '=') change++;
    if (!is_used[at] && *change == '=') *next++ = program->changes[at];
  }
  *next = 0;
  if (CALL(SYS_GETCWD, here, sizeof here) <= 0) return;
  if (compare(here, program->folder) != 0 && CALL(SYS_CHDIR, program->folder) != 0) return;
  CALL(SYS_EXECVE, program->words[0], program->words, all);
  CALL(SYS_CHDIR, here);
}

/* Open descriptors: the streams, and what else the caller has handed over; negative where they are too many. */
static word descriptors_but(word first, word second, int *descriptors) {
  word folder = CALL(SYS_OPENAT, AT_HERE, "/proc/self/fd", O_DIRECTORY | O_CLOEXEC), count = 3, length = NONE;
  for (int stream = 0; stream < 3; stream++) descriptors[stream] = stream;
  char entries[4096];
  while (folder >= 0 && (length = CALL(SYS_GETDENTS64, folder, entries, sizeof entries)) > 0)
    for (char *entry = entries; entry < entries + length; entry += *(unsigned short *)(entry + 16)) {
      word number = entry[19] == '.' ? 0 : number_in(entry + 19);
      if (number <= 2 || number == first || number == second || number == folder) continue;
      if (count == MOST_DESCRIPTORS) length = NONE;
      else descriptors[count++] = (int)number;
      if (length < 0) break;
    }
  if (folder >= 0) CALL(SYS_CLOSE, folder);
  return length < 0 ? NONE : count;
}

/* Ends this process by a signal, without a core file of its own. */
static void die(word signal) {
  word none[2] = {0, 0}, action[4] = {0, 0, 0, 0};
  signals all = bit_of(signal);
  CALL(SYS_SETRLIMIT, RLIMIT_CORE, none);
  CALL(SYS_RT_SIGACTION, signal, action, 0, SIGNAL_BYTES);
  CALL(SYS_KILL, CALL(SYS_GETPID), signal);
  CALL(SYS_RT_SIGPROCMASK, SIG_UNBLOCK, &all, 0, SIGNAL_BYTES);
}

/* Stops this process as a signal of the terminal would; returns when it goes on. */
static void stop(word signal) {
  word action[4] = {0, 0, 0, 0}, before[4] = {0, 0, 0, 0};
  signals only = bit_of(signal), mask = 0;
  CALL(SYS_RT_SIGACTION, signal, action, before, SIGNAL_BYTES);
  CALL(SYS_KILL, CALL(SYS_GETPID), signal);
  CALL(SYS_RT_SIGPROCMASK, SIG_UNBLOCK, &only, &mask, SIGNAL_BYTES);
  CALL(SYS_RT_SIGPROCMASK, SIG_SETMASK, &mask, 0, SIGNAL_BYTES);
  CALL(SYS_RT_SIGACTION, signal, before, 0, SIGNAL_BYTES);
}

static void end_as(word status) {
  word signal = status & 0x7f;
  if (signal != 0) die(signal);
  end(signal == 0 ? (status >> 8) & 0xff : 128 + signal);
}

/* Says by the program's own standard error what became of it, as this process has let go of its own. */
static void tell_of_server(word pid) {
  char path[64];
  struct writing to = {path, path + sizeof path};
  write_text(&to, "/proc/");
  write_decimal(&to, pid);
  write_text(&to, "/fd/2");
  write_nul(&to);
  word stream = CALL(SYS_OPENAT, AT_HERE, path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
  CALL(SYS_WRITE, stream, SERVER_KILLED, sizeof SERVER_KILLED - 1);
}

/* Stands for a program that runs elsewhere: stops as it stops, goes on as it goes on, ends as it ends. */
static __attribute__((noreturn)) void stand_for(word pid, word socket, word heard) {
  byte message[MESSAGE_BYTES];
  int is_continued = 0, is_expected = 0;
  for (;;) {
    word ready = wait_for(socket, heard, is_continued ? TOLD_MS : -1);
    byte signal = ready > 0 && (ready & SECOND) ? next_signal(heard) : 0;
    /* Each is looked at by itself: the server's own may be followed by one from elsewhere. */
    if (is_continued && (ready == 0 || signal == SIGCONT)) {
      if (!is_expected) CALL(SYS_KILL, pid, SIGCONT);
      is_continued = is_expected = 0;
    }
    if (signal == SIGCONT) is_continued = 1;
    else if (signal != 0) CALL(SYS_KILL, pid, signal);
    if (ready > 0 && (ready & FIRST)) {
      if (!receive(socket, message, sizeof message)) break;
      int status;
      memcpy(&status, message + 1, sizeof status);
      if (message[0] == 'X') end_as(status);
      if (message[0] == 'C') is_expected = 1;
      /* Where more has come, it has gone on since. */
      if (message[0] == 'S' && wait_for(socket, NONE, 0) == 0) stop(status);
    }
  }
  tell_of_server(pid);
  end(UNFINISHED);
}

/* Has a fork server run the program and ends as it ends. Returns -1 where there is no server, and 0 where it does not run this. */
static int run_by_server(struct program *program, word daemon, const char *end_of_request, const char *end_of_room) {
  word server = connect_to(program->socket);
  if (server < 0) return NONE;
  int descriptors[MOST_DESCRIPTORS];
  word count = descriptors_but(daemon, server, descriptors);
  /* Four bytes before it are the end of what has been read: the length has its place there. */
  struct writing request = {(char *)end_of_request, (char *)end_of_room};
  char *first = program->request - 4;
  write_nul(&request);
  write_decimal(&request, count - 3);
  for (word at = 3; at < count; at++) {
    write_nul(&request);
    write_decimal(&request, descriptors[at]);
  }
  byte answer[9] = {0};
  if (count < 0 || request.next == 0) return 0;
  write_length(first, request);
  if (!send_with(server, first, request.next - first, descriptors, count) || wait_for(server, NONE, ANSWER_MS) <= 0 ||
      next_byte(server) != 'O' || !receive(server, answer + 1, 8)) {
    CALL(SYS_CLOSE, server);
    return 0;
  }
  int pid, group;
  memcpy(&pid, answer + 1, 4);
  memcpy(&group, answer + 5, 4);
  CALL(SYS_CLOSE, daemon);
  /* The program takes this process's place in its job: signals of the terminal and of `kill %1` are for it alone. */
  if (has_terminal()) CALL(SYS_SETPGID, 0, group);
  /* Somebody may send a signal as soon as the program has begun, and that may have a use for one which this process ignores or blocks. */
  signals before, all = 0;
  for (const byte *signal = HANDED_ON; *signal != 0; signal++) all |= bit_of(*signal);
  word heard = hear(all, &before);
  send_byte(server, 'G');
  /* Who reads what the program writes must see that it has closed it. */
  word nowhere = CALL(SYS_OPENAT, AT_HERE, "/dev/null", O_RDWR | O_CLOEXEC);
  for (int stream = 0; stream < 3; stream++) CALL(SYS_DUP2, nowhere, stream);
  stand_for(pid, server, heard);
}
