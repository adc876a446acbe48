/** Lines that go (`-`) and come (`+`), with those around them (` `); `...` where some are left out. Pure. */
export function lineDiff(before: string, after: string): readonly string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const common = longestCommon(old, now);
  const lines: { readonly sign: " " | "-" | "+"; readonly text: string }[] = [];
  let [a, b] = [0, 0];
  for (const [i, j] of [...common, [old.length, now.length] as const]) {
    while (a < i) lines.push({ sign: "-", text: old[a++] as string });
    while (b < j) lines.push({ sign: "+", text: now[b++] as string });
    if (i < old.length) lines.push({ sign: " ", text: old[a++] as string });
    b = j + 1;
  }
  return shortened(lines);
}

const linesOf = (text: string): readonly string[] => (text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/));

/** Pairs of indexes of equal lines, in order: files of projects are short enough for the whole table. */
function longestCommon(old: readonly string[], now: readonly string[]): readonly (readonly [number, number])[] {
  const width = now.length + 1;
  const best = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      best[i * width + j] =
        old[i] === now[j]
          ? (best[(i + 1) * width + j + 1] as number) + 1
          : Math.max(best[(i + 1) * width + j] as number, best[i * width + j + 1] as number);
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < old.length && j < now.length; )
    if (old[i] === now[j]) pairs.push([i++, j++]);
    else if ((best[(i + 1) * width + j] as number) >= (best[i * width + j + 1] as number)) i++;
    else j++;
  return pairs;
}

const AROUND = 2;

function shortened(lines: readonly { readonly sign: " " | "-" | "+"; readonly text: string }[]): readonly string[] {
  const shown: string[] = [];
  let isCut = false;
  for (const [at, { sign, text }] of lines.entries()) {
    const isNear =
      sign !== " " || lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some((each) => each.sign !== " ");
    if (isNear) shown.push(`${sign}${text}`);
    else if (!isCut) shown.push("...");
    isCut = !isNear;
  }
  return shown;
}
