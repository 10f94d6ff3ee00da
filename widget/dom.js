/** Building elements, and JSON. Nothing is parsed as HTML. */

/** @import {Child, Properties} from './types.js' */

/**
 * An element. A function is a listener, `true` an empty attribute; null and false are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Properties} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, properties);
  element.append(...kept(children));
  return element;
}

/**
 * An icon of 24 units, drawn by strokes.
 * @param {string} path
 */
export function icon(path) {
  const svg = draw('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: 'icon' });
  svg.append(draw('path', { d: path }));
  return svg;
}

/**
 * An SVG element.
 * @param {string} tag
 * @param {Properties} properties
 */
export function draw(tag, properties) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  fill(element, properties);
  return element;
}

/**
 * @param {Element} element
 * @param {Properties} properties
 */
function fill(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value != null && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
}

/**
 * JSON, whatever `toJSON` a page's old library has given to arrays (Prototype.js 1.6: `[1]` becomes `"[1]"`).
 * @param {any} value
 * @returns {string}
 */
export function json(value) {
  if (Array.isArray(value)) return `[${value.map(json)}]`;
  if (!value || typeof value !== 'object') return JSON.stringify(value ?? null);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${json(field)}`)}}`;
}

/**
 * @param {Child[]} children
 * @returns {(string|Node)[]}
 */
export function kept(children) {
  return /** @type {(string|Node)[]} */ (children.filter((child) => child || child === ''));
}
