import type { EntryCard } from '@teambrain/contract/knowledge.ts';
import { IconChevronRight, IconFileText } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import classes from './document-tree.module.css';
import { buildTree, pathTo, type TreeNode } from './tree.ts';

interface Props {
  cards: readonly EntryCard[];
  spaceId: string;
}

/** The documents, with the open one in sight and what it is in unfolded. */
export function DocumentTree({ cards, spaceId }: Props) {
  const { entryId } = useParams({ strict: false });
  const tree = useRef<HTMLElement>(null);
  const above = useMemo(
    () => (entryId ? pathTo(cards, entryId).map((card) => card.id) : []),
    [cards, entryId],
  );
  const roots = useMemo(() => buildTree(cards), [cards]);
  useEffect(() => {
    // After the branches above it have opened.
    const frame = requestAnimationFrame(() =>
      tree.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' }),
    );
    return () => cancelAnimationFrame(frame);
  }, [entryId, above]);
  return (
    <nav ref={tree} aria-label="Documents">
      <ul className={classes.list}>
        {roots.map((node) => (
          <Branch key={node.card.id} node={node} spaceId={spaceId} above={above} depth={0} />
        ))}
      </ul>
    </nav>
  );
}

interface BranchProps {
  node: TreeNode;
  spaceId: string;
  /** Ids of the documents that the open one is in. */
  above: readonly string[];
  depth: number;
}

function Branch({ node, spaceId, above, depth }: BranchProps) {
  const [isOpen, setIsOpen] = useState(true);
  const { card, children } = node;
  useEffect(() => {
    if (above.includes(card.id)) setIsOpen(true);
  }, [above, card.id]);
  const hasChildren = children.length > 0;
  return (
    <li>
      <div className={classes.row} style={{ paddingLeft: depth * 16 }}>
        {hasChildren ? (
          <button
            type="button"
            className={classes.toggle}
            aria-expanded={isOpen}
            aria-label={`Documents in ${card.title}`}
            onClick={() => setIsOpen(!isOpen)}
          >
            <IconChevronRight size={14} data-open={isOpen || undefined} />
          </button>
        ) : (
          <span className={classes.leaf} aria-hidden>
            <IconFileText size={14} />
          </span>
        )}
        <Link
          to="/s/$spaceId/e/$entryId"
          params={{ spaceId, entryId: card.id }}
          className={classes.link}
          activeOptions={{ includeSearch: false }}
          activeProps={{ 'data-active': true }}
        >
          <bdi>{card.title}</bdi>
        </Link>
      </div>
      {hasChildren && isOpen && (
        <ul className={classes.list}>
          {children.map((child) => (
            <Branch
              key={child.card.id}
              node={child}
              spaceId={spaceId}
              above={above}
              depth={depth + 1}
            />
          ))}
        </ul>
      )}
    </li>
  );
}
