import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CosmosClient } from '@azure/cosmos';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../../local/stack.ts';
import { blobContainers } from '../../../shared/platform/blobs/containers.ts';
import { containers } from '../../../shared/platform/cosmos/containers.ts';

const entry = new URL('./fixtures/app.ts', import.meta.url).href;
let dataDir: string;
let stack: Stack;

const start = () => startStack({ dataDir, entry, quiet: true, environment: { SITE_URL: 'https://site.example' } });

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'local-stack-'));
  stack = await start();
});

afterAll(async () => {
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${stack.controlUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function ping() {
  const response = await fetch(`${stack.url}/ping`);
  return (await response.json()) as { now: string; bootedAt: string; site: string; pid: number };
}

const noRetry = {
  retryOptions: { maxRetryAttemptCount: 0, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 0 },
};

function runtime() {
  const connectionPolicy = { ...noRetry, enableEndpointDiscovery: false };
  return new CosmosClient({ ...stack.cosmos, connectionPolicy }).database('extranet').container('runtime');
}

function blobService(environment = stack.environment) {
  const { BLOB_ENDPOINT = '', BLOB_ACCOUNT_NAME = '', BLOB_ACCOUNT_KEY = '' } = environment;
  const credential = new StorageSharedKeyCredential(BLOB_ACCOUNT_NAME, BLOB_ACCOUNT_KEY);
  return new BlobServiceClient(BLOB_ENDPOINT, credential, { retryOptions: { maxTries: 1 } });
}

async function sendMail(to: string) {
  const transport = createTransport(stack.environment.SMTP_URL);
  await transport.sendMail({ from: 'no-reply@extranet.example', to, subject: 'Bonjour', text: 'x' });
  transport.close();
}

beforeEach(async () => {
  await control('DELETE', '/faults');
});

describe('the local stack', () => {
  it('serves the functions with the app settings that it tells of', async () => {
    expect((await ping()).site).toBe('https://site.example');
    expect(stack.environment).toMatchObject({ SITE_URL: 'https://site.example', PUBLIC_URL: stack.url });
    expect(stack.environment.ALLOWED_ORIGINS).toBe(`https://site.example,${stack.url}`);
  });

  it('has made every container that the product names', async () => {
    const client = new CosmosClient({ ...stack.cosmos, connectionPolicy: { enableEndpointDiscovery: false } });
    for (const { id, partitionKey } of containers) {
      const { resource } = await client.database('extranet').container(id).read();
      expect(resource?.partitionKey?.paths).toEqual([partitionKey]);
    }
    const names: string[] = [];
    for await (const { name } of blobService().listContainers()) names.push(name);
    expect(names.sort()).toEqual([...blobContainers].sort());
  });

  it('is held by its lock, and says so in one line', async () => {
    await expect(start()).rejects.toThrow(/^Another local stack \(process \d+\) runs on the data folder/);
    expect((await ping()).pid).toBe(stack.functionsPid());
  });
});

describe('the control port', () => {
  it('lists what it serves', async () => {
    expect((await control('GET', '/')).body.endpoints).toContain('POST /reset');
  });

  it.each(['2031-02-03T04:05:06Z', '2019-02-03T05:05:06.500+01:00'])(
    'moves every clock to %s, from where it ticks on',
    async (now) => {
      const instant = Date.parse(now);
      const close = (text: unknown) => expect(Date.parse(String(text)) - instant).toBeLessThan(60_000);
      const answer = await control('PUT', '/clock', { now });
      close(answer.body.now);
      const told = await ping();
      close(told.now);
      expect(Date.parse(told.now)).toBeGreaterThanOrEqual(Date.parse(String(answer.body.now)));
      const { resource } = await runtime().items.upsert({ id: 'now' });
      expect(Math.abs(Number(resource?._ts) * 1_000 - instant)).toBeLessThan(60_000);
      expect(Date.parse(String((await control('GET', '/clock')).body.now))).toBeGreaterThanOrEqual(
        Date.parse(told.now),
      );
    },
  );

  it.each([{}, { now: 'yesterday' }, { now: '2026-11-23' }, { now: '2026-11-23T00:00:00Z', zone: 'UTC' }, undefined])(
    'refuses the clock %j',
    async (body) => {
      expect(await control('PUT', '/clock', body)).toEqual({ status: 400, body: { error: expect.any(String) } });
    },
  );

  it('runs a timer and answers the run record that it left', async () => {
    await control('PUT', '/clock', { now: '2032-01-01T00:00:00Z' });
    const { status, body } = await control('POST', '/timers/count-visits');
    expect(status).toBe(200);
    expect(body).toMatchObject({ job: 'count-visits', examined: 3, changed: 2, failed: 0 });
    expect(body.startedAt).toMatch(/^2032-01-01T00:/);
  });

  it('answers what it knows of a timer that leaves no record', async () => {
    const { status, body } = await control('POST', '/timers/leave-no-record');
    expect(status).toBe(200);
    expect(body).toEqual({ job: 'leave-no-record', startedAt: expect.any(String), finishedAt: expect.any(String) });
  });

  it('tells what a timer threw, and what timers there are', async () => {
    expect(await control('POST', '/timers/fail')).toEqual({
      status: 500,
      body: { error: 'The timer "fail" failed: the shelf is empty' },
    });
    expect((await control('POST', '/timers/unknown')).status).toBe(404);
    expect((await control('GET', '/timers')).body.timers).toContain('count-visits');
  });

  it('shows the mail by recipient, and empties the mailbox', async () => {
    await sendMail('zoe@partner.example');
    await sendMail('max@partner.example');
    expect((await control('GET', '/mail?to=zoe@partner.example')).body.messages).toMatchObject([
      { subject: 'Bonjour' },
    ]);
    expect((await control('GET', '/mail')).body.messages).toHaveLength(2);
    await control('DELETE', '/mail');
    expect((await control('GET', '/mail')).body.messages).toEqual([]);
  });

  it('hands out staff tokens that verify through discovery', async () => {
    const { STAFF_OIDC_ISSUER = '', STAFF_OIDC_AUDIENCE = '' } = stack.environment;
    const found = await fetch(`${STAFF_OIDC_ISSUER}/.well-known/openid-configuration`);
    const { issuer, jwks_uri } = (await found.json()) as { issuer: string; jwks_uri: string };
    const { body } = await control('GET', '/staff-token?roles=dpo,support&sub=staff-7&name=Ana%20Roux');
    const { now } = (await control('GET', '/clock')).body;
    const { payload } = await jwtVerify(String(body.token), createRemoteJWKSet(new URL(jwks_uri)), {
      issuer,
      audience: STAFF_OIDC_AUDIENCE,
      currentDate: new Date(String(now)),
    });
    expect(issuer).toBe(STAFF_OIDC_ISSUER);
    expect(payload).toMatchObject({ sub: 'staff-7', name: 'Ana Roux', roles: ['dpo', 'support'] });
  });

  it.each([429, 449, 503])('switches database faults of status %i on and off', async (status) => {
    await runtime().items.upsert({ id: 'there' });
    await control('PUT', '/faults', { target: 'cosmos', rate: 1, status, latencyMs: 0 });
    await expect(runtime().items.upsert({ id: 'there' })).rejects.toMatchObject({ code: status });
    await control('DELETE', '/faults?target=cosmos');
    await runtime().items.upsert({ id: 'there' });
  });

  it('switches blob faults on and off', async () => {
    await control('PUT', '/faults', { target: 'blob', rate: 1, status: 503, latencyMs: 0 });
    await expect(blobService().getContainerClient('exports').exists()).rejects.toMatchObject({ statusCode: 503 });
    await control('PUT', '/faults', { target: 'blob', rate: 0 });
    expect(await blobService().getContainerClient('exports').exists()).toBe(true);
  });

  it('switches mail faults on and off', async () => {
    const { body } = await control('PUT', '/faults', { target: 'mail', rate: 1, status: 451, latencyMs: 0 });
    expect(body).toEqual({ faults: [{ target: 'mail', rate: 1, status: 451, latencyMs: 0, phase: 'before' }] });
    await expect(sendMail('zoe@partner.example')).rejects.toMatchObject({ responseCode: 451 });
    expect((await control('DELETE', '/faults')).body).toEqual({ faults: [] });
    await sendMail('zoe@partner.example');
  });

  it.each([
    {},
    { target: 'disk', rate: 1, status: 503 },
    { target: 'cosmos', rate: 2, status: 503 },
    { target: 'cosmos', rate: 1, status: 200 },
    { target: 'blob', rate: 1, status: 'slow' },
    { target: 'mail', rate: 1, latencyMs: -1 },
    { target: 'mail', rate: 1, extra: true },
  ])('refuses the fault %j', async (fault) => {
    expect((await control('PUT', '/faults', fault)).status).toBe(400);
    expect((await control('GET', '/faults')).body).toEqual({ faults: [] });
  });

  it('resets everything to a first start: data, mail, clock and faults', async () => {
    await runtime().items.upsert({ id: 'remembered' });
    await blobService().getContainerClient('exports').getBlockBlobClient('remembered').upload('x', 1);
    await sendMail('zoe@partner.example');
    await control('PUT', '/clock', { now: '2040-01-01T00:00:00Z' });
    await control('PUT', '/faults', { target: 'blob', rate: 1, status: 503 });
    await control('PUT', '/faults', { target: 'cosmos', rate: 1, status: 429 });
    const before = (await ping()).pid;

    const { status, body } = await control('POST', '/reset');
    expect(status).toBe(200);
    expect(Math.abs(Date.parse(String(body.now)) - Date.now())).toBeLessThan(60_000);
    expect((await control('GET', '/faults')).body).toEqual({ faults: [] });
    expect((await control('GET', '/mail')).body).toEqual({ messages: [] });
    expect((await runtime().item('remembered', 'remembered').read()).statusCode).toBe(404);
    const exports = blobService().getContainerClient('exports');
    expect(await exports.exists()).toBe(true);
    expect(await exports.getBlobClient('remembered').exists()).toBe(false);
    const after = await ping();
    expect(after.pid).not.toBe(before);
    expect(Math.abs(Date.parse(after.now) - Date.now())).toBeLessThan(60_000);
  });
});

describe('a kill of the functions process', () => {
  it('leaves the rest standing, and a restart finds the same port, clock and data', async () => {
    await control('PUT', '/clock', { now: '2035-01-01T00:00:00Z' });
    await runtime().items.upsert({ id: 'kept' });
    const before = await ping();
    await stack.killFunctions();
    expect(stack.functionsPid()).toBeUndefined();
    await expect(ping()).rejects.toThrow();
    expect((await control('POST', '/timers/count-visits')).status).toBe(503);

    await stack.restartFunctions();
    const after = await ping();
    expect(after.pid).not.toBe(before.pid);
    expect(after.bootedAt).toMatch(/^2035-01-01T00:/);
    expect((await runtime().item('kept', 'kept').read()).statusCode).toBe(200);
  });

  it('is told to whoever waits for a timer', async () => {
    const waiting = control('POST', '/timers/never-end');
    // The run is under way once an answer to a later message has come.
    await control('POST', '/timers/leave-no-record');
    await stack.killFunctions();
    expect((await waiting).status).toBe(503);
    await stack.restartFunctions();
  });
});

describe('a stop and a new start', () => {
  it('keep data, files, mail and keys, and bring the clock back to real time', async () => {
    await runtime().items.upsert({ id: 'kept', text: 'Zoé' });
    await blobService().getContainerClient('exports').getBlockBlobClient('kept').upload('x', 1);
    await control('DELETE', '/mail');
    await sendMail('zoe@partner.example');
    await control('PUT', '/clock', { now: '2035-01-01T00:00:00Z' });
    const { SIGNING_KEYS, LOGIN_KEY, DATA_KEY } = stack.environment;

    await stack.stop();
    expect(await stack.ended).toBeUndefined();
    stack = await start();

    expect(stack.environment).toMatchObject({ SIGNING_KEYS, LOGIN_KEY, DATA_KEY });
    expect((await runtime().item('kept', 'kept').read()).resource).toMatchObject({ text: 'Zoé' });
    expect(await blobService().getContainerClient('exports').getBlobClient('kept').exists()).toBe(true);
    expect((await control('GET', '/mail')).body.messages).toMatchObject([{ to: 'zoe@partner.example' }]);
    expect(Math.abs(Date.parse((await ping()).now) - Date.now())).toBeLessThan(60_000);
  });
});
