import type { Chain, Dispute, Party } from "./dispute.ts";
import { intersect, type Ranks } from "./ranks.ts";
import { areApart, type Wording } from "./wording.ts";

/** A line and those that follow from it. */
interface Branch {
  readonly children: Map<string, Branch>;
}

const MOST_PARTIES = 4;

/**
 * The chains of disputes as indented lines, one party after the other:
 *
 *   pyproject.toml:8  awscli==1.32.0
 *     └─ awscli 1.32.0 requires s3transfer>=0.9.0,<0.10.0
 */
export function chainLines(disputes: readonly Dispute[], wording: Wording): string[] {
  const parties = new Map<string, { readonly party: Party; readonly branch: Branch }>();
  for (const { chains } of disputes) {
    for (const chain of chains) {
      const key = `${chain.party.kind} ${chain.party.index}`;
      const entry = parties.get(key) ?? { party: chain.party, branch: { children: new Map() } };
      parties.set(key, entry);
      grow(entry.branch, chain, { wording, others: othersOf(chain, chains) });
    }
  }
  const shown = [...parties.values()].slice(0, MOST_PARTIES);
  const width = Math.max(...shown.map(({ party }) => wording.originOf(party).length));
  const lines = shown.flatMap(({ party, branch }) => [wording.partyLine(party, width), ...childLines(branch, "  ")]);
  return parties.size > shown.length ? [...lines, `and ${parties.size - shown.length} more`] : lines;
}

/** What the other chains to the same package leave of it. */
function othersOf(chain: Chain, chains: readonly Chain[]): Ranks | undefined {
  const others = chains.filter((other) => other !== chain).map(({ allowed }) => allowed);
  return others.length === 0 ? undefined : others.reduce((left, allowed) => intersect(left, allowed));
}

function grow(root: Branch, chain: Chain, { wording, others }: { wording: Wording; others: Ranks | undefined }): void {
  let branch = root;
  for (const step of chain.steps) {
    const isLast = step === chain.steps.at(-1);
    const isClear = (hull: Ranks): boolean => !isLast || (others !== undefined && areApart(hull, others));
    const lines = wording.stepLines(step, isClear);
    for (const line of lines) if (!branch.children.has(line)) branch.children.set(line, { children: new Map() });
    branch = branch.children.get(lines[0]!)!;
  }
}

function childLines({ children }: Branch, prefix: string): string[] {
  const last = children.size - 1;
  return [...children].flatMap(([line, child], i) => [
    `${prefix}${i === last ? "└─" : "├─"} ${line}`,
    ...childLines(child, `${prefix}${i === last ? "   " : "│  "}`),
  ]);
}
