import type { Citation } from '@teambrain/contract/citation.ts';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconArrowUpRight } from '@tabler/icons-react';
import { listMessages } from '@teambrain/contract/chat.ts';
import { getEntry } from '@teambrain/contract/knowledge.ts';
import { useEffect, useRef } from 'react';
import { Markdown } from '../../platform/markdown/markdown.tsx';
import { closePanel, type PanelView } from '../../platform/panel.tsx';
import { useCall } from '../../platform/session.tsx';
import { kindName, sourceLink, sourceName } from '../../platform/source-link.ts';
import { Failed } from '../../platform/failed.tsx';
import { KindIcon } from '../../ui/kind-icon.tsx';
import { Lines } from '../../ui/lines.tsx';
import { SpaceIcon } from '../../ui/space-icon.tsx';
import { Time } from '../../ui/time.tsx';
import classes from './source-panel.module.css';

export function SourcePanel({ view }: { view: PanelView }) {
  return view.kind === 'source' ? <Source citation={view.citation} /> : null;
}

/** What is cited, with the cited words marked, without leaving the page. */
function Source({ citation }: { citation: Citation }) {
  const { source, start, end, version } = citation;
  const text = useSourceText(citation);
  const box = useRef<HTMLDivElement>(null);
  const isSame = text.data?.version === version;
  useEffect(() => {
    box.current?.querySelector('mark')?.scrollIntoView({ block: 'center' });
  }, [text.data, start, end]);
  return (
    <article>
      <header className={classes.head}>
        <h3 className={classes.title} dir="auto">
          <KindIcon kind={source.kind} /> {sourceName(source)}
        </h3>
        <p className={classes.meta}>
          {kindName(source.kind)} in <SpaceIcon visibility={source.spaceVisibility} size={12} />{' '}
          <bdi>{source.spaceName}</bdi> · <bdi>{source.author.name}</bdi> · <Time at={source.at} />
        </p>
        <Button
          size="xs"
          variant="default"
          rightSection={<IconArrowUpRight size={14} />}
          renderRoot={(props) => (
            <Link {...sourceLink(source, citation)} {...props} onClick={closePanel} />
          )}
        >
          Open in {source.spaceName}
        </Button>
      </header>
      {text.isPending && <Lines label="Loading source" />}
      {text.isError && <Failed error={text.error} onRetry={() => void text.refetch()} />}
      {text.data && !isSame && (
        <>
          <p className={classes.meta}>This was changed since it was cited. The words were:</p>
          <blockquote className={classes.quote} dir="auto">
            <mark>{citation.quote}</mark>
          </blockquote>
        </>
      )}
      {text.data && (
        <div ref={box}>
          <Markdown text={text.data.text} look="chat" range={isSame ? { start, end } : null} />
        </div>
      )}
    </article>
  );
}

function useSourceText({ source, version }: Citation) {
  const call = useCall();
  const { spaceId, id, type } = source;
  return useQuery({
    queryKey: ['space', spaceId, 'source', id, version],
    queryFn: async ({ signal }) => {
      if (type === 'entry') {
        const entry = await call(getEntry, { params: { spaceId, entryId: id } }, { signal });
        return { text: entry.markdown, version: entry.version };
      }
      if (type !== 'message') return type satisfies never;
      const params = { spaceId };
      const query = { around: id, limit: 1 };
      const page = await call(listMessages, { params, query }, { signal });
      const find = (one: { id: string }) => one.id === id;
      let message = page.items.find(find);
      if (!message && page.thread) {
        // The space does not show every reply.
        const ofThread = { ...query, thread: page.thread };
        message = (await call(listMessages, { params, query: ofThread }, { signal })).items.find(
          find,
        );
      }
      return { text: message?.text ?? '', version: message?.version ?? 0 };
    },
  });
}
