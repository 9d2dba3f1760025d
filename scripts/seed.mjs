// npm run seed -- <folder> …: loads a Slack export or a folder of Markdown (server/src/seed),
// or with --sample the sample team.
import { install } from './prepare.mjs';

install();
const { register } = await import('tsx/esm/api');
register();
const isSample = process.argv.includes('--sample');
await (isSample ? import('../server/src/seed/sample.ts') : import('../server/src/seed/seed.ts'));
