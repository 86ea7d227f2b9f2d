import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DataSubject, PackageTask } from '../../shared/personal-data/index.ts';
import { type AccountId, newId } from '../../shared/platform/ids.ts';
import { type Composed, composedOn } from '../support/composition.ts';
import { useProduct } from '../support/product.ts';
import { collected, unzipped } from '../support/zip.ts';

const product = useProduct();
const email = 'elodie.export@partner.example';
const hostile = '=HYPERLINK("https://evil.example","</td><script>alert(1)</script>")';
const rightToLeft = '\u202eשלום 👩‍💻 Ærø';
let composed: Composed;
/** Moved along with the clock of the stack. */
let offset = 0;
const clock = { now: () => new Date(Date.now() + offset) };
let subject: DataSubject;

const task = (kind: PackageTask['kind'], more: Partial<PackageTask> = {}): PackageTask => ({
  packageId: newId('pkg'),
  kind,
  requestId: newId('req'),
  subject,
  language: 'fr',
  ...more,
});

async function built(wanted: PackageTask) {
  const result = await composed.personalData.packages.build(wanted, composed.platform.clock.now());
  const zip = await collected(await composed.personalData.packages.open(wanted.packageId));
  const files = await unzipped(zip);
  const json = (path: string) => JSON.parse(files.get(path)?.toString() ?? 'null');
  return { result, zip, files, json, text: (path: string) => files.get(path)?.toString() ?? '' };
}

beforeAll(async () => {
  composed = composedOn(product.stack, clock);
  await product.person(email);
  const { accessToken: token } = (await product.signIn(email)).body;
  await product.call('PUT', '/api/v1/me/form-drafts/sinistre-42', {
    token,
    body: {
      fields: { note: hostile, nom: rightToLeft, montant: -12.5, urgent: true, client: 'tiers@ailleurs.example' },
    },
  });
  await product.call('PUT', '/api/v1/me/preferences', {
    token,
    body: { language: 'fr', theme: 'dark', interests: ['assistance', '@SUM(A1)'], notifications: { news: false } },
  });
  const me = await product.call('GET', '/api/v1/me', { token });
  subject = await composed.accounts.completeSubject({ accountId: me.body.id as AccountId });
});

describe('G1 the access package', () => {
  it('is a zip of ASCII names whose manifest names every file with hash, count and article', async () => {
    const { result, zip, files, json } = await built(task('access'));
    expect(result.size).toBe(zip.length);
    expect(result.sha256).toBe(createHash('sha256').update(zip).digest('hex'));
    expect(Date.parse(result.expiresAt) - Date.parse(result.readyAt)).toBe(14 * 86_400_000);
    const manifest = json('manifest.json');
    expect([...files.keys()].toSorted()).toEqual(
      ['manifest.json', ...manifest.files.map(({ path }: { path: string }) => path)].toSorted(),
    );
    for (const { path, sha256, size, legalArticle } of manifest.files) {
      expect(path).toMatch(/^[\x21-\x7e]+$/);
      expect(sha256).toBe(
        createHash('sha256')
          .update(files.get(path) ?? '')
          .digest('hex'),
      );
      expect(size).toBe(files.get(path)?.length);
      expect(legalArticle).toMatch(/^GDPR art\. /);
    }
    expect(manifest.controller.registration).toBe('RCS Nanterre 403 147 903');
  });

  it('holds everything that the inventory finds, and each document follows its schema', async () => {
    const { files, json } = await built(task('access'));
    const ajv = new Ajv2020({ formats: { 'date-time': true } });
    for (const source of composed.inventory()) {
      const records = [];
      for await (const record of source.collect(subject)) records.push(record);
      const document = json(`data/${source.id}.json`);
      if (records.length === 0 || source.id === 'exports') continue;
      expect({ id: source.id, items: document.items }).toEqual({
        id: source.id,
        items: JSON.parse(JSON.stringify(records)),
      });
      expect(document.$schema).toBe(`../schema/${source.id}.json`);
      const follows = ajv.compile(json(`schema/${source.id}.json`));
      expect({ id: source.id, ok: follows(document), errors: follows.errors }).toMatchObject({ ok: true });
      expect(files.has(`csv/${source.id}.csv`)).toBe(true);
    }
    expect(json('data/contact.json').items[0].email).toBe(email);
    expect(JSON.stringify([...files].map(([, content]) => content.toString()))).not.toMatch(
      /argon2|passwordHash|tokenHash/,
    );
  });

  it('has tables that open right in a spreadsheet and run nothing', async () => {
    const { text } = await built(task('access'));
    const csv = text('csv/form-drafts.csv');
    expect(csv.startsWith('\ufeffformId;')).toBe(true);
    expect(csv).toContain(`"'=HYPERLINK(""https://evil.example"",""</td><script>alert(1)</script>"")"`);
    expect(csv).toContain(';-12.5;');
    expect(csv).toContain('👩‍💻 Ærø');
    expect(csv.split('\r\n').length).toBeGreaterThan(2);
    for (const cell of csv.split(/[;\r\n]+/)) expect(cell).not.toMatch(/^"?[=+@]/);
    expect(text('csv/preferences.csv')).toContain('assistance, @SUM(A1)');
  });

  it('has a page that is read offline, holds no script, and shows hostile values as text', async () => {
    const { text } = await built(task('access'));
    const html = text('index.html');
    if (process.env.KEEP_PAGE) writeFileSync(process.env.KEEP_PAGE, html);
    expect(html).toContain('<html lang="fr">');
    expect(html).not.toMatch(/<script|<img|<iframe|<link|\bsrc=|url\(|@import|javascript:/i);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toMatch(/\p{Bidi_Control}/u);
    for (const said of [
      'Bonjour',
      'Élodie',
      'RCS Nanterre 403 147 903',
      'Délégué à la protection des données',
      'CNIL',
      'Décisions automatisées',
      'Transferts hors de l’Union européenne',
      'Durée de conservation',
      'exécution du contrat',
    ])
      expect(html).toContain(said);
    expect(html.match(/<h1\b/g)).toHaveLength(1);
  });

  it('speaks the person’s language', async () => {
    const { text } = await built(task('access', { language: 'en' }));
    expect(text('index.html')).toContain('<html lang="en">');
    expect(text('index.html')).toContain('Your personal data');
  });
});

describe('G4 the portability package', () => {
  it('holds only what was provided or observed, under contract or consent', async () => {
    const { files } = await built(task('portability'));
    const ids = [...files.keys()].flatMap((path) => /^data\/(.+)\.json$/.exec(path)?.[1] ?? []);
    expect(ids).toEqual(expect.arrayContaining(['identity', 'contact', 'form-drafts', 'preferences']));
    for (const id of ids) {
      expect(composed.inventory().find((source) => source.id === id)?.origin).not.toBe('derived');
    }
    expect(ids).not.toContain('sign-in-name');
    expect(ids).not.toContain('access-log');
  });
});

describe('E1 packages end', () => {
  it('asking for the same package twice builds one', async () => {
    const wanted = task('access');
    const first = await composed.personalData.packages.build(wanted, composed.platform.clock.now());
    expect(await composed.personalData.packages.build(wanted, composed.platform.clock.now())).toEqual(first);
  });

  it('two builders at once end with one package and no object left over', async () => {
    const wanted = task('access');
    const now = composed.platform.clock.now();
    const both = await Promise.allSettled([
      composed.personalData.packages.build(wanted, now),
      composed.personalData.packages.build(wanted, now),
    ]);
    expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await collected(await composed.personalData.packages.open(wanted.packageId))).not.toHaveLength(0);
    let objects = 0;
    for await (const { name } of composed.platform.objects.list('exports')) {
      if (name.startsWith(wanted.packageId)) objects += 1;
    }
    expect(objects).toBe(1);
  });

  it('what a death left behind is cleared away, a living package is not', async () => {
    const { packages } = composed.personalData;
    const wanted = task('access');
    await packages.build(wanted, composed.platform.clock.now());
    const orphan = `${newId('pkg')}.orphan`;
    async function* content() {
      yield Buffer.from('left behind');
    }
    await composed.platform.objects.put('exports', orphan, content());
    expect((await packages.purge(1_000)).removed).toBe(1);
    expect(await composed.platform.objects.open('exports', orphan)).toBeUndefined();
    expect(await packages.open(wanted.packageId)).toBeDefined();
  });

  it('after 14 days it opens no more and its object is cleared away', async () => {
    const { packages } = composed.personalData;
    const wanted = task('portability');
    const { expiresAt } = await packages.build(wanted, composed.platform.clock.now());
    const moveTo = async (now: Date) => {
      await product.control('PUT', '/clock', { now: now.toISOString() });
      offset = now.getTime() - Date.now();
    };
    await moveTo(new Date(Date.parse(expiresAt) - 3_600_000));
    expect(await packages.open(wanted.packageId)).toBeDefined();
    await moveTo(new Date(Date.parse(expiresAt) + 1_000));
    expect(await packages.open(wanted.packageId)).toBeUndefined();
    await packages.purge(1_000);
    for await (const { name } of composed.platform.objects.list('exports'))
      expect(name).not.toContain(wanted.packageId);
  });
});
