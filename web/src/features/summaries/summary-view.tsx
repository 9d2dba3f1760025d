import { Button } from '@mantine/core';
import type { Citation } from '@teambrain/contract/citation.ts';
import type { Summary } from '@teambrain/contract/summaries.ts';
import { IconRefresh } from '@tabler/icons-react';
import { count } from '../../platform/words.ts';
import { CitedText } from '../../ui/cited-text.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Failed } from '../../platform/failed.tsx';
import { Lines } from '../../ui/lines.tsx';
import { useSummary, type SummaryTarget } from './summaries.queries.ts';
import classes from './summary-view.module.css';

type Kind = Summary['points'][number]['kind'];

const GROUPS: { kind: Kind; title: string; hint?: string }[] = [
  { kind: 'key', title: 'Key points' },
  {
    kind: 'decision',
    title: 'Decisions',
    hint: 'Suggested by their wording; confirm before you rely on them',
  },
  {
    kind: 'action',
    title: 'Action items',
    hint: 'Suggested by their wording; confirm before you rely on them',
  },
  { kind: 'question', title: 'Open questions' },
];

interface Props {
  spaceId: string;
  spaceName: string;
  target: SummaryTarget;
  /** What is summarised, in words. */
  label: string;
  onOpen: (citation: Citation) => void;
}

export function SummaryView({ spaceId, spaceName, target, label, onOpen }: Props) {
  const summary = useSummary(spaceId, target);
  const unit = target.kind === 'entry' ? 'page' : 'message';
  return (
    <div aria-busy={summary.isFetching}>
      <h3 className={classes.title} dir="auto">
        {spaceName ? `${spaceName}: ${label}` : label}
      </h3>
      {summary.isPending && <Lines count={6} label="Making the summary" />}
      {summary.isError && <Failed error={summary.error} onRetry={() => void summary.refetch()} />}
      {summary.data && (
        <>
          <div className={classes.origin}>
            <span>{coverage(summary.data, unit)}</span>
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              leftSection={<IconRefresh size={12} />}
              loading={summary.isFetching}
              onClick={() => void summary.refetch()}
            >
              Again
            </Button>
          </div>
          <Points summary={summary.data} onOpen={onOpen} />
        </>
      )}
    </div>
  );
}

/** "From the last 1,000 of 4,012 messages, 3 May 2026 to 5 June 2026, word for word". */
function coverage({ sources, of, from, to }: Summary, unit: string): string {
  if (sources === 0) return `No ${unit}s in this time`;
  const what =
    sources < of ? `the last ${sources.toLocaleString()} of ${count(of, unit)}` : count(of, unit);
  const days = [from, to].flatMap((at) => (at === null ? [] : [dayOf(at)]));
  const [first, last] = days;
  const when = first === last ? first : `${first} to ${last}`;
  return `From ${what}${when === undefined ? '' : `, ${when}`}, word for word`;
}

const dayOf = (at: string) =>
  new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

function Points({ summary, onOpen }: { summary: Summary; onOpen: (citation: Citation) => void }) {
  if (summary.sources === 0) {
    return (
      <Empty title="Nothing to summarise">Nobody wrote in this time. Choose a longer one.</Empty>
    );
  }
  if (summary.points.length === 0) {
    return <Empty title="Nothing to summarise">There is too little text in it.</Empty>;
  }
  return GROUPS.map(({ kind, title, hint }) => {
    const points = summary.points.filter((point) => point.kind === kind);
    if (points.length === 0) return null;
    return (
      <section key={kind} className={classes.group} aria-label={title}>
        <h4>{title}</h4>
        {hint && <p className={classes.hint}>{hint}</p>}
        <ul>
          {points.map((point, index) => (
            <li key={index}>
              <CitedText
                text={point.text}
                citations={point.citations}
                all={summary.citations}
                onOpen={onOpen}
              />
            </li>
          ))}
        </ul>
      </section>
    );
  });
}
