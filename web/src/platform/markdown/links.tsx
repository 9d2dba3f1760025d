import { IconPhoto } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import { Mention, mentionOf } from '../mention/mention.tsx';
import { safeUrl } from './safe-url.ts';
import classes from './markdown.module.css';

interface Router {
  history: { push: (path: string) => void };
}

/** A link someone wrote: ours opens here, others in a new tab that learns nothing of us. */
export function SafeLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  const router = useRouter({ warn: false }) as Router | undefined;
  const url = href ? safeUrl(href) : null;
  if (!url) return <span>{children}</span>;
  const isOwn = url.origin === location.origin;
  const mention = isOwn ? mentionOf(url) : null;
  if (mention) return <Mention {...mention}>{children}</Mention>;
  if (!isOwn || !router) {
    return (
      <a href={url.href} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    );
  }
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    router.history.push(url.pathname + url.search + url.hash);
  };
  return (
    <a href={url.href} onClick={onClick}>
      {children}
    </a>
  );
}

/** Images are not loaded: their host would learn who reads what. The link says what it is. */
export function ImageLink({ src, alt }: { src: string; alt: string }) {
  return (
    <SafeLink href={src}>
      <span className={classes.image}>
        <IconPhoto size={14} aria-hidden /> {alt || 'Image'}
      </span>
    </SafeLink>
  );
}
