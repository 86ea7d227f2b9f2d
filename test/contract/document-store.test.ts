import { describe, expect, it } from 'vitest';
import { useDocumentStore } from '../support/document-store.ts';

const database = useDocumentStore();

describe('a query costs', () => {
  it('one request in one partition: no plan is asked for', async () => {
    const { accounts } = database.store;
    await accounts.batch('p', [{ create: { id: 'a', type: 'x' } }, { create: { id: 'b', type: 'y' } }]);
    await database.served();
    const query = { text: 'SELECT * FROM c WHERE c.type = @type', parameters: { type: 'y' }, partition: 'p' };
    expect((await accounts.query<{ id: string }>(query)).items.map(({ id }) => id)).toEqual(['b']);
    expect(await database.served()).toHaveLength(1);
  });

  it('a plan and a request over all partitions', async () => {
    const { accounts } = database.store;
    await accounts.create('q', { id: 'a', type: 'z' });
    await database.served();
    expect((await accounts.query({ text: "SELECT * FROM c WHERE c.type = 'z'" })).items).toHaveLength(1);
    expect(await database.served()).toHaveLength(2);
  });

  it('that the database refuses fails as such, without a plan too', async () => {
    await expect(database.store.accounts.query({ text: 'SELECT', partition: 'p' })).rejects.toMatchObject({
      code: 400,
    });
  });
});
