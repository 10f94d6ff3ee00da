/** What is remembered between visits. No cookie; memory where storage is refused. */
import { json } from './dom.js';

/** Small JSON values under one server's name, in `localStorage`. */
export class Store extends EventTarget {
  /** @param {string} server */
  constructor(server) {
    super();
    this.prefix = `qingpu-ask ${server} `;
    /** @type {Map<string, string>} what storage has refused */
    this.memory = new Map();
    this.channel = attempt(() => new BroadcastChannel(this.prefix));
    this.channel?.addEventListener('message', (event) => this.hear(event.data));
  }

  /**
   * @param {string} name
   * @returns {any} null if there is none
   */
  get(name) {
    const text = this.memory.get(name) ?? attempt(() => localStorage.getItem(this.prefix + name));
    return attempt(() => JSON.parse(text ?? 'null'));
  }

  /**
   * @param {string} name
   * @param {any} value null removes it
   */
  set(name, value) {
    const key = this.prefix + name;
    this.memory.delete(name);
    const kept = attempt(() => {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, json(value));
      return true;
    });
    if (kept || value === null) return;
    attempt(() => localStorage.removeItem(key)); // full: what is old must not stay
    this.memory.set(name, json(value));
  }

  /**
   * Tell the other tabs.
   * @param {string} type
   * @param {any} [detail]
   */
  tell(type, detail) {
    this.channel?.postMessage({ type, detail });
  }

  /** @param {any} said */
  hear(said) {
    if (said && typeof said.type === 'string') {
      this.dispatchEvent(new CustomEvent(said.type, { detail: said.detail }));
    }
  }

  /** Leave nothing behind. */
  close() {
    this.channel?.close();
  }
}

/**
 * What an act gives; null where the browser refuses it: private windows, sandboxed frames, a full disk, another's text.
 * @template T
 * @param {() => T} act
 * @returns {T|null}
 */
export function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}
