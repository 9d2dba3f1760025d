import type { Visibility } from '@teambrain/contract/role.ts';
import { IconHash, IconLock } from '@tabler/icons-react';

/** # for a public space, a lock for a protected one. */
export function SpaceIcon({ visibility, size = 16 }: { visibility: Visibility; size?: number }) {
  const Icon = visibility === 'protected' ? IconLock : IconHash;
  const label = visibility === 'protected' ? 'Protected' : 'Public';
  return <Icon size={size} role="img" aria-label={label} style={{ flex: 'none' }} stroke={1.75} />;
}
