import { contentKinds, type ContentKind } from '@teambrain/contract/kinds.ts';
import {
  IconFileText,
  IconGavel,
  IconHelpCircle,
  IconMessage,
  type Icon,
} from '@tabler/icons-react';

const ICONS: Record<ContentKind, Icon> = {
  message: IconMessage,
  document: IconFileText,
  faq: IconHelpCircle,
  decision: IconGavel,
};

export function KindIcon({ kind, size = 16 }: { kind: ContentKind; size?: number }) {
  const Sign = ICONS[kind];
  const { name } = contentKinds[kind];
  return <Sign size={size} role="img" aria-label={name} stroke={1.75} style={{ flex: 'none' }} />;
}
