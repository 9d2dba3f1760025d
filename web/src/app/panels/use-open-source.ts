import type { Citation } from '@teambrain/contract/citation.ts';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { closePanel } from '../../platform/panel.tsx';
import { sourceLink } from '../../platform/source-link.ts';
import { WIDE } from '../../ui/breakpoints.ts';

/** Opens the source; a panel that covers the page steps aside. */
export function useOpenSource() {
  const navigate = useNavigate();
  const isBeside = useMediaQuery(WIDE, undefined, { getInitialValueInEffect: false });
  return (citation: Citation) => {
    if (!isBeside) closePanel();
    void navigate(sourceLink(citation.source, citation));
  };
}
