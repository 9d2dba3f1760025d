import { ActionIcon, Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Announcer } from '../../platform/announce.tsx';
import { Logo } from '../../ui/logo.tsx';
import { NARROW } from '../../ui/breakpoints.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { FrameDialogs } from './frame-dialogs.tsx';
import { openSearch } from './dialogs.ts';
import classes from './frame.module.css';
import { SidePanel } from './side-panel.tsx';
import { Sidebar } from './sidebar.tsx';
import { useFollowSpaces } from './use-follow-spaces.ts';
import { useFrameShortcuts } from './use-frame-shortcuts.ts';

export function Frame() {
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const [isDrawerOpen, setIsDrawerOpen] = useState(false);
  const main = useMainFocus();
  useFollowSpaces();
  useFrameShortcuts();
  const closeDrawer = () => setIsDrawerOpen(false);
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#main" onClick={() => main.current?.focus()}>
        Skip to content
      </a>
      {isNarrow ? (
        <>
          <nav className={classes.bar} aria-label="Top bar">
            <ActionIcon
              size="lg"
              aria-label="Open navigation"
              aria-expanded={isDrawerOpen}
              onClick={() => setIsDrawerOpen(true)}
            >
              <IconMenu2 size={20} />
            </ActionIcon>
            <Logo isSmall />
            <ActionIcon size="lg" aria-label="Search" onClick={openSearch}>
              <IconSearch size={20} />
            </ActionIcon>
          </nav>
          <Drawer.Root
            opened={isDrawerOpen}
            onClose={closeDrawer}
            size={288}
            padding={0}
            transitionProps={{ duration: 150 }}
            classNames={{ body: classes.drawer }}
          >
            <Drawer.Overlay backgroundOpacity={0.4} />
            <Drawer.Content aria-label="Navigation">
              <Drawer.Body>
                <Sidebar onGo={closeDrawer} />
              </Drawer.Body>
            </Drawer.Content>
          </Drawer.Root>
        </>
      ) : (
        <Sidebar onGo={closeDrawer} />
      )}
      <main ref={main} id="main" tabIndex={-1} className={classes.main}>
        <ConnectionBanner />
        <div className={classes.page}>
          <Outlet />
        </div>
      </main>
      <SidePanel />
      <FrameDialogs />
      <Announcer />
    </div>
  );
}

/** A new page takes the focus, unless a field of it has already done so. */
function useMainFocus() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    const focused = document.activeElement;
    if (focused && main.current?.contains(focused)) return;
    if (focused?.closest('[role="dialog"], aside')) return;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
