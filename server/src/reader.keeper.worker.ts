import { startProcess } from './platform/core/worker.ts';
import { keepReader } from './platform/reader/keep.ts';

/** Ordinary documents leave most of it free. */
const HEAP_MB = 192;

keepReader(() => startProcess(import.meta.url, 'reader.worker', HEAP_MB));
