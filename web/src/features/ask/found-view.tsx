import type { Found } from '@teambrain/contract/ask.ts';
import type { Citation } from '@teambrain/contract/citation.ts';
import { kindName, sourceName } from '../../platform/source-link.ts';
import { KindIcon } from '../../ui/kind-icon.tsx';
import { SpaceIcon } from '../../ui/space-icon.tsx';
import { Time } from '../../ui/time.tsx';
import classes from './found-view.module.css';

type Line = Found['excerpts'][number]['lines'][number];

interface Props {
  place: Found;
  isSure: boolean;
  citations: readonly Citation[];
  onOpen: (citation: Citation) => void;
}

/** The words found in one source, marked inside the lines that make them understood. */
export function FoundView({ place, isSure, citations, onOpen }: Props) {
  const { source, excerpts } = place;
  const name = sourceName(source);
  const heading = excerpts[0]?.heading ?? '';
  const quote = citations.find(({ source: { id } }) => id === source.id);
  return (
    <article className={classes.found} aria-label={`${name}, in ${source.spaceName}`}>
      <header className={classes.head}>
        <button
          type="button"
          className={classes.place}
          aria-label={`Open ${kindName(source.kind)} ${name}${heading && `, ${heading}`}, in ${source.spaceName}`}
          onClick={() => quote && onOpen(quote)}
        >
          <KindIcon kind={source.kind} size={14} />
          <span>
            <span className={classes.dim}>{isSure ? 'Found in ' : 'In '}</span>
            <bdi>{name}</bdi>
            {heading && (
              <span className={classes.dim}>
                {' '}
                › <bdi>{heading}</bdi>
              </span>
            )}
          </span>
        </button>
        <span className={classes.where}>
          <SpaceIcon visibility={source.spaceVisibility} size={12} /> <bdi>{source.spaceName}</bdi>{' '}
          · <Time at={source.at} />
        </span>
      </header>
      {excerpts.map((excerpt, index) => (
        <div key={excerpt.lines[0]?.start} className={classes.lines}>
          {index > 0 && excerpt.heading !== excerpts[index - 1]?.heading && (
            <p className={classes.under} dir="auto">
              {excerpt.heading}
            </p>
          )}
          {blocksOf(excerpt.lines).map((block) => (
            <Block key={block[0]?.start} lines={block} />
          ))}
        </div>
      ))}
    </article>
  );
}

/** Neighbouring lines of one kind: paragraphs, a list, rows of a table, code. */
function blocksOf(lines: readonly Line[]): Line[][] {
  return grouped(lines, (line, last) => line.kind === last.kind && line.kind !== 'code');
}

/** The paragraphs or items of a block: each line that begins one, with those that go on with it. */
function partsOf(lines: readonly Line[]): Line[][] {
  return grouped(lines, (line) => !line.begins);
}

function grouped(lines: readonly Line[], belongs: (line: Line, last: Line) => boolean): Line[][] {
  const groups: Line[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last && before && belongs(line, before)) last.push(line);
    else groups.push([line]);
  }
  return groups;
}

function Block({ lines }: { lines: readonly Line[] }) {
  const kind = lines[0]?.kind;
  if (kind === 'code') {
    return (
      <pre className={classes.code} tabIndex={0} dir="auto">
        {lines.map(Words)}
      </pre>
    );
  }
  const parts = partsOf(lines);
  if (kind !== 'item')
    return parts.map((part) => (
      <p key={part[0]?.start} dir="auto">
        {sentences(part)}
      </p>
    ));
  return (
    <ul className={classes.items}>
      {parts.map((part) => {
        const number = part[0]?.number ?? null;
        return (
          <li key={part[0]?.start} dir="auto">
            <span className={classes.marker}>{number === null ? '•' : `${number}.`}</span>
            <span dir="auto">{sentences(part)}</span>
          </li>
        );
      })}
    </ul>
  );
}

const sentences = (lines: readonly Line[]) => lines.flatMap((line) => [Words(line), ' ']);

function Words({ role, text, start }: Line) {
  if (role === 'quote') return <mark key={start}>{text}</mark>;
  return (
    <span key={start} className={role === 'context' ? classes.dim : undefined}>
      {text}
    </span>
  );
}
