/**
 * Elder mode of the pages: the resident's own wish, as the widget keeps it in this browser (`widget/store.js`), or
 * `?elder=1` of a link that the widget shows on another site. Runs before the page is painted.
 */
{
  const server = `qingpu-ask ${location.origin}/ `;
  const root = document.documentElement;
  const name = `${server}preferences`;

  /** Storage may be refused: then the wish holds for this page. */
  const attempt = (act) => {
    try {
      return act();
    } catch {
      return null;
    }
  };
  const wish = () => attempt(() => JSON.parse(localStorage.getItem(name))) ?? {};
  const channel = attempt(() => new BroadcastChannel(server));

  const show = (elder) => {
    root.classList.toggle('elder', elder);
    const button = document.getElementById('elder');
    button?.setAttribute('aria-pressed', String(elder));
    button?.removeAttribute('hidden');
  };
  const keep = (elder) => {
    const preferences = { ...wish(), elder };
    attempt(() => localStorage.setItem(name, JSON.stringify(preferences)));
    channel?.postMessage({ type: 'preferences', detail: preferences });
    show(elder);
  };

  const asked = new URLSearchParams(location.search).get('elder');
  if (asked) keep(asked === '1');
  else show(Boolean(wish().elder));
  channel?.addEventListener('message', ({ data }) => data?.type === 'preferences' && show(Boolean(data.detail?.elder)));
  addEventListener('DOMContentLoaded', () => {
    show(root.classList.contains('elder'));
    document.getElementById('elder').addEventListener('click', () => keep(!root.classList.contains('elder')));
  });
}
