/** `<qingpu-ask>`, see docs/widget.md. */
import { isUrgent } from './answer.js';
import { Client } from './client.js';
import { Conversation } from './conversation.js';
import { h, json } from './dom.js';
import { Panel } from './panel.js';
import { hush } from './speech.js';
import { Store } from './store.js';
import { langOf, word } from './strings.js';
import { dress } from './style.js';
import { told } from './told.js';
/** @import {Answer, Notice, Preferences, Turn, View} from './types.js' */

const NOTICE_EVERY_MS = 120000; // an emergency reaches an open dialog within two minutes
const GREET_MS = 300; // a live region is listened to from the frame after it is shown
const LATER = /** @type {any} */ (undefined); // set by `start`, before anything can be asked

/** The resident's chat. */
export class QingpuAsk extends HTMLElement {
  static observedAttributes = ['server', 'title', 'lang', 'theme', 'position', 'open'];

  constructor() {
    super();
    dress(this.attachShadow({ mode: 'open' }));
    this.darkness = matchMedia('(prefers-color-scheme: dark)');
    this.paint = () => this.look();
    this.network = () => this.reconnect();
    /** @type {Store} */
    this.store = LATER;
    /** @type {Client} */
    this.client = LATER;
    /** @type {Conversation} */
    this.conversation = LATER;
    /** @type {Panel} */
    this.panel = LATER;
    /** @type {Notice|null} */
    this.notice = null;
    /** @type {string[]} */
    this.hot = [];
    this.plan = '规划';
    this.restored = false;
  }

  connectedCallback() {
    this.start();
    this.darkness.addEventListener('change', this.paint);
    for (const event of ['online', 'offline']) addEventListener(event, this.network);
  }

  disconnectedCallback() {
    this.stop();
    this.darkness.removeEventListener('change', this.paint);
    for (const event of ['online', 'offline']) removeEventListener(event, this.network);
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (!this.isConnected || !this.panel) return;
    if (name === 'open') this.follow();
    else if (name === 'server') {
      this.stop();
      this.start();
    } else this.draw();
  }

  /** Whether the dialog is shown; setting it shows or hides it. */
  get open() {
    return this.hasAttribute('open');
  }

  set open(value) {
    this.toggleAttribute('open', value);
  }

  /** Show the dialog. */
  show() {
    this.open = true;
  }

  /** Hide the dialog; focus goes back to the launcher. */
  close() {
    this.open = false;
  }

  /**
   * Show the dialog and ask.
   * @param {string} text
   */
  ask(text) {
    this.show();
    this.panel.foldMenu();
    const id = this.conversation.ask(text);
    this.say(this.panel.view.t('sending'));
    this.panel.alarm.textContent = '';
    this.panel.turns.show(id);
    this.fire('question', { id, text });
  }

  /** Delete the conversation here, in other tabs and on the server. Rejects if the server cannot be reached. */
  clear() {
    return this.conversation.clear();
  }

  get name() {
    return this.getAttribute('title') || word(this.language, 'title');
  }

  get inline() {
    return this.getAttribute('position') === 'inline';
  }

  get language() {
    return this.preferences.lang ?? langOf(this.getAttribute('lang'));
  }

  get theme() {
    const asked = this.preferences.theme ?? this.getAttribute('theme');
    return asked === 'light' || asked === 'dark' ? asked : 'auto';
  }

  /** @returns {Preferences} */
  get preferences() {
    return this.store.get('preferences') ?? {};
  }

  /** Remember a wish, here and in the other tabs. @param {Preferences} wish */
  prefer(wish) {
    const inMenu = this.panel.menu.childElementCount > 0;
    const preferences = { ...this.preferences, ...wish };
    this.store.set('preferences', preferences);
    this.store.tell('preferences', preferences);
    this.draw();
    if (inMenu) this.panel.toggleMenu();
    else this.panel.elder.focus();
  }

  start() {
    const server = new URL(this.getAttribute('server') || new URL('..', import.meta.url), document.baseURI).href.replace(/\/?$/, '/');
    this.store = new Store(server);
    this.client = new Client(server, this.store);
    this.conversation = new Conversation(this.client, this.store);
    const on = (/** @type {EventTarget} */ target, /** @type {string} */ name, /** @type {(detail: any) => void} */ act) =>
      target.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
    on(this.conversation, 'change', (turn) => this.changed(turn));
    on(this.conversation, 'answer', (turn) => this.answered(turn));
    on(this.conversation, 'clear', () => {
      this.drawTurns();
      this.say(this.panel.view.t('cleared'));
    });
    on(this.store, 'preferences', (preferences) => { // said, not read: storage of another process may be late
      this.store.set('preferences', preferences);
      this.draw();
    });
    this.restored = false;
    this.draw();
    this.follow();
    if (this.conversation.unsent().length) this.wake(); // asked at the last visit
  }

  stop() {
    hush();
    clearInterval(this.watch);
    this.conversation.close();
    this.store.close();
  }

  draw() {
    const { language } = this;
    const before = this.panel;
    const shown = before?.dialog?.open;
    /** @type {View} */
    const view = {
      t: (name, values) => word(language, name, values),
      elder: Boolean(this.preferences.elder),
      client: this.client,
      conversation: this.conversation,
      ask: (text) => this.ask(text),
      say: (...lines) => this.say(...lines),
      fire: (name, detail) => this.fire(name, detail),
    };
    this.panel = new Panel(this, view, before?.composer.text ?? '');
    before?.root.remove(); // beside it stands the style element of an old browser
    this.shadowRoot?.append(this.panel.root);
    this.panel.raise();
    this.look();
    this.drawTurns();
    this.panel.announce();
    if (shown) this.panel.reveal();
  }

  drawTurns() {
    this.panel.turns.draw([...this.conversation.turns.values()]);
  }

  look() {
    const dark = this.theme === 'dark' || (this.theme === 'auto' && this.darkness.matches);
    const { classList } = this.panel.root;
    classList.toggle('dark', dark);
    classList.toggle('elder', Boolean(this.preferences.elder));
    classList.toggle('left', this.getAttribute('position') === 'bottom-left');
  }

  /** The attribute `open` was set or removed. */
  follow() {
    const { dialog } = this.panel;
    if (!dialog) return this.wake();
    if (this.open && !dialog.open) {
      this.panel.reveal();
      this.panel.focus();
      this.wake().then(() => setTimeout(() => this.greet(), GREET_MS));
      this.fire('open');
    } else if (!this.open && this.panel.launcher.hidden) {
      hush();
      clearInterval(this.watch);
      dialog.close();
      this.panel.launcher.hidden = false;
      this.panel.launcher.focus();
      this.fire('close');
    }
  }

  /** Tell the welcome, unless there is a conversation to go on with. */
  greet() {
    const { t } = this.panel.view;
    if (this.restored && !this.conversation.turns.size) this.say(t('hello'), this.panel.turns.offers.about());
  }

  /** First shown: fetch what a resident who comes back expects. Nothing is sent before. */
  async wake() {
    clearInterval(this.watch);
    this.watch = setInterval(() => this.refreshNotice(), NOTICE_EVERY_MS);
    this.refreshNotice();
    if (this.restored) return;
    this.restored = true;
    this.fetchHot();
    try {
      await this.conversation.load();
    } catch {
      this.restored = false;
      this.say(this.panel.view.t('historyFailed'));
    }
  }

  async fetchHot() {
    try {
      const { questions, plan } = await this.client.hot();
      this.hot.splice(0, this.hot.length, ...questions);
      this.plan = plan;
      if (!this.conversation.turns.size) this.drawTurns();
    } catch {
      return;
    }
  }

  async refreshNotice() {
    const before = json(this.notice);
    this.notice = await this.client.notice().catch(() => this.notice);
    if (json(this.notice) !== before) this.panel.announce();
  }

  reconnect() {
    this.panel.announce();
    if (navigator.onLine && (this.open || this.inline)) this.wake();
  }

  /** @param {Turn|undefined} turn one of them, or all */
  changed(turn) {
    if (turn) this.panel.turns.put(turn);
    else {
      this.drawTurns();
      this.panel.turns.show();
    }
    if (turn?.state === 'failed') this.fire('error', { id: turn.id, reason: turn.reason });
  }

  /** @param {Turn & {answer: Answer}} turn */
  answered(turn) {
    const { answer } = turn;
    if (answer.outcome === 'danger') this.panel.alert(answer.text);
    else this.say(...(isUrgent(answer) ? answer.text.split('\n') : told(answer, this.panel.view.t)));
    this.panel.turns.show(turn.id);
    this.fire('answer', { id: turn.id, answer });
  }

  /** Tell a screen reader, each line in its language. @param {...string} lines */
  say(...lines) {
    this.panel.live.replaceChildren(...lines.map((line) => h('p', { lang: /[一-鿿]/.test(line) ? 'zh-Hans' : 'en' }, line)));
  }

  /**
   * @param {string} name
   * @param {object} [detail]
   */
  fire(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`qingpu-${name}`, { detail, bubbles: true, composed: true }));
  }
}
