import { blake3 } from "../blake3/blake3.ts";
import {
  type DxNode,
  type DxTree,
  FLAG_TRIVIA,
  HEADER_BYTES,
  isScalar,
  MAGIC,
  NODE_BYTES,
  NODES_AT,
  NONE,
  SOURCE_HASH_AT,
  STYLE_VERBATIM,
  STYLES,
  TYPES,
  VERSION,
} from "./layout.ts";

const TEXT = new TextEncoder();

/** Strings of the file: each distinct one once, trivia behind all others. */
interface Strings {
  readonly all: readonly Uint8Array[];
  /** Index of a value's text. */
  readonly indexOf: ReadonlyMap<string, number>;
  /** Offset of each in the bytes of all, by index; keys are told by offset. */
  readonly offsets: readonly number[];
  readonly byteLength: number;
}

function collectStrings({ nodes, trivia = [] }: DxTree): Strings {
  const indexOf = new Map<string, number>();
  const all: Uint8Array[] = [];
  const intern = (text: string): void => {
    if (indexOf.has(text)) return;
    indexOf.set(text, all.length);
    all.push(TEXT.encode(text));
  };
  for (const node of nodes) {
    if (node.key !== "") intern(node.key);
    if (isScalar(node)) intern(node.text);
  }
  for (const text of trivia) all.push(TEXT.encode(text));
  let byteLength = 0;
  const offsets = all.map((bytes) => {
    const at = byteLength;
    byteLength += bytes.length;
    return at;
  });
  return { all, indexOf, offsets, byteLength };
}

/**
 * The bytes of a document (SPEC PDX-02), made from the TOML text `source`: equal documents give equal bytes. Throws
 * RangeError for a key of 64 KiB or more.
 */
export function encodeDx(tree: DxTree, source: Uint8Array): Uint8Array<ArrayBuffer> {
  const strings = collectStrings(tree);
  const stringsAt = NODES_AT + tree.nodes.length * NODE_BYTES;
  const recordsEnd = stringsAt + 8 + strings.all.length * 8;
  const bytes = new Uint8Array(recordsEnd + strings.byteLength);
  const view = new DataView(bytes.buffer);

  view.setUint32(stringsAt, strings.all.length, true);
  for (const [index, text] of strings.all.entries()) {
    const at = recordsEnd + strings.offsets[index]!;
    view.setUint32(stringsAt + 8 + index * 8, at, true);
    view.setUint32(stringsAt + 12 + index * 8, text.length, true);
    bytes.set(text, at);
  }
  const keyOffset = (index: number): number => recordsEnd + strings.offsets[index]!;
  writeNodes(view, tree.nodes, { ...strings, keyOffset });

  bytes.set(MAGIC, 0);
  view.setUint16(4, VERSION, true);
  view.setUint16(6, tree.trivia === undefined ? 0 : FLAG_TRIVIA, true);
  view.setUint32(8, stringsAt, true);
  view.setUint32(12, NODES_AT, true);
  view.setUint32(16, tree.nodes.length, true);
  view.setBigUint64(24, BigInt(source.length), true);
  bytes.set(blake3(source), SOURCE_HASH_AT);
  bytes.set(blake3(bytes.subarray(0, 32), bytes.subarray(HEADER_BYTES)), 32);
  return bytes;
}

function writeNodes(
  view: DataView,
  nodes: readonly DxNode[],
  strings: Strings & { readonly keyOffset: (index: number) => number },
): void {
  const next = nextSiblings(nodes);
  for (const [index, node] of nodes.entries()) {
    const at = NODES_AT + index * NODE_BYTES;
    const key = node.key === "" ? undefined : strings.indexOf.get(node.key)!;
    const keyLength = key === undefined ? 0 : strings.all[key]!.length;
    if (keyLength > 0xffff) throw new RangeError(`the key \`${node.key.slice(0, 40)}…\` is longer than 65,535 bytes`);
    view.setUint8(at, TYPES.indexOf(node.type) + 1);
    view.setUint8(at + 1, STYLES[node.type].indexOf(node.style) | (node.isVerbatim ? STYLE_VERBATIM : 0));
    view.setUint16(at + 2, keyLength, true);
    view.setUint32(at + 4, key === undefined ? 0 : strings.keyOffset(key), true);
    view.setUint32(at + 8, isScalar(node) ? strings.indexOf.get(node.text)! : (node.children[0] ?? NONE), true);
    view.setUint32(at + 12, next[index]!, true);
  }
}

function nextSiblings(nodes: readonly DxNode[]): readonly number[] {
  const next = Array.from(nodes, () => NONE);
  for (const { children } of nodes)
    for (let place = 1; place < children.length; place++) next[children[place - 1]!] = children[place]!;
  return next;
}
