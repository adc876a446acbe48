/** What `-X importtime` and PYTHONPROFILEIMPORTTIME say: milliseconds that importing a module takes, with all that it imports. */
export function importTimes(stderr: string): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const [, cumulative, name] of stderr.matchAll(/^import time:\s*\d+ \|\s*(\d+) \|\s*(\S+)/gm))
    if (name !== undefined && !times.has(name)) times.set(name, Number(cumulative) / 1000);
  return times;
}
