import { loginIdOf, processingChoices } from '../../shared/accounts/index.ts';
import { closure, closureSources, erasureWork, inactiveAccounts, stopProcessing } from '../../shared/closure/index.ts';
import {
  erasureLedger,
  erasureReplays,
  erasureSaga,
  type Inventory,
  packages,
} from '../../shared/personal-data/index.ts';
import { type Platform, routeGroup, type Topic } from '../platform.ts';
import { reviewInactiveAccounts } from '../timers/review-inactive-accounts.ts';
import type { AccountsTopic } from './accounts.ts';
import type { ConsentsTopic } from './consents.ts';

interface PersonalDataServices {
  readonly accounts: AccountsTopic;
  /** What all topics declare. */
  readonly inventory: () => Inventory;
  readonly consents: Pick<ConsentsTopic, 'receipts' | 'purposes'>;
}

/** Exports, erasure, closure, inactive accounts (clauses E1, G1, G3, G4, G10). */
export function personalDataTopic(platform: Platform, { accounts, inventory, consents }: PersonalDataServices) {
  const { config, clock, database, objects, accountOf, cursors } = platform;
  const { controller, loginKey, dataKey, siteUrl } = config;
  const { accounts: accountContainer, governance, runtime } = database;
  const { store, proof, completeSubject: complete } = accounts;

  const ledger = erasureLedger(governance, loginKey);
  const erasure = erasureSaga({ governance, inventory, ledger, complete, stopProcessing: stopProcessing(store) });
  const erasures = erasureWork({ governance, runtime, erasure, nudge: platform.nudge });
  const replays = erasureReplays({ governance, inventory, ledger, commission: erasures.commission });
  const exports = packages({
    database,
    objects,
    clock,
    inventory,
    complete,
    controller,
    receipts: consents.receipts,
    pseudonymOf: (email) => loginIdOf(loginKey, email),
  });
  const closures = closure({
    accounts: accountContainer,
    runtime,
    store,
    proof,
    commission: erasures.commission,
    kept: erasure.kept,
    loginKey,
    dataKey,
    siteUrl,
  });

  const nudge = (accountId: string, id: string) => platform.nudge(accountContainer, accountId, id);
  const inactive = inactiveAccounts({
    accounts: accountContainer,
    store,
    closure: closures,
    dataKey,
    siteUrl,
    nudge,
  });
  const topic: Topic = {
    routes: [
      routeGroup('closure', async () =>
        (await import('../http/closure.ts')).closureRoutes({
          closure: closures,
          choices: processingChoices(store),
          purposes: consents.purposes,
          accountOf,
          nudge,
        }),
      ),
      routeGroup('erasure-ledger', async () =>
        (await import('../http/erasure-ledger.ts')).erasureLedgerRoutes({
          ledger,
          replays,
          cursors,
          nudge: (id) => platform.nudge(governance, replays.partition, id),
        }),
      ),
    ],
    timers: [reviewInactiveAccounts(inactive, clock)],
    slowWork: { ...closures.work, ...erasures.work, ...replays.work },
    personalData: [...closureSources(database), exports.source],
  };
  /** Objects that no package speaks of any more. */
  const leftovers = {
    name: 'export-leftovers',
    async run(limit: number) {
      const { examined, removed } = await exports.purge(limit);
      return { examined, changed: removed };
    },
  };
  return { ...topic, leftovers, closures, erasure, erasures, inactive, ledger, packages: exports };
}
