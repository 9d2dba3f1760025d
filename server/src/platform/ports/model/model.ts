/** What a model is asked: instructions, and one message with everything it may use. */
export interface ModelRequest {
  /** Instructions; holds no secret and no text of people. */
  system: string;
  /** The question with its passages. */
  message: string;
  /** Most tokens of the answer. */
  maxTokens: number;
}

/** Tokens that a provider counted. */
export interface ModelUsage {
  input: number;
  output: number;
}

/** A piece of the answer, or its end; `usage` is null where the provider does not tell. */
export type ModelPart = { type: 'text'; text: string } | { type: 'end'; usage: ModelUsage | null };

/** A language model, whatever speaks to it. */
export interface Model {
  /** How people know it, e.g. `llama3.2`; no address and no key. */
  readonly name: string;
  /**
   * Streams an answer. The call to the provider is cut as soon as the reader of the stream stops, or
   * `signal` is aborted.
   * @throws ModelError; the reason of an aborted signal
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart>;
  /** Cuts what is under way. */
  close(): Promise<void>;
}

/**
 * Why a model gave no answer: `failed` an error or a broken stream, `refused` the key or the model's
 * name is not accepted, `busy` the provider has had too many requests, `slow` it fell silent.
 */
export type ModelFailure = 'failed' | 'refused' | 'busy' | 'slow';

/** A failure of a provider. What it said is not in it: some repeat the key, or the prompt. */
export class ModelError extends Error {
  readonly failure: ModelFailure;
  /** HTTP status of the provider's refusal, where there was one. */
  readonly status: number | null;

  constructor(failure: ModelFailure, message: string, status: number | null = null) {
    super(message);
    this.name = 'ModelError';
    this.failure = failure;
    this.status = status;
  }
}

/** Which provider, and how it is reached. */
export interface ModelSettings {
  provider: 'openai-compatible' | 'anthropic' | 'ollama';
  /** Address of its API, e.g. `http://localhost:11434/v1`. */
  baseUrl: string;
  model: string;
  /** Null where the provider asks for none. */
  apiKey: string | null;
}

/** How long a model may take, in milliseconds. */
export interface Patience {
  /** Until its first word. */
  firstMs: number;
  /** Between two words. */
  silenceMs: number;
  totalMs: number;
}

export const PATIENCE: Patience = { firstMs: 8_000, silenceMs: 8_000, totalMs: 60_000 };
