/* Whether a daemon may be asked, and where it listens: as plugin-api/launch/background.ts and daemon/place.ts have it. */
#pragma once
#include "text.h"
#include "words.h"

enum { MOST_VARIABLES_AT_START = 256 };

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

/* Whether a text of a list stands somewhere in a word. */
static int has_any(const char *text, const char *list) {
  for (; *list != 0; list += length_of(list) + 1)
    for (const char *start = text; *start != 0; start++) {
      word at = 0;
      while (list[at] != 0 && list[at] == start[at]) at++;
      if (list[at] == 0) return 1;
    }
  return 0;
}

/* As `isAllowed` in plugin-api/launch/daemon/place.ts. */
static int is_allowed(char **words, char **variables) {
  for (; *words != 0; words++)
    if (compare(*words, "--no-daemon") == 0 || has_any(*words, OWN_PLACES)) return 0;
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
  word size, seconds;
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

/* Whether this process has a terminal that it is controlled by. */
static int has_terminal(void) {
  word terminal = CALL(SYS_OPENAT, AT_HERE, "/dev/tty", O_NOCTTY | O_CLOEXEC);
  if (terminal >= 0) CALL(SYS_CLOSE, terminal);
  return terminal >= 0;
}

/* The daemon's socket: its folder is as `keptUnder` in plugin-api/launch/state.ts has it. `room` is for what its name is made of. */
static void write_socket(struct writing *to, struct writing room, char **variables) {
  char *identity = room.next;
  write_identity(&room, variables);
  const char *home = value_of("PYBUN_HOME", variables), *cache = value_of("XDG_CACHE_HOME", variables);
  const char *root = home != 0 ? home : cache != 0 ? cache : value_of("HOME", variables);
  if (room.next == 0 || root == 0 || *root == 0) {
    to->next = 0;
    return;
  }
  write_text(to, root);
  if (home == 0) write_text(to, cache != 0 ? "/pybun" : "/.cache/pybun");
  write_text(to, "/daemon/");
  write_name(to, identity, room.next);
  write_text(to, "/");
  if (has_terminal()) write_decimal(to, CALL(SYS_GETSID, 0));
  else write_text(to, "detached");
  write_nul(to);
}
