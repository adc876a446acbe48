/* Texts, and writing them one after the other into a room of a fixed size. */
#pragma once
#include "system.h"

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

/* Whether bytes are UTF-8, as far as decoding and encoding them again gives the same: what is not is left to the runtime. */
static int is_utf8(const char *text) {
  for (const byte *at = (const byte *)text; *at != 0;) {
    byte first = *at++;
    int more = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : -1;
    if (more < 0) return 0;
    /* Too long for what they say, halves of a pair, and what lies beyond the last one. */
    if ((first == 0xe0 && *at < 0xa0) || (first == 0xed && *at > 0x9f) || (first == 0xf0 && *at < 0x90) || (first == 0xf4 && *at > 0x8f))
      return 0;
    for (; more > 0; more--)
      if ((*at++ & 0xc0) != 0x80) return 0;
  }
  return 1;
}

/* The number in decimal digits that a text begins with. */
static word number_in(const char *text) {
  word number = 0;
  for (; *text >= '0' && *text <= '9'; text++) number = number * 10 + *text - '0';
  return number;
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
static void write_nul(struct writing *to) { write_bytes(to, "", 1); }

static void write_number(struct writing *to, unsigned long number, unsigned base, int digits) {
  char text[24];
  char *first = text + sizeof text;
  for (; number != 0 || digits > 0; number /= base, digits--) *--first = "0123456789abcdef"[number % base];
  write_bytes(to, first, text + sizeof text - first);
}

static void write_decimal(struct writing *to, word number) { write_number(to, (unsigned long)number, 10, 1); }

/* Puts the length of what was written behind them into 4 bytes, the lowest first. */
static void write_length(char *bytes, struct writing to) {
  unsigned length = (unsigned)(to.next - bytes - 4);
  memcpy(bytes, &length, 4);
}
