import type { Space } from '@teambrain/contract/spaces.ts';
import { createContext, useContext } from 'react';

export const SpaceContext = createContext<Space | null>(null);

/** The space whose page this is; its layout has made sure that it may be read. */
export function useThisSpace(): Space {
  const space = useContext(SpaceContext);
  if (!space) throw new Error('useThisSpace needs a SpaceLayout');
  return space;
}
