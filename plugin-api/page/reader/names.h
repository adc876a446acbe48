static Text name;
static Text last_version, last_key;

// What names and versions say.

/** Appends a number, given as digits, so that the order of bytes is that of numbers. */
static u8 *number_key(u8 *key, const u8 *from, const u8 *to) {
  while (from < to - 1 && *from == '0') from++;
  u32 length = (u32)(to - from);
  u32 value = 0;
  if (length <= 3)
    for (const u8 *c = from; c < to; c++) value = value * 10 + (*c - '0');
  if (length == 0 || (length <= 3 && value < 128)) *key++ = (u8)(0x10 + value);
  else {
    *key++ = (u8)(0x90 + length);
    copy(key, from, length);
    key += length;
  }
  return key;
}

/** Where the first of some words ends that stands here, behind a separator or not; its place among them in `which`. */
static const u8 *one_of(const u8 *from, const u8 *to, const char *const *words, int *which) {
  for (int behind = from < to && is_separator(*from); behind >= 0; behind--)
    for (*which = 0; words[*which]; ++*which) {
      const u8 *found = word(from + behind, to, words[*which]);
      if (found) return found;
    }
  return 0;
}

static const u8 *number_behind(const u8 *from, const u8 *to, u8 **key) {
  if (from < to && is_separator(*from)) from++;
  const u8 *start = from;
  while (from < to && is_digit(*from)) from++;
  *key = number_key(*key, start, from);
  return from;
}

static const char *const PHASES[] = {"alpha", "a", "beta", "b", "preview", "pre", "c", "rc", 0};
static const u8 PHASE_BYTES[] = {2, 2, 3, 3, 4, 4, 4, 4};
static const char *const POSTS[] = {"post", "rev", "r", 0};
static const char *const DEVS[] = {"dev", 0};

static const u8 *local_key(const u8 *c, const u8 *to, u8 **key) {
  do {
    const u8 *from = ++c;
    int is_number = 1;
    for (; c < to && (is_letter(*c) || is_digit(*c)); c++) is_number &= is_digit(*c);
    if (c == from) return 0;
    u8 *k = *key;
    *k++ = is_number ? 2 : 1;
    if (is_number) k = number_key(k, from, c);
    else {
      while (from < c) *k++ = lower(*from++);
      *k++ = 0;
    }
    *key = k;
  } while (c < to && is_separator(*c));
  return c;
}

enum { NO_VERSION = 2 };

/** A version's key as version-key.ts has it; 0 for epochs and what may be none, NO_VERSION for what is none for sure. */
static int version_key(Text version, Text *key) {
  if (last_key.length && same(version, last_version)) {
    *key = last_key;
    return 1;
  }
  const u8 *c = version.at, *to = c + version.length;
  if (version.length > 60) return 0;
  u8 *start = take(2 * version.length + 8);
  if (!start) return 0;
  u8 *k = start;
  *k++ = 0x10;
  u8 *behind_zeros = k;
  for (int is_first = 1;; is_first = 0) {
    const u8 *from = c;
    while (c < to && is_digit(*c)) c++;
    if (c == from) return 0;
    k = number_key(k, from, c);
    if (is_first || k[-1] != 0x10) behind_zeros = k;
    if (!(c + 1 < to && *c == '.' && is_digit(c[1]))) break;
    c++;
  }
  k = behind_zeros;
  int which;
  const u8 *behind = c + (c < to && is_separator(*c));
  if (behind < to && is_letter(*behind) && !one_of(c, to, PHASES, &which) && !one_of(c, to, POSTS, &which) && !one_of(c, to, DEVS, &which))
    return NO_VERSION;
  const u8 *found = one_of(c, to, PHASES, &which);
  if (found) {
    *k++ = PHASE_BYTES[which];
    c = number_behind(found, to, &k);
  }
  if (c + 1 < to && *c == '-' && is_digit(c[1])) {
    *k++ = 6;
    c = number_behind(c, to, &k);
  } else if ((found = one_of(c, to, POSTS, &which))) {
    *k++ = 6;
    c = number_behind(found, to, &k);
  }
  if ((found = one_of(c, to, DEVS, &which))) {
    *k++ = 1;
    c = number_behind(found, to, &k);
  } else *k++ = 5;
  if (c < to && *c == '+') c = local_key(c, to, &k);
  if (c != to) return 0;
  last_version = version;
  *key = last_key = (Text){start, (u32)(k - start)};
  return 1;
}

/** Where a file's own name ends if it is that of the package, in whatever spelling; the dash behind it is not part of it. */
static const u8 *end_of_name(Text filename) {
  const u8 *c = filename.at, *to = c + filename.length;
  for (u32 i = 0; i < name.length; i++) {
    if (name.at[i] != '-') {
      if (c >= to || lower(*c) != name.at[i]) return 0;
      c++;
    } else {
      if (c >= to || !is_separator(*c)) return 0;
      while (c < to && is_separator(*c)) c++;
    }
  }
  return c < to && *c == '-' ? c : 0;
}

/** One of a wheel's three lists of tags. */
static const u8 *tag_list(const u8 *c, const u8 *to, int is_python) {
  for (;; c++) {
    if (c >= to || !is_word(*c) || (is_python && is_digit(*c))) return 0;
    while (c < to && is_word(*c)) c++;
    if (c >= to || *c != '.') return c;
  }
}

