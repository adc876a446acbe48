static const u8 *at, *end;
static int is_escaped;

// JSON, strictly. Each gives 0 for what is none, and for what is left to others.

static void blanks(void) {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) at++;
}

static int sign(u8 wanted) {
  blanks();
  if (at >= end || *at != wanted) return 0;
  at++;
  return 1;
}

/** What an escaped character stands for; 0 for what is none, and for a number. */
static u8 escape(u8 c) {
  const char *pairs = "\"\"\\\\//b\bf\fn\nr\rt\t";
  for (; *pairs; pairs += 2)
    if ((u8)pairs[0] == c) return (u8)pairs[1];
  return 0;
}

typedef char Vector __attribute__((vector_size(16), aligned(1)));

/** The first character from here that does not stand for itself in a text. */
static const u8 *behind_plain(const u8 *c) {
  for (; end - c >= 16; c += 16) {
    Vector v = *(const Vector *)c;
    // By its sign, a byte beyond ASCII is below a blank, too.
    Vector odd = (Vector)(v < 32) | (Vector)(v == '"') | (Vector)(v == '\\');
    u32 mask = __builtin_wasm_bitmask_i8x16(odd);
    if (mask) return c + __builtin_ctz(mask);
  }
  while (c < end && is_of(*c, PLAIN)) c++;
  return c;
}

/** A text as it is written; whether something in it stands for something else is in `is_escaped`. */
static int written(Text *found) {
  if (!sign('"')) return 0;
  const u8 *start = at;
  is_escaped = 0;
  for (;; at++) {
    at = behind_plain(at);
    if (at >= end || *at == '"') break;
    if (*at != '\\') return 0;
    is_escaped = 1;
    if (++at >= end) return 0;
    if (*at == 'u') {
      if (end - at < 5 || !is_hex(at[1]) || !is_hex(at[2]) || !is_hex(at[3]) || !is_hex(at[4])) return 0;
      at += 4;
    } else if (!escape(*at)) return 0;
  }
  if (at >= end) return 0;
  *found = (Text){start, (u32)(at - start)};
  at++;
  return 1;
}

static int string(Text *found) { return written(found) && !is_escaped; }

/** A text that may quote something. */
static int prose(Text *found) {
  if (!written(found)) return 0;
  if (!is_escaped) return 1;
  u8 *made = take(found->length), *to = made;
  if (!made) return 0;
  for (u32 i = 0; i < found->length; i++) {
    u8 c = found->at[i];
    if (c == '\\') c = escape(found->at[++i]);
    if (!c) return 0;
    *to++ = c;
  }
  *found = (Text){made, (u32)(to - made)};
  return 1;
}

static int literal(const char *word) {
  for (; *word; word++, at++)
    if (at >= end || *at != (u8)*word) return 0;
  return 1;
}

static int digits(void) {
  const u8 *start = at;
  while (at < end && is_digit(*at)) at++;
  return at > start;
}

static int number(void) {
  if (at < end && *at == '-') at++;
  if (at < end && *at == '0') at++;
  else if (!digits()) return 0;
  if (at < end && *at == '.') {
    at++;
    if (!digits()) return 0;
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    at++;
    if (at < end && (*at == '+' || *at == '-')) at++;
    if (!digits()) return 0;
  }
  return 1;
}

static int skip(u32 depth) {
  Text ignored;
  blanks();
  if (at >= end || depth > 60) return 0;
  switch (*at) {
    case '"': return written(&ignored);
    case 't': return literal("true");
    case 'f': return literal("false");
    case 'n': return literal("null");
    case '{':
      at++;
      if (sign('}')) return 1;
      do {
        if (!string(&ignored) || !sign(':') || !skip(depth + 1)) return 0;
      } while (sign(','));
      return sign('}');
    case '[':
      at++;
      if (sign(']')) return 1;
      do {
        if (!skip(depth + 1)) return 0;
      } while (sign(','));
      return sign(']');
    default: return number();
  }
}

/** What the next value begins with. */
static u8 next(void) {
  blanks();
  return at < end ? *at : 0;
}

