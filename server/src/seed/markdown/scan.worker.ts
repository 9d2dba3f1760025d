import { parentPort } from 'node:worker_threads';
import { scan } from './scan.ts';

parentPort?.on('message', (markdown: string) => parentPort?.postMessage(scan(markdown)));
