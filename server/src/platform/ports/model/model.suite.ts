import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startFakeModel, type FakeModel } from '../../../testing/model/fake-model.ts';
import { createOutbound } from '../../outbound/outbound.ts';
import { ModelError, type Model, type ModelPart, type ModelSettings } from './model.ts';
import { createSdkModel } from './model.sdk.ts';

const REQUEST = { system: 'Be exact.', message: 'What is it?', maxTokens: 50 };
const KEY = 'sk-CNRY-key-0123456789';
const QUICK = { firstMs: 400, silenceMs: 300, totalMs: 1_500 };

/** What holds for a model by any protocol. */
export function modelSuite(provider: ModelSettings['provider']): void {
  describe(`a model by ${provider}`, () => {
    let fake: FakeModel;
    let model: Model;
    beforeAll(async () => {
      fake = await startFakeModel();
      const settings = { provider, baseUrl: fake.url, model: 'fake-1', apiKey: KEY };
      model = await createSdkModel(settings, createOutbound({ proxy: null }), QUICK);
    });
    beforeEach(() => fake.behave({}));
    afterAll(async () => {
      await model.close();
      await fake.close();
    });

    const read = async (signal = new AbortController().signal) => {
      const parts: ModelPart[] = [];
      for await (const part of model.stream(REQUEST, signal)) parts.push(part);
      return parts;
    };
    const failureOf = async (attempt: Promise<unknown>) => {
      const error: unknown = await attempt.then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(String(error)).not.toMatch(/sk-CNRY|What is it/);
      return error instanceof ModelError ? error.failure : error;
    };

    it('streams its words and says what they cost', async () => {
      fake.behave({ say: ['It is', ' blue.'] });
      expect(await read()).toEqual([
        { type: 'text', text: 'It is' },
        { type: 'text', text: ' blue.' },
        { type: 'end', usage: { input: 100, output: 3 } },
      ]);
      const prompt = fake.prompts.at(-1);
      expect(prompt).toMatchObject({ system: 'Be exact.', message: 'What is it?' });
      expect(JSON.stringify(prompt?.headers)).toContain(KEY);
    });

    it.each([
      [429, 'busy'],
      [401, 'refused'],
      [404, 'refused'],
      [500, 'failed'],
      [400, 'failed'],
    ])('that answers %i is %s, and is asked once', async (status, failure) => {
      const before = fake.prompts.length;
      fake.behave({ status });
      expect(await failureOf(read())).toBe(failure);
      expect(fake.prompts.length).toBe(before + 1);
    });

    it.each([
      ['hang', 'slow'],
      ['silent', 'slow'],
      ['alive', 'slow'],
      ['cut', 'failed'],
    ] as const)('that does “%s” is %s', async (then, failure) => {
      fake.behave({ say: 'It', then });
      expect(await failureOf(read())).toBe(failure);
    });

    it('that talks without end is given up', async () => {
      fake.behave({ say: 'more ', pauseMs: 20, then: 'endless' });
      const begun = performance.now();
      expect(await failureOf(read())).toBe('slow');
      expect(performance.now() - begun).toBeLessThan(3_000);
    });

    it.each(['garbage', '{"choices":1}', 'data: {"choices":[{}]}\n\n'])(
      'whose answer is no stream (%s) has failed',
      async (text) => {
        fake.behave({ say: [text], then: 'cut' });
        expect(await failureOf(read())).toBe('failed');
      },
    );

    it('is let go within 2 s when its reader leaves', async () => {
      fake.behave({ say: 'more ', pauseMs: 20, then: 'endless' });
      const leaving = new AbortController();
      const reading = failureOf(read(leaving.signal));
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { closed } = fake.counts;
      leaving.abort('left');
      expect(await reading).toBe('left');
      await expect.poll(() => fake.counts.closed, { timeout: 2_000 }).toBe(closed + 1);
    });

    it('is let go when its reader stops reading', async () => {
      fake.behave({ say: 'more ', pauseMs: 20, then: 'endless' });
      const { closed } = fake.counts;
      for await (const part of model.stream(REQUEST, new AbortController().signal)) {
        if (part.type === 'text') break;
      }
      await expect.poll(() => fake.counts.closed, { timeout: 2_000 }).toBe(closed + 1);
    });

    it('that is not there has failed', async () => {
      const baseUrl = 'http://127.0.0.1:1/v1';
      const settings = { provider, baseUrl, model: 'fake-1', apiKey: null };
      const nobody = await createSdkModel(settings, createOutbound({ proxy: null }), QUICK);
      const parts = nobody.stream(REQUEST, new AbortController().signal)[Symbol.asyncIterator]();
      expect(await failureOf(parts.next())).toBe('failed');
      await nobody.close();
    });
  });
}
