import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { createProgress } from './progress.ts';

/** `npm run seed -- --sample`: loads the sample team; the search index follows at the next start. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const progress = createProgress(process.stdout);
  const app = await createApp({ ...config, logLevel: 'warn' });
  try {
    const owner =
      (await app.auth.administrator()) ?? (await app.auth.createImported('TeamBrain import'));
    for (let state = ''; state !== 'loaded';) {
      const sample = await app.sample.load(owner);
      state = sample.state;
      progress.step('Sample team: messages and entries', sample.done, sample.total);
    }
    progress.say('The sample team is loaded. Home has the button that removes it.');
    if ((await app.auth.instance()).isEmpty) {
      progress.say('Register first: the first account is the administrator.');
    }
  } finally {
    await app.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
