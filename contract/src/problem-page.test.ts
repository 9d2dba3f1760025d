import { expect, it } from 'vitest';
import { problemPage } from './problem-page.ts';

it('docs/problems.md is what the contract says', async () => {
  await expect(problemPage()).toMatchFileSnapshot('../../docs/problems.md');
});
