import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../../../local/blobs/fault-proxy.ts';
import { createFaultSwitch } from '../../../local/faults/fault.ts';
import { type BlobStorageProcess, startBlobStorage } from '../../../local/processes/blob-storage.ts';

const accountKey = randomBytes(64).toString('base64');
const faults = createFaultSwitch();
let folder: string;
let storage: BlobStorageProcess;
let proxy: FaultProxy;
let container: ReturnType<BlobServiceClient['getContainerClient']>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-stack-'));
  storage = await startBlobStorage(folder, 'extranet', accountKey);
  proxy = await startFaultProxy(storage.process.ready, faults);
  const credential = new StorageSharedKeyCredential('extranet', accountKey);
  const retryOptions = { maxTries: 1 };
  const client = new BlobServiceClient(`http://127.0.0.1:${proxy.port}/extranet`, credential, { retryOptions });
  container = client.getContainerClient('papers');
  await container.create();
});

afterAll(async () => {
  await proxy.stop();
  await storage.process.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => faults.set(undefined));

describe('the fault proxy before the blob storage', () => {
  it('changes nothing while no fault is switched on', async () => {
    const content = randomBytes(3 * 1024 * 1024);
    const blob = container.getBlockBlobClient('large');
    await blob.uploadData(content, { metadata: { kind: 'passport' } });
    expect(await blob.downloadToBuffer()).toEqual(content);
    expect((await blob.getProperties()).metadata).toEqual({ kind: 'passport' });
    await expect(blob.upload('x', 1, { conditions: { ifNoneMatch: '*' } })).rejects.toMatchObject({ statusCode: 409 });
  });

  it('answers the status of the fault, with the code that storage would give', async () => {
    faults.set({ rate: 1, status: 503, latencyMs: 0 });
    await expect(container.getBlockBlobClient('a').upload('x', 1)).rejects.toMatchObject({
      statusCode: 503,
      code: 'ServerBusy',
    });
  });

  it.each([
    ['before', false],
    ['during', true],
    ['after', true],
  ] as const)('breaks connections %s the write', async (phase, written) => {
    faults.set({ rate: 1, status: 'reset', latencyMs: 0, phase });
    const blob = container.getBlockBlobClient(`reset-${phase}`);
    await expect(blob.upload('x', 1)).rejects.toThrow();
    faults.set(undefined);
    expect(await blob.exists()).toBe(written);
  });

  it('strikes the share that it was told', async () => {
    faults.set({ rate: 0.5, status: 500, latencyMs: 0 });
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => container.exists()));
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['fulfilled', 'rejected']));
  });

  it('lets a request be late, and carries it out, when the fault has no status', async () => {
    faults.set({ rate: 1, latencyMs: 40 });
    const before = performance.now();
    expect(await container.exists()).toBe(true);
    expect(performance.now() - before).toBeGreaterThanOrEqual(39);
  });

  it('refuses another key than the account’s own', async () => {
    const stranger = new StorageSharedKeyCredential('extranet', randomBytes(64).toString('base64'));
    const client = new BlobServiceClient(storage.endpoint, stranger, { retryOptions: { maxTries: 1 } });
    await expect(client.getContainerClient('papers').exists()).rejects.toMatchObject({ statusCode: 403 });
  });
});
