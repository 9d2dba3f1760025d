import { useEffect, useState } from 'react';
import { exact, relative } from './time-words.ts';

/** A relative date, kept current, with the exact one on hover. */
export function Time({ at }: { at: string }) {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), 60_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={exact(at)}>
      {relative(at)}
    </time>
  );
}
