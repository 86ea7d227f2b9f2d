import type { Account } from '../shared/accounts/index.ts';
import { type AuditLog, auditLog, blobSealStore, type SealStore } from '../shared/audit/index.ts';
import type { PersonalDataSource } from '../shared/personal-data/index.ts';
import { connectBlobs } from '../shared/platform/blobs/connect.ts';
import { type ObjectStore, objectStore } from '../shared/platform/blobs/object-store.ts';
import type { Clock } from '../shared/platform/clock.ts';
import type { Config } from '../shared/platform/config.ts';
import { connectCosmos } from '../shared/platform/cosmos/connect.ts';
import {
  type DocumentContainer,
  type DocumentStore,
  openDocumentStore,
  type Stored,
} from '../shared/platform/cosmos/document-store.ts';
import { type AccountOf, type AdmittedAccounts, admittedAccounts } from '../shared/platform/http/authentication.ts';
import { type CorsPolicy, corsPolicy } from '../shared/platform/http/cors.ts';
import { type Cursors, cursors } from '../shared/platform/http/paging.ts';
import type { Route } from '../shared/platform/http/route.ts';
import { keyWrapper } from '../shared/platform/keys/key-wrapper.ts';
import type { Logger } from '../shared/platform/logger.ts';
import type { RunCounts, WorkHandlers } from '../shared/platform/pending-work.ts';
import type { TimerDefinition } from '../shared/platform/timer.ts';

/** What every topic is given. Connections open at their first use. */
export interface Platform {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly database: DocumentStore;
  readonly objects: ObjectStore;
  readonly audit: AuditLog;
  /** Where the seals of the audit log are kept. */
  readonly seals: SealStore;
  readonly cors: CorsPolicy;
  readonly cursors: Cursors;
  readonly admitted: AdmittedAccounts<Stored<Account>>;
  readonly accountOf: AccountOf<Stored<Account>>;
  /** Sets committed work on its way without waiting for it; the timer guarantees what this begins. */
  readonly nudge: (container: DocumentContainer, partition: string, id: string) => void;
  /** Carries out what is due of the slow work of all topics, `limit` pieces at the most. */
  readonly runSlowWork: (limit: number) => Promise<RunCounts>;
}

/** The endpoints of one file, loaded when the first of them is called: a fresh instance reads only what it is asked for. */
export interface RouteGroup {
  readonly name: string;
  readonly load: () => Promise<readonly Route[]>;
}

/** A group that loads once. A load that failed is tried again. */
export function routeGroup(name: string, load: RouteGroup['load']): RouteGroup {
  let loaded: ReturnType<typeof load> | undefined;
  return {
    name,
    load() {
      loaded ??= load().catch((error: unknown) => {
        loaded = undefined;
        throw error;
      });
      return loaded;
    },
  };
}

/** What a topic brings to the product. */
export interface Topic {
  readonly routes?: readonly RouteGroup[];
  readonly timers?: readonly TimerDefinition[];
  /** Handlers of its pending work by document type, which `deliver-notifications` runs every minute. */
  readonly work?: WorkHandlers;
  /** Handlers of longer work (packages, erasures, decided requests), which `advance-rights-requests` runs every five minutes. */
  readonly slowWork?: WorkHandlers;
  readonly personalData?: readonly PersonalDataSource[];
}

export function openPlatform(
  config: Config,
  { clock, logger, nudge, runSlowWork }: Pick<Platform, 'clock' | 'logger' | 'nudge' | 'runSlowWork'>,
): Platform {
  const database = openDocumentStore(() => connectCosmos(config), config.cosmos.database, clock);
  const admitted = admittedAccounts<Stored<Account>>();
  return {
    config,
    clock,
    logger,
    database,
    objects: objectStore(() => connectBlobs(config), keyWrapper(config), clock),
    audit: auditLog(database, config.loginKey),
    seals: blobSealStore(() => connectBlobs(config)),
    cors: corsPolicy(config.allowedOrigins),
    cursors: cursors(config.dataKey),
    admitted,
    accountOf: admitted.accountOf,
    nudge,
    runSlowWork,
  };
}
