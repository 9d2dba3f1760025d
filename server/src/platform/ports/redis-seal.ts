import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Length of a 128 bit seal in base64url. */
const LENGTH = 22;

/** Marks texts as written by this installation, for the place they were written for. */
export interface Seal {
  /** Prefix of keys and channels, so that installations which share a Redis do not meet, nor times before and after a restore. */
  readonly namespace: string;
  /** A text in a key, as who reads Redis may see it: keyed, so that guesses cannot be compared. */
  hide(text: string): string;
  /** The text with its seal; `place` is a key or channel. */
  close(place: string, text: string): string;
  /** The sealed text; null when it is not ours, was changed, or belongs elsewhere. */
  open(place: string, sealed: string): string | null;
}

/**
 * Seals by a key derived from the installation's secret and the identity of its log: write access to
 * Redis forges nothing, and after a restore, which gives the log a new identity, nothing that was
 * put there before is found or believed.
 */
export function createSeal(secret: string, logEpoch: string): Seal {
  const derive = (use: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, logEpoch, `teambrain redis ${use}`, bytes));
  const key = derive('seal', 32);
  const hidingKey = derive('hide', 32);
  const mac = (place: string, text: string) =>
    createHmac('sha256', key)
      .update(`${place.length}:${place}${text}`)
      .digest('base64url')
      .slice(0, LENGTH);
  return {
    namespace: `teambrain:${derive('namespace', 6).toString('hex')}:`,
    hide: (text) =>
      createHmac('sha256', hidingKey).update(text).digest('base64url').slice(0, LENGTH),
    close: (place, text) => mac(place, text) + text,
    open(place, sealed) {
      const text = sealed.slice(LENGTH);
      const given = Buffer.from(sealed.slice(0, LENGTH));
      const right = Buffer.from(mac(place, text));
      return given.length === right.length && timingSafeEqual(given, right) ? text : null;
    },
  };
}
