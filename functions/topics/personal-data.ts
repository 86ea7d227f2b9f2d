import { processingChoices } from '../../shared/accounts/index.ts';
import { closure, closureSources, erasureWork, stopProcessing } from '../../shared/closure/index.ts';
import { erasureLedger, erasureReplays, erasureSaga, type Inventory } from '../../shared/personal-data/index.ts';
import { closureRoutes } from '../http/closure.ts';
import { erasureLedgerRoutes } from '../http/erasure-ledger.ts';
import type { Platform, Topic } from '../platform.ts';
import type { AccountsTopic } from './accounts.ts';

/** Exports, erasure, closure, inactive accounts (clauses E1, G1, G3, G4, G10). */
export function personalDataTopic(platform: Platform, accounts: AccountsTopic, inventory: () => Inventory) {
  const { config, database, accountOf, cursors } = platform;
  const { loginKey, dataKey, siteUrl } = config;
  const { accounts: accountContainer, governance, runtime } = database;
  const { store, proof, completeSubject: complete } = accounts;

  const ledger = erasureLedger(governance, loginKey);
  const erasure = erasureSaga({ governance, inventory, ledger, complete, stopProcessing: stopProcessing(store) });
  const erasures = erasureWork({ governance, runtime, erasure, nudge: platform.nudge });
  const replays = erasureReplays({ governance, inventory, ledger, commission: erasures.commission });
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
  const topic: Topic = {
    routes: [
      ...closureRoutes({ closure: closures, choices: processingChoices(store), accountOf, nudge }),
      ...erasureLedgerRoutes({
        ledger,
        replays,
        cursors,
        nudge: (id) => platform.nudge(governance, replays.partition, id),
      }),
    ],
    slowWork: { ...closures.work, ...erasures.work, ...replays.work },
    personalData: closureSources(database),
  };
  return { ...topic, erasure };
}
