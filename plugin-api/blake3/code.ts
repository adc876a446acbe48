/** WebAssembly's binary format, as far as one function of numbers needs it. */

/** Code in the making. Written byte by byte: lists of lists took six milliseconds to put together. */
export interface Draft {
  readonly bytes: Uint8Array<ArrayBuffer>;
  size: number;
}

/** One byte. */
export function put(draft: Draft, byte: number): void {
  draft.bytes[draft.size++] = byte;
}

/** A number as LEB128, unsigned. */
export function putLeb(draft: Draft, value: number): void {
  let rest = value;
  for (; rest > 127; rest >>>= 7) put(draft, (rest & 127) | 128);
  put(draft, rest);
}

/** Pushes a local. */
export function get(draft: Draft, local: number): void {
  put(draft, 0x20);
  put(draft, local);
}

/** Pops into a local. */
export function set(draft: Draft, local: number): void {
  put(draft, 0x21);
  put(draft, local);
}

/** A constant: LEB128, signed. */
export function i32(draft: Draft, value: number): void {
  put(draft, 0x41);
  let rest = value | 0;
  for (; rest < -64 || rest > 63; rest >>= 7) put(draft, (rest & 127) | 128);
  put(draft, rest & 127);
}

/** An instruction on vectors. */
export function simd(draft: Draft, opcode: number): void {
  put(draft, 0xfd);
  putLeb(draft, opcode);
}

/** A load or store, without any promise of alignment. */
export function putAccess(draft: Draft, opcode: number, offset: number): void {
  put(draft, opcode);
  put(draft, 0);
  putLeb(draft, offset);
}

/** A section of the module, or anything else that is preceded by its length. */
export function putSection(draft: Draft, id: number, content: ArrayLike<number>): void {
  put(draft, id);
  putLeb(draft, content.length);
  draft.bytes.set(content, draft.size);
  draft.size += content.length;
}
