/**
 * Best-effort messages between instances. Whatever must not be lost is in the database; a bus
 * message is only a hint to look there. Messages are plain JSON values.
 */
export interface Bus {
  /**
   * Handlers of this process have run before it returns; resolves once handed over to the others.
   * A bus that is down swallows hints (pollers repair). Never throws, whatever a handler does.
   */
  publish(topic: string, message: unknown): Promise<void>;
  /** Calls `handler` for each message on `topic`; the result ends the subscription. */
  subscribe(topic: string, handler: (message: unknown) => void): () => void;
  /**
   * Calls `handler` when messages of other instances cannot come any more (`lost`), and when they
   * come again (`back`): what was published in between has to be looked up in the database.
   */
  onGap(handler: (state: 'lost' | 'back') => void): () => void;
  close(): Promise<void>;
}
