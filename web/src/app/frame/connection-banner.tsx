import { useNetwork } from '@mantine/hooks';
import { IconCloudOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useConnection } from '../../platform/live.tsx';
import classes from './frame.module.css';

/** A short gap is mended before anyone needs to know of it. */
const PATIENCE = 2_500;

export function ConnectionBanner() {
  const state = useConnection();
  const { online } = useNetwork();
  const [isLate, setIsLate] = useState(false);
  // A dead socket shows itself only at the next missed beat; the browser may know earlier.
  const isAway = state !== 'live' || !online;
  useEffect(() => {
    if (!isAway) return setIsLate(false);
    const timer = setTimeout(() => setIsLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [isAway]);
  if (!isLate) return null;
  return (
    <div className={classes.banner} role="status">
      <IconCloudOff size={16} aria-hidden />
      Offline – your messages are kept in this tab and sent when you are back
    </div>
  );
}
