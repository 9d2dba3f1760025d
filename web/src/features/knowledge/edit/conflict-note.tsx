import { Alert, Button, Group, Textarea } from '@mantine/core';
import type { Entry, EntryKind } from '@teambrain/contract/knowledge.ts';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { announce } from '../../../platform/announce.tsx';
import { Time } from '../../../ui/time.tsx';
import { kinds } from '../kinds.ts';
import classes from './conflict-note.module.css';
import { valuesOf, type EntryValues } from './entry-values.ts';
import { clashes, partsOf, type Part } from './merge.ts';

interface Props {
  kind: EntryKind;
  /** The newer version. */
  theirs: Entry;
  base: EntryValues;
  mine: EntryValues;
  /** My words of parts for which theirs were taken, by part. */
  kept: Readonly<Record<string, string>>;
  onChange: (mine: EntryValues, kept: Readonly<Record<string, string>>) => void;
  isBusy: boolean;
  onSave: () => void;
  /** Grows each time the reader wanted to save and has to be shown this. */
  calls: number;
}

/** Stands beside “Save”: both versions side by side, and what may become of them. */
export function ConflictNote(props: Props) {
  const { kind, theirs, base, mine, kept, onChange, isBusy, onSave, calls } = props;
  const box = useRef<HTMLDivElement>(null);
  const other = valuesOf(theirs);
  const rows = useRows(kind, clashes(kind, base, mine, other), kept);
  const who = theirs.updatedBy.name;
  useEffect(() => {
    announce(
      `${who} saved a newer version of this ${kinds[kind].one}. Both versions are beside Save.`,
    );
  }, [who, kind, theirs.version]);
  useEffect(() => {
    if (calls === 0) return;
    box.current?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: 'start' });
  }, [calls]);
  const takeAll = () => {
    const words = Object.fromEntries(rows.map(({ key, get }) => [key, get(mine)]));
    const taken = rows.reduce((values, { get, put }) => put(values, get(other)), mine);
    onChange(taken, { ...words, ...kept });
  };
  return (
    <div
      ref={box}
      className={classes.note}
      tabIndex={-1}
      role="group"
      aria-label="Someone changed this in the meantime"
    >
      <Alert
        role="alert"
        color="yellow"
        icon={<IconAlertTriangle size={18} />}
        title="Someone changed this in the meantime"
      >
        <bdi>{who}</bdi> saved version {theirs.version} <Time at={theirs.updatedAt} />. Nothing of
        yours is lost.{' '}
        {rows.length === 0
          ? 'You changed different parts: saving puts both together.'
          : 'Choose for each part, or put both together in your text, then save.'}
      </Alert>
      {rows.map((part) => (
        <Clash
          key={part.key}
          part={part}
          mine={part.get(mine)}
          theirs={part.get(other)}
          kept={kept[part.key]}
          onChange={(text, words) => {
            const { [part.key]: _, ...others } = kept;
            const next = words === undefined ? others : { ...others, [part.key]: words };
            onChange(part.put(mine, text), next);
          }}
        />
      ))}
      <Group gap={8} mt={12}>
        <Button loading={isBusy} onClick={onSave}>
          {rows.length === 0 ? 'Save both together' : 'Save this'}
        </Button>
        {rows.length > 0 && (
          <Button variant="default" onClick={takeAll}>
            Take theirs everywhere
          </Button>
        )}
      </Group>
    </div>
  );
}

/** A part stays in sight once both changed it, also while the two are made the same. */
function useRows(kind: EntryKind, now: readonly Part[], kept: Props['kept']): Part[] {
  const [seen, setSeen] = useState<readonly string[]>([]);
  const keys = [...seen, ...Object.keys(kept), ...now.map((part) => part.key)];
  const isNew = now.some((part) => !seen.includes(part.key));
  useEffect(() => {
    if (isNew) setSeen((was) => [...new Set([...was, ...now.map((part) => part.key)])]);
  }, [isNew, now]);
  return partsOf(kind).filter((part) => keys.includes(part.key));
}

interface ClashProps {
  part: Part;
  mine: string;
  theirs: string;
  kept: string | undefined;
  onChange: (text: string, kept: string | undefined) => void;
}

function Clash({ part, mine, theirs, kept, onChange }: ClashProps) {
  const { label, isText, show } = part;
  const small = { size: 'compact-sm', variant: 'default' } as const;
  const isTheirs = mine === theirs;
  return (
    <section className={classes.clash} aria-label={`${label}, both versions`}>
      <h3 className={classes.label}>{label}</h3>
      <div className={classes.sides}>
        {isText ? (
          <>
            <Textarea
              label="Yours"
              aria-label={`Your ${label.toLowerCase()}`}
              autosize
              minRows={2}
              maxRows={14}
              value={mine}
              onChange={(event) => onChange(event.currentTarget.value, kept)}
            />
            <Textarea
              label="Theirs"
              aria-label={`Their ${label.toLowerCase()}`}
              readOnly
              autosize
              minRows={2}
              maxRows={14}
              value={theirs}
            />
          </>
        ) : (
          <>
            <p>Yours: {show(mine)}</p>
            <p>Theirs: {show(theirs)}</p>
          </>
        )}
      </div>
      <Group gap={8} mt={8}>
        {!isTheirs && (
          <Button {...small} onClick={() => onChange(theirs, kept ?? mine)}>
            Use theirs
          </Button>
        )}
        {isText && !isTheirs && !mine.includes(theirs) && (
          <Button {...small} onClick={() => onChange(joined(part, mine, theirs), kept ?? mine)}>
            Put theirs below mine
          </Button>
        )}
        {kept !== undefined && kept !== mine && (
          <Button {...small} onClick={() => onChange(kept, undefined)}>
            Back to mine
          </Button>
        )}
      </Group>
    </section>
  );
}

const joined = ({ key }: Part, mine: string, theirs: string) =>
  key === 'title' ? `${mine} / ${theirs}` : `${mine.trimEnd()}\n\n${theirs}`;
