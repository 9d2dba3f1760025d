import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';

/**
 * The app for browser tests and benches: as shipped, but with rate limits out of the way. Prints
 * its address as the only line on standard output.
 */
const app = await createApp(readConfig(process.env), { limitFactor: 10_000 });
process.stdout.write(`${await app.listen()}\n`);
const stop = () => void app.close().then(() => process.exit(0));
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
