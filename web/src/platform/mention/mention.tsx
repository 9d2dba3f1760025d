import { lazy, Suspense, useRef, useState, type MouseEvent, type ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import { useReader } from '../session.tsx';
import classes from './mention.module.css';

const PersonPopover = lazy(() =>
  import('./person-popover.tsx').then((module) => ({ default: module.PersonPopover })),
);

const ADDRESS =
  /^\/(?:(people|groups)\/|(s)\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\/members)?$/i;

interface Target {
  to: 'person' | 'group' | 'everyone';
  id: string;
}

/** Whom an address of this site mentions, as the contract's `linksOf` reads it. */
export function mentionOf({ pathname, search, hash }: URL): Target | null {
  const [, kind, space, id = '', members] = ADDRESS.exec(pathname) ?? [];
  if (search || hash) return null;
  if (space) return members ? { to: 'everyone', id } : null;
  if (!kind || members) return null;
  return { to: kind.toLowerCase() === 'people' ? 'person' : 'group', id: id.toLowerCase() };
}

/** A mention: the words that were written, marked where they call the reader. A person's opens a card. */
export function Mention({ to, id, children }: Target & { children: ReactNode }) {
  const reader = useReader();
  const [isOpen, setIsOpen] = useState(false);
  const [wasOpen, setWasOpen] = useState(false);
  const anchor = useRef<HTMLAnchorElement>(null);
  const isMe = to === 'person' ? id === reader?.id : to === 'everyone';
  if (to === 'group' && reader) {
    return (
      <Link to="/groups/$groupId" params={{ groupId: id }} className={classes.mention}>
        {children}
      </Link>
    );
  }
  if (to !== 'person' || !reader) {
    return (
      <span className={classes.mention} data-me={isMe || undefined}>
        {children}
      </span>
    );
  }
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    setIsOpen(true);
    setWasOpen(true);
  };
  const close = () => {
    setIsOpen(false);
    requestAnimationFrame(() => anchor.current?.focus());
  };
  const link = (
    <a
      ref={anchor}
      href={`/people/${id}`}
      className={classes.mention}
      data-me={isMe || undefined}
      onClick={onClick}
    >
      {children}
    </a>
  );
  if (!wasOpen) return link;
  return (
    <Suspense fallback={link}>
      <PersonPopover userId={id} isOpen={isOpen} onClose={close}>
        {link}
      </PersonPopover>
    </Suspense>
  );
}
