/** Where a question is written or spoken. */
import { h, icon } from './dom.js';
import { listener } from './speech.js';
/** @import {View} from './types.js' */

export const LIMIT = 1000; // characters, the bot's own
const NEAR = 100; // characters before the limit from which they are counted
const PAUSE_MS = 120; // of typing, before suggestions are asked for
const MIC = 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5 11a7 7 0 0 0 14 0M12 18v3';
const SEND = 'M4 12 20 4l-4 16-4-7z';
let made = 0;

/** The form at the foot of the dialog. */
export class Composer {
  /** @param {View} view */
  constructor(view) {
    const { t } = view;
    this.view = view;
    this.listId = `suggestions-${made++}`;
    this.active = -1;
    this.area = h('textarea', {
      rows: 1, 'aria-label': t('input'), placeholder: t('placeholder'), enterkeyhint: 'send', autocomplete: 'off',
      'aria-autocomplete': 'list', 'aria-controls': this.listId,
      input: () => this.typed(), keydown: (/** @type {KeyboardEvent} */ event) => this.key(event), blur: () => this.leave(),
    });
    this.list = h('div', { id: this.listId, role: 'listbox', class: 'suggestions', 'aria-label': t('suggestions'), hidden: true });
    this.counter = h('p', { class: 'counter', hidden: true });
    this.send = h('button', { class: 'send', 'aria-label': t('send') }, icon(SEND));
    this.hint = h('p', { class: 'hint' }, t('privacy'));
    const mic = this.microphone();
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.submit(this.area.value);
    };
    this.element = h('form', { class: 'composer', submit }, this.list, this.counter,
      h('div', { class: 'field' }, mic, this.area, this.send), this.hint);
  }

  /** The text so far; kept when the view is drawn anew. */
  get text() {
    return this.area.value;
  }

  set text(value) {
    this.unmark();
    this.area.value = value;
    this.measure();
  }

  /** @param {string} text */
  submit(text) {
    const question = text.trim();
    if (!question || question.length > LIMIT) return this.area.focus();
    this.text = '';
    this.offer([]);
    this.view.ask(question);
  }

  typed() {
    this.unmark(); // Enter sends what stands in the field, not what was marked before it was typed
    this.measure();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.suggest(), PAUSE_MS);
  }

  measure() {
    const left = LIMIT - this.area.value.length;
    this.counter.hidden = left > NEAR;
    this.counter.classList.toggle('over', left < 0);
    this.counter.textContent = left > NEAR ? '' : this.view.t(left < 0 ? 'over' : 'left', { n: Math.abs(left) });
    if (left <= 0 || left === NEAR) this.view.say(this.counter.textContent);
    this.area.toggleAttribute('aria-invalid', left < 0);
    this.area.rows = 1;
    while (this.area.rows < 4 && this.area.scrollHeight > this.area.clientHeight) this.area.rows += 1;
  }

  async suggest() {
    const typed = this.area.value.trim();
    const asked = typed && typed.length <= 40 ? await this.view.client.suggest(typed).catch(() => []) : [];
    if (this.area.value.trim() === typed) this.offer(asked);
  }

  /** @param {string[]} questions */
  offer(questions) {
    this.unmark();
    this.list.hidden = !questions.length;
    this.list.style.maxHeight = `${this.element.previousElementSibling?.clientHeight}px`; // the header stays free
    this.list.replaceChildren(...questions.map((question, n) => h('div', {
      role: 'option', id: `${this.listId}-${n}`, 'aria-selected': 'false', lang: 'zh-Hans',
      pointerdown: (/** @type {Event} */ event) => event.preventDefault(), click: () => this.submit(question),
    }, question)));
    if (questions.length) this.view.say(this.view.t('suggested', { n: questions.length }));
  }

  unmark() {
    this.list.children[this.active]?.setAttribute('aria-selected', 'false');
    this.active = -1;
    this.area.removeAttribute('aria-activedescendant');
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing || event.keyCode === 229) return; // the input method's own keys
    const options = [...this.list.children];
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.submit(options[this.active]?.textContent ?? this.area.value);
    } else if (options.length && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      this.move(options, event.key === 'ArrowDown' ? 1 : -1);
    } else if (options.length && event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.offer([]);
    }
  }

  /**
   * @param {Element[]} options
   * @param {number} step
   */
  move(options, step) {
    this.active = (this.active + step + (this.active < 0 && step < 0 ? 1 : 0) + options.length) % options.length;
    options.forEach((option, n) => option.setAttribute('aria-selected', String(n === this.active)));
    this.area.setAttribute('aria-activedescendant', `${this.listId}-${this.active}`);
    options[this.active]?.scrollIntoView({ block: 'nearest' });
  }

  leave() {
    clearTimeout(this.timer);
    this.offer([]);
  }

  /** The button that listens; null where the browser cannot. */
  microphone() {
    const { t } = this.view;
    let before = '';
    const ear = listener({
      words: (text) => {
        this.text = (before + text).slice(0, LIMIT);
      },
      end: (failed) => {
        button.setAttribute('aria-pressed', 'false');
        const got = !failed && this.area.value !== before;
        this.tell(t(got ? 'heard' : 'heardNothing'));
        if (got) this.send.focus();
      },
    });
    const toggle = () => {
      if (button.getAttribute('aria-pressed') === 'true') return ear?.stop();
      before = this.area.value;
      button.setAttribute('aria-pressed', 'true');
      this.tell(t('listening'));
      ear?.start();
    };
    const button = h('button', { type: 'button', class: 'mic', 'aria-label': t('speakIn'), 'aria-pressed': 'false', click: toggle }, icon(MIC));
    return ear ? button : null;
  }

  /** @param {string} text */
  tell(text) {
    this.hint.textContent = text;
    this.hint.classList.add('told');
    this.view.say(text);
  }
}
