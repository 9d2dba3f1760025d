import { BrowseSpaces } from '../../features/spaces/browse-spaces.tsx';
import { openCreateSpace } from '../frame/dialogs.ts';

export function BrowsePage() {
  return <BrowseSpaces onCreate={openCreateSpace} />;
}
