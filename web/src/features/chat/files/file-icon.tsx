import type { mediumOf } from '@teambrain/contract/files.ts';
import { IconFile, IconMovie, IconMusic, IconPhoto } from '@tabler/icons-react';

const ICONS = { image: IconPhoto, video: IconMovie, audio: IconMusic, file: IconFile };

export function FileIcon({ medium }: { medium: ReturnType<typeof mediumOf> }) {
  const Icon = ICONS[medium];
  return <Icon size={20} aria-hidden />;
}
