import type { UseFormReturnType } from '@mantine/form';
import { useState } from 'react';
import { codeOf, fieldErrorsOf, messageOf, retryAtOf } from './problem.ts';

interface Options<V> {
  /** Which field a problem without pointers is about, e.g. `{'email-taken': 'email'}`. */
  fields?: Partial<Record<string, keyof V & string>>;
  /** Own words for a problem, by its code. */
  words?: Partial<Record<string, string>>;
}

/** What `Failed` is to show. */
export interface Shown {
  error: unknown;
  message?: string;
}

/**
 * Runs a form's action: refusals stand beside their field (the first one is focused), what
 * belongs to no field comes back as `failure`. While it runs a second submit does nothing.
 */
export function useSubmit<V extends object>(
  form: UseFormReturnType<V>,
  action: (values: V) => Promise<unknown>,
  { fields = {}, words = {} }: Options<V> = {},
) {
  const [failure, setFailure] = useState<Shown | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  const show = (error: unknown) => {
    const code = codeOf(error) ?? '';
    const message = words[code] ?? messageOf(error);
    // A wait is counted down below the form; beside a field it would stand still.
    if (retryAtOf(error) !== null) return setFailure({ error });
    const field = fields[code];
    const errors = field ? { [field]: message } : fieldErrorsOf(error);
    const known = Object.entries(errors).filter(([name]) => name in form.getValues());
    if (known.length === 0) return setFailure({ error, message });
    form.setErrors(Object.fromEntries(known));
    focusField(form, known[0]?.[0]);
  };

  const onSubmit = form.onSubmit(
    (values) => {
      if (isBusy) return;
      setFailure(null);
      setIsBusy(true);
      action(values)
        .catch(show)
        .finally(() => setIsBusy(false));
    },
    (errors) => focusField(form, Object.keys(errors)[0]),
  );
  return { onSubmit, failure, isBusy };
}

function focusField<V extends object>(form: UseFormReturnType<V>, name: string | undefined): void {
  // After React has rendered the error, so that it is read out with the field.
  if (name) setTimeout(() => form.getInputNode(name as never)?.focus(), 0);
}
