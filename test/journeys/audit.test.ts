import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectCosmos } from '../../local/provision.ts';
import { useProduct } from '../support/product.ts';
import { grant, moveClock, staffMember } from '../support/staff.ts';

const product = useProduct();
const START = '2026-11-24T10:00:00.000Z';
let accountId: string;

/** The audit container as somebody sees it who can write to the database itself. */
async function auditContainer() {
  const client = await connectCosmos(product.stack.cosmos);
  return client.database('extranet').container('audit');
}

async function look(reason: string) {
  const token = await staffMember(product, 'support-1', 'support');
  const answer = await product.call('GET', `/api/v1/desk/accounts/${accountId}?reason=${reason}`, { token });
  expect(answer.status).toBe(200);
}

async function entries() {
  const token = await staffMember(product, 'auditor-1', 'auditor');
  const { body } = await product.call('GET', '/api/v1/desk/audit?actor=support-1', { token });
  return body.items as { id: string; at: string; reason: string }[];
}

const seal = () => product.control('POST', '/timers/seal-audit-log');
const verify = async () => {
  const token = await staffMember(product, 'auditor-1', 'auditor');
  return (await product.call('GET', '/api/v1/desk/audit/verify', { token })).body;
};

async function freshStack() {
  await product.control('POST', '/reset');
  await product.control('PUT', '/clock', { now: START });
  await product.person('sealed@partner.example');
  const token = (await product.signIn('sealed@partner.example')).body.accessToken;
  accountId = (await product.call('GET', '/api/v1/me', { token })).body.id;
  await grant(product, 'support-1', ['account'], ['support']);
}

describe('F1 C3 each day of the audit log is sealed', () => {
  beforeAll(freshStack);

  it('once it has ended, once, and linked to the day before', async () => {
    await look('first');
    expect((await seal()).body).toMatchObject({ job: 'seal-audit-log', changed: 0 });
    expect(await verify()).toMatchObject({ ok: true, sealedDays: 0, entries: 0 });
    await moveClock(product, { days: 1 });
    expect((await seal()).body).toMatchObject({ examined: 1, changed: 1, failed: 0 });
    expect((await seal()).body).toMatchObject({ examined: 0, changed: 0 });
    expect(await verify()).toMatchObject({ ok: true, sealedDays: 1 });
  });

  it('also when the timer is days late, days without an entry too, and when runs overlap', async () => {
    await moveClock(product, { days: 4 });
    const [one, other] = await Promise.all([seal(), seal()]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(await verify()).toMatchObject({ ok: true, sealedDays: 5 });
  });

  it('by the next run, when the storage of the seals does not answer; until then verification says so', async () => {
    await product.control('PUT', '/faults', { target: 'blob', rate: 1, status: 503 });
    await moveClock(product, { days: 1 });
    await seal();
    const token = await staffMember(product, 'auditor-1', 'auditor');
    expect((await product.call('GET', '/api/v1/desk/audit/verify', { token })).body.code).toBe('service-unavailable');
    await product.control('DELETE', '/faults');
    await seal();
    expect(await verify()).toMatchObject({ ok: true, sealedDays: 6 });
  });

  it('takes nothing more once sealed: an act of a clock that runs behind goes into an open day', async () => {
    await moveClock(product, { days: -3 });
    await look('behind');
    expect((await entries()).map(({ reason }) => reason)).toContain('behind');
    await moveClock(product, { days: 5 });
    await seal();
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('and verifies after twelve months, when the entries are gone', async () => {
    await moveClock(product, { days: 366 });
    await seal();
    const { ok, sealedDays } = await verify();
    expect(ok).toBe(true);
    expect(sealedDays).toBeGreaterThan(365);
    const client = await auditContainer();
    const { resources } = await client.items
      .query({ query: "SELECT * FROM c WHERE c.day < '2027-01-01'", parameters: [] })
      .fetchAll();
    expect(resources).toEqual([]);
  });
});

describe('F1 whoever alters the log is found out', () => {
  beforeEach(async () => {
    await freshStack();
    for (const reason of ['one', 'two', 'three']) await look(reason);
    await moveClock(product, { days: 1 });
    await look('next-day');
    await moveClock(product, { days: 1 });
    await seal();
    expect(await verify()).toMatchObject({ ok: true, sealedDays: 2 });
  });
  const find = async (reason: string) => {
    const found = (await entries()).find((entry) => entry.reason === reason);
    if (!found) throw new Error(`no entry ${reason}`);
    return { id: found.id, day: found.at.slice(0, 10) };
  };

  it('an altered entry is named, the earliest first', async () => {
    const container = await auditContainer();
    const [two, later] = [await find('two'), await find('next-day')];
    for (const { id, day } of [later, two]) {
      const { resource } = await container.item(id, day).read();
      await container.item(id, day).replace({ ...resource, reason: 'nothing' });
    }
    expect(await verify()).toMatchObject({ ok: false, firstBreak: { day: two.day, entryId: two.id, kind: 'altered' } });
  });

  it('a removed entry is named', async () => {
    const { id, day } = await find('one');
    await (await auditContainer()).item(id, day).delete();
    expect(await verify()).toMatchObject({ ok: false, firstBreak: { day, entryId: id, kind: 'removed' } });
  });

  it('an added entry is named, in a sealed day and before all of them', async () => {
    const container = await auditContainer();
    const { id, day } = await find('three');
    const { resource } = await container.item(id, day).read();
    const added = { ...resource, id: 'aud_forged', sortKey: `${resource.at}~aud_forged` };
    await container.items.create(added);
    expect(await verify()).toMatchObject({ ok: false, firstBreak: { day, entryId: 'aud_forged', kind: 'added' } });
    await container.item('aud_forged', day).delete();
    expect(await verify()).toMatchObject({ ok: true });
    await container.items.create({ ...added, day: '2026-11-01' });
    expect(await verify()).toMatchObject({
      ok: false,
      firstBreak: { day: '2026-11-01', entryId: 'aud_forged', kind: 'added' },
    });
  });

  it('a seal that was altered or taken away breaks the chain', async () => {
    const { BlobServiceClient, StorageSharedKeyCredential } = await import('@azure/storage-blob');
    const { BLOB_ENDPOINT = '', BLOB_ACCOUNT_NAME = '', BLOB_ACCOUNT_KEY = '' } = product.stack.environment;
    const seals = new BlobServiceClient(
      BLOB_ENDPOINT,
      new StorageSharedKeyCredential(BLOB_ACCOUNT_NAME, BLOB_ACCOUNT_KEY),
    ).getContainerClient('audit-seals');
    const blob = (day: string) => seals.getBlockBlobClient(`${day}.json`);
    const original = await blob('2026-11-24').downloadToBuffer();
    const upload = (day: string, text: string) => blob(day).upload(text, Buffer.byteLength(text));

    await upload('2026-11-24', original.toString().replace('aud_', 'aud-'));
    expect(await verify()).toMatchObject({ ok: false, firstBreak: { day: '2026-11-24', kind: 'seal' } });
    await upload('2026-11-24', 'no seal at all');
    expect(await verify()).toMatchObject({ ok: false, firstBreak: { day: '2026-11-24', kind: 'seal' } });
    await blob('2026-11-24').delete();
    expect(await verify()).toMatchObject({ ok: false, firstBreak: { kind: 'seal' } });
    await upload('2026-11-24', original.toString());
    expect(await verify()).toMatchObject({ ok: true });
    await blob('2026-11-25').delete();
    expect(await verify()).toMatchObject({ ok: false, firstBreak: { day: '2026-11-25', kind: 'seal' } });
  });
});
