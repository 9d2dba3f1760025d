import type { OpenAICompatibleProvider } from '@ai-sdk/openai-compatible';
import { MODEL_CAPS } from '../../outbound/caps.ts';
import { placeOf } from '../../outbound/addresses.ts';
import type { Outbound } from '../../outbound/outbound.ts';
import { outboundFailureOf } from '../../outbound/outbound-error.ts';
import {
  ModelError,
  PATIENCE,
  type Model,
  type ModelPart,
  type ModelRequest,
  type ModelSettings,
  type ModelUsage,
  type Patience,
} from './model.ts';
import { patiently } from './patience.ts';

/**
 * A model behind the AI SDK: anything that speaks OpenAI's protocol (Ollama does), or Anthropic's.
 * The SDK is loaded here and nowhere else, so without a model nothing of it is in memory. Its requests
 * go through the one outgoing client; naming the base URL is the permission to call it.
 */
export async function createSdkModel(
  settings: ModelSettings,
  outbound: Outbound,
  patience: Patience = PATIENCE,
): Promise<Model> {
  const named = placeOf(new URL(settings.baseUrl));
  const client = await outbound.client({ use: 'model', caps: MODEL_CAPS, named });
  const model = await loadModel(settings, (url, init) =>
    client.fetch(url instanceof Request ? url.url : url, init),
  );
  return {
    name: settings.model,
    stream: (request, signal) =>
      patiently(patience, signal, (inner) => partsOf(model, optionsOf(settings, request, inner))),
    close: () => client.close(),
  };
}

/** What all providers of the SDK make: its published interface for language models. */
type SdkModel = ReturnType<OpenAICompatibleProvider['chatModel']>;
type CallOptions = Parameters<SdkModel['doStream']>[0];
type StreamPart =
  Awaited<ReturnType<SdkModel['doStream']>>['stream'] extends ReadableStream<infer Part>
    ? Part
    : never;

type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

async function loadModel(settings: ModelSettings, fetch: Fetch): Promise<SdkModel> {
  const { provider, baseUrl: baseURL, model, apiKey } = settings;
  if (provider === 'anthropic') {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    return createAnthropic({ baseURL, apiKey: apiKey ?? '', fetch }).languageModel(model);
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const key = apiKey === null ? {} : { apiKey };
  const options = { name: provider, baseURL, includeUsage: true, fetch, ...key };
  return createOpenAICompatible(options).chatModel(model);
}

function optionsOf(
  { provider }: ModelSettings,
  { system, message, maxTokens }: ModelRequest,
  abortSignal: AbortSignal,
): CallOptions & { abortSignal: AbortSignal } {
  return {
    prompt: [
      { role: 'system', content: system },
      { role: 'user', content: [{ type: 'text', text: message }] },
    ],
    maxOutputTokens: maxTokens,
    abortSignal,
    // Anthropic's newer models refuse it; small ones elsewhere quote better with it.
    ...(provider === 'anthropic' ? {} : { temperature: 0 }),
  };
}

async function* partsOf(
  model: SdkModel,
  options: ReturnType<typeof optionsOf>,
): AsyncGenerator<ModelPart> {
  const { abortSignal } = options;
  try {
    const { stream } = await model.doStream(options);
    let isWhole = false;
    for await (const part of stream as unknown as AsyncIterable<StreamPart>) {
      if (part.type === 'text-delta') yield { type: 'text', text: part.delta };
      else if (part.type === 'error') throw part.error;
      else if (part.type === 'finish') {
        isWhole = part.finishReason.unified !== 'error' && part.finishReason.raw !== undefined;
        if (isWhole) yield { type: 'end', usage: usageOf(part.usage) };
      }
    }
    if (!isWhole) throw new ModelError('failed', 'The provider ended its answer in the middle');
  } catch (error) {
    if (abortSignal.aborted) throw abortSignal.reason;
    throw failureOf(error);
  }
}

function usageOf({
  inputTokens: { total: input },
  outputTokens: { total: output },
}: Extract<StreamPart, { type: 'finish' }>['usage']): ModelUsage | null {
  return input === undefined || output === undefined ? null : { input, output };
}

/** A failure without the provider's words and without the request, which the SDK's errors carry. */
function failureOf(error: unknown): ModelError {
  if (error instanceof ModelError) return error;
  const status = statusOf(error);
  if (status === 429) return new ModelError('busy', 'The provider has had too many requests', 429);
  if (status === 401 || status === 403) {
    return new ModelError('refused', `The provider refused the key (${status})`, status);
  }
  if (status === 404) {
    return new ModelError('refused', 'The provider has no such model or address (404)', status);
  }
  if (status !== null && status >= 400) {
    return new ModelError('failed', `The provider answered ${status}`, status);
  }
  const outbound = outboundFailureOf(error);
  if (outbound === 'slow') return new ModelError('slow', 'The provider did not answer in time');
  if (outbound === 'refused') {
    return new ModelError('failed', 'The provider’s address may not be called');
  }
  if (outbound === 'unreachable') {
    return new ModelError('failed', 'The provider cannot be reached');
  }
  return new ModelError('failed', 'The provider’s answer cannot be read');
}

function statusOf(error: unknown): number | null {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { statusCode } = e as { statusCode?: unknown };
    if (typeof statusCode === 'number') return statusCode;
  }
  return null;
}
