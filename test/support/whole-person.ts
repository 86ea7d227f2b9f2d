import { loginIdOf } from '../../shared/accounts/index.ts';
import { activitySubject } from '../../shared/activity/index.ts';
import { newNotification } from '../../shared/notifications/index.ts';
import type { DataSubject } from '../../shared/personal-data/index.ts';
import { containerIds } from '../../shared/platform/cosmos/containers.ts';
import { type AccountId, newId } from '../../shared/platform/ids.ts';
import type { Composed } from './composition.ts';

export interface WholePerson {
  readonly accountId: AccountId;
  readonly email: string;
  readonly subject: DataSubject;
}

/** A person with something in every store that these sources know, written straight into the stores. */
export async function wholePerson(
  { platform, accounts, consents, personalData }: Composed,
  email: string,
): Promise<WholePerson> {
  const { config, clock, database } = platform;
  const now = clock.now();
  const at = now.toISOString();
  const later = new Date(now.getTime() + 20 * 86_400_000).toISOString();
  const accountId = newId('acc');
  const emailKey = loginIdOf(config.loginKey, email);
  const subject = { accountId, emailKey };
  const profile = { email, givenName: 'Zoé', familyName: 'Brûlé', company: 'Garage du Lac', language: 'fr' };
  const account = {
    ...{ id: 'account', type: 'account', accountId, status: 'active', profile, loginId: emailKey, createdAt: at },
    ...{ verifiedAt: at, accepted: { terms: '1.0', 'privacy-charter': '1.0' }, endedSessions: [] },
  };
  const credential = {
    ...{ id: 'credential', type: 'credential', passwordHash: 'none', passwordChangedAt: at, lastSignInAt: at },
    ...{ failures: [], devices: [] },
  };
  const session = {
    ...{ id: newId('ses'), type: 'session', tokenHash: 'none', createdAt: at, lastUsedAt: at, authenticatedAt: at },
    ...{ methods: ['pwd'], device: 'Firefox', transport: 'bearer', endsAt: later, expiresAt: later },
  };
  const drafts = Array.from({ length: 3 }, (_, index) => ({
    ...{ id: `draft:${index}`, type: 'form-draft', formId: `${index}`, fields: { note: email }, updatedAt: at },
    expiresAt: later,
  }));
  await accounts.store.write(accountId, [
    { create: account },
    { create: credential },
    { create: session },
    ...drafts.map((create) => ({ create })),
    { create: { id: 'preferences', type: 'preferences', preferences: { language: 'fr' } } as never },
    { create: { id: 'acceptance:terms:1.0', type: 'acceptance', kind: 'terms', version: '1.0' } as never },
    { create: { id: 'password-reset', type: 'password-reset', tokenHash: 'none', expiresAt: later } as never },
    { create: newNotification(config.dataKey, 'password-changed', { parameters: { at } }, now) },
  ] as never);
  await accounts.store.createLogin({ id: emailKey, type: 'login', accountId });
  const recipient = { address: email, name: 'Zoé Brûlé', language: 'fr' as const };
  const parameters = { reference: 'msg', question: 'Bonjour' };
  const question = newNotification(
    config.dataKey,
    'contact-received',
    { parameters, recipient, subject: emailKey },
    now,
  );
  await database.runtime.create(question.id, question);
  const failures = { id: `account:${emailKey}`, type: 'account-failures', failures: [now.getTime()], expiresAt: later };
  await database.runtime.create(failures.id, failures as never);
  await consents.consents.decide(
    { accountId },
    {
      noticeVersion: '1.0',
      language: 'fr',
      choices: { 'audience-measurement': 'granted', prospecting: 'denied' },
      mechanism: 'test',
      signals: { gpc: false },
    },
    now,
  );
  await database.activity.batch(
    activitySubject(config.loginKey, accountId),
    Array.from({ length: 5 }, (_, index) => ({
      create: {
        id: `evt_${index}`,
        type: 'activity-event',
        at,
        kind: 'visit',
        path: '/',
        company: 'x',
        expiresAt: later,
      },
    })),
  );
  await personalData.packages.build(
    { packageId: newId('pkg'), kind: 'access', requestId: newId('req'), subject, language: 'fr' },
    now,
  );
  return { accountId, email, subject };
}

/** What is left of a person: every document that leads to them, as `container/type`, and every source that still knows them. */
export async function tracesOf({ platform, inventory }: Composed, { accountId, email, subject }: WholePerson) {
  const traces: string[] = [];
  for (const { id, onErasure, collect } of inventory()) {
    if (onErasure.kind !== 'erase') continue;
    for await (const _record of collect(subject)) {
      traces.push(`source ${id}`);
      break;
    }
  }
  for (const id of containerIds) {
    let after = '';
    for (;;) {
      const { items } = await platform.database[id].query<{ id: string; type: string }>({
        text: 'SELECT * FROM c WHERE c.id > @after ORDER BY c.id',
        parameters: { after },
        limit: 100,
      });
      for (const item of items) {
        const text = JSON.stringify(item);
        const leads = [accountId, email, subject.emailKey ?? '-'].some((known) => text.includes(known));
        if (leads) traces.push(`${id}/${item.type}`);
      }
      const last = items.at(-1);
      if (!last) break;
      after = last.id;
    }
  }
  return traces;
}
