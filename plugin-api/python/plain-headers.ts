/** What of a distribution's metadata decides what is installed, as it stands there: without blanks around it, and not checked. */
export interface DecisiveFields {
  metadataVersion: string;
  name: string;
  version: string;
  requiresPython: string;
  readonly requiresDist: string[];
  readonly providesExtra: string[];
  readonly dynamic: string[];
}

const FEED = "\n";
const BLANK = 32;
const LAST_VISIBLE = 126;
const COLON = 58;
/** What tells a small letter from the large one, in ASCII. */
const SMALL = 32;

type One = "metadataVersion" | "name" | "version" | "requiresPython";
type Many = "requiresDist" | "providesExtra" | "dynamic";
interface Field {
  /** In lower case. */
  readonly name: string;
  readonly into: One | Many;
}
/** By the length of their names, of which no more than two have the same. */
const FIELDS: (readonly Field[] | undefined)[] = [];
for (const field of [
  { name: "metadata-version", into: "metadataVersion" },
  { name: "name", into: "name" },
  { name: "version", into: "version" },
  { name: "requires-python", into: "requiresPython" },
  { name: "requires-dist", into: "requiresDist" },
  { name: "provides-extra", into: "providesExtra" },
  { name: "dynamic", into: "dynamic" },
] as const)
  FIELDS[field.name.length] = [...(FIELDS[field.name.length] ?? []), field];

/**
 * Reads a header block (its lines, each with its feed) that is written plainly, as nearly all of thousands are: every line is a field, none is
 * continued, no field that stands once stands twice. Undefined for any other, which `readHeaders` reads.
 */
export function plainFields(text: string): DecisiveFields | undefined {
  if (text.includes("\r")) return undefined;
  const fields: DecisiveFields = {
    metadataVersion: "",
    name: "",
    version: "",
    requiresPython: "",
    requiresDist: [],
    providesExtra: [],
    dynamic: [],
  };
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf(FEED, at);
    if (end < 0) return undefined;
    const colon = endOfName(text, at);
    if (colon === at || colon > end) return undefined;
    const field = fieldAt(text, at, colon);
    if (field !== undefined && !take(fields, field.into, text.slice(colon + 1, end).trim())) return undefined;
    at = end + 1;
  }
  return fields;
}

/** Where the first character is that no name of a field holds, if it is the colon behind one; else `from`. */
function endOfName(text: string, from: number): number {
  for (let at = from; ; at++) {
    const code = text.charCodeAt(at);
    if (code === COLON) return at;
    // Not of a number at the text's end.
    if (!(code > BLANK && code <= LAST_VISIBLE)) return from;
  }
}

function fieldAt(text: string, from: number, colon: number): Field | undefined {
  const fields = FIELDS[colon - from];
  if (fields === undefined) return undefined;
  for (const field of fields) {
    const { name } = field;
    let at = 0;
    while (at < name.length && (text.charCodeAt(from + at) | SMALL) === name.charCodeAt(at)) at++;
    if (at === name.length) return field;
  }
  return undefined;
}

/** False for what stands there already. */
function take(fields: DecisiveFields, into: One | Many, value: string): boolean {
  const known = fields[into];
  if (typeof known !== "string") {
    known.push(value);
    return true;
  }
  if (known !== "" || value === "") return false;
  fields[into as One] = value;
  return true;
}
