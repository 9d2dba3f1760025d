import { decisionHeadings, type DecisionFields } from '@teambrain/contract/knowledge.ts';

/**
 * The fields of a decision from its Markdown, for revisions that were kept without them: each
 * heading counts once, in its order. A field that holds such a line itself cannot be told apart.
 */
export function readDecision(markdown: string): DecisionFields {
  const fields = { context: '', options: '', outcome: '', consequences: '' };
  let rest = decisionHeadings;
  let current: keyof DecisionFields = 'context';
  for (const line of markdown.split('\n')) {
    const at = rest.findIndex(([, heading]) => line === `## ${heading}`);
    const found = rest[at];
    if (found) {
      current = found[0];
      rest = rest.slice(at + 1);
    } else {
      fields[current] += `${line}\n`;
    }
  }
  for (const [key] of decisionHeadings) fields[key] = fields[key].trim();
  return fields;
}
