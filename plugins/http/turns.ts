/** So many answers that have come together are taken up before what they lead to is sent. */
const AT_ONCE = 8;

let left = AT_ONCE;
let isCounting = false;
const waiting: (() => void)[] = [];

/**
 * Of answers that come together each would else be taken one step further before any is taken to its end, and nothing would be under
 * way meanwhile. Undefined where nothing has to be waited for.
 */
export function takeTurn(): Promise<void> | undefined {
  if (!isCounting) {
    isCounting = true;
    setImmediate(next);
  }
  if (left > 0) {
    left--;
    return undefined;
  }
  return new Promise((go) => waiting.push(go));
}

function next(): void {
  left = AT_ONCE;
  isCounting = waiting.length > 0;
  if (!isCounting) return;
  setImmediate(next);
  for (const go of waiting.splice(0, AT_ONCE)) {
    left--;
    go();
  }
}
