import type { EntryCard } from '@teambrain/contract/knowledge.ts';
import { IconChevronRight, IconFileText } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import classes from './document-tree.module.css';
import { buildTree, type TreeNode } from './tree.ts';

interface Props {
  cards: readonly EntryCard[];
  spaceId: string;
}

export function DocumentTree({ cards, spaceId }: Props) {
  const roots = useMemo(() => buildTree(cards), [cards]);
  return (
    <nav aria-label="Documents">
      <ul className={classes.list}>
        {roots.map((node) => (
          <Branch key={node.card.id} node={node} spaceId={spaceId} depth={0} />
        ))}
      </ul>
    </nav>
  );
}

interface BranchProps {
  node: TreeNode;
  spaceId: string;
  depth: number;
}

function Branch({ node, spaceId, depth }: BranchProps) {
  const [isOpen, setIsOpen] = useState(true);
  const { card, children } = node;
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
          {card.title}
        </Link>
      </div>
      {hasChildren && isOpen && (
        <ul className={classes.list}>
          {children.map((child) => (
            <Branch
              key={child.card.id}
              node={child}
              spaceId={spaceId}

              depth={depth + 1}
            />
          ))}
        </ul>
      )}
    </li>
  );
}
