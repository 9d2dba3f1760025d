import { ActionIcon } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { dialogLater } from '../../../../platform/later.tsx';
import { MenuButton } from '../../../../platform/menu/menu-button.tsx';
import { dueWords, morningChoices } from '../../../../platform/saved/due-choices.ts';

const TimeDialog = dialogLater(() =>
  import('../../../../platform/saved/time-dialog.tsx').then((module) => module.TimeDialog),
);

interface Props {
  /** Whether there is something to send. */
  canSend: boolean;
  onTime: (at: Date) => void;
}

/** Beside the button that sends: the times at which it can be sent later. */
export function SendLater({ canSend, onTime }: Props) {
  const navigate = useNavigate();
  const [isChoosing, setIsChoosing] = useState(false);
  const isDisabled = !canSend;
  return (
    <>
      <MenuButton
        position="top-end"
        width={240}
        button={
          <ActionIcon size="lg" w={24} miw={24} aria-label="Send later" data-tip="Send later">
            <IconChevronDown size={16} />
          </ActionIcon>
        }
        entries={() => [
          { heading: 'Send later' },
          ...morningChoices().map(({ at }) => ({
            label: dueWords(at.toISOString()),
            isDisabled,
            onClick: () => onTime(at),
          })),
          { label: 'Choose a time…', isDisabled, onClick: () => setIsChoosing(true) },
          'line',
          {
            label: 'Drafts & scheduled',
            onClick: () => void navigate({ to: '/drafts' }),
          },
        ]}
      />
      <TimeDialog
        title="Send later"
        action="Schedule"
        isOpen={isChoosing}
        onClose={() => setIsChoosing(false)}
        onTime={onTime}
      />
    </>
  );
}
