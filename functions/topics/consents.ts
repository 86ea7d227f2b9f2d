import { consentStore, consentUseCases, servedNotices } from '../../shared/consents/index.ts';
import { processingGate } from '../../shared/processing-gate/index.ts';
import { servicePurposes } from '../../shared/purposes/index.ts';
import type { Platform, Topic } from '../platform.ts';
import type { AccountsTopic } from './accounts.ts';

/** Consents, the cookie table, purposes, activity (clauses C4, C6, D2-D6, G8, H1-H8), and the gate that all uses of data pass through. */
export function consentsTopic(platform: Platform, accounts: AccountsTopic) {
  const { config, clock, database } = platform;
  const purposes = servicePurposes(database.governance, clock);
  const consents = consentUseCases({
    store: consentStore(database.consents),
    loginKey: config.loginKey,
    notices: servedNotices(accounts.documents),
    purposes,
  });
  const gate = processingGate({ store: accounts.store, grantedConsents: consents.granted, purposes });

  const topic: Topic = {};
  return { ...topic, consents, purposes, gate };
}

export type ConsentsTopic = ReturnType<typeof consentsTopic>;
