#define MOST_PLACES 5
static Text places[MOST_PLACES];

// Links.

/** A path that leads nowhere but down. */
static int is_straight(Text path) {
  const u8 *c = path.at, *to = c + path.length;
  for (; c < to; c++) {
    if (!is_of(*c, PATH)) return 0;
    if (*c == '/' && c + 1 < to && c[1] == '.') return 0;
    if (*c == '%' && c + 2 < to && c[1] == '2' && lower(c[2]) == 'e') return 0;
  }
  return 1;
}

static int joined(Text place, Text path, Text *url) {
  u8 *made = take(place.length + path.length);
  if (!made || !place.length || !is_straight(path)) return 0;
  copy(made, place.at, place.length);
  copy(made + place.length, path.at, path.length);
  *url = (Text){made, place.length + path.length};
  return 1;
}

static int read_link(Text href, Text *url) {
  const u8 *c = href.at, *to = c + href.length;
  if (href.length == 0) return 0;
  if (*c == '/') {
    if (href.length > 1 && c[1] == '/') return 0;
    return joined(places[0], (Text){c + 1, href.length - 1}, url) && is_straight(href);
  }
  if (*c == '.') {
    u32 up = 0;
    for (; to - c >= 3 && c[0] == '.' && c[1] == '.' && c[2] == '/'; c += 3) up++;
    if (up == 0 || up >= MOST_PLACES || c >= to || *c == '.' || *c == '/') return 0;
    return joined(places[up], (Text){c, (u32)(to - c)}, url);
  }
  if (to - c < 9 || !word(c, to, "http")) return 0;
  for (const u8 *one = c; one < c + 5; one++)
    if (*one != lower(*one)) return 0;
  c += 4;
  if (*c == 's') c++;
  if (to - c < 4 || c[0] != ':' || c[1] != '/' || c[2] != '/') return 0;
  c += 3;
  const u8 *host = c;
  while (c < to && ((*c >= 'a' && *c <= 'z') || is_digit(*c) || *c == '.' || *c == '-')) c++;
  if (!(*host >= 'a' && *host <= 'z') && !is((Text){host, (u32)(c - host)}, "127.0.0.1")) return 0;
  if (c < to && *c == ':') {
    const u8 *port = ++c;
    while (c < to && is_digit(*c)) c++;
    if (c == port) return 0;
  }
  if (c >= to || *c != '/' || !is_straight((Text){c, (u32)(to - c)})) return 0;
  *url = href;
  return 1;
}

