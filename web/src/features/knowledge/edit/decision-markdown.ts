import type { DecisionFields } from '@teambrain/contract/knowledge.ts';

const HEADINGS: [keyof DecisionFields, string][] = [
  ['context', 'Context'],
  ['options', 'Options'],
  ['outcome', 'Outcome'],
  ['consequences', 'Consequences'],
];

export const EMPTY_DECISION: DecisionFields = {
  context: '',
  options: '',
  outcome: '',
  consequences: '',
};

/** The inverse of the contract's `decisionMarkdown`: each heading counts once, in its order. */
export function parseDecision(markdown: string): DecisionFields {
  const fields = { ...EMPTY_DECISION };
  let rest = HEADINGS;
  let current: keyof DecisionFields = 'context';
  const lines: Record<string, string[]> = {};
  for (const line of markdown.split('\n')) {
    const at = rest.findIndex(([, heading]) => line === `## ${heading}`);
    if (at === -1) {
      (lines[current] ??= []).push(line);
      continue;
    }
    current = rest[at]?.[0] ?? current;
    rest = rest.slice(at + 1);
  }
  for (const [key] of HEADINGS) fields[key] = (lines[key] ?? []).join('\n').trim();
  return fields;
}
