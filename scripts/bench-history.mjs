// npm run bench:history: installs what is missing, builds the server, measures it (bench/history/main.ts).
import { bundleServer } from './bundle-server.mjs';
import { install, run } from './prepare.mjs';

install();
await bundleServer();
run(process.execPath, ['--import', 'tsx', 'bench/history/main.ts', ...process.argv.slice(2)]);
