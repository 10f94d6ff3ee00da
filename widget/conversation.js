/** What was asked and answered, what waits to be sent, in step with other tabs. */
import { AskError } from './client.js';
/** @import {Turn, Unsent, Vote} from './types.js' */

const BACKOFF_MS = [1000, 2000, 4000, 8000, 15000, 30000]; // then every half minute, or as soon as the network is back

/** Fires `change` (detail: the turn), `clear`, `answer` (detail: the turn, when it was just answered here). */
export class Conversation extends EventTarget {
  /**
   * @param {import('./client.js').Client} client
   * @param {import('./store.js').Store} store
   */
  constructor(client, store) {
    super();
    this.client = client;
    this.store = store;
    /** @type {Map<string, Turn>} */
    this.turns = new Map();
    this.loaded = false;
    this.busy = false;
    /** @type {Map<string, Promise<void>>} */
    this.sending = new Map();
    this.failures = 0;
    /** @type {number|undefined} */
    this.timer = undefined;
    this.wake = () => this.flush();
    addEventListener('online', this.wake);
    store.addEventListener('turn', (event) => this.heard(/** @type {CustomEvent} */ (event).detail));
    store.addEventListener('clear', () => this.empty());
  }

  /** The history from the server, then what was not sent at the last visit. Raises `AskError`. */
  async load() {
    for (const turn of this.unsent()) this.put({ ...turn, state: 'sending' });
    this.flush();
    const before = await this.client.history();
    this.loaded = true;
    const known = before.map((turn) => turn.answer?.answer_id);
    const later = [...this.turns.values()].filter((turn) => !known.includes(turn.answer?.answer_id ?? ''));
    this.turns = new Map([...before, ...later].map((turn) => [turn.id, turn]));
    this.dispatchEvent(new CustomEvent('change'));
  }

  /**
   * Ask: shown at once, kept until it is answered.
   * @param {string} text
   */
  ask(text) {
    const turn = { id: newId(), text, at: Date.now() };
    this.store.set('unsent', [...this.unsent(), turn]);
    this.put({ ...turn, state: 'sending' });
    this.store.tell('turn', { ...turn, state: 'sending' });
    this.flush();
    this.deliver(turn); // whatever is under way or refused: danger waits behind nothing
    return turn.id;
  }

  /**
   * Send a refused or waiting question once more, under the id it has.
   * @param {string} id
   */
  retry(id) {
    const turn = this.turns.get(id);
    if (!turn || turn.state === 'done') return;
    if (!this.unsent().some((unsent) => unsent.id === id)) {
      this.store.set('unsent', [...this.unsent(), { id, text: turn.text, at: turn.at }]);
    }
    this.put({ ...turn, state: 'sending', reason: undefined });
    this.wake();
  }

  /**
   * @param {string} id
   * @param {Vote} value
   * @param {string} [comment]
   */
  async vote(id, value, comment) {
    const turn = this.turns.get(id);
    if (!turn?.answer) return;
    await this.client.vote(turn.answer.answer_id, value, comment);
    const voted = { ...turn, vote: value };
    this.turns.set(id, voted);
    this.store.tell('turn', voted);
  }

  /** Erase everything, on the server first. Raises `AskError`. */
  async clear() {
    await this.client.erase();
    this.store.set('unsent', null);
    this.empty();
    this.store.tell('clear');
  }

  /** Send what waits, oldest first, one at a time: a follow-up needs the answer before it. */
  async flush() {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    try {
      for (let next = this.unsent()[0]; next && this.timer === undefined; next = this.unsent()[0]) await this.deliver(next);
    } finally {
      this.busy = false;
    }
  }

  /** Send a question, once at a time. @param {Unsent} unsent */
  deliver(unsent) {
    const sent = this.sending.get(unsent.id) ?? this.send(unsent).finally(() => this.sending.delete(unsent.id));
    this.sending.set(unsent.id, sent);
    return sent;
  }

  /** @param {Unsent} unsent */
  async send(unsent) {
    try {
      const answer = await this.client.ask(unsent.id, unsent.text);
      if (!this.turns.has(unsent.id)) return; // cleared meanwhile
      this.failures = 0;
      this.forget([unsent.id]);
      /** @type {Turn} */
      const turn = { ...unsent, state: 'done', answer };
      this.put(turn);
      this.store.tell('turn', turn);
      this.dispatchEvent(new CustomEvent('answer', { detail: turn }));
    } catch (error) {
      this.failed(unsent, error instanceof AskError ? error : new AskError('server', true));
    }
  }

  /**
   * @param {Unsent} unsent
   * @param {AskError} error
   */
  failed(unsent, error) {
    if (!this.turns.has(unsent.id)) {
      this.forget([unsent.id]);
      return;
    }
    if (!error.retry) {
      this.forget([unsent.id]);
      this.put({ ...unsent, state: 'failed', reason: error.code });
      return;
    }
    this.put({ ...unsent, state: 'waiting', reason: error.code });
    clearTimeout(this.timer);
    const pause = BACKOFF_MS[Math.min(this.failures++, BACKOFF_MS.length - 1)] ?? 0;
    this.timer = setTimeout(this.wake, Math.max(pause, error.afterMs));
  }

  /** @returns {Unsent[]} */
  unsent() {
    return this.store.get('unsent') ?? [];
  }

  /** @param {string[]} ids */
  forget(ids) {
    const left = this.unsent().filter((unsent) => !ids.includes(unsent.id));
    this.store.set('unsent', left.length ? left : null);
  }

  /** @param {Turn} turn */
  put(turn) {
    const twin = turn.answer && this.withAnswer(turn.answer.answer_id);
    if (twin && twin.id !== turn.id) this.turns.delete(turn.id); // its reply was lost, and the history has it
    this.turns.set(twin?.id ?? turn.id, { ...turn, id: twin?.id ?? turn.id });
    this.dispatchEvent(new CustomEvent('change', { detail: twin && twin.id !== turn.id ? undefined : turn }));
  }

  /** The turn with an answer; the history names turns otherwise than this browser. @param {string} answerId */
  withAnswer(answerId) {
    return [...this.turns.values()].find((turn) => turn.answer?.answer_id === answerId);
  }

  /** @param {Turn} turn said by another tab */
  heard(turn) {
    if (this.turns.get(turn.id)?.state !== 'done' || turn.state === 'done') this.put(turn);
  }

  empty() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.turns.clear();
    this.dispatchEvent(new CustomEvent('clear'));
  }

  /** Stop listening, when the widget is taken off the page. */
  close() {
    removeEventListener('online', this.wake);
    clearTimeout(this.timer);
  }
}

/** `crypto.randomUUID` is missing on plain http. */
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
