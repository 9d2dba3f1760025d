import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';

/**
 * The app for browser tests and benches: as shipped, but with rate limits out of the way unless
 * LIMITS sets some. Prints its address as the only line on standard output.
 */
const config = readConfig(process.env);
const isLimited = Object.keys(config.limits).length > 0;
const app = await createApp(config, isLimited ? {} : { limitFactor: 10_000 });
process.stdout.write(`${await app.listen()}\n`);
const stop = () => void app.close().then(() => process.exit(0));
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
