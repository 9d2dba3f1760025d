import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { MOVE } from '../../ui/theme.ts';
import classes from './side-panel.module.css';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  title: string | null;
  isWhole: boolean;
  /** Whether the view scrolls by itself. */
  isFilled: boolean;
  children: ReactNode;
}

/** The side panel above the page, where there is no room beside it; loaded when it first opens. */
export function PanelDrawer({ isOpen, onClose, title, isWhole, isFilled, children }: Props) {
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size={isWhole ? '100%' : 400}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close panel' }}
      transitionProps={{ duration: MOVE }}
      classNames={{
        content: classes.drawer,
        header: classes.drawerHead,
        body: isFilled ? classes.drawerFill : classes.drawerBody,
      }}
    >
      {children}
    </Drawer>
  );
}
