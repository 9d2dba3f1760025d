// npm run build: web and server, where a source is newer than the build.
import { build, install } from './prepare.mjs';

install();
await build();
