// npm run bench:reading: installs what is missing, builds the server, measures it (bench/reading/main.ts).
import { bundleServer } from './bundle-server.mjs';
import { install, run } from './prepare.mjs';

install();
await bundleServer();
run(process.execPath, ['--import', 'tsx', 'bench/reading/main.ts', ...process.argv.slice(2)]);
