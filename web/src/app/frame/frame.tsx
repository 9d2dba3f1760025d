import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef, type CSSProperties } from 'react';
import { Announcer } from '../../platform/announce.tsx';
import { useKeptScroll } from '../../platform/places/places.ts';
import { Logo } from '../../ui/logo.tsx';
import { MOVE } from '../../ui/theme.ts';
import { NARROW } from '../../ui/breakpoints.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { FrameDialogs } from './frame-dialogs.tsx';
import { NavigationButton, SearchButton } from './bar-buttons.tsx';
import { closeDialog, useDialog } from './dialogs.ts';
import classes from './frame.module.css';
import { useLayout } from '../../platform/layout/layout.ts';
import { SidePanel } from './side-panel.tsx';
import { Sidebar } from './sidebar.tsx';
import { useFollowSpaces } from './use-follow-spaces.ts';
import { useFrameShortcuts } from './use-frame-shortcuts.ts';

export function Frame() {
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  const { sidebar, panel, tree } = useLayout();
  const isDrawerOpen = useDialog() === 'navigation';
  const main = useMainFocus();
  useKeptScroll(main);
  useFollowSpaces();
  useFrameShortcuts();
  const sizes = {
    '--tb-sidebar': `${sidebar}px`,
    '--tb-panel': `${panel}px`,
    '--tb-tree': `${tree}px`,
  } as CSSProperties;
  return (
    <div className={classes.frame} style={sizes}>
      <a className={classes.skip} href="#main" onClick={() => main.current?.focus()}>
        Skip to content
      </a>
      {isNarrow ? (
        <>
          <nav className={classes.bar} aria-label="Top bar">
            <NavigationButton />
            <Logo isSmall />
            <SearchButton />
          </nav>
          <Drawer.Root
            opened={isDrawerOpen}
            onClose={closeDialog}
            size={288}
            padding={0}
            transitionProps={{ duration: MOVE }}
            classNames={{ body: classes.drawer }}
          >
            <Drawer.Overlay backgroundOpacity={0.4} />
            <Drawer.Content aria-label="Navigation">
              <Drawer.Body>
                <Sidebar onGo={closeDialog} />
              </Drawer.Body>
            </Drawer.Content>
          </Drawer.Root>
        </>
      ) : (
        <Sidebar onGo={closeDialog} canCollapse />
      )}
      <main ref={main} id="main" tabIndex={-1} className={classes.main}>
        <ConnectionBanner />
        <div className={classes.page} data-keep-scroll="page">
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
