/**
 * Markdown lets a paragraph in a quote run on over lines without `>`. People who answer below a
 * quote mean that it has ended: here it ends with its last `>`. An extension of micromark, for
 * whatever reads people's Markdown; places in the text stay what they are.
 */

type Code = number | null;
type State = (code: Code) => State | undefined;
type TokenName =
  'blockQuote' | `blockQuote${'Prefix' | 'Marker' | 'PrefixWhitespace'}` | 'linePrefix';

interface Effects {
  enter(type: TokenName, fields?: { _container: boolean }): unknown;
  exit(type: TokenName): unknown;
  consume(code: Code): void;
}

interface Context {
  containerState?: { open?: boolean | undefined } | undefined;
  parser: object;
  now(): { line: number; offset: number };
}

/** What is known of a text while it is read: quotes that are open, and signs of quotes by line. */
interface Quotes {
  open: Map<number, object>;
  signs: Map<number, Set<number>>;
}

const known = new WeakMap<object, Quotes>();

function quotesOf({ parser }: Context): Quotes {
  const found = known.get(parser) ?? { open: new Map(), signs: new Map() };
  known.set(parser, found);
  return found;
}

const SIGN = 62;
const isSpace = (code: Code) => code === -2 || code === -1 || code === 32;

/** The sign and the space after it; at the first one the quote is opened. */
function readSign(self: Context, effects: Effects, ok: State, nok: State): State {
  return (code) => {
    const container = self.containerState;
    if (code !== SIGN || !container) return nok(code);
    const { line, offset } = self.now();
    const { open, signs } = quotesOf(self);
    if (!container.open) {
      effects.enter('blockQuote', { _container: true });
      container.open = true;
      open.set(offset, container);
    }
    // Signs may be looked at before they are taken: each counts once.
    signs.set(line, (signs.get(line) ?? new Set()).add(offset));
    effects.enter('blockQuotePrefix');
    effects.enter('blockQuoteMarker');
    effects.consume(code);
    effects.exit('blockQuoteMarker');
    return (next) => {
      if (isSpace(next)) {
        effects.enter('blockQuotePrefixWhitespace');
        effects.consume(next);
        effects.exit('blockQuotePrefixWhitespace');
        effects.exit('blockQuotePrefix');
        return ok;
      }
      effects.exit('blockQuotePrefix');
      return ok(next);
    };
  };
}

/** Up to three spaces before the sign of a line that goes on. */
function readIndent(effects: Effects, next: State): State {
  let width = 0;
  const inside: State = (code) => {
    if (isSpace(code) && (width += 1) <= 3) {
      effects.consume(code);
      return inside;
    }
    effects.exit('linePrefix');
    return next(code);
  };
  return (code) => {
    if (!isSpace(code)) return next(code);
    effects.enter('linePrefix');
    return inside(code);
  };
}

const quote = {
  name: 'blockQuote',
  tokenize(this: Context, effects: Effects, ok: State, nok: State): State {
    return readSign(this, effects, ok, nok);
  },
  continuation: {
    tokenize(this: Context, effects: Effects, ok: State, nok: State): State {
      return readIndent(effects, readSign(this, effects, ok, nok));
    },
  },
  exit(this: Context, effects: Effects): undefined {
    const { open } = quotesOf(this);
    for (const [offset, container] of open) {
      if (container === this.containerState) open.delete(offset);
    }
    effects.exit('blockQuote');
  },
};

/**
 * Matches where a new container could begin, if the line lacks the signs of an open quote. Micromark
 * then closes the quote and calls this once more, when no quote is left to close.
 */
const end = {
  name: 'endOfQuote',
  tokenize(this: Context, _: Effects, ok: State, nok: State): State {
    return (code) => {
      const { open, signs } = quotesOf(this);
      return open.size > (signs.get(this.now().line)?.size ?? 0) ? ok(code) : nok(code);
    };
  },
};

export const quotesEnd = { document: { [SIGN]: quote, null: end } };
