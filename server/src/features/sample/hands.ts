import type { BodyOf } from '@teambrain/contract/endpoint.ts';
import type { postMessage } from '@teambrain/contract/chat.ts';
import type { createEntry } from '@teambrain/contract/knowledge.ts';
import type { Role } from '@teambrain/contract/role.ts';
import type { createSpace } from '@teambrain/contract/spaces.ts';
import type { Space } from '../../platform/access/access.ts';
import type { Actor } from '../../platform/core/actor.ts';
import type { Executor } from '../../platform/db/database.ts';

/** What the sample team needs of other features; `app.ts` hands it over. */
export interface Hands {
  auth: {
    /** Someone who cannot sign in, or who has the id already. */
    createImported(name: string, id?: string): Promise<Actor>;
    /** Whether the person came with an import and cannot sign in. */
    isImported(id: string): Promise<boolean>;
    /** Removes those of them that nothing refers to. */
    removeImported(ids: readonly string[]): Promise<void>;
  };
  spaces: {
    create(actor: Actor, body: BodyOf<typeof createSpace>): Promise<unknown>;
    join(actor: Actor, spaceId: string, password?: string): Promise<unknown>;
    list(actor: Actor, query: { limit: number }): Promise<{ items: readonly unknown[] }>;
    /** False if it is to stay, which is asked while nobody can write there. */
    remove(
      space: Space<'manage'>,
      more: { by: Actor; isToStay: (tx: Executor) => Promise<boolean> },
    ): Promise<boolean>;
  };
  members: {
    update(space: Space<'manage'>, userId: string, role: Role): Promise<unknown>;
  };
  chat: {
    post(
      space: Space<'write'>,
      message: BodyOf<typeof postMessage>,
      times?: { at?: Date },
    ): Promise<unknown>;
  };
  unread: {
    /** What a space holds now is unread for nobody who has not read there yet. */
    startHere(spaceId: string): Promise<void>;
  };
  knowledge: {
    create(
      space: Space<'write'>,
      body: BodyOf<typeof createEntry>,
      times?: { at?: Date },
    ): Promise<unknown>;
  };
}
