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

/** Runs `work` for every item, two at a time, and keeps the order. Throws the first error once all have ended. */
export async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  const ends = await Promise.allSettled([worker(), worker()]);
  const broken = ends.find((end) => end.status === "rejected");
  if (broken !== undefined) throw broken.reason;
  return results;
}
