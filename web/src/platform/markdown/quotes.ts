import { quotesEnd } from '@teambrain/contract/quotes.ts';

interface Parser {
  data(): object;
}

/** A quote ends with its last `>`, as the server reads it too. */
export function remarkQuotesEnd(this: Parser): void {
  const data: { micromarkExtensions?: unknown[] } = this.data();
  (data.micromarkExtensions ??= []).push(quotesEnd);
}
