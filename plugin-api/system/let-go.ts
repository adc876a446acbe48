/**
 * Gives the memory of bytes back at once that nobody will look at again, where they have a buffer for themselves: the engine frees it late,
 * since it takes such an object for a small one. They are empty from then on.
 */
export function letGo(bytes: Uint8Array): void {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength && byteLength > 0) buffer.transfer(0);
}
