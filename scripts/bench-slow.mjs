// npm run bench:slow: installs what is missing, builds the server, measures it (bench/slow/main.ts).
import { bundleServer } from './bundle-server.mjs';
import { install, run } from './prepare.mjs';

install();
await bundleServer();
run(process.execPath, ['--import', 'tsx', 'bench/slow/main.ts', ...process.argv.slice(2)]);
