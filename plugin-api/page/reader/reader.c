// Makes the record of an ordinary page of an index: JSON in ASCII without escapes, names and versions as nearly all files have them.
// What is not so is left to the code in TypeScript, which knows all forms: this says no, and never anything else than that would.
#include "text.h"
#include "json.h"
#include "links.h"
#include "names.h"
#include "files.h"

static int read_page(void) {
  Text key, version = {(const u8 *)"1.0", 3};
  u32 seen = 0;
  if (!sign('{') || sign('}')) return 0;
  do {
    if (!string(&key) || !sign(':')) return 0;
    u32 bit = is(key, "meta") ? 1 : is(key, "files") ? 2 : is(key, "project-status") ? 4 : 0;
    if (seen & bit) return 0;
    seen |= bit;
    int is_read = bit == 1   ? read_about("api-version", &version)
                  : bit == 2 ? read_files()
                  : bit == 4 ? read_about("status", &status)
                             : skip(1);
    if (!is_read) return 0;
  } while (sign(','));
  if (!sign('}') || !(seen & 2)) return 0;
  blanks();
  if (at != end || version.length < 3 || version.at[0] != '1' || version.at[1] != '.') return 0;
  for (u32 i = 2; i < version.length; i++)
    if (!is_digit(version.at[i])) return 0;
  return !is(status, "quarantined");
}

// Order.

static int compare_rows(u32 a, u32 b) {
  int order = compare(rows[a].key, rows[b].key);
  if (order) return order;
  if (rows[a].kind != rows[b].kind) return rows[a].kind < rows[b].kind ? -1 : 1;
  if (rows[a].build_number != rows[b].build_number) return rows[a].build_number > rows[b].build_number ? -1 : 1;
  order = compare(rows[b].build, rows[a].build);
  if (order) return order;
  return compare(rows[a].filename, rows[b].filename);
}

static Texts *compared;
static int compare_texts(u32 a, u32 b) { return compare(compared->texts[a], compared->texts[b]); }

/** Sorts numbers; `spare` is as long as they are. */
static void sort(u32 *list, u32 *spare, u32 count, int (*order)(u32, u32)) {
  if (count < 2) return;
  u32 half = count / 2;
  sort(list, spare, half, order);
  sort(list + half, spare, count - half, order);
  if (order(list[half - 1], list[half]) <= 0) return;
  copy(spare, list, half * sizeof(u32));
  for (u32 i = 0, j = half, k = 0; i < half; k++) {
    if (j < count && order(list[j], spare[i]) < 0) list[k] = list[j++];
    else list[k] = spare[i++];
  }
}

static u32 *numbers(u32 count, u32 from) {
  u32 *list = take((count + 1) * sizeof(u32));
  for (u32 i = 0; list && i < count; i++) list[i] = from + i;
  return list;
}

// The record.

static u32 *words, units;
static u8 *text_at;

static u32 append(Text piece) {
  copy(text_at + units, piece.at, piece.length);
  return units += piece.length;
}

/** What all URLs begin with, cut behind a slash. */
static Text common_root(void) {
  Text root = row_count ? rows[0].url : (Text){0, 0};
  for (u32 i = 1; i < row_count; i++) {
    u32 j = 0;
    while (j < root.length && j < rows[i].url.length && root.at[j] == rows[i].url.at[j]) j++;
    root.length = j;
  }
  while (root.length && root.at[root.length - 1] != '/') root.length--;
  return root;
}

static void write_digest(u8 *to, const u8 *hex) {
  for (u32 i = 0; i < DIGEST_BYTES; i++) {
    u8 high = hex[2 * i], low = hex[2 * i + 1];
    // The digits end in what they are worth, and the letters in one for the first.
    to[i] = (u8)(((high & 15) + (high >> 6) * 9) << 4 | ((low & 15) + (low >> 6) * 9));
  }
}

/** Puts a table's texts in order; gives the place of each in it. */
static u32 *table_of(Texts *all, u32 **ordered) {
  *ordered = numbers(all->count, 1);
  u32 *spare = numbers(all->count, 0), *place = numbers(all->count + 1, 0);
  if (!*ordered || !spare || !place) return 0;
  compared = all;
  sort(*ordered, spare, all->count, compare_texts);
  for (u32 i = 0; i < all->count; i++) place[(*ordered)[i]] = i;
  return place;
}

static void *write_record(void) {
  u32 *order = numbers(row_count, 0), *spare = numbers(row_count, 0);
  if (!order || !spare) return 0;
  sort(order, spare, row_count, compare_rows);
  u32 releases = 0, text_bytes = 0, key_bytes = 0, digest_count = 0;
  for (u32 i = 0; i < row_count; i++) {
    Row *row = &rows[order[i]];
    int is_new = i == 0 || !same(row->key, rows[order[i - 1]].key);
    // The same file twice is a case for others.
    if (!is_new && compare_rows(order[i - 1], order[i]) == 0) return 0;
    if (is_new) releases++, key_bytes += row->key.length, text_bytes += row->version.length;
    text_bytes += row->filename.length + row->url.length + row->reason.length;
    digest_count += (row->sha256 != 0) + (row->metadata_sha256 != 0);
  }
  u32 *tag_order, *python_order;
  u32 *tag_place = table_of(&tags, &tag_order), *python_place = table_of(&pythons, &python_order);
  if (!tag_place || !python_place) return 0;
  for (u32 i = 1; i <= tags.count; i++) text_bytes += tags.texts[i].length;
  for (u32 i = 1; i <= pythons.count; i++) text_bytes += pythons.texts[i].length;
  Text root = common_root();
  text_bytes += name.length + index_name.length + status.length + root.length;
  u32 row_at = HEADER_WORDS + 4 * releases + 2;
  u32 tag_at = row_at + ROW_WORDS * row_count;
  u32 python_at = tag_at + tags.count + 1;
  u32 word_count = python_at + pythons.count + 1;
  u32 digest_at = 4 * word_count, key_at = digest_at + DIGEST_BYTES * digest_count;
  words = take(key_at + key_bytes + text_bytes);
  if (!words) return 0;
  __builtin_memset(words, 0, digest_at);
  u8 *bytes = (u8 *)words;
  text_at = bytes + key_at + key_bytes;
  units = 0;
  words[NAME_END] = append(name);
  words[INDEX_END] = append(index_name);
  words[STATUS_END] = append(status);
  words[URL_ROOT_END] = append(root);
  u32 digest = 0;
  for (u32 i = 0; i < row_count; i++) {
    Row *row = &rows[order[i]];
    u32 *cells = words + row_at + ROW_WORDS * i;
    Text url = {row->url.at + root.length, row->url.length - root.length};
    u32 behind = row->url.length - row->filename.length;
    int ends = row->url.length >= row->filename.length && same((Text){row->url.at + behind, row->filename.length}, row->filename);
    if (ends) url.length -= row->filename.length;
    cells[FILENAME] = units;
    cells[URL] = append(row->filename);
    cells[REASON] = append(url);
    cells[END] = append(row->reason);
    cells[TAG] = row->tag ? tag_place[row->tag] : NO_TAG;
    cells[PYTHON] = python_place[row->python];
    cells[UPLOADED_AT] = row->uploaded_at;
    cells[SIZE_LOW] = row->size_low;
    cells[FLAGS] = row->flags | (ends ? ENDS_WITH_NAME : 0);
    cells[DIGEST] = digest;
    if (row->sha256) write_digest(bytes + digest_at + DIGEST_BYTES * digest++, row->sha256);
    if (row->metadata_sha256) write_digest(bytes + digest_at + DIGEST_BYTES * digest++, row->metadata_sha256);
  }
  u32 *version_at = words + HEADER_WORDS + releases + 1, *first_row = version_at + 2 * releases;
  u32 release = 0, keys = 0;
  for (u32 i = 0; i < row_count; i++) {
    Row *row = &rows[order[i]];
    if (i > 0 && same(row->key, rows[order[i - 1]].key)) continue;
    words[HEADER_WORDS + release] = keys;
    copy(bytes + key_at + keys, row->key.at, row->key.length);
    keys += row->key.length;
    version_at[2 * release] = units;
    version_at[2 * release + 1] = append(row->version);
    first_row[release++] = i;
  }
  words[HEADER_WORDS + releases] = keys;
  first_row[releases] = row_count;
  for (u32 i = 0; i < tags.count; i++) words[tag_at + i] = units, append(tags.texts[tag_order[i]]);
  words[tag_at + tags.count] = units;
  for (u32 i = 0; i < pythons.count; i++) words[python_at + i] = units, append(pythons.texts[python_order[i]]);
  words[python_at + pythons.count] = units;
  words[0] = MAGIC;
  words[SIZE_BYTES] = key_at + key_bytes + units;
  words[RELEASES] = releases;
  words[ROWS] = row_count;
  words[TAGS] = tags.count;
  words[PYTHONS] = pythons.count;
  words[DIGESTS] = digest_count;
  words[KEY_UNITS] = key_bytes;
  words[KEY_UNIT_BYTES] = 1;
  words[TEXT_UNITS] = units;
  words[TEXT_UNIT_BYTES] = 1;
  return words;
}

static Text taken(u8 **from, u32 length) {
  Text text = {*from, length};
  *from += length;
  return text;
}

/** Room for so many bytes, and for nothing that was there before. */
__attribute__((export_name("room"))) void *room(u32 bytes) {
  heap = ((u32)&__heap_base + 7u) & ~7u;
  return take(bytes);
}

/**
 * Where the record lies of the page that was put into the room: the lengths of the package's name, the index's name, the folders
 * that links can start from (the server's own, then one, two, ... up from the page) and the page; then they themselves, ASCII.
 * 0 where the page is not ordinary.
 */
__attribute__((export_name("read"))) void *read(u32 *lengths) {
  u8 *from = (u8 *)(lengths + 3 + MOST_PLACES);
  name = taken(&from, lengths[0]);
  index_name = taken(&from, lengths[1]);
  for (u32 i = 0; i < MOST_PLACES; i++) places[i] = taken(&from, lengths[2 + i]);
  at = from;
  end = from + lengths[2 + MOST_PLACES];
  status = (Text){(const u8 *)"active", 6};
  rows = 0;
  row_count = row_room = 0;
  __builtin_memset(&tags, 0, sizeof tags);
  __builtin_memset(&pythons, 0, sizeof pythons);
  last_version = last_key = last_start = (Text){0, 0};
  return read_page() ? write_record() : 0;
}
