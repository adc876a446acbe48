/**
 * The bytes of `pyproject.dx` (SPEC PDX-02), little-endian: header, BLAKE3-256 of the TOML it was made from, nodes, strings.
 *
 * Header, 64 bytes: `0` magic; `4` u16 version; `6` u16 flags; `8` u32 offset of the strings; `12` u32 offset of the nodes;
 * `16` u32 number of nodes; `20` u32 0; `24` u64 length of the TOML in bytes; `32` BLAKE3-256 of bytes 0 to 31 and 64 to the end.
 *
 * Node, 16 bytes: u8 type; u8 style; u16 length and u32 offset of the key; u32 string, literal or first child; u32 next
 * sibling. Node 0 is the document. Parents stand before their children, scalars in the order of the text.
 *
 * Strings: u32 count, u32 0, then u32 offset and u32 length of each, then their bytes. With `FLAG_TRIVIA` the last ones are
 * trivia: what stands in the text before the first scalar, between each two, and behind the last.
 */
export const MAGIC = Uint8Array.of(0x44, 0x58, 0x50, 0x01);
export const VERSION = 1;
export const FLAG_TRIVIA = 1;
export const HEADER_BYTES = 64;
export const SOURCE_HASH_AT = 64;
export const NODES_AT = 96;
export const NODE_BYTES = 16;
export const NONE = 0xffffffff;
/** In a scalar's style: its text is not the usual one for its value, and stands in the trivia. */
export const STYLE_VERBATIM = 0x80;
/** Deeper nesting is refused: nobody writes it, and it could exhaust the stack. */
export const DEEPEST = 200;
/** A project's file of more bytes is refused. */
export const LARGEST = 64 * 1024 * 1024;

/** Types of nodes, by their number in the file. */
export const TYPES = [
  "table",
  "array of tables",
  "array",
  "string",
  "integer",
  "float",
  "boolean",
  "date-time",
] as const;
export type DxType = (typeof TYPES)[number];

/** Styles of each type, by their number in the file: how the text writes it. */
export const STYLES: Readonly<Record<DxType, readonly string[]>> = {
  table: ["header", "implicit", "dotted", "inline"],
  "array of tables": ["header"],
  array: ["one line", "lines"],
  string: ["basic", "literal", "multi-line basic", "multi-line literal"],
  integer: ["decimal", "hexadecimal", "octal", "binary"],
  float: ["plain"],
  boolean: ["plain"],
  "date-time": ["offset date-time", "local date-time", "local date", "local time"],
};

/** A value of a TOML document, in memory. */
export interface DxNode {
  readonly type: DxType;
  /** One of the type's `STYLES`. */
  style: string;
  /** Of an entry of a table; empty for others. */
  readonly key: string;
  /** A string's value; the literal of another scalar as written; empty for tables and arrays. */
  readonly text: string;
  /** Scalars only: the trivia hold its text. */
  readonly isVerbatim: boolean;
  /** Indexes of the nodes below it, in order. */
  readonly children: number[];
}

/** A TOML document as nodes, node 0 being the document itself. */
export interface DxTree {
  readonly nodes: readonly DxNode[];
  /** One more than there are scalars that are not verbatim; absent where only the values were kept. */
  readonly trivia?: readonly string[];
}

/** Whether a node is a value without parts. */
export const isScalar = ({ type }: DxNode): boolean => TYPES.indexOf(type) >= TYPES.indexOf("string");
