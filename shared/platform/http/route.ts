import type * as z from 'zod/mini';
import type { AccountId, SessionId } from '../ids.ts';
import type { Language } from '../language.ts';
import type { Preconditions } from './preconditions.ts';
import type { ProblemCode } from './problem.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export const staffRoles = [
  'dpo',
  'support',
  'habilitation-admin',
  'publisher',
  'statistician',
  'auditor',
  'operator',
] as const;
export type StaffRole = (typeof staffRoles)[number];

/** The person behind an access token of ours. Everything here is read from the token: no I/O. */
export interface UserCaller {
  readonly kind: 'user';
  readonly accountId: AccountId;
  readonly sessionId: SessionId;
  /** When the person last proved who they are in this session. */
  readonly authenticatedAt: Date;
  /** How: `pwd`, `otp` (RFC 8176). */
  readonly methods: readonly string[];
  readonly expiresAt: Date;
}

/** A member of staff, by a token of the organisation's identity provider. */
export interface StaffCaller {
  readonly kind: 'staff';
  readonly staffId: string;
  readonly roles: readonly StaffRole[];
}

export interface AnonymousCaller {
  readonly kind: 'anonymous';
}

/** Who may call. `open` routes serve a user who has pending acceptances too. */
export type CallerPolicy =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'anyone-or-user' }
  | {
      readonly kind: 'user';
      readonly token: 'trusted' | 'checked';
      readonly pendingAcceptances?: 'allowed';
      readonly recentSignIn?: true;
    }
  | { readonly kind: 'staff'; readonly roles: readonly StaffRole[] };

export const anyone = { kind: 'anyone' } as const;
export const anyoneOrUser = { kind: 'anyone-or-user' } as const;
/** Checks that the session still lives and that nothing waits for acceptance: one point read of the account. */
export const user = { kind: 'user', token: 'checked' } as const;
/** As {@link user}, also while acceptances are pending. */
export const userEvenPending = { kind: 'user', token: 'checked', pendingAcceptances: 'allowed' } as const;
/** As {@link user}, and the person has signed in within the last ten minutes. */
export const recentUser = { kind: 'user', token: 'checked', recentSignIn: true } as const;
/** Trusts the token's signature alone: no I/O at all. */
export const tokenHolder = { kind: 'user', token: 'trusted', pendingAcceptances: 'allowed' } as const;
export const staff = <const Roles extends readonly StaffRole[]>(...roles: Roles) => ({ kind: 'staff', roles }) as const;

export type CallerOf<Policy extends CallerPolicy> = Policy extends { kind: 'user' }
  ? UserCaller
  : Policy extends { kind: 'staff' }
    ? StaffCaller
    : Policy extends { kind: 'anyone-or-user' }
      ? UserCaller | AnonymousCaller
      : AnonymousCaller;

export interface AnswerDefinition {
  readonly description: string;
  readonly schema?: z.ZodMiniType;
  /** Default `application/json`. Without a schema the body is a string or bytes, sent as they are. */
  readonly contentType?: string;
  /** Other media types that the same answer may come as, by `Accept`: the handler then gives text or bytes and a `Content-Type` header. */
  readonly alternatives?: readonly string[];
}

export type Answers = Readonly<Record<number, AnswerDefinition>>;

/** `SameSite=Strict; Secure; HttpOnly; Path=/` are added by the platform; a `maxAgeSeconds` of 0 removes the cookie. */
export interface CookieToSet {
  readonly name: `__Host-${string}`;
  readonly value: string;
  readonly maxAgeSeconds: number;
}

/** A value that is only read: what a schema describes, however deep. */
type Shown<T> = T extends readonly (infer Item)[]
  ? readonly Shown<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Shown<T[Key]> }
    : T;

export type Reply<A extends Answers> = {
  [Status in keyof A & number]: {
    readonly status: Status;
    readonly headers?: Readonly<Record<string, string>>;
    readonly cookies?: readonly CookieToSet[];
  } & (A[Status]['schema'] extends z.ZodMiniType
    ? {
        readonly body:
          | Shown<z.input<A[Status]['schema']>>
          | (A[Status]['alternatives'] extends readonly string[] ? string | Uint8Array : never);
      }
    : A[Status]['contentType'] extends string
      ? { readonly body: string | Uint8Array }
      : { readonly body?: undefined });
}[keyof A & number];

type Output<Schema> = Schema extends z.ZodMiniType ? z.output<Schema> : undefined;

export interface RequestHeader {
  readonly name: string;
  readonly description: string;
  readonly required?: true;
}

/** What a handler gets: everything validated, the caller authenticated and authorised. */
export interface RouteInput<P, Q, B, Policy extends CallerPolicy> {
  readonly params: Output<P>;
  readonly query: Output<Q>;
  readonly body: Output<B>;
  readonly caller: CallerOf<Policy>;
  readonly language: Language;
  readonly now: Date;
  readonly requestId: string;
  /** Network address that the request came from, as the platform's front end saw it. Not to be stored in clear. */
  readonly source: string;
  readonly userAgent: string | undefined;
  readonly cookie: (name: string) => string | undefined;
  readonly header: (name: string) => string | undefined;
  readonly preconditions: Preconditions;
}

/**
 * One endpoint, as data: what validates the request, who may call, what comes back, what can go wrong. It registers the function,
 * runs the request and yields the OpenAPI document, so no endpoint can exist undocumented (idea 1).
 */
export interface RouteDefinition<
  P extends z.ZodMiniType | undefined = z.ZodMiniType | undefined,
  Q extends z.ZodMiniType | undefined = z.ZodMiniType | undefined,
  B extends z.ZodMiniType | undefined = z.ZodMiniType | undefined,
  Policy extends CallerPolicy = CallerPolicy,
  A extends Answers = Answers,
  R extends Reply<A> = Reply<A>,
> {
  /** Name of the Azure function; kebab-case, unique. */
  readonly name: string;
  readonly method: Method;
  /** Absolute path with `{parameters}`. */
  readonly path: `/${string}`;
  readonly topic: string;
  readonly summary: string;
  readonly caller: Policy;
  readonly params?: P;
  readonly query?: Q;
  /** A JSON body's schema, or an {@link uploadOf} where the body is a file. */
  readonly body?: B;
  /** The JSON body may also come as `text/plain`, from an allowed origin: all that `navigator.sendBeacon` can send across origins. */
  readonly alsoPlainText?: true;
  /** Headers of its own that the route reads, for the OpenAPI document. */
  readonly requestHeaders?: readonly RequestHeader[];
  readonly answers: A;
  /** What the handler itself may throw; what the platform may answer (validation, authentication, preconditions) is added. */
  readonly problems?: readonly ProblemCode[];
  /** The resource carries an entity tag: `read` sends it, `write` wants it back in `If-Match`. */
  readonly entityTag?: 'read' | 'write';
  /** Takes an `Idempotency-Key`: a POST that creates. */
  readonly idempotent?: true;
  /** What besides route and caller tells two idempotency keys apart, where callers without an account must not share them. */
  readonly idempotencyScope?: (asking: Pick<RouteInput<P, Q, B, Policy>, 'source' | 'header' | 'cookie'>) => string;
  /** May be kept by shared caches; everything else is `no-store`. */
  readonly cacheSeconds?: number;
  readonly handle: (input: RouteInput<P, Q, B, Policy>) => Promise<R>;
}

/** A route whose types are checked and then set aside, so that routes of all shapes fit into one list. */
export type Route = Omit<RouteDefinition, 'handle' | 'caller' | 'idempotencyScope'> & {
  readonly caller: CallerPolicy;
  readonly idempotencyScope?: (asking: never) => string;
  readonly handle: (input: never) => Promise<{
    readonly status: number;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    readonly cookies?: readonly CookieToSet[];
  }>;
};

export function route<
  P extends z.ZodMiniType | undefined,
  Q extends z.ZodMiniType | undefined,
  B extends z.ZodMiniType | undefined,
  const Policy extends CallerPolicy,
  const A extends Answers,
  const R extends Reply<A>,
>(definition: RouteDefinition<P, Q, B, Policy, A, R>): Route {
  return definition as unknown as Route;
}
