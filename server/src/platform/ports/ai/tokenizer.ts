import type { VocabularyPiece } from './weights.ts';

/** Longer inputs are cut: the encoder was trained on at most this many pieces. */
export const maxPieces = 128;

/** Id of everything the vocabulary cannot spell. */
export const unknownPiece = 0;

/** Vocabulary ids below this are control symbols and never match text. */
const reservedPieces = 6;

const wordStart = '\u2581'; // ▁ marks a space in front, as in SentencePiece

interface TrieNode {
  readonly children: Map<number, TrieNode>;
  id: number;
}

/** Turns a text into 1 to `maxPieces` vocabulary ids. */
export type Tokenizer = (text: string) => number[];

/**
 * Makes the tokenizer of Universal Sentence Encoder lite: NFKC, spaces to ▁, then the most probable
 * unigram segmentation by Viterbi (Kudo 2018, "Subword Regularization"). Follows the tokenizer of
 * tfjs-models `universal-sentence-encoder`, whose ids the weights expect, including its habit that
 * an unknown character costs nothing and resets the score. Two things differ, neither for ordinary
 * sentences: white space of any kind and length counts as one space (as SentencePiece trains it,
 * while tfjs-models makes line breaks unknown), and a text without pieces is one unknown piece.
 *
 * @param vocabulary pieces with log probabilities, the index being the id
 */
export function createTokenizer(vocabulary: readonly VocabularyPiece[]): Tokenizer {
  const root = buildTrie(vocabulary);
  const longest = vocabulary.reduce((max, [piece]) => Math.max(max, piece.length), 1);
  // What lies beyond can hardly reach the first 128 pieces: bounds the work on pasted megabytes.
  const maxCharacters = maxPieces * longest;
  return (text) => {
    const words = text.trim().slice(0, maxCharacters).normalize('NFKC').trim();
    if (words === '') return [unknownPiece];
    return segment(wordStart + words.replace(/\s+/g, wordStart), root, vocabulary);
  };
}

function buildTrie(vocabulary: readonly VocabularyPiece[]): TrieNode {
  const root: TrieNode = { children: new Map(), id: -1 };
  for (const [id, [piece]] of vocabulary.entries()) {
    if (id < reservedPieces) continue;
    let node = root;
    for (let i = 0; i < piece.length; i++) {
      const unit = piece.charCodeAt(i);
      let next = node.children.get(unit);
      if (!next) node.children.set(unit, (next = { children: new Map(), id: -1 }));
      node = next;
    }
    node.id = id;
  }
  return root;
}

/** Viterbi over the positions of `text` (UTF-16 code units; all pieces lie in the BMP). */
function segment(text: string, root: TrieNode, vocabulary: readonly VocabularyPiece[]): number[] {
  const best = new Float64Array(text.length + 1); // 0 means "no piece ends here"
  const lastPiece = new Int32Array(text.length + 1); // stays unknownPiece where none ends
  for (let start = 0; start < text.length; start++) {
    let node = root.children.get(text.charCodeAt(start));
    for (let end = start + 1; node; end++) {
      if (node.id >= 0) {
        const score = best[start]! + vocabulary[node.id]![1];
        if (best[end] === 0 || score >= best[end]!) {
          best[end] = score;
          lastPiece[end] = node.id;
        }
      }
      node = node.children.get(text.charCodeAt(end));
    }
  }
  const pieces: number[] = [];
  for (let end = text.length; end > 0;) {
    const id = lastPiece[end]!;
    if (id !== unknownPiece || pieces.at(-1) !== unknownPiece) pieces.push(id);
    end -= id === unknownPiece ? 1 : vocabulary[id]![0].length;
  }
  return pieces.reverse().slice(0, maxPieces);
}
