import { ActionIcon } from '@mantine/core';
import { MESSAGE_MAX } from '@teambrain/contract/chat.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { isMessage } from '@teambrain/contract/visible.ts';
import { IconSend2 } from '@tabler/icons-react';
import { useEffect, useImperativeHandle, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, Ref, RefObject } from 'react';
import { keepDraft, readDraft } from '../../../platform/drafts/drafts.ts';
import { OtherWords } from '../../../platform/drafts/other-words.tsx';
import { useLive } from '../../../platform/live.tsx';
import { GrowBox } from '../../../ui/grow-box.tsx';
import { composerKey, Quoting, setQuoted, useQuoted } from '../quotes/quoting.tsx';
import { useOutbox } from '../chat.outbox.tsx';
import { AttachButton } from '../files/attach-button.tsx';
import { UploadTray } from '../files/tray-later.tsx';
import { useAttaching } from '../files/use-attaching.ts';
import classes from './composer.module.css';
import { AlsoInSpace, Foot } from './foot.tsx';
import { isComposing } from './is-composing.ts';
import { useServerDraft } from './draft/use-server-draft.tsx';
import { SendLater } from './later/send-later.tsx';
import { useSchedule } from './later/use-schedule.ts';
import { useLinksBox } from './suggest/use-links-box.tsx';
import { useAskEveryone } from './use-ask-everyone.tsx';
import { useEmojiNames } from './use-emoji-names.ts';

interface Props {
  ref: Ref<HTMLTextAreaElement>;
  space: Space;
  onSent: () => void;
  /** Up-arrow in the empty box. */
  onEditLast: () => void;
  hint: ReactNode;
  /** The thread it replies in; without one it writes in the space's own stream. */
  threadId?: string;
}

export function Composer(props: Props) {
  // A new space or thread starts with its own draft.
  return <Box key={`${props.space.id} ${props.threadId ?? ''}`} {...props} />;
}

function Box({ ref, space, onSent, onEditLast, hint, threadId }: Props) {
  const key = composerKey(space.id, threadId);
  const quote = useQuoted(key);
  const name = threadId ? 'Reply in thread' : `Message ${space.name}`;
  const [inSpace, setInSpace] = useState(false);
  const outbox = useOutbox();
  const schedule = useSchedule(space.id);
  const live = useLive();
  const box = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => box.current as HTMLTextAreaElement);
  const [text, setText] = useState(() => readDraft<string>(key) ?? '');
  const isTooLong = text.length > MESSAGE_MAX;
  const isUnseen = text.trim() !== '' && !isMessage(text);
  useFocus(box, quote);
  const change = (next: string) => {
    setText(next);
    keepDraft(key, next || undefined);
    draft.changed();
    // Who types in a thread is shown there alone.
    if (next.trim()) live.typing(space.id, threadId);
  };
  const draft = useServerDraft({
    key,
    spaceId: space.id,
    threadId: threadId ?? null,
    text,
    onWords: setText,
    change,
  });
  const links = useLinksBox({ spaceId: space.id, box, text, change });
  const emojify = useEmojiNames(links.changeShown);
  const attaching = useAttaching({
    draftKey: key,
    spaceId: space.id,
    text,
    change,
    sendNow: deliver,
  });
  const isEmpty = !text.trim() && attaching.uploads.length === 0;
  const asking = useAskEveryone(space, text);
  const canSend = !isEmpty && !isTooLong && !isUnseen;
  const send = () => {
    if (canSend) asking.sendOrAsk(() => attaching.isReady() && deliver());
  };
  const reply = threadId ? { threadId, inSpace } : {};
  function deliver() {
    const quoted = quote ? { quote } : {};
    outbox.send(space.id, text.trim(), { ...reply, ...quoted, files: attaching.take() });
    finish();
    onSent();
  }
  const sendLater = (at: Date) =>
    asking.sendOrAsk(() => {
      const files = attaching.idsThere();
      if (files === null) return;
      const said = { ...reply, ...saidOf(text, files), ...(quote && { quote: quote.from }) };
      void schedule(said, at, () => {
        attaching.take();
        finish();
      });
    });
  function finish() {
    if (quote) setQuoted(key, null);
    setInSpace(false);
    change('');
    draft.changed(true);
    box.current?.focus();
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event) || links.onKeyDown(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && text === '') {
      event.preventDefault();
      onEditLast();
    }
  };
  return (
    <form
      ref={attaching.form}
      className={classes.composer}
      aria-label={threadId ? 'Write a reply' : 'Write a message'}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <OtherWords<string>
        draftKey={key}
        textOf={(other) => other}
        onTake={(other) => change(text.trim() ? `${text}\n\n${other}` : other)}
      />
      {draft.offer}
      <UploadTray attaching={attaching} />
      {quote && <Quoting quote={quote} onCancel={() => setQuoted(key, null)} />}
      {asking.dialog}
      <div className={classes.box} data-wrong={isTooLong || isUnseen || undefined}>
        {links.list}
        <GrowBox
          ref={box}
          {...links.aria}
          aria-label={name}
          aria-invalid={isTooLong || isUnseen}
          placeholder={name}
          maxLines={10}
          value={links.shown}
          onSelect={links.look}
          onChange={(event) => {
            links.changeShown(event.currentTarget.value);
            emojify(event.currentTarget);
          }}
          onKeyDown={onKeyDown}
          onPaste={attaching.onPaste}
        />
        <AttachButton onFiles={attaching.add} />
        <ActionIcon
          type="submit"
          size="lg"
          color="petrol"
          variant={isEmpty ? 'light' : 'filled'}
          aria-label={threadId ? 'Send reply' : 'Send message'}
          aria-disabled={!canSend}
        >
          <IconSend2 size={18} />
        </ActionIcon>
        <SendLater canSend={canSend} onTime={sendLater} />
      </div>
      <Foot
        text={text}
        isUnseen={isUnseen}
        hint={hint}
        also={threadId && <AlsoInSpace space={space} isOn={inSpace} onChange={setInSpace} />}
      />
    </form>
  );
}

const saidOf = (text: string, files: string[]) => ({
  ...(text.trim() && { text: text.trim() }),
  ...(files.length > 0 && { files }),
});

/** When the box is there, and when something is quoted in it. */
function useFocus(box: RefObject<HTMLTextAreaElement | null>, quote: unknown): void {
  useEffect(() => {
    // Not on touch screens, where the keyboard would cover what was come to read.
    if (window.matchMedia('(hover: hover)').matches) box.current?.focus();
  }, [box]);
  useEffect(() => {
    if (quote) box.current?.focus();
  }, [box, quote]);
}
