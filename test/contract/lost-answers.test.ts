import { describe, expect, it } from 'vitest';
import type { Document } from '../../shared/platform/cosmos/document-store.ts';
import { useDocumentStore } from '../support/document-store.ts';

const database = useDocumentStore();
const phases = ['before', 'during', 'after'] as const;
const document = (id: string, more: object = {}): Document => ({ id, type: 'x', ...more });

describe.each(phases)('a connection that breaks %s the answer', (phase) => {
  const partition = `reset-${phase}`;
  const breakNext = () => database.strikeNext(1, 'reset', phase);

  it('costs a read, and a query of one partition or of all, one more request and no second', async () => {
    const { accounts } = database.store;
    for (const id of ['a', 'b']) await accounts.create(partition, document(id));
    const began = performance.now();
    await breakNext();
    expect((await accounts.read(partition, 'a'))?.id).toBe('a');
    await breakNext();
    expect((await accounts.query({ text: 'SELECT * FROM c', partition })).items).toHaveLength(2);
    await breakNext();
    const everywhere = { text: 'SELECT * FROM c WHERE c.type = @type', parameters: { type: 'x' } };
    expect((await accounts.query(everywhere)).items.length).toBeGreaterThanOrEqual(2);
    // The SDK by itself would wait a second for each.
    expect(performance.now() - began).toBeLessThan(900);
  });

  it('does not make a write tell of its own first try: each is done once, and answered as done', async () => {
    const { accounts } = database.store;
    await breakNext();
    const created = await accounts.create(partition, document('one'));
    expect(created).toMatchObject({ outcome: 'written' });
    const etag = created.outcome === 'written' ? created.etag : '';
    await breakNext();
    const replaced = await accounts.replace(partition, document('one', { count: 1 }), etag);
    expect(replaced).toMatchObject({ outcome: 'written' });
    await breakNext();
    expect(await accounts.batch(partition, [{ create: document('two') }])).toMatchObject({ outcome: 'written' });
    expect(await accounts.create(partition, document('two'))).toEqual({ outcome: 'conflict' });
  });

  it('does not make a removal tell that there was nothing', async () => {
    const { accounts } = database.store;
    await accounts.create(partition, document('gone'));
    await breakNext();
    expect(await accounts.remove(partition, 'gone')).toMatchObject({ outcome: 'written' });
    const created = await accounts.create(partition, document('gone'));
    await breakNext();
    const etag = created.outcome === 'written' ? created.etag : '';
    expect(await accounts.remove(partition, 'gone', etag)).toMatchObject({ outcome: 'written' });
    expect(await accounts.remove(partition, 'gone')).toEqual({ outcome: 'not-found' });
  });

  it('does not make a batch of removals tell that there was nothing', async () => {
    const { accounts } = database.store;
    for (const id of ['p', 'q']) await accounts.upsert(partition, document(id));
    await breakNext();
    const steps = [{ remove: 'p' }, { remove: 'q' }];
    expect(await accounts.batch(partition, steps)).toMatchObject({ outcome: 'written' });
    expect(await accounts.batch(partition, steps)).toEqual({ outcome: 'not-found' });
  });

  it('does not make a batch succeed of which a part cannot be done', async () => {
    const { accounts } = database.store;
    await accounts.upsert(partition, document('still'));
    await breakNext();
    expect(await accounts.batch(partition, [{ remove: 'never' }, { remove: 'still' }])).toEqual({
      outcome: 'not-found',
    });
    expect(await accounts.read(partition, 'still')).toBeDefined();
  });
});

describe('a refusal for load', () => {
  it('is no lost answer: a removal of nothing stays one', async () => {
    for (const status of [429, 449]) {
      await database.strikeNext(1, status);
      expect(await database.store.accounts.remove('refused', 'nothing')).toEqual({ outcome: 'not-found' });
    }
  });
});

describe('a batch whose answer is lost', () => {
  it('is known for its own although another has written over one of its documents meanwhile', async () => {
    const { accounts } = database.store;
    const created = await accounts.create('overtaken', document('case'));
    const etag = created.outcome === 'written' ? created.etag : '';
    await database.strikeNext(1, 'reset', 'after');
    const writing = accounts.batch('overtaken', [
      { replace: document('case', { count: 1 }), etag },
      { create: document('history') },
    ]);
    await expect.poll(() => accounts.read('overtaken', 'case')).toMatchObject({ count: 1 });
    await accounts.upsert('overtaken', document('case', { count: 2 }));
    expect(await writing).toMatchObject({ outcome: 'written' });
    expect(await accounts.read('overtaken', 'case')).toMatchObject({ count: 2 });
  });
});
