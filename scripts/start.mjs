// npm start: installs and builds what is missing, then runs the server in this process.
import { build, install } from './prepare.mjs';

install();
await build();
await import('../server/dist/main.js');
