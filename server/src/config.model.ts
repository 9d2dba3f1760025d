import type { ModelSettings } from './platform/ports/model/model.ts';

/** Looks a setting up; throws where its value does not match the pattern. */
type Read = (name: string, pattern?: RegExp) => string | null;
/** Makes the error that ends a start. */
type Fail = (message: string) => Error;

/** Where providers are that have one address. */
const HOMES: Partial<Record<ModelSettings['provider'], string>> = {
  ollama: 'http://localhost:11434/v1',
  anthropic: 'https://api.anthropic.com/v1',
};
const DETAILS = ['AI_BASE_URL', 'AI_MODEL', 'AI_API_KEY'] as const;

/**
 * The language model the environment sets; null without AI_PROVIDER, `none` where it forbids one.
 * @throws the error that `fail` makes, with a sentence that says what to set
 */
export function modelFrom(read: Read, fail: Fail): ModelSettings | 'none' | null {
  const provider = read('AI_PROVIDER');
  const given = DETAILS.filter((name) => read(name) !== null);
  if (provider === null || provider === 'none') {
    if (given[0]) throw fail(`${given[0]} is set, but no AI_PROVIDER that uses it.`);
    return provider;
  }
  if (!isProvider(provider)) {
    throw fail('AI_PROVIDER must be none, openai-compatible, anthropic or ollama.');
  }
  const model = read('AI_MODEL');
  if (model === null) throw fail(`AI_PROVIDER=${provider} needs AI_MODEL, the model’s name.`);
  if (!isModelName(model)) throw fail('AI_MODEL must be a name without spaces, e.g. llama3.2.');
  const apiKey = read('AI_API_KEY');
  if (provider === 'anthropic' && apiKey === null) {
    throw fail('AI_PROVIDER=anthropic needs AI_API_KEY.');
  }
  if (apiKey !== null && !isKey(apiKey)) {
    throw fail('AI_API_KEY holds a space or a character that no key has.');
  }
  const baseUrl = read('AI_BASE_URL') ?? HOMES[provider] ?? null;
  if (baseUrl === null) {
    throw fail('AI_PROVIDER=openai-compatible needs AI_BASE_URL, e.g. https://api.example.com/v1.');
  }
  const address = baseUrlOf(baseUrl);
  if (address === null) {
    throw fail('AI_BASE_URL must be like https://api.example.com/v1: no user name, no query.');
  }
  return { provider, baseUrl: address, model, apiKey };
}

/** The proxy for outgoing calls to hosts that were named. */
export function proxyFrom(read: Read, fail: Fail): string | null {
  const value = read('OUTBOUND_PROXY');
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw fail('OUTBOUND_PROXY must be like http://proxy.example.org:3128.');
  }
  return value;
}

const isProvider = (value: string): value is ModelSettings['provider'] =>
  ['openai-compatible', 'anthropic', 'ollama'].includes(value);
const isModelName = (value: string) => /^[\w.:/@+-]{1,200}$/.test(value);
/** What fits into a header. */
const isKey = (value: string) => /^[\x21-\x7e]{1,1000}$/.test(value);

/** The base URL without a slash at its end; null for what is none. */
function baseUrlOf(value: string): string | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!url || !isHttp || url.username || url.password || url.search || url.hash) return null;
  return url.href.replace(/\/+$/, '');
}
