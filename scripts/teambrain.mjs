#!/usr/bin/env node
// npm run teambrain -- <command> …, or npx teambrain <command> …: backup, restore and the rest (server/src/cli).
import { buildServer, install } from './prepare.mjs';

install();
await buildServer();
await import('../server/dist/teambrain.js');
