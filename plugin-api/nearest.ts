/**
 * The name that was probably meant: at most two letters added, left out, replaced or swapped (one for words of up to three
 * letters). Of several equally near ones the first by alphabet. Undefined when none is near (SPEC CLI-10).
 */
export function nearest(typed: string, names: Iterable<string>): string | undefined {
  const limit = typed.length <= 3 ? 1 : 2;
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of names) {
    if (Math.abs(name.length - typed.length) > limit) continue;
    const distance = editDistance(typed, name);
    if (distance < bestDistance || (distance === bestDistance && best !== undefined && name < best)) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Letters to add, leave out, replace or swap with their neighbour until `from` is `to` (optimal string alignment). */
export function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1];
      let cost = Math.min(
        (row[j] as number) + 1,
        (next[j - 1] as number) + 1,
        (row[j - 1] as number) + (isSame ? 0 : 1),
      );
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      next.push(cost);
    }
    before = row;
    row = next;
  }
  return row[to.length] as number;
}

/** What other tools call our commands; several candidates where the first may not be in the product. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  uninstall: ["remove", "pip uninstall"],
  rm: ["remove"],
  update: ["upgrade", "self update"],
  list: ["tree", "pip list"],
  ls: ["tree", "pip list"],
  show: ["why", "pip show"],
  i: ["install"],
  shell: ["env activate"],
  activate: ["env activate"],
  exec: ["run"],
  freeze: ["export", "pip freeze"],
  new: ["init"],
  uvx: ["x"],
  pipx: ["x", "tool"],
  virtualenv: ["venv", "env create"],
  prune: ["gc"],
  clean: ["gc"],
  completion: ["completions"],
};

/**
 * The command that was probably meant, among command paths such as `python list`: another tool's name for one of ours
 * comes before a near spelling. The answer is a path, or the first word of paths.
 */
export function nearestCommand(typed: string, paths: Iterable<string>): string | undefined {
  const names = new Set<string>();
  for (const path of paths) names.add(path).add(path.split(" ", 1)[0] as string);
  const known = Object.hasOwn(SYNONYMS, typed) ? SYNONYMS[typed] : undefined;
  return known?.find((name) => names.has(name)) ?? nearest(typed, names);
}
