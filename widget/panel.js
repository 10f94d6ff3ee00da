/** The launcher and the dialog: drawn anew when language, title or position change. */
import { Composer } from './composer.js';
import { h, icon } from './dom.js';
import { menuElement } from './menu.js';
import { attempt } from './store.js';
import { tongue } from './strings.js';
import { Turns } from './turns.js';
/** @import {Host, View} from './types.js' */

const ICONS = { ask: 'M4 5h16v11H11l-5 4v-4H4zM8 9h8M8 12.5h5', close: 'M6 6l12 12M18 6 6 18', menu: 'M4 6h16M4 12h16M4 18h16' };
const STOPS = '.panel :is(a[href],button,input,select,textarea,summary,[tabindex="0"])';

/** What is inside the shadow root. */
export class Panel {
  /**
   * @param {Host} host
   * @param {View} view
   * @param {string} draft what was being written
   */
  constructor(host, view, draft) {
    const { t, elder } = view;
    this.host = host;
    this.view = view;
    this.composer = new Composer(view);
    this.turns = new Turns(view, host.name, { hot: host.hot, about: () => t('about', { plan: host.plan }), edit: (text) => this.write(text) });
    this.launcher = h('button', { class: 'launcher', popover: 'manual', 'aria-haspopup': 'dialog', click: () => host.show() }, icon(ICONS.ask), h('span', {}, t('launch')));
    this.heading = h('h2', { tabindex: -1 }, host.name);
    this.elder = h('button', { class: 'tool', 'aria-label': t('elderLabel'), 'aria-pressed': String(elder), click: () => host.prefer({ elder: !elder }) }, t('elder'));
    this.more = h('button', { class: 'tool', 'aria-label': t('menu'), 'aria-expanded': 'false', click: () => this.toggleMenu() }, icon(ICONS.menu));
    this.menu = h('div', { class: 'drawer', keydown: (/** @type {KeyboardEvent} */ event) => this.leaveMenu(event) });
    this.banner = h('div', { class: 'banners drawer' });
    this.live = h('div', { class: 'unseen', 'aria-live': 'polite' });
    this.alarm = h('div', { class: 'unseen', 'aria-live': 'assertive' });
    const close = h('button', { class: 'tool', 'aria-label': t('close'), click: () => host.close() }, icon(ICONS.close));
    const inside = [h('div', { class: 'head' }, this.heading, this.elder, this.more, !host.inline && close), this.menu, this.banner,
      this.turns.element, this.composer.element, this.live, this.alarm];
    this.dialog = host.inline ? null : this.modal(inside);
    this.root = h('div', { class: 'root', lang: host.language },
      ...(this.dialog ? [this.launcher, this.dialog] : [h('div', { class: 'panel inline', title: '' }, ...inside)]));
    this.composer.text = draft;
  }

  /**
   * @param {HTMLElement[]} inside
   * @returns {HTMLDialogElement}
   */
  modal(inside) {
    return h('dialog', {
      class: 'panel', 'aria-label': this.host.name, title: '',
      close: () => this.host.panel === this && this.host.close(),
      click: (/** @type {MouseEvent} */ event) => event.target === this.dialog && this.host.close(),
      keydown: (/** @type {KeyboardEvent} */ event) => this.trap(event),
    }, h('div', { class: 'sheet' }, ...inside));
  }

  /** Tab goes round inside the dialog. @param {KeyboardEvent} event */
  trap(event) {
    if (event.key !== 'Tab') return;
    const stops = /** @type {HTMLElement[]} */ ([...this.root.querySelectorAll(STOPS)]).filter((stop) => stop.getClientRects().length);
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const at = this.host.shadowRoot?.activeElement;
    if (event.shiftKey ? at === first || at === this.heading : at === last) {
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    }
  }

  /** The launcher into the top layer, where no transformed ancestor moves it and nothing covers it. */
  raise() {
    if (this.dialog) attempt(() => this.launcher.showPopover()); // it is there already; or an old browser
  }

  reveal() {
    if (this.dialog && !this.dialog.open) this.dialog.showModal();
    this.launcher.hidden = true;
    this.turns.show();
  }

  /** The text field, but on a phone the keyboard would hide what is offered. */
  focus() {
    (matchMedia('(pointer: fine)').matches ? this.composer.area : this.heading).focus();
  }

  /** Danger: told whole and at once; a phone's keyboard must not hide the numbers. @param {string} text */
  alert(text) {
    this.foldMenu();
    this.alarm.lang = tongue(text);
    this.alarm.textContent = text;
    if (!matchMedia('(pointer: fine)').matches) this.composer.area.blur();
  }

  /** @param {string} text */
  write(text) {
    this.composer.text = text;
    this.composer.area.focus();
  }

  toggleMenu() {
    if (this.more.getAttribute('aria-expanded') === 'true') return this.closeMenu();
    this.more.setAttribute('aria-expanded', 'true');
    this.menu.replaceChildren(menuElement(this.host, this));
    this.menu.querySelector('select')?.focus();
  }

  closeMenu() {
    this.foldMenu();
    this.more.focus();
  }

  /** The menu makes room for what comes; the focus stays where it is. */
  foldMenu() {
    this.more.setAttribute('aria-expanded', 'false');
    this.menu.replaceChildren();
  }

  /** @param {KeyboardEvent} event */
  leaveMenu(event) {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    this.closeMenu();
  }

  /** What staff announce; the network. */
  announce() {
    const { notice, language } = this.host;
    const words = notice && (language === 'en' && notice.en ? notice.en : notice.zh);
    const role = notice?.kind === 'emergency' ? 'alert' : 'status';
    const lines = [words && h('p', { class: `banner ${notice.kind}`, role }, words),
      !navigator.onLine && h('p', { class: 'banner', role: 'status' }, this.view.t('offline'))];
    this.banner.replaceChildren(...lines.filter((line) => line instanceof Node));
  }
}
