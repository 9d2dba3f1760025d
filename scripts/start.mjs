// npm start: installs and builds what is missing, then runs the server in this process.
import { build, install, orFail } from './prepare.mjs';

await orFail('Installing packages failed', install);
await orFail('Building failed', build);
await import('../server/dist/main.js');
