/** One case and what became of it. */
export interface CaseResult {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly reason?: string;
}

/** A kind of data: how a folder of it is recognised, and how its cases are run. */
export interface Kind {
  readonly name: string;
  /** Judged by what is in the folder, never by the folder's name. */
  claims(folder: string): boolean;
  run(folder: string): Promise<readonly CaseResult[]>;
}

export const passed = (name: string): CaseResult => ({ name, outcome: "passed" });
export const failed = (name: string, reason: string): CaseResult => ({ name, outcome: "failed", reason });
export const skipped = (name: string, reason: string): CaseResult => ({ name, outcome: "skipped", reason });

/** A case from the complaints about it. */
export const judged = (name: string, complaints: readonly string[]): CaseResult =>
  complaints.length === 0 ? passed(name) : failed(name, complaints.join("; "));

/** A case that breaks has failed; the others still run. */
export async function attempted(name: string, work: () => CaseResult | Promise<CaseResult>): Promise<CaseResult> {
  try {
    return await work();
  } catch (error) {
    return failed(name, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

/** How cases are named and run. */
interface Work<T> {
  name(item: T): string;
  run(item: T): Promise<CaseResult>;
}

/** Runs a case for every item, two at a time, and keeps the order. */
export async function eachCase<T>(items: readonly T[], { name, run }: Work<T>): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      const item = items[index] as T;
      results[index] = await attempted(name(item), () => run(item));
    }
  };
  await Promise.all([worker(), worker()]);
  return results;
}
