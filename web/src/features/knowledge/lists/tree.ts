import type { EntryCard } from '@teambrain/contract/knowledge.ts';

export interface TreeNode {
  card: EntryCard;
  children: TreeNode[];
}

/** Documents nested by parent, siblings in the list's order; without a known parent they are roots. */
export function buildTree(cards: readonly EntryCard[]): TreeNode[] {
  const nodes = new Map(cards.map((card) => [card.id, { card, children: [] as TreeNode[] }]));
  const roots: TreeNode[] = [];
  const cut = new Set<string>();
  for (const node of nodes.values()) {
    const parent = node.card.parentId ? nodes.get(node.card.parentId) : undefined;
    if (parent && !closesCircle(nodes, cut, node.card)) {
      parent.children.push(node);
    } else {
      cut.add(node.card.id);
      roots.push(node);
    }
  }
  return roots;
}

/** Whether a document lies below itself, in a circle that is not `cut` yet. */
function closesCircle(
  nodes: ReadonlyMap<string, TreeNode>,
  cut: ReadonlySet<string>,
  card: EntryCard,
): boolean {
  const seen = new Set<string>();
  let at = card.parentId;
  while (at && !seen.has(at) && !cut.has(at)) {
    if (at === card.id) return true;
    seen.add(at);
    at = nodes.get(at)?.card.parentId ?? null;
  }
  return false;
}

/** The documents above one, from the root down. */
export function pathTo(cards: readonly EntryCard[], id: string): EntryCard[] {
  const byId = new Map(cards.map((card) => [card.id, card]));
  const path: EntryCard[] = [];
  const seen = new Set([id]);
  let at = byId.get(id)?.parentId;
  while (at && !seen.has(at)) {
    seen.add(at);
    const card = byId.get(at);
    if (!card) break;
    path.unshift(card);
    at = card.parentId;
  }
  return path;
}

/** Ids of a document and all below it: none of them can become its parent. */
export function branchOf(cards: readonly EntryCard[], id: string): Set<string> {
  const branch = new Set([id]);
  for (let size = 0; size !== branch.size;) {
    size = branch.size;
    for (const card of cards) if (card.parentId && branch.has(card.parentId)) branch.add(card.id);
  }
  return branch;
}
