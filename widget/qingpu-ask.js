/** The one line on a page: adds `<qingpu-ask>` unless there is one; a click on `data-qingpu-ask` asks. */
import { QingpuAsk } from './element.js';

if (!customElements.get('qingpu-ask')) customElements.define('qingpu-ask', QingpuAsk);

const script = [...document.querySelectorAll('script')].find((each) => each.src === import.meta.url);
if (!document.querySelector('qingpu-ask')) {
  const element = document.createElement('qingpu-ask');
  for (const [name, value] of Object.entries(script?.dataset ?? {})) element.setAttribute(name, value ?? '');
  document.body.append(element);
}

document.addEventListener('click', (event) => {
  const text = event.target instanceof Element && event.target.closest('[data-qingpu-ask]')?.getAttribute('data-qingpu-ask');
  const widget = document.querySelector('qingpu-ask');
  if (!text || !(widget instanceof QingpuAsk)) return;
  event.preventDefault(); // a link leads to the page for browsers without scripts
  widget.ask(text);
});
