import { Drawer } from '@mantine/core';
import { MOVE } from '../../ui/theme.ts';
import classes from './frame.module.css';
import { Sidebar } from './sidebar.tsx';

/** The side bar on small screens, over the page; loaded when it first opens. */
export function NarrowNavigation({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Drawer.Root
      opened={isOpen}
      onClose={onClose}
      size={288}
      padding={0}
      transitionProps={{ duration: MOVE }}
      classNames={{ body: classes.drawer }}
    >
      <Drawer.Overlay backgroundOpacity={0.4} />
      <Drawer.Content aria-label="Navigation">
        <Drawer.Body>
          <Sidebar onGo={onClose} />
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
