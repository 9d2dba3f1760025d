import { ActionIcon } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Message, Pin } from '@teambrain/contract/chat.ts';
import {
  IconArrowForwardUp,
  IconDots,
  IconLink,
  IconMailOpened,
  IconPin,
  IconPinnedOff,
  IconQuote,
} from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { copyLink } from '../../../platform/copy.ts';
import { startForward } from '../../../platform/forward.ts';
import { MenuButton } from '../../../platform/menu/menu-button.tsx';
import { messageOf } from '../../../platform/problem.ts';
import { sourceLink } from '../../../platform/source-link.ts';
import { markUnread, useMark } from '../../../platform/unread.ts';
import { isInStream } from '../chat.events.ts';
import { quoteOf } from '../quotes/quoting.tsx';
import { usePin } from '../pins/use-pin.ts';

interface Props {
  message: Message;
  pin: Pin | null;
  mayPin: boolean;
  onQuote: (() => void) | null;
}

/** What is done with a message now and then. */
export function MoreMenu({ message, pin, mayPin, onQuote }: Props) {
  const router = useRouter();
  const turnPin = usePin(message, pin);
  // Who only reads a public space keeps no mark, and a reply stands in no stream.
  const hasMark = useMark(message.spaceId) !== null && isInStream(message);
  const onUnread = () => {
    const fail = (error: unknown) =>
      notifications.show({ color: 'red', message: messageOf(error) });
    void markUnread(message.spaceId, message.seq).catch(fail);
  };
  const onCopy = () => {
    const link = sourceLink({ type: 'message', id: message.id, spaceId: message.spaceId });
    void copyLink(router.buildLocation(link).href);
  };
  return (
    <MenuButton
      position="bottom-end"
      width={220}
      button={
        <ActionIcon size="md" aria-label="More actions" data-tip="More">
          <IconDots size={16} />
        </ActionIcon>
      }
      entries={() => [
        onQuote !== null && { label: 'Quote in a message (q)', icon: IconQuote, onClick: onQuote },
        {
          label: 'Forward…',
          icon: IconArrowForwardUp,
          onClick: () => startForward(quoteOf(message)),
        },
        { label: 'Copy link', icon: IconLink, onClick: onCopy },
        hasMark && { label: 'Mark unread from here', icon: IconMailOpened, onClick: onUnread },
        mayPin && {
          label: pin ? 'Unpin' : 'Pin for everyone',
          icon: pin ? IconPinnedOff : IconPin,
          onClick: () => void turnPin(),
        },
      ]}
    />
  );
}
