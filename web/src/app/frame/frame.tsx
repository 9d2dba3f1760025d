import { useMediaQuery } from '@mantine/hooks';
import { Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState, type CSSProperties } from 'react';
import { Announcer } from '../../platform/announce.tsx';
import { dialogLater, whenIdle } from '../../platform/later.tsx';
import { loadMenus } from '../../platform/menu/menu-button.tsx';
import { useKeptScroll } from '../../platform/places/places.ts';
import { Logo } from '../../ui/logo.tsx';
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

const loadNavigation = () =>
  import('./narrow-navigation.tsx').then((module) => module.NarrowNavigation);
const NarrowNavigation = dialogLater(loadNavigation);
const Tips = lazy(() => import('../../ui/tips.tsx').then((module) => ({ default: module.Tips })));

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
          <NarrowNavigation isOpen={isDrawerOpen} onClose={closeDialog} />
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
      <Later />
      <Announcer />
    </div>
  );
}

/** Loads what the first page is drawn without: tips, and the code of menus. */
function Later() {
  const [isIdle, setIsIdle] = useState(false);
  useEffect(
    () =>
      whenIdle(() => {
        setIsIdle(true);
        loadMenus();
      }),
    [],
  );
  return (
    isIdle && (
      <Suspense>
        <Tips />
      </Suspense>
    )
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
