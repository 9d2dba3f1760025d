/**
 * Best-effort messages between instances. Whatever must not be lost is in the database; a bus
 * message is only a hint to look there.
 */
export interface Bus {
  /** Resolves once handed over; a bus that is down swallows hints (pollers repair). */
  publish(topic: string, message: unknown): Promise<void>;
  /** Calls `handler` for each message on `topic`; the result ends the subscription. */
  subscribe(topic: string, handler: (message: unknown) => void): () => void;
  close(): Promise<void>;
}
