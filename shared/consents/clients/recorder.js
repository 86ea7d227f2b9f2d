/**
 * What the consent clients share: it posts decisions to `POST /api/v1/consents` and keeps, in the browser, what is needed to post nothing
 * twice, to lose nothing, and to ask again in time. One recorder a page.
 *
 * Kept under one key of the site's own storage: the visitor's id, the answers, when to ask again, when all of it ends, and the decisions
 * that are not yet known to have arrived. It is removed when the consent ends and never kept longer for a visit.
 */

/** @typedef {Record<string, 'granted' | 'denied'>} Choices by purpose */

const STORE = 'extranet-consents';
const CHECKED = 'extranet-consents-checked';
const ASKED = 'extranet-consents-asked';
/** A decision that could not be posted for so long is not recorded late: the person is asked again. */
const LATEST = 7 * 24 * 3600 * 1000;
/** More acts than a person gets done on one page while the API is away. */
const QUEUED = 20;
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

  /** The decisions that are not known to have arrived, in their order. */
  const queue = () => read().queue || [];
  const keepQueue = (decisions) => keep({ queue: decisions.length > 0 ? decisions : undefined });

  /** Takes a decision out of the queue, or puts it in its place. */
  function replace(decision, ...replacement) {
    keepQueue(queue().flatMap((queued) => (queued.id === decision.id ? replacement : [queued])));
  }

  /** What holds when everything in the queue has arrived. */
  const chosenSoFar = () => Object.assign({}, read().choices, ...queue().map(({ choices }) => choices));

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
    while (queue().length > 0 && (await deliver(queue()[0])));
    isSending = false;
  }

  /** Whether the decision is dealt with. A failure leaves it in the queue, for the next page. */
  async function deliver(decision) {
    try {
      await askNotice();
      await hashConfiguration().catch(() => undefined);
      fillIn(decision);
      if (Object.keys(decision.choices).length === 0) {
        replace(decision);
        return true;
      }
      decision.sent = true;
      replace(decision, decision);
      const answer = await call('/consents', { method: 'POST', body: bodyOf(decision), keepalive: true });
      if (answer.ok) settle(decision, await answer.json(), Date.now() - decision.at);
      else if (isFinal(answer.status)) giveUp(decision, answer.status);
      return answer.ok || isFinal(answer.status);
    } catch {
      return false;
    }
  }

  /** `late` ms passed between the act and its record: the terms count from the act. What was chosen before keeps its own. */
  function settle(decision, { visitorId, decidedAt, askAgainAt, expiresAt }, late) {
    const kept = read();
    const sooner = (known, at) =>
      Math.min((!decision.again && known) || Number.POSITIVE_INFINITY, Date.parse(at) - late);
    keep({
      visitorId: visitorId || kept.visitorId,
      decidedAt,
      choices: { ...kept.choices, ...decision.choices },
      askAgainAt: sooner(kept.askAgainAt, askAgainAt),
      expiresAt: sooner(kept.expiresAt, expiresAt),
    });
    replace(decision);
    // For whoever on the page acts upon it: what stands now, and whose it is.
    const { visitorId: visitor, choices } = read();
    dispatchEvent(new CustomEvent('consent:recorded', { detail: { visitorId: visitor, choices } }));
  }

  /** No proof of this answer will ever exist: so it is asked again. */
  function giveUp(decision, why) {
    console.error(`consent: the decision was not recorded (${why})`);
    replace(decision);
    const { visitorId, expiresAt } = read();
    keep({ askAgainAt: Date.now(), visitorId: expiresAt ? visitorId : undefined });
  }

  addEventListener('pagehide', () => {
    const left = queue().filter(({ noticeVersion, sent }) => noticeVersion && (!sent || (isSending && !OUTLIVES_PAGE)));
    if (left.length === 0 || !navigator.sendBeacon(`${api}/consents`, bodyOf(inOne(left)))) return;
    for (const decision of left) replace(decision, { ...decision, sent: true });
  });

  /**
   * `expired` when the consent has ended: what was kept of it is removed. `ask-again` when it is time to ask, once in a browsing session.
   *
   * @returns {'expired' | 'ask-again' | undefined}
   */
  function due() {
    for (const decision of queue()) if (Date.now() - decision.at > LATEST) giveUp(decision, 'too late');
    if (queue().length > 0) return undefined;
    const { expiresAt, askAgainAt } = read();
    if (Date.now() >= expiresAt) {
      write({});
      return 'expired';
    }
    return Date.now() >= askAgainAt && !flagged(ASKED) ? 'ask-again' : undefined;
  }

  /**
   * Takes down what a person chose, and posts what is new in it.
   *
   * @param {Choices} chosen all that the person has answered
   * @param {'accept-all' | 'refuse-all' | 'choose'} gesture
   * @param {boolean} again the person was asked anew: the same answers count once more
   */
  function record(chosen, gesture, again) {
    const before = chosenSoFar();
    const isNew = ([purpose, answer]) => again || before[purpose] !== answer;
    const choices = Object.fromEntries(Object.entries(withinNotice(chosen)).filter(isNew));
    if (Object.keys(choices).length === 0) return;
    const mechanism = mechanismOf(gesture, choices, before);
    const language = /^en\b/i.test(document.documentElement.lang) ? 'en' : 'fr';
    const decision = { id: Math.random(), at: Date.now(), choices, mechanism, language, again };
    fillIn(decision);
    keep({ visitorId: read().visitorId || newVisitorId() });
    const decisions = [...queue(), decision];
    keepQueue(decisions.length > QUEUED ? [inOne(decisions)] : decisions);
    send();
  }

  /**
   * Once a browsing session, and whenever it is unsure whether a decision has arrived: asks what is on record, and posts what is missing.
   * What was refused elsewhere in the meantime comes back as purposes to stop.
   *
   * @returns {Promise<{ due?: 'expired' | 'ask-again', refused: string[] }>}
   */
  async function refresh() {
    const isUnsure = queue().some(({ sent }) => sent);
    let answer = {};
    if (!isSending && (isUnsure || (read().visitorId && queue().length === 0 && !flagged(CHECKED)))) {
      // Until it is clear what has arrived, nothing more is sent.
      isSending = true;
      answer = await compare(isUnsure).catch(() => ({ failed: true }));
      isSending = false;
    }
    if (!answer.failed || !isUnsure) await send();
    return { due: answer.due || due(), refused: answer.refused || [] };
  }

  /** Holds what is kept against what is on record. */
  async function compare(isUnsure) {
    const left = queue();
    if (isUnsure && Date.now() - inOne(left).at < UNDER_WAY) await new Promise((go) => setTimeout(go, UNDER_WAY));
    const { visitorId, decidedAt, choices = {} } = read();
    const answer = await call('/consents', visitorId ? { headers: { 'X-Visitor-Id': visitorId } } : {});
    const state = await answer.json();
    if (!answer.ok) return { failed: true };
    flag(CHECKED);
    if (isUnsure) {
      // Another tab may have had the answer meanwhile.
      const decisions = queue().filter(({ id }) => left.some((decision) => decision.id === id));
      if (decisions.length === 0) return {};
      const waiting = inOne(decisions);
      for (const decision of decisions) replace(decision);
      const isThere = Object.keys(waiting.choices).every((id) => state.choices[id] === waiting.choices[id]);
      if (isThere && state.decidedAt !== decidedAt) settle(waiting, state, 0);
      else keepQueue([waiting, ...queue()]);
      return {};
    }
    if (Object.keys(state.choices).length === 0) {
      write({});
      return { due: 'expired' };
    }
    keep({ choices: undefined });
    settle({ choices: state.choices, again: true }, state, 0);
    return {
      refused: Object.keys(choices).filter((id) => choices[id] === 'granted' && state.choices[id] !== 'granted'),
    };
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
    hasDecided: () => Object.keys(chosenSoFar()).length > 0,

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

/** Decisions as one: what they come to, as the last of them was made. */
function inOne(decisions) {
  return {
    ...decisions[decisions.length - 1],
    choices: Object.assign({}, ...decisions.map(({ choices }) => choices)),
    again: decisions.some(({ again }) => again),
    sent: decisions.some(({ sent }) => sent),
  };
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
