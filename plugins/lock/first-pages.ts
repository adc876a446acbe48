import { type Beginning, firstPages as pagesOf } from "../../plugin-api/requirements/first-pages.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { LockInputs } from "./inputs.ts";

/** Asks for the pages of what the project requires itself while something else takes its time. */
export const firstPages = (inputs: LockInputs, meanwhile: Promise<unknown>, session: Session): Promise<void> =>
  pagesOf(() => beginning(inputs), meanwhile, session);

const beginning = ({ roots, own, constraints, overrides, indexPins, exclusions }: LockInputs): Beginning => ({
  requirements: roots.map(({ demand }) => demand.requirement),
  special: [
    ...[...own, ...constraints, ...overrides].map(({ requirement }) => requirement.name),
    ...indexPins.map(({ name }) => name),
    ...exclusions,
  ],
});
