import { Notifications } from '@mantine/notifications';
import { MOVE } from '../ui/theme.ts';

export function Toasts() {
  return (
    <Notifications
      position="bottom-right"
      containerWidth={380}
      autoClose={4000}
      limit={3}
      transitionDuration={MOVE}
    />
  );
}
