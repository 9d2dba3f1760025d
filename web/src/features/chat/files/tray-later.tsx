import { lazy, Suspense } from 'react';
import classes from './tray.module.css';
import type { Attaching } from './use-attaching.ts';

const Tray = lazy(() => import('./tray.tsx').then((module) => ({ default: module.Tray })));

/** What a draft carries; its code comes with the first file. */
export function UploadTray({ attaching }: { attaching: Attaching }) {
  if (attaching.uploads.length === 0 && attaching.pasted === null) return null;
  return (
    <Suspense fallback={<div className={classes.tray} />}>
      <Tray attaching={attaching} />
    </Suspense>
  );
}
