// node scripts/bundle-for-tests.mjs <folder>: the server as in a build, for tests that start its processes.
import { bundleServer } from './bundle-server.mjs';

await bundleServer(process.argv[2]);
