import { startProcess } from '../src/platform/core/worker.ts';
import { keepReader } from '../src/platform/reader/keep.ts';

keepReader(() => startProcess(import.meta.url, 'stubborn.worker', 64));
