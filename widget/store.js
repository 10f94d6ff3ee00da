/** What is remembered between visits. No cookie; memory where storage is refused. */

/** Small JSON values under one server's name, in `localStorage`. */
export class Store extends EventTarget {
  /** @param {string} server */
  constructor(server) {
    super();
    this.prefix = `qingpu-ask ${server} `;
    /** @type {Map<string, string>} */
    this.memory = new Map();
    this.channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(this.prefix) : null;
    this.channel?.addEventListener('message', (event) => this.hear(event.data));
  }

  /**
   * @param {string} name
   * @returns {any} null if there is none
   */
  get(name) {
    let text = this.memory.get(name) ?? null;
    try {
      text = localStorage.getItem(this.prefix + name) ?? text;
      return text === null ? null : JSON.parse(text);
    } catch {
      return null;
    }
  }

  /**
   * @param {string} name
   * @param {any} value null removes it
   */
  set(name, value) {
    const text = JSON.stringify(value);
    if (value === null) this.memory.delete(name);
    else this.memory.set(name, text);
    try {
      if (value === null) localStorage.removeItem(this.prefix + name);
      else localStorage.setItem(this.prefix + name, text);
    } catch {
      // private windows refuse; memory holds it for this page
    }
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
