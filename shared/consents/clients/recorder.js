/**
 * What the consent clients share: it posts decisions to `POST /api/v1/consents` and keeps, in the browser, what is needed to post nothing
 * twice, to lose nothing, and to ask again in time. One recorder a page.
 *
 * Kept under one key of the site's own storage: the visitor's id, the answers, when to ask again, when all of it ends, and the one
 * decision that is not yet known to have arrived. It is removed when the consent ends and never kept longer for a visit.
 */

/** @typedef {Record<string, 'granted' | 'denied'>} Choices by purpose */

const STORE = 'extranet-consents';
const CHECKED = 'extranet-consents-checked';
const ASKED = 'extranet-consents-asked';
/** A decision that could not be posted for so long is not recorded late: the person is asked again. */
const LATEST = 7 * 24 * 3600 * 1000;
/** A decision sent as the last page was left may still be on its way when the next one loads. */
const UNDER_WAY = 3000;
/** Whether a request outlives its page. Where not, what is under way when a page is left is sent once more by beacon. */
const OUTLIVES_PAGE = 'keepalive' in Request.prototype;

/**
 * Call it while the script itself runs: it reads the script's tag.
 *
 * @param {object} client
 * @param {string} client.name the name of the module, as it goes on record
 * @param {() => string} client.version
 * @param {() => unknown} client.configuration what the module was told to show; its hash goes on record
 */
export function openRecorder(client) {
  const script = document.currentScript || document.querySelector(`script[src*="/consent-clients/${client.name}.js"]`);
  const { dataset, src } = script;
  const api = apiBase(dataset.api || new URL('/', src).href);
  const purposeByName = new Map((dataset.purposes || '').split(',').map((pair) => pair.split('=').map(trimmed)));
  /** The notice in force, once it is known: its version and, unless the page named it, what it asks about. */
  let notice = dataset.noticeVersion ? { version: dataset.noticeVersion } : undefined;
  let asked;
  let hashed = { text: '', hash: '' };
  let isSending = false;
  let inMemory = {};

  // ---- what is kept ----

  function read() {
    try {
      return JSON.parse(localStorage.getItem(STORE) || '{}');
    } catch {
      return inMemory;
    }
  }

  function write(kept) {
    inMemory = kept;
    try {
      if (Object.keys(kept).length > 0) localStorage.setItem(STORE, JSON.stringify(kept));
      else localStorage.removeItem(STORE);
    } catch {
      // Without storage the page remembers as long as it is open.
    }
  }

  const keep = (changes) => write({ ...read(), ...changes });

  /** Replaces the decision that waits, unless a newer one has taken its place. */
  function keepPending(decision, replacement) {
    const { pending } = read();
    if (pending?.id === decision.id) keep({ pending: replacement });
  }

  // ---- what goes on record with a decision ----

  async function askNotice() {
    if (notice) return;
    asked = asked || fetch(`${api}/cookies`);
    try {
      const { noticeVersion, purposes } = await (await asked).clone().json();
      const ids = purposes.filter(({ consentRequired }) => consentRequired).map(({ id }) => id);
      notice = { version: noticeVersion, purposes: ids };
    } finally {
      asked = undefined;
    }
  }

  /** SHA-256 of the configuration; kept, so that it is at hand when a decision has to leave at once. */
  async function hashConfiguration() {
    // Only a page that is served safely may hash; elsewhere the module stays unnamed.
    if (!crypto.subtle) return;
    const text = JSON.stringify(client.configuration(), inOrder);
    if (text === hashed.text) return;
    const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    hashed = { text, hash: [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
  }

  /** Adds to a decision what is known by now. */
  function fillIn(decision) {
    if (!notice) return;
    decision.noticeVersion = decision.noticeVersion || notice.version;
    if (!decision.client && hashed.hash) {
      decision.client = { name: client.name, version: client.version(), configHash: hashed.hash };
    }
    decision.choices = withinNotice(decision.choices);
  }

  /** Without the purposes that the notice does not ask about, as far as that is known. */
  function withinNotice(choices) {
    if (!notice?.purposes) return choices;
    return Object.fromEntries(
      Object.entries(choices).filter(([purpose]) => {
        if (notice.purposes.includes(purpose)) return true;
        console.warn(`consent: nothing asks about a purpose "${purpose}"; see data-purposes`);
        return false;
      }),
    );
  }

  // ---- the wire ----

  /**
   * With the visitor's cookies first, so that a signed-in person's decision is theirs. A session that has lapsed, or that wants a
   * CSRF token, must not stop a decision: it is then the visitor's.
   */
  async function call(path, options) {
    const answer = await fetch(api + path, { ...options, credentials: 'include', cache: 'no-store' });
    if (answer.status !== 401 && answer.status !== 403) return answer;
    return fetch(api + path, { ...options, credentials: 'omit', cache: 'no-store' });
  }

  /** `text/plain`, with the visitor in the body: sent without a preflight, by fetch and by beacon alike. */
  function bodyOf({ noticeVersion, language, choices, mechanism, client: by }) {
    return JSON.stringify({ noticeVersion, language, choices, mechanism, client: by, visitorId: read().visitorId });
  }

  async function send() {
    if (isSending) return;
    isSending = true;
    // One after the other: a yes that overtakes the no after it would stand.
    while (await deliver(read().pending));
    isSending = false;
  }

  /** Whether there may be more to send. A failure leaves the decision where it is, for the next page. */
  async function deliver(decision) {
    if (!decision) return false;
    try {
      await askNotice();
      await hashConfiguration().catch(() => undefined);
      fillIn(decision);
      if (Object.keys(decision.choices).length === 0) {
        keepPending(decision, undefined);
        return true;
      }
      decision.sent = true;
      keepPending(decision, decision);
      const answer = await call('/consents', { method: 'POST', body: bodyOf(decision), keepalive: true });
      if (answer.ok) settle(decision, await answer.json(), Date.now() - decision.at);
      else if (isFinal(answer.status)) giveUp(decision, answer.status);
      return answer.ok || isFinal(answer.status);
    } catch {
      return false;
    }
  }

  /** `late` ms passed between the act and its record: the terms count from the act. */
  function settle(decision, { visitorId, decidedAt, askAgainAt, expiresAt }, late) {
    keep({
      visitorId,
      decidedAt,
      choices: decision.choices,
      askAgainAt: Date.parse(askAgainAt) - late,
      expiresAt: Date.parse(expiresAt) - late,
    });
    keepPending(decision, undefined);
  }

  /** No proof of this answer will ever exist: so it is asked again. */
  function giveUp(decision, why) {
    console.error(`consent: the decision was not recorded (${why})`);
    keepPending(decision, undefined);
    const { visitorId, expiresAt } = read();
    keep({ askAgainAt: Date.now(), visitorId: expiresAt ? visitorId : undefined });
  }

  addEventListener('pagehide', () => {
    const { pending } = read();
    if (!pending?.noticeVersion || (pending.sent && (OUTLIVES_PAGE || !isSending))) return;
    if (navigator.sendBeacon(`${api}/consents`, bodyOf(pending))) keepPending(pending, { ...pending, sent: true });
  });

  /**
   * `expired` when the consent has ended: what was kept of it is removed. `ask-again` when it is time to ask, once in a browsing session.
   *
   * @returns {'expired' | 'ask-again' | undefined}
   */
  function due() {
    const { pending, expiresAt, askAgainAt } = read();
    if (pending) {
      if (Date.now() - pending.at > LATEST) giveUp(pending, 'too late');
      else return undefined;
    }
    if (Date.now() >= expiresAt) {
      write({});
      return 'expired';
    }
    return (pending || Date.now() >= askAgainAt) && !flagged(ASKED) ? 'ask-again' : undefined;
  }

  /**
   * Takes down what a person chose, and posts it if it says anything new.
   *
   * @param {Choices} chosen
   * @param {'accept-all' | 'refuse-all' | 'choose'} gesture
   * @param {boolean} again the person was asked anew: the same answer counts once more
   */
  function record(chosen, gesture, again) {
    const choices = withinNotice(chosen);
    const kept = read();
    const before = (kept.pending || kept).choices || {};
    const purposes = Object.keys(choices);
    if (purposes.length === 0) return;
    if (!again && purposes.every((purpose) => choices[purpose] === before[purpose])) return;
    const mechanism = mechanismOf(gesture, choices, before);
    const language = /^en\b/i.test(document.documentElement.lang) ? 'en' : 'fr';
    const decision = { id: Math.random(), at: Date.now(), choices, mechanism, language };
    fillIn(decision);
    keep({ pending: decision, visitorId: kept.visitorId || newVisitorId() });
    send();
  }

  /**
   * Once a browsing session, and whenever it is unsure whether a decision has arrived: asks what is on record, and posts what is missing.
   * What was refused elsewhere in the meantime comes back as purposes to stop.
   *
   * @returns {Promise<{ due?: 'expired' | 'ask-again', refused: string[] }>}
   */
  async function refresh() {
    const { pending, visitorId, decidedAt, choices = {} } = read();
    const isUnsure = pending?.sent;
    let refused = [];
    if (isUnsure && Date.now() - pending.at < UNDER_WAY) await new Promise((go) => setTimeout(go, UNDER_WAY));
    if (isUnsure || (visitorId && !pending && !flagged(CHECKED))) {
      const headers = visitorId ? { 'X-Visitor-Id': visitorId } : {};
      const answer = await call('/consents', { headers }).catch(() => undefined);
      if (!answer?.ok) return { refused };
      const state = await answer.json();
      flag(CHECKED);
      if (isUnsure) {
        const isThere = Object.keys(pending.choices).every((id) => state.choices[id] === pending.choices[id]);
        if (isThere && state.decidedAt !== decidedAt) settle(pending, state, 0);
      } else if (Object.keys(state.choices).length === 0) {
        write({});
        return { due: 'expired', refused };
      } else {
        refused = Object.keys(choices).filter((id) => choices[id] === 'granted' && state.choices[id] !== 'granted');
        settle({ choices: state.choices }, state, 0);
      }
    }
    await send();
    return { due: due(), refused };
  }

  return {
    due,
    record,
    refresh,

    /** What is kept of the module's own answers, by its own names. */
    answers: () => read().answers || {},

    keepAnswers: (answers) => keep({ answers }),

    /** The purpose that a service or category stands for, by `data-purposes`; else `fallback`, by default its own name. */
    purposeOf: (name, fallback = name) => purposeByName.get(name) || fallback,

    /** Gets ready what a decision needs, before there is one. */
    prepare() {
      askNotice().catch(() => undefined);
      hashConfiguration().catch(() => undefined);
    },

    /** Whether a decision is on record, or on its way there. */
    hasDecided: () => Boolean(read().choices || read().pending),

    /** The question was put anew: enough for this browsing session. */
    markAsked: () => flag(ASKED),
  };
}

/**
 * Made here, with the first decision: a page that is left before its answer has come still knows whose decision it was. 128 random bits;
 * whoever knows them is the visitor.
 */
function newVisitorId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `vis_${btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')}`;
}

/** One answer a purpose: a refused service refuses its purpose. */
export function choicesOf(answers) {
  const choices = {};
  for (const [purpose, isAllowed] of answers) {
    if (!isAllowed) choices[purpose] = 'denied';
    else choices[purpose] = choices[purpose] || 'granted';
  }
  return choices;
}

/** Removes a module's cookie, whichever way it was set. */
export function removeCookie(name, domain) {
  for (const scope of domain ? ['', `; domain=${domain}`] : ['']) {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is too new for the browsers that this runs in
    document.cookie = `${name}=; max-age=0; path=/${scope}`;
  }
}

/** How the choice was made, in the words of the API. */
function mechanismOf(gesture, choices, before) {
  const purposes = Object.keys(choices);
  const withdraws = purposes.some((purpose) => choices[purpose] === 'denied' && before[purpose] === 'granted');
  const grants = purposes.some((purpose) => choices[purpose] === 'granted' && before[purpose] !== 'granted');
  return withdraws && !grants ? 'withdraw' : gesture;
}

/** Whether trying again would bring the same answer. */
const isFinal = (status) => status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status);

/** `data-api` may name the API's origin or its base path. */
function apiBase(given) {
  const base = given.trim().replace(/\/+$/, '');
  return base.endsWith('/api/v1') ? base : `${base}/api/v1`;
}

const trimmed = (text) => text.trim();

/** For `JSON.stringify`: the same text for the same content, whatever the order of its keys. */
function inOrder(_key, value) {
  if (value instanceof Node) return undefined;
  if (!value || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function flagged(name) {
  try {
    return sessionStorage.getItem(name) !== null;
  } catch {
    return false;
  }
}

function flag(name) {
  try {
    sessionStorage.setItem(name, '1');
  } catch {
    // Without storage every page is a session.
  }
}
