/* Asking at a socket: requests are fields with a NUL between them, behind their length in 4 bytes, and descriptors. */
#pragma once
#include "text.h"

/* The system takes no more with one message (SCM_MAX_FD). */
enum { MOST_DESCRIPTORS = 253 };

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
    write_decimal(&place, folder);
    path = slash;
  }
  write_bytes(&place, path, length_of(path) + 1);
  word socket = place.next == 0 ? NONE : CALL(SYS_SOCKET, AF_UNIX, SOCK_STREAM | O_CLOEXEC, 0);
  /* Where a stream is closed, its number would be the socket's, and that would be handed over in its place. */
  int is_connected = socket > 2 && CALL(SYS_CONNECT, socket, &address, 2 + (place.next - address.path)) == 0;
  if (folder >= 0) CALL(SYS_CLOSE, folder);
  if (is_connected) return socket;
  if (socket >= 0) CALL(SYS_CLOSE, socket);
  return NONE;
}

/* Sends bytes, and descriptors with the first of them. Whether all were sent. */
static int send_with(word socket, const char *bytes, word length, const int *descriptors, word count) {
  struct {
    word length;
    int level, type, descriptors[MOST_DESCRIPTORS + 1];
  } control = {16 + count * 4, SOL_SOCKET, SCM_RIGHTS, {0}};
  memcpy(control.descriptors, descriptors, (unsigned long)count * 4);
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
    word control_length, flags;
  } message = {0, 0, &part, 1, &control, (control.length + 7) / 8 * 8, 0};
  word sent = CALL(SYS_SENDMSG, socket, &message, MSG_NOSIGNAL);
  while (sent > 0 && sent < length) {
    word more = CALL(SYS_SENDTO, socket, bytes + sent, length - sent, MSG_NOSIGNAL);
    sent = more <= 0 ? NONE : sent + more;
  }
  return sent == length;
}

static void send_byte(word socket, byte value) { CALL(SYS_SENDTO, socket, &value, 1, MSG_NOSIGNAL, 0, 0); }

/* Whether as many bytes have come as are wanted. */
static int receive(word socket, void *bytes, word wanted) {
  for (word got = 0, more; got < wanted; got += more) {
    more = CALL(SYS_RECVFROM, socket, (char *)bytes + got, wanted - got, 0, 0, 0);
    if (more <= 0) return 0;
  }
  return 1;
}

/* The next byte; 0 at the end, which nobody sends. */
static byte next_byte(word socket) {
  byte heard = 0;
  return receive(socket, &heard, 1) ? heard : 0;
}
