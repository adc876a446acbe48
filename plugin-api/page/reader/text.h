// Texts in memory that is let go of with the page.
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

extern u8 __heap_base;
static u32 heap;

typedef struct {
  const u8 *at;
  u32 length;
} Text;

/** Memory that is let go of with the page; 0 where there is none. */
static void *take(u32 bytes) {
  u64 to = (u64)heap + ((bytes + 7u) & ~7u);
  u64 there = (u64)__builtin_wasm_memory_size(0) << 16;
  if (to > 0x40000000u) return 0;
  if (to > there && __builtin_wasm_memory_grow(0, (u32)((to - there + 0xffff) >> 16)) == ~0ul) return 0;
  void *got = (void *)heap;
  heap = (u32)to;
  return got;
}

static void copy(void *to, const void *from, u32 bytes) { __builtin_memcpy(to, from, bytes); }

static int compare(Text a, Text b) {
  u32 least = a.length < b.length ? a.length : b.length;
  for (u32 i = 0; i < least; i++)
    if (a.at[i] != b.at[i]) return a.at[i] < b.at[i] ? -1 : 1;
  return a.length < b.length ? -1 : a.length > b.length;
}

static int same(Text a, Text b) { return a.length == b.length && compare(a, b) == 0; }

static int is(Text text, const char *word) {
  u32 i = 0;
  for (; i < text.length; i++)
    if (!word[i] || text.at[i] != (u8)word[i]) return 0;
  return !word[i];
}

static u32 length_of(const char *word) {
  u32 length = 0;
  while (word[length]) length++;
  return length;
}

static int ends_with(Text text, const char *ending) {
  u32 length = length_of(ending);
  return text.length >= length && is((Text){text.at + text.length - length, length}, ending);
}

/** What is a function by name alone: the others are not put into each other, since what is small is compiled sooner. */
#define SMALL static inline __attribute__((always_inline))

enum { DIGIT = 1, LETTER = 2, HEX = 4, WORD = 8, PATH = 16, PLAIN = 32 };
/** What each character is of; PLAIN is what stands for itself in a text of JSON, PATH what may stand in a link. */
static const u8 KINDS[256] = {
#define D (DIGIT | HEX | WORD | PATH | PLAIN)
#define H (LETTER | HEX | WORD | PATH | PLAIN)
#define L (LETTER | WORD | PATH | PLAIN)
#define P (PATH | PLAIN)
#define S PLAIN
    [' '] = S, ['!'] = P, ['#'] = S, ['$'] = S, ['%'] = P, ['&'] = S, ['\''] = S, ['('] = S, [')'] = S, ['*'] = P,
    ['+'] = P, [','] = P, ['-'] = P, ['.'] = P, ['/'] = P, ['0'] = D, D, D, D, D, D, D, D, D, D, [':'] = P, [';'] = P,
    ['<'] = S, ['='] = P, ['>'] = S, ['?'] = S, ['@'] = P, ['A'] = H, H, H, H, H, H, ['G'] = L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, ['['] = S, [']'] = S, ['^'] = S, ['_'] = WORD | P, ['`'] = S,
    ['a'] = H, H, H, H, H, H, ['g'] = L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    ['{'] = S, ['|'] = S, ['}'] = S, ['~'] = P, [0x7f] = S,
};

SMALL int is_of(u8 c, int kind) { return KINDS[c] & kind; }
SMALL int is_digit(u8 c) { return c >= '0' && c <= '9'; }
SMALL u8 lower(u8 c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
SMALL int is_letter(u8 c) { return is_of(c, LETTER); }
SMALL int is_word(u8 c) { return is_of(c, WORD); }
SMALL int is_hex(u8 c) { return is_of(c, HEX); }
SMALL int is_separator(u8 c) { return c == '-' || c == '_' || c == '.'; }

/** Where a word ends that stands here, in lower case or not. */
static const u8 *word(const u8 *from, const u8 *to, const char *wanted) {
  for (; *wanted; wanted++, from++)
    if (from >= to || lower(*from) != (u8)*wanted) return 0;
  return from;
}
