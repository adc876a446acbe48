/** What was put off until the caller has his answer. */
const putOff: (() => void)[] = [];
let isStaying = false;

/** From now on this process runs one command after the other, for callers who go on as soon as they have their answer. */
export function stay(): void {
  isStaying = true;
}

/** Whether there may be another command after this one. */
export const stays = (): boolean => isStaying;

/** Does at the end what changes nothing any more, such as removing what is out of the way already: at once, unless this process stays. */
export function afterwards(work: () => void): void {
  if (isStaying) putOff.push(work);
  else work();
}

/** Has a process that stays prepare for the next command; in any other nothing is done. */
export function ahead(work: () => void): void {
  if (isStaying) putOff.push(work);
}

/** Does what was put off. What fails has nobody to be told to any more. */
export function catchUp(): void {
  for (const work of putOff.splice(0))
    try {
      work();
    } catch {}
}

const last: (() => void)[] = [];

/** Does at the end of a process that stays what can't be done before. */
export function atLast(work: () => void): void {
  last.push(work);
}

/** Does what was put off to the end of this process. */
export function leave(): void {
  putOff.push(...last.splice(0));
  catchUp();
}
