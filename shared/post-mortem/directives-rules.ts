/** What a person wants to become of data after their death (loi 78-17 art. 85): of all of them, or of some. */
export interface Wish {
  /** Which data, in the person's words: a category, a part of the space, or everything. */
  readonly scope: string;
  readonly action: WishedAction;
  /** Whom to hand the data to; the designated person unless told otherwise. */
  readonly to?: string | undefined;
}

export const wishedActions = ['keep', 'erase', 'communicate'] as const;
export type WishedAction = (typeof wishedActions)[number];

/** The person in charge of having the directives carried out. */
export interface Designee {
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
}

/** `general`: on all data; `particular`: on those of the extranet that the wishes name. */
export interface Directives {
  readonly kind: 'general' | 'particular';
  readonly wishes: readonly Wish[];
  readonly designee?: Designee | undefined;
}

export interface DirectivesFault {
  readonly path: string;
  readonly fault: 'consent-required' | 'nobody-to-communicate-to' | 'contradiction';
}

const sameScope = (scope: string) => scope.trim().toLocaleLowerCase('fr');

/**
 * What keeps directives from being carried out one day: consent that was not given apart from the terms (art. 85 I), data to be handed to nobody,
 * data both to be kept and to be erased.
 */
export function directivesFaults(
  given: Directives & { readonly consent?: boolean | undefined },
): readonly DirectivesFault[] {
  const faults: DirectivesFault[] = given.consent === true ? [] : [{ path: 'consent', fault: 'consent-required' }];
  const erased = new Set(given.wishes.filter(({ action }) => action === 'erase').map(({ scope }) => sameScope(scope)));
  for (const [index, { scope, action, to }] of given.wishes.entries()) {
    if (action === 'communicate' && to === undefined && !given.designee) {
      faults.push({ path: `wishes.${index}.to`, fault: 'nobody-to-communicate-to' });
    }
    if (action === 'keep' && erased.has(sameScope(scope))) {
      faults.push({ path: `wishes.${index}.action`, fault: 'contradiction' });
    }
  }
  return faults;
}
