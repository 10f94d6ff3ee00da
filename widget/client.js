/** Talking to the bot; a session that ran out is renewed unseen. */
import { json } from './dom.js';
/** @import {Answer, Notice, Turn, Vote} from './types.js' */

const TIMEOUT_MS = 15000; // a turn ends within 8 s; this is a train in a tunnel

/** Why a request failed. `retry`: the same request may succeed later; `afterMs`: not before. */
export class AskError extends Error {
  /**
   * @param {string} code
   * @param {boolean} retry
   * @param {number} [afterMs]
   */
  constructor(code, retry, afterMs = 0) {
    super(code);
    this.code = code;
    this.retry = retry;
    this.afterMs = afterMs;
  }
}

/** The web channel's client. */
export class Client {
  /**
   * @param {string} server base address with a trailing slash
   * @param {import('./store.js').Store} store
   */
  constructor(server, store) {
    this.base = `${server}webhooks/web/`;
    this.store = store;
  }

  /**
   * The reply to a question, as an answer.
   * @param {string} id the same again gives the same reply
   * @param {string} text
   * @returns {Promise<Answer>}
   */
  async ask(id, text) {
    const messages = await this.withSession((session) => this.send('POST', 'message', { session, message_id: id, message: text }));
    return answerOf(messages);
  }

  /**
   * This session's turns, oldest first. None without a session: nobody is made known before a first question.
   * @returns {Promise<Turn[]>}
   */
  async history() {
    if (!this.store.get('session')) return [];
    const body = await this.withSession((session) => this.send('GET', 'history', null, session));
    return body.turns.map((/** @type {any} */ turn) => ({
      id: turn.message_id,
      text: turn.message,
      at: Date.parse(turn.at),
      state: 'done',
      answer: answerOf(turn.messages),
      vote: turn.vote ?? undefined,
    }));
  }

  /** Erase this session on the server; the next question begins another. */
  async erase() {
    if (this.store.get('session')) await this.withSession((session) => this.send('DELETE', 'history', null, session));
    this.store.set('session', null);
  }

  /**
   * @param {string} answerId
   * @param {Vote} value
   * @param {string} [comment]
   */
  async vote(answerId, value, comment) {
    const vote = { answer_id: answerId, value, ...(comment && { comment }) };
    await this.withSession((session) => this.send('POST', 'feedback', { session, ...vote }));
  }

  /**
   * @param {string} reference
   * @param {string} contact
   */
  async leaveContact(reference, contact) {
    await this.withSession((session) => this.send('POST', 'contact', { session, reference, contact, consent: true }));
  }

  /**
   * How a request stands; what was said only to the session that made it.
   * @param {string} reference
   * @returns {Promise<import('./types.js').Standing>}
   */
  async request(reference) {
    return this.withSession((session) => this.send('GET', `request?reference=${encodeURIComponent(reference)}`, null, session));
  }

  /**
   * @param {string} typed
   * @returns {Promise<string[]>}
   */
  async suggest(typed) {
    const body = await this.send('GET', `suggest?q=${encodeURIComponent(typed)}`);
    return body.suggestions.map((/** @type {any} */ item) => item.question);
  }

  /** What is often asked, and the plan's short title. @returns {Promise<{questions: string[], plan: string}>} */
  hot() {
    return this.send('GET', 'hot');
  }

  /** @returns {Promise<Notice|null>} */
  async notice() {
    return (await this.send('GET', 'notice')).notice;
  }

  /**
   * @template T
   * @param {(session: string) => Promise<T>} request
   * @returns {Promise<T>}
   */
  async withSession(request) {
    const session = this.store.get('session') ?? (await this.renew(null));
    try {
      return await request(session);
    } catch (error) {
      if (!(error instanceof AskError) || error.code !== 'session') throw error;
      return request(await this.renew(session));
    }
  }

  /**
   * A new session, or the one that another tab has just got.
   * @param {string|null} old
   * @returns {Promise<string>}
   */
  async renew(old) {
    const get = async () => {
      const now = this.store.get('session');
      if (now && now !== old) return now;
      const body = await this.send('POST', 'session', old ? { session: old } : {});
      this.store.set('session', body.session);
      return body.session;
    };
    if (!navigator.locks) return get();
    return navigator.locks.request(this.store.prefix, get).catch((error) => {
      if (error.name === 'SecurityError') return get(); // a sandboxed frame: no storage, no locks, no other tab
      throw error;
    });
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object|null} [body]
   * @param {string} [session]
   * @returns {Promise<any>} the JSON, null if there is none
   */
  async send(method, path, body, session) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      const reply = await fetch(this.base + path, {
        method,
        signal: stop.signal,
        credentials: 'omit',
        cache: 'no-store',
        headers: {
          ...(body && { 'Content-Type': 'application/json' }),
          ...(session && { Authorization: `Bearer ${session}` }),
        },
        body: body && json(body),
      });
      if (!reply.ok) throw await refusal(reply);
      return reply.status === 204 ? null : await reply.json();
    } catch (error) {
      throw error instanceof AskError ? error : new AskError('network', true);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** @param {Response} reply */
async function refusal(reply) {
  const body = await reply.json().catch(() => ({}));
  const code = reply.status === 401 ? 'session' : typeof body.error === 'string' ? body.error : 'server';
  const seconds = Number(reply.headers.get('Retry-After')) || 0;
  return new AskError(code, reply.status === 429 || reply.status >= 500, seconds * 1000);
}

/**
 * @param {any[]} messages the channel's list
 * @returns {Answer}
 */
function answerOf(messages) {
  const texts = messages.map((message) => message.text).filter(Boolean);
  const custom = messages.map((message) => message.custom).find(Boolean);
  if (!custom) throw new AskError('server', true);
  return { hotlines: [], ...custom, text: texts.join('\n') };
}
