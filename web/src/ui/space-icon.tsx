import type { Visibility } from '@teambrain/contract/role.ts';
import { IconHash, IconLock } from '@tabler/icons-react';

/** # for a public space, a lock for a protected one; only the lock is worth a word. */
export function SpaceIcon({ visibility, size = 16 }: { visibility: Visibility; size?: number }) {
  const style = { flex: 'none' };
  if (visibility === 'public') {
    return <IconHash size={size} aria-hidden style={style} stroke={1.75} />;
  }
  return <IconLock size={size} role="img" aria-label="Protected" style={style} stroke={1.75} />;
}
