// @vitest-environment jsdom
import { MantineProvider, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { ProblemError } from '@teambrain/client/errors.ts';
import { problems, type ProblemCode } from '@teambrain/contract/problem.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failed } from './failed.tsx';
import { useSubmit } from './form.ts';

beforeEach(() => {
  window.matchMedia = (query: string) =>
    ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as never;
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function problem(code: ProblemCode, retryAfter?: number): ProblemError {
  const [status, title] = problems[code];
  const waits = retryAfter === undefined ? {} : { retryAfter };
  return new ProblemError({ type: `/problems/${code}`, code, title, status, ...waits });
}

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const timer = () => screen.getByRole('timer').textContent;

describe('a limit that was met', () => {
  it('is counted down, and what only reads is tried again at the end, once', async () => {
    const onRetry = vi.fn();
    const error = problem('too-many-requests', 12);
    render(
      <MantineProvider>
        <Failed error={error} onRetry={onRetry} />
      </MantineProvider>,
    );
    expect(screen.getByRole('alert').textContent).toBe('Too many tries.');
    expect(timer()).toBe('Try again in 12 seconds.');
    expect(screen.queryByRole('button')).toBeNull();
    await pass(5_000);
    expect(timer()).toBe('Try again in 7 seconds.');
    await pass(6_900);
    expect(timer()).toBe('Try again in 1 second.');
    expect(onRetry).not.toHaveBeenCalled();
    await pass(500);
    expect(timer()).toBe('You can try again now.');
    await pass(60_000);
    expect(onRetry).toHaveBeenCalledTimes(1);
    expect(screen.getByRole('button').textContent).toBe('Try again');
  });

  it('leaves a form as it was typed, and lets it be sent when the wait is over', async () => {
    const send = vi.fn<() => Promise<void>>();
    send.mockRejectedValueOnce(problem('too-many-requests', 3)).mockResolvedValueOnce();
    function Form() {
      const form = useForm({ mode: 'uncontrolled', initialValues: { text: '' } });
      const { onSubmit, failure } = useSubmit(form, send, {
        fields: { 'too-many-requests': 'text' },
      });
      return (
        <form onSubmit={onSubmit} aria-label="A form">
          <TextInput label="Text" key={form.key('text')} {...form.getInputProps('text')} />
          {failure && <Failed {...failure} />}
        </form>
      );
    }
    render(
      <MantineProvider>
        <Form />
      </MantineProvider>,
    );
    const field = screen.getByLabelText<HTMLInputElement>('Text');
    fireEvent.change(field, { target: { value: 'typed with care' } });
    fireEvent.submit(screen.getByLabelText('A form'));
    await pass(0);
    expect(timer()).toBe('Try again in 3 seconds.');
    await pass(3_500);
    expect(timer()).toBe('You can try again now.');
    expect(field.value).toBe('typed with care');
    // What writes is never sent by itself.
    expect(send).toHaveBeenCalledTimes(1);
    fireEvent.submit(screen.getByLabelText('A form'));
    await pass(0);
    expect(send).toHaveBeenCalledTimes(2);
    expect(send.mock.calls[1]?.[0 as never]).toEqual({ text: 'typed with care' });
    expect(screen.queryByRole('timer')).toBeNull();
  });
});

describe('another failure', () => {
  it('says what it is and lets one try again', () => {
    const onRetry = vi.fn();
    render(
      <MantineProvider>
        <Failed error={problem('forbidden')} onRetry={onRetry} />
      </MantineProvider>,
    );
    expect(screen.getByRole('alert').textContent).toBe('You may not do this.');
    expect(screen.queryByRole('timer')).toBeNull();
    fireEvent.click(screen.getByRole('button'));
    expect(onRetry).toHaveBeenCalledTimes(1);
  });
});
