import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { scheduledKey } from '../../../../platform/drafts/on-server.ts';
import { messageOf } from '../../../../platform/problem.ts';
import { dueWords } from '../../../../platform/saved/due-choices.ts';
import { useCall } from '../../../../platform/session.tsx';
import type { Said } from './schedule.ts';

/** Has a message sent later; `onDone` once the server has it. Until then the box keeps its words. */
export function useSchedule(spaceId: string) {
  const call = useCall();
  const client = useQueryClient();
  const isBusy = useRef(false);
  return async (said: Said, at: Date, onDone: () => void): Promise<void> => {
    if (isBusy.current) return;
    isBusy.current = true;
    try {
      const { schedule } = await import('./schedule.ts');
      await schedule(call, spaceId, said, at);
      onDone();
      notifications.show({ message: `Will be sent: ${dueWords(at.toISOString())}` });
    } catch (error) {
      notifications.show({ color: 'red', message: messageOf(error) });
    } finally {
      isBusy.current = false;
    }
    await client.invalidateQueries({ queryKey: scheduledKey });
  };
}
