import { join } from 'node:path';
import { folderOf } from '../../../testing/folders.ts';
import { createFolderFiles } from './files.folder.ts';
import { testFiles } from './files.suite.ts';

testFiles(() => {
  const folder = join(folderOf({}), 'files');
  return Promise.resolve([createFolderFiles(folder), createFolderFiles(folder)]);
});
