import { useNetwork } from '@mantine/hooks';
import { IconCloudOff, IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useConnection, type Connection } from '../../platform/live.tsx';
import classes from './frame.module.css';

/** A short gap is mended before anyone needs to know of it. */
const PATIENCE = 2_500;

const WORDS: Record<Exclude<Connection, 'live'>, string> = {
  connecting: 'Connecting – what you send is kept in this browser until there is a connection',
  polling:
    'Live connection blocked – new messages still arrive, every few seconds. Sending, search and saving work; who is typing is not shown',
  offline:
    'Offline – nothing new arrives. Your messages are kept in this browser and sent when you are back',
};

/** Says what works and what does not, as long as there is no live connection. */
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
  if (!isLate || !isAway) return null;
  const shown = online && state !== 'live' ? state : 'offline';
  const Icon = shown === 'polling' ? IconPlugConnectedX : IconCloudOff;
  return (
    <div className={classes.banner} role="status" data-connection={shown}>
      <Icon size={16} aria-hidden style={{ flex: 'none' }} />
      {WORDS[shown]}
    </div>
  );
}
