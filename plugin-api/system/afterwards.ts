type Work = () => void | Promise<void>;
/** What was put off until the caller has his answer. */
const putOff: Work[] = [];
let isStaying = false;

/** From now on this process runs one command after the other, for callers who go on as soon as they have their answer. */
export function stay(): void {
  isStaying = true;
}

/** Whether there may be another command after this one. */
export const stays = (): boolean => isStaying;

/** Does at the end what changes nothing any more, such as removing what is out of the way already: at once, unless this process stays. */
export function afterwards(work: () => void): void;
export function afterwards(work: Work): void | Promise<void>;
export function afterwards(work: Work): void | Promise<void> {
  if (!isStaying) return work();
  putOff.push(work);
  return undefined;
}

/** Has a process that stays prepare for the next command; in any other nothing is done. */
export function ahead(work: Work): void {
  if (isStaying) putOff.push(work);
}

/** Does what was put off, one after the other. What fails has nobody to be told to any more. */
export async function catchUp(): Promise<void> {
  for (const work of putOff.splice(0))
    try {
      const doing = work();
      if (doing instanceof Promise) await doing;
    } catch {}
}

const last: Work[] = [];

/** Does at the end of a process that stays what can't be done before. */
export function atLast(work: Work): void {
  last.push(work);
}

/** Does what was put off to the end of this process. */
export async function leave(): Promise<void> {
  putOff.push(...last.splice(0));
  await catchUp();
}
