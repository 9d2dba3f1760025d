// npm run bench:load: installs what is missing, builds the server, measures it (bench/load/main.ts).
import { bundleServer } from './bundle-server.mjs';
import { install, run } from './prepare.mjs';

install();
await bundleServer();
run(process.execPath, ['--import', 'tsx', 'bench/load/main.ts', ...process.argv.slice(2)]);
