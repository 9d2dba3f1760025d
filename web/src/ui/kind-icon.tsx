import type { SourceKind } from '@teambrain/contract/citation.ts';
import { IconFileText, IconGavel, IconHelpCircle, IconMessage } from '@tabler/icons-react';

const ICONS = {
  message: [IconMessage, 'Message'],
  document: [IconFileText, 'Document'],
  faq: [IconHelpCircle, 'FAQ'],
  decision: [IconGavel, 'Decision'],
} as const;

export function KindIcon({ kind, size = 16 }: { kind: SourceKind; size?: number }) {
  const [Icon, label] = ICONS[kind];
  return <Icon size={size} role="img" aria-label={label} stroke={1.75} style={{ flex: 'none' }} />;
}
