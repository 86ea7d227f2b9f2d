import { beforeEach, describe, expect, it } from 'vitest';
import {
  type DataSubject,
  type ErasureTask,
  erasureLedger,
  erasureSaga,
  type PersonalDataSource,
} from '../../shared/personal-data/index.ts';
import { newId } from '../../shared/platform/ids.ts';
import { useDocumentStore } from '../support/document-store.ts';

const database = useDocumentStore();
const now = new Date('2026-11-24T10:00:00.000Z');
const key = Buffer.alloc(32, 7);

/** A source over a list in memory that notes what is done to it. */
function listSource(id: string, items: number, log: string[], more: Partial<PersonalDataSource> = {}) {
  let left = items;
  const source: PersonalDataSource = {
    id,
    title: { fr: id, en: id },
    category: 'account',
    store: { container: 'accounts', documentTypes: [id] },
    origin: 'provided',
    purposes: ['D9'],
    recipients: { fr: '', en: '' },
    retention: { fr: '', en: '' },
    onErasure: { kind: 'erase' },
    async *collect() {
      for (let index = 0; index < left; index += 1) yield { index };
    },
    async erase(_subject, limit) {
      log.push(id);
      const erased = Math.min(left, limit);
      left -= erased;
      return { erased, more: left > 0 };
    },
    ...more,
  };
  return source;
}

describe('G3 the erasure', () => {
  let subject: DataSubject;
  let task: ErasureTask;
  let log: string[];
  const stopped: string[] = [];

  beforeEach(() => {
    subject = { accountId: newId('acc'), emailKey: 'pseudonym' };
    task = { erasureId: newId('ers'), subject, reason: 'closure' };
    log = [];
  });

  const saga = (...inventory: PersonalDataSource[]) => {
    const { governance } = database.store;
    return erasureSaga({
      governance,
      inventory: () => inventory,
      ledger: erasureLedger(governance, key),
      complete: async (given) => given,
      stopProcessing: async (accountId) => {
        stopped.push(accountId);
      },
    });
  };

  it('stops processing first, erases the anchors last and in reverse, and is done once', async () => {
    const erasure = saga(
      listSource('account', 1, log, { anchor: true }),
      listSource('login', 1, log, { anchor: true }),
      listSource('drafts', 3, log),
    );
    expect(await erasure.advance(task, now)).toEqual({ outcome: 'erased', erasedAt: now.toISOString(), kept: [] });
    expect(stopped).toContain(subject.accountId);
    expect(log).toEqual(['drafts', 'login', 'account']);
    const later = new Date(now.getTime() + 60_000);
    expect(await erasure.advance(task, later)).toMatchObject({ outcome: 'erased', erasedAt: now.toISOString() });
    expect(log).toHaveLength(3);
  });

  it('a source that fails keeps neither the others nor, once it works again, itself from being erased', async () => {
    let broken = true;
    const failing = listSource('failing', 1, log);
    const erasure = saga(
      {
        ...failing,
        erase: (...given) => (broken ? Promise.reject(new Error('out of order')) : failing.erase(...given)),
      },
      listSource('drafts', 3, log),
      listSource('account', 1, log, { anchor: true }),
    );
    await expect(erasure.advance(task, now)).rejects.toThrow('out of order');
    expect(log).toEqual(['drafts']);
    broken = false;
    expect(await erasure.advance(task, now)).toMatchObject({ outcome: 'erased' });
    expect(log).toEqual(['drafts', 'failing', 'account']);
  });

  it('a source that says it has erased and has not is found out by the second pass; the anchor stays', async () => {
    const lying = listSource('lying', 1, log, { erase: async () => ({ erased: 1, more: false }) });
    const erasure = saga(lying, listSource('account', 1, log, { anchor: true }));
    for (let tries = 0; tries < 3; tries += 1) {
      expect(await erasure.advance(task, now)).toEqual({ outcome: 'under-way', remaining: ['lying', 'account'] });
    }
    expect(log).toEqual([]);
  });

  it('goes on over as many calls as it takes, each of them bounded', async () => {
    const erasure = saga(listSource('activity', 9_000, log), listSource('drafts', 1, log));
    let calls = 1;
    while ((await erasure.advance(task, now)).outcome === 'under-way') calls += 1;
    expect(calls).toBeGreaterThan(3);
    expect(calls).toBeLessThan(8);
    expect(log.filter((id) => id === 'drafts')).toHaveLength(1);
  });

  it('names what is kept, why, and only where something is held', async () => {
    const reason = { fr: 'Preuve', en: 'Proof' };
    const onErasure = { kind: 'keep', reason, legalReference: 'GDPR art. 17(3)(b)' } as const;
    const erasure = saga(listSource('proofs', 1, log, { onErasure }), listSource('none', 0, log, { onErasure }));
    const kept = [
      { source: 'proofs', title: { fr: 'proofs', en: 'proofs' }, reason, legalReference: 'GDPR art. 17(3)(b)' },
    ];
    expect(await erasure.kept(subject)).toEqual(kept);
    expect(await erasure.advance(task, now)).toMatchObject({ outcome: 'erased', kept });
    expect(log).toEqual([]);
  });

  it('leaves no id of the person behind: not in the checkpoint, not in the ledger', async () => {
    await saga(listSource('drafts', 1, log)).advance(task, now);
    const { items } = await database.store.governance.query<object>({ text: 'SELECT * FROM c', limit: 1_000 });
    expect(items.length).toBeGreaterThan(1);
    expect(JSON.stringify(items)).not.toContain(subject.accountId);
    expect(await erasureLedger(database.store.governance, key).idsSince('')).toContain(
      erasureLedger(database.store.governance, key).entryId(subject),
    );
  });
});
