// What layout.ts says.
enum { MAGIC = 0x31505650, HEADER_WORDS = 16, ROW_WORDS = 10, DIGEST_BYTES = 32 };
enum { SIZE_BYTES = 1, RELEASES, ROWS, TAGS, PYTHONS, DIGESTS, KEY_UNITS, KEY_UNIT_BYTES, TEXT_UNITS, TEXT_UNIT_BYTES };
enum { NAME_END = 11, INDEX_END, STATUS_END, URL_ROOT_END };
enum { FILENAME, URL, REASON, END, TAG, PYTHON, UPLOADED_AT, SIZE_LOW, FLAGS, DIGEST };
enum { YANKED = 1, METADATA_FILE = 2, SHA256 = 4, METADATA_SHA256 = 8, ENDS_WITH_NAME = 16, HAS_REASON = 32, SIZE = 64, UPLOAD_MS = 128 };
enum { UPLOAD_MS_SHIFT = 8, SIZE_HIGH_SHIFT = 18 };
#define NO_TAG 0xffffffffu

typedef struct {
  Text filename, url, key, version, build, reason;
  const u8 *sha256, *metadata_sha256;
  u32 tag, python, flags, uploaded_at, size_low, kind;
  /** One more than what it says; 0 for none. */
  u32 build_number;
} Row;

/** Distinct texts, by numbers in the order in which they came. */
typedef struct {
  Text *texts;
  u32 *next;
  u32 count, room;
  u32 first[1024];
} Texts;

static Text index_name, status;
static Row *rows;
static u32 row_count, row_room;
static Texts tags, pythons;
static Text last_start;

/** The number of a text, which it is given when it is new; ~0 where there is no room. */
static u32 number_of(Texts *all, Text text) {
  u32 hash = 2166136261u;
  for (u32 i = 0; i < text.length; i++) hash = (hash ^ text.at[i]) * 16777619u;
  u32 *first = &all->first[(hash ^ (hash >> 15)) & 1023];
  for (u32 one = *first; one; one = all->next[one])
    if (same(all->texts[one], text)) return one;
  if (all->count + 1 >= all->room) {
    u32 room = all->room ? 2 * all->room : 64;
    Text *texts = take(room * sizeof(Text));
    u32 *nexts = take(room * sizeof(u32));
    if (!texts || !nexts) return ~0u;
    if (all->room) {
      copy(texts, all->texts, all->room * sizeof(Text));
      copy(nexts, all->next, all->room * sizeof(u32));
    }
    all->texts = texts;
    all->next = nexts;
    all->room = room;
  }
  u32 number = ++all->count;
  all->texts[number] = text;
  all->next[number] = *first;
  return *first = number;
}

static int read_wheel(Row *row) {
  const u8 *to = row->filename.at + row->filename.length - 4;
  const u8 *c;
  Text start = {row->filename.at, last_start.length};
  if (last_start.length && row->filename.length > last_start.length && same(start, last_start)) c = start.at + start.length;
  else {
    c = end_of_name(row->filename);
    if (!c) return 0;
    // A wheel's name has no dash in its first part, and no two underscores side by side.
    for (const u8 *one = row->filename.at; one < c; one++)
      if (*one == '-' || (*one == '_' && one[1] == '_')) return 0;
    last_start = (Text){row->filename.at, (u32)(c - row->filename.at) + 1};
    c++;
  }
  const u8 *version = c;
  while (c < to && *c != '-') c++;
  if (c >= to) return 0;
  row->version = (Text){version, (u32)(c - version)};
  const u8 *from = ++c;
  // A tag never begins with a digit, and a build number does.
  if (c < to && is_digit(*c)) {
    for (; c < to && is_digit(*c); c++) row->build_number = row->build_number * 10 + (*c - '0');
    if (c - from > 9) return 0;
    row->build_number++;
    row->build.at = c;
    while (c < to && *c != '-') c++;
    row->build.length = (u32)(c - row->build.at);
    from = ++c;
  }
  for (int part = 0; part < 3; part++) {
    c = tag_list(c, to, part == 0);
    if (!c || (part < 2 && (c >= to || *c++ != '-'))) return 0;
  }
  if (c != to) return 0;
  u32 length = (u32)(to - from);
  Text text = {from, length};
  for (u32 i = 0; i < length; i++)
    if (lower(from[i]) != from[i]) {
      u8 *made = take(length);
      if (!made) return 0;
      for (u32 j = 0; j < length; j++) made[j] = lower(from[j]);
      text.at = made;
      break;
    }
  int is_read = version_key(row->version, &row->key);
  if (is_read != 1) return is_read;
  row->tag = number_of(&tags, text);
  return row->tag != ~0u;
}

static int read_sdist(Row *row, u32 ending) {
  const u8 *c = end_of_name((Text){row->filename.at, row->filename.length - ending});
  if (!c) return 0;
  c++;
  row->version = (Text){c, row->filename.length - ending - (u32)(c - row->filename.at)};
  row->tag = 0;
  return version_key(row->version, &row->key);
}

// A file of a page.

static int two(const u8 *c) { return is_digit(c[0]) && is_digit(c[1]) ? (c[0] - '0') * 10 + c[1] - '0' : -1; }

/** `2026-01-31T12:00:00.123456Z`; 0 for other forms and for days that no month has. */
static int read_time(Text text, Row *row) {
  const u8 *c = text.at;
  if (text.length < 20 || c[4] != '-' || c[7] != '-' || c[10] != 'T' || c[13] != ':' || c[16] != ':') return 0;
  int century = two(c), year = two(c + 2), month = two(c + 5), day = two(c + 8);
  int hour = two(c + 11), minute = two(c + 14), second = two(c + 17);
  if (century < 19 || year < 0 || month < 1 || month > 12 || day < 1 || day > 28 + 3) return 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return 0;
  u32 ms = 0, i = 19;
  if (c[i] == '.') {
    u32 unit = 100;
    for (i++; i < text.length && is_digit(c[i]); i++, unit /= 10) ms += (u32)(c[i] - '0') * unit;
    if (i == 20 || i > 29) return 0;
  }
  if (i + 1 != text.length || c[i] != 'Z') return 0;
  year += century * 100;
  int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  int longest = month == 2 ? 28 + is_leap : 30 + ((month + month / 8) & 1);
  if (year < 1970 || year > 2100 || day > longest) return 0;
  // Years that begin with March.
  int y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;
  int days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
  row->uploaded_at = (u32)days * 86400u + (u32)(hour * 3600 + minute * 60 + second);
  row->flags |= UPLOAD_MS | ms << UPLOAD_MS_SHIFT;
  return 1;
}

/** The SHA-256 in an object of hashes; 0 in `found` where there are none. What has others only is left to others. */
static int read_hashes(const u8 **found) {
  Text key, value;
  *found = 0;
  if (!sign('{')) return 0;
  if (sign('}')) return 1;
  do {
    if (!string(&key) || !sign(':')) return 0;
    if (!is(key, "sha256")) {
      if (!skip(2)) return 0;
      continue;
    }
    if (*found || !string(&value) || value.length != 64) return 0;
    for (u32 i = 0; i < 64; i++)
      if (!is_hex(value.at[i])) return 0;
    *found = value.at;
  } while (sign(','));
  return *found && sign('}');
}

static int read_size(Row *row) {
  const u8 *start = at;
  u64 size = 0;
  if (!number() || at - start > 15) return 0;
  for (const u8 *c = start; c < at; c++) {
    if (!is_digit(*c)) return 0;
    size = size * 10 + (*c - '0');
  }
  if (size >= 1ull << 46) return 1;
  row->size_low = (u32)size;
  row->flags |= SIZE | (u32)(size >> 32) << SIZE_HIGH_SHIFT;
  return 1;
}

enum { HAS_NAME = 1, HAS_URL = 2, HAS_HASHES = 4, HAS_SIZE = 8, HAS_PYTHON = 16, HAS_YANKED = 32, HAS_TIME = 64 };

/** What says whether a file has its metadata beside it, by precedence. */
static const char *const METADATA[] = {"core-metadata", "dist-info-metadata", "data-dist-info-metadata", 0};

typedef struct {
  int is_said, is_there;
  const u8 *sha256;
} Metadata;

static int read_metadata(Metadata *one) {
  if (one->is_said) return 0;
  switch (next()) {
    case 'n': return literal("null");
    case 't': one->is_said = one->is_there = 1; return literal("true");
    case 'f': one->is_said = 1; return literal("false");
    default: one->is_said = one->is_there = 1; return read_hashes(&one->sha256);
  }
}

static int read_member(Row *row, Text *python, Metadata *metadata, u32 *seen) {
  Text key, text;
  if (!string(&key) || !sign(':')) return 0;
  for (int i = 0; key.length > 12 && METADATA[i]; i++)
    if (is(key, METADATA[i])) return read_metadata(&metadata[i]);
  u32 bit = is(key, "filename")          ? HAS_NAME
            : is(key, "url")             ? HAS_URL
            : is(key, "hashes")          ? HAS_HASHES
            : is(key, "size")            ? HAS_SIZE
            : is(key, "requires-python") ? HAS_PYTHON
            : is(key, "yanked")          ? HAS_YANKED
            : is(key, "upload-time")     ? HAS_TIME
                                         : 0;
  if (!bit) return skip(2);
  if (*seen & bit) return 0;
  *seen |= bit;
  if (bit == HAS_NAME) return string(&row->filename);
  if (bit == HAS_URL) return string(&text) && read_link(text, &row->url);
  if (bit == HAS_HASHES) return read_hashes(&row->sha256);
  u8 first = next();
  if (first == 'n') return literal("null");
  if (bit == HAS_SIZE) return read_size(row);
  if (bit == HAS_TIME) return string(&text) && read_time(text, row);
  if (bit == HAS_PYTHON) {
    if (!string(&text)) return 0;
    while (text.length && text.at[0] == ' ') text.at++, text.length--;
    while (text.length && text.at[text.length - 1] == ' ') text.length--;
    *python = text;
    return 1;
  }
  if (first == 'f') return literal("false");
  row->flags |= YANKED;
  if (first == 't') return literal("true");
  if (!prose(&row->reason)) return 0;
  if (row->reason.length) row->flags |= HAS_REASON;
  return 1;
}

/** Of source archives; the first is preferred to the others. */
static const char *const ENDINGS[] = {".tar.gz",   ".zip",   ".tar.bz2", ".tar.xz", ".tar.lzma",
                                      ".tar.Z", ".tgz", ".tbz",     ".txz",    ".tlz", ".tar", 0};

/** Takes the row in; what is no archive is passed over. */
static int file_row(Row row, Text python) {
  Text file = row.filename;
  for (u32 i = 0; i < file.length; i++) {
    u8 c = file.at[i];
    if (c == '/' || c == '\\' || c == ':' || c == 0x7f) return 0;
  }
  int is_read;
  if (ends_with(file, ".whl")) is_read = read_wheel(&row);
  else {
    int i = 0;
    while (ENDINGS[i] && !ends_with(file, ENDINGS[i])) i++;
    if (!ENDINGS[i]) return 1;
    row.kind = i == 0 ? 1 : 2;
    is_read = read_sdist(&row, length_of(ENDINGS[i]));
  }
  // What has no version is left out, as elsewhere.
  if (file.length > 255 || is_read != 1) return is_read == NO_VERSION;
  if (row_count >= row_room) {
    u32 room = row_room ? 2 * row_room : 64;
    Row *more = room < 1u << 20 ? take(room * sizeof(Row)) : 0;
    if (!more) return 0;
    if (row_count) copy(more, rows, row_count * sizeof(Row));
    rows = more;
    row_room = room;
  }
  row.python = number_of(&pythons, python);
  rows[row_count++] = row;
  return row.python != ~0u;
}

static int read_file(void) {
  Row row;
  Text python = {0, 0};
  Metadata metadata[3];
  u32 seen = 0;
  __builtin_memset(&row, 0, sizeof row);
  __builtin_memset(metadata, 0, sizeof metadata);
  if (!sign('{') || sign('}')) return 0;
  do {
    if (!read_member(&row, &python, metadata, &seen)) return 0;
  } while (sign(','));
  if (!sign('}') || (seen & (HAS_NAME | HAS_URL)) != (HAS_NAME | HAS_URL)) return 0;
  for (int i = 0; i < 3; i++) {
    if (!metadata[i].is_said) continue;
    if (metadata[i].is_there) row.flags |= METADATA_FILE;
    row.metadata_sha256 = metadata[i].sha256;
    break;
  }
  if (row.sha256) row.flags |= SHA256;
  if (row.metadata_sha256) row.flags |= METADATA_SHA256;
  return file_row(row, python);
}

static int read_files(void) {
  if (!sign('[')) return 0;
  if (sign(']')) return 1;
  do {
    if (!read_file()) return 0;
  } while (sign(','));
  return sign(']');
}

/** An object with a text that matters; the text stays as it was where the object lacks it. */
static int read_about(const char *wanted, Text *found) {
  Text key;
  int seen = 0;
  if (!sign('{')) return 0;
  if (sign('}')) return 1;
  do {
    if (!string(&key) || !sign(':')) return 0;
    int is_it = is(key, wanted);
    if (is_it && seen++) return 0;
    if (!(is_it ? string(found) : skip(2))) return 0;
  } while (sign(','));
  return sign('}');
}

