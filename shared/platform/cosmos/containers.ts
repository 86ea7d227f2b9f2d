/**
 * The Cosmos DB containers: the one list that the local stack provisions from and that the Bicep files are held against.
 * Index policies exclude everything and name only what is queried; every container lets an item carry its own `ttl`.
 */
export interface ContainerDefinition {
  readonly id: ContainerId;
  /** Path of the partition key: each hot path stays inside one logical partition. */
  readonly partitionKey: `/${string}`;
  /** Paths that queries filter or order by, in Cosmos DB's notation, the partition key not repeated. */
  readonly indexedPaths: readonly `/${string}`[];
  /** Items are created and read, never changed or removed: in Azure the product's role on the container allows nothing else. */
  readonly appendOnly?: true;
}

export const containerIds = [
  'accounts',
  'logins',
  'consents',
  'rights-requests',
  'case-archive',
  'activity',
  'statistics',
  'audit',
  'governance',
  'runtime',
] as const;
export type ContainerId = (typeof containerIds)[number];

export const containers: readonly ContainerDefinition[] = [
  {
    id: 'accounts',
    partitionKey: '/accountId',
    indexedPaths: ['/type/?', '/pendingAt/?', '/expiresAt/?', '/lastSignInAt/?', '/stalledAt/?'],
  },
  { id: 'logins', partitionKey: '/id', indexedPaths: ['/provisionalUntil/?'] },
  { id: 'consents', partitionKey: '/consentId', indexedPaths: ['/sequence/?', '/endsAt/?'] },
  {
    id: 'rights-requests',
    partitionKey: '/requestId',
    indexedPaths: [
      '/type/?',
      '/pendingAt/?',
      '/stalledAt/?',
      '/expiresAt/?',
      '/status/?',
      '/dueAt/?',
      '/requestType/?',
      '/assignee/?',
      '/reference/?',
      '/sortKey/?',
      '/receivedKey/?',
      '/subject/?',
      '/emailKey/?',
      '/nameKey/?',
    ],
  },
  {
    id: 'case-archive',
    partitionKey: '/requestId',
    indexedPaths: ['/type/?', '/expiresAt/?', '/subject/?', '/sortKey/?'],
  },
  { id: 'activity', partitionKey: '/subjectId', indexedPaths: ['/type/?', '/at/?', '/expiresAt/?'] },
  { id: 'statistics', partitionKey: '/period', indexedPaths: ['/type/?'] },
  {
    id: 'audit',
    partitionKey: '/day',
    indexedPaths: ['/type/?', '/sortKey/?', '/subject/?', '/actorId/?', '/expiresAt/?'],
    appendOnly: true,
  },
  {
    id: 'governance',
    partitionKey: '/kind',
    indexedPaths: ['/type/?', '/pendingAt/?', '/stalledAt/?', '/expiresAt/?', '/accountId/?', '/at/?', '/sortKey/?'],
  },
  {
    id: 'runtime',
    partitionKey: '/id',
    indexedPaths: ['/type/?', '/pendingAt/?', '/blockedUntil/?', '/expiresAt/?', '/subject/?', '/stalledAt/?'],
  },
];

/** Items without a `ttl` stay; items with one go when it ends. */
export const DEFAULT_TTL = -1;

/** The indexing policy of a container as the service wants it. */
export function indexingPolicy(definition: ContainerDefinition) {
  return {
    indexingMode: 'consistent' as const,
    automatic: true,
    includedPaths: [definition.partitionKey, ...definition.indexedPaths].map((path) => ({
      path: path.endsWith('/?') ? path : `${path}/?`,
    })),
    excludedPaths: [{ path: '/*' }],
  };
}
