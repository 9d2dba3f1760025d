import type { Tokens } from '../../platform/http/tokens.ts';

/** Accounts a browser is remembered by; the latest stay. */
const MAX_ACCOUNTS = 10;
/** Its id, then a mark for each account that signed in there. */
const COOKIE = /^[\w-]{22}(?:\.[\w-]{22})*$/;

export type KnownDevices = ReturnType<typeof createKnownDevices>;

/**
 * Browsers that signed in to an account before, told by a cookie: an id of the browser's own and, for
 * each account, a mark that only this installation can make. The cookie lets nobody in; it names no
 * account, and its marks are good for their accounts in that browser alone.
 */
export function createKnownDevices(tokens: Pick<Tokens, 'newDevice' | 'markDevice'>) {
  function read(cookie: string | null): { device: string | null; marks: string[] } {
    if (cookie === null || cookie.length > 300 || !COOKIE.test(cookie)) {
      return { device: null, marks: [] };
    }
    const [device = null, ...marks] = cookie.split('.');
    return { device, marks };
  }

  return {
    /** The browser's id, if the account signed in there before. */
    find(cookie: string | null, userId: string): string | null {
      const { device, marks } = read(cookie);
      return device !== null && marks.includes(tokens.markDevice(device, userId)) ? device : null;
    },

    /** The cookie of a browser in which this account has just signed in. */
    remember(cookie: string | null, userId: string): string {
      const { device, marks } = read(cookie);
      const id = device ?? tokens.newDevice();
      const mark = tokens.markDevice(id, userId);
      const others = marks.filter((other) => other !== mark).slice(0, MAX_ACCOUNTS - 1);
      return [id, mark, ...others].join('.');
    },
  };
}
