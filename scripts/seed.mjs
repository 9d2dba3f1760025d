// npm run seed -- <folder> …: loads a Slack export or a folder of Markdown (server/src/seed).
import { install } from './prepare.mjs';

install();
const { register } = await import('tsx/esm/api');
register();
await import('../server/src/seed/seed.ts');
