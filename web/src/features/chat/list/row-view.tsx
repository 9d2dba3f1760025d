import type { Ability } from '@teambrain/contract/role.ts';
import type { Space } from '@teambrain/contract/spaces.ts';
import { memo } from 'react';
import type { TextRange } from '../../../platform/markdown/highlight.ts';
import { countUpTo99 } from '../../../platform/words.ts';
import { SpaceMark } from '../../../ui/space-mark.tsx';
import { dayName } from '../../../ui/time-words.ts';
import type { OpenAt } from '../chat.queries.ts';
import type { Row } from './chat.rows.ts';
import { DayMenu } from './day-menu.tsx';
import { MessageRow } from './message-row.tsx';
import classes from './row-view.module.css';

interface Props {
  row: Row;
  space: Space;
  ability: Ability | null;
  range: TextRange | null;
  version: number | undefined;
  isTarget: boolean;
  isEditing: boolean;
  isInThread?: boolean;
  onEdit: (messageId: string) => void;
  onEdited: () => void;
  /** Shows messages of another day; where it is not given, days are words alone. */
  onJump?: (at: OpenAt) => void;
}

export const RowView = memo(function RowView({ row, space, onJump, ...props }: Props) {
  switch (row.type) {
    case 'start':
      return (
        <div className={classes.start}>
          <h2>
            <SpaceMark space={space} size={28} />
            <bdi>{space.name}</bdi>
          </h2>
          <p>
            This is where <bdi>{space.name}</bdi> begins. What is said here can be searched and
            asked about.
          </p>
        </div>
      );
    case 'day':
      return (
        <div className={classes.divider}>
          <h2>{onJump ? <DayMenu day={row.at} onJump={onJump} /> : dayName(row.at)}</h2>
        </div>
      );
    case 'new':
      return (
        <div className={classes.divider} data-new>
          <h2>{countUpTo99(row.count, 'new message')}</h2>
        </div>
      );
    case 'message':
      return (
        <MessageRow
          message={row.message}
          pending={row.pending}
          isFirst={row.isFirst}
          thread={row.thread}
          reactions={row.reactions}
          pin={row.pin}
          quote={row.quote}
          {...props}
        />
      );
  }
});
