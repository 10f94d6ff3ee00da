/** The look: sizes by the reader's own; contrast 4.5:1, in elder mode 7:1. */

const TEXT = `
:host { all: initial; display: contents !important; font-size: medium !important; }
:host([position="inline"]) { display: block !important; height: 100%; }
:host([hidden]) { display: none !important; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.root { all: initial; direction: ltr; unicode-bidi: isolate; display: block;
  --paper: #fff; --ink: #1b1f1d; --quiet: #55605b; --line: #cdd5d1; --wash: #eff4f2; --brand: #0b5d4e; --on-brand: #fff;
  --link: #0a5c8a; --old: #7c8a84; --bad: #a3210f; --warn: #fff1c9; --on-warn: #3d2c00; --tap: max(2.75em, 44px); color-scheme: light;
  font: 1.0625em/1.65 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: var(--ink); height: 100%;
}
.root.dark { --paper: #131816; --ink: #e8eeeb; --quiet: #a9b5b0; --line: #414d48; --wash: #212927; --brand: #7bd3bf; --on-brand: #06251f;
  --link: #8cc8f0; --old: #8d9a95; --bad: #ff9c8c; --warn: #4a3a06; --on-warn: #fff1c9; color-scheme: dark; }
.root.elder { --ink: #000; --quiet: #2e3633; --line: #5d6864; --brand: #00473a; --link: #003d66; --bad: #8a0f00; --tap: max(2em, 48px); font-size: max(1.5em, 24px); line-height: 1.6; }
.root.elder.dark { --paper: #000; --ink: #fff; --quiet: #dfe6e3; --line: #8d9a95; --brand: #8ff0d9; --link: #a8dcff; --bad: #ffb4a8; }
p, h2, ol, figure, blockquote { margin: 0; padding: 0; }
button, input, select, textarea { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; min-height: var(--tap); min-width: var(--tap); border: 1px solid var(--line); border-radius: .6em; background: var(--paper); padding: .3em .8em; }
.elder button { min-height: var(--tap); min-width: var(--tap); border-width: 2px; }
button:hover { background: var(--wash); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
h2:focus, .done:focus { outline: none; }
a { color: var(--link); }
.icon { width: 1.4em; height: 1.4em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; padding: 0; }
.launcher { position: fixed; inset: auto max(1em, env(safe-area-inset-right)) calc(1em + env(safe-area-inset-bottom)) auto; z-index: 2147483000; display: flex; align-items: center; gap: .5em;
  background: var(--brand); color: var(--on-brand); border: 2px solid var(--paper); border-radius: 2em; padding: .5em 1.2em; font-weight: 600; min-height: 3.25em; box-shadow: 0 2px 12px #0005; }
.launcher:hover { background: var(--brand); text-decoration: underline; }
.left .launcher { right: auto; left: 1em; }
dialog.panel { border: 0; padding: 0; margin: 0; inset: auto 1em 1em auto; position: fixed; width: 26.5em; max-width: calc(100vw - 2em); height: min(44em, calc(100vh - 2em)); height: min(44em, calc(100dvh - 2em));
  max-height: none; border-radius: 1em; background: var(--paper); color: var(--ink); box-shadow: 0 4px 32px #0006; overflow: hidden; }
.elder dialog.panel { width: 34em; }
.left dialog.panel { inset: auto auto 1em 1em; }
dialog::backdrop { background: #0003; }
.sheet, .panel.inline { display: flex; flex-direction: column; height: 100%; min-height: 0; position: relative; }
.panel.inline { background: var(--paper); }
@media (max-width: 40em), (max-height: 30em) {
  dialog.panel.panel.panel { inset: 0; width: 100%; max-width: none; height: 100%; border-radius: 0; }
}
.head { display: flex; align-items: center; gap: .35em; padding: .4em .5em .4em 1em; border-bottom: 1px solid var(--line); flex: none; }
h2 { flex: 1; font-size: 1.1em; min-width: 0; line-height: 1.3; overflow-wrap: anywhere; }
.tool { display: inline-flex; align-items: center; justify-content: center; gap: .35em; padding: .3em .6em; border-color: transparent; background: none; color: var(--quiet); }
.tool[aria-pressed="true"] { background: var(--brand); color: var(--on-brand); }
.head .tool[aria-pressed] { border-color: var(--line); font-weight: 600; }
.menu { border-bottom: 1px solid var(--line); padding: .75em 1em; display: grid; gap: .6em; background: var(--wash); }
.drawer { flex: 0 1 auto; min-height: 0; max-height: 60vh; overflow: auto; }
.menu label { display: grid; grid-template-columns: minmax(4em, auto) minmax(0, 1fr); gap: 1em; align-items: center; }
select, input:not([type="checkbox"]), textarea { min-height: var(--tap); border: 2px solid var(--quiet); border-radius: .6em; padding: .35em .7em; background: var(--paper); width: 100%; min-width: 0; }
.row { display: flex; flex-wrap: wrap; gap: .5em; }
.menu .danger + button { margin-left: .5em; }
.menu .danger { color: var(--bad); }
.banner { padding: .55em 1em; background: var(--warn); color: var(--on-warn); border-bottom: 1px solid var(--line); white-space: pre-line; }
.banner.emergency { background: var(--bad); color: var(--paper); font-weight: 600; }
.scroller { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: .9em 1em; position: relative; }
.scroller:focus-visible { outline-offset: -3px; }
ol { list-style: none; display: grid; gap: 1.4em; grid-template-columns: minmax(0, 1fr); max-width: 42em; margin: 0 auto; }
.hello { font-weight: 700; font-size: 1.1em; margin-bottom: .2em; }
.welcome > p:not(.hello) { color: var(--quiet); }
.question { margin: 0 0 .7em auto; max-width: 85%; width: fit-content; background: var(--brand); color: var(--on-brand); border-radius: 1em 1em .25em 1em; padding: .45em .9em; overflow-wrap: anywhere; white-space: pre-wrap; }
.answer { display: grid; gap: .6em; grid-template-columns: minmax(0, 1fr); overflow-wrap: anywhere; }
.headline { font-weight: 700; font-size: 1.12em; line-height: 1.5; white-space: pre-line; }
:not(.answered, .clarify) > .headline { font-weight: 400; font-size: 1em; line-height: inherit; }
.hotlines { display: grid; gap: .5em; }
.hotlines a { min-height: 48px; padding: .4em .8em; border: 2px solid var(--bad); border-radius: .6em; color: var(--bad); font-weight: 600; line-height: 1.3; text-decoration: none; }
.hotlines a:first-child { background: var(--bad); color: var(--paper); }
.hotlines strong { font-size: 1.4em; margin-right: .3em; }
:is(.quiet, .urgent .line) a { display: inline-block; min-width: 48px; line-height: 48px; text-align: center; }
.steps a { display: inline-flex; align-items: center; min-height: var(--tap); margin-inline-end: .8em; font-weight: 600; }
.notice, .quiet { color: var(--quiet); font-size: .88em; }
.elder :is(.notice, .quiet, small, .source, .hint, .counter, .choices > p) { font-size: 1em; }
.numbers { display: grid; gap: .6em; background: var(--wash); border-radius: .7em; padding: .7em .9em; }
.figure { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1em; align-items: baseline; }
.figure strong, .new strong { font-size: 1.25em; line-height: 1.2; color: var(--brand); }
.bar { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .1em .6em; align-items: baseline; }
.bar svg { grid-row: 2; grid-column: 1 / -1; width: 100%; height: .7em; border-radius: .2em; }
.bar .when, .old strong { color: var(--quiet); font-weight: 400; }
.track { fill: var(--line); } .old .fill { fill: var(--old); } .new .fill { fill: var(--brand); }
blockquote { border-left: .25em solid var(--brand); padding: .1em 0 .1em .8em; font-family: "Songti SC", "Noto Serif CJK SC", serif; }
.source { font-size: .9em; color: var(--quiet); padding: .25em 0 0 1em; }
.source a { display: inline-block; padding: .35em .2em; font-weight: 600; }
.elder .source a { min-height: 48px; line-height: 48px; padding: 0 .2em; }
.elder :is(.line, .headline, .next, .banner, .pending) a { display: inline-block; min-width: 48px; line-height: 48px; text-align: center; }
cite { font-style: normal; }
.at { white-space: nowrap; }
summary { cursor: pointer; color: var(--link); min-height: 44px; padding: .4em 0; }
.elder summary { min-height: 48px; }
.more figure { margin-top: .6em; }
.choices { display: flex; flex-wrap: wrap; gap: .5em; margin-top: .3em; }
.choices > p { width: 100%; color: var(--quiet); font-size: .9em; margin-bottom: -.2em; }
.choice { border-color: var(--brand); border-radius: 1.5em; color: var(--brand); text-align: left; line-height: 1.4; }
.clarify .choice, .welcome .choice, .elder .choice { width: 100%; border-radius: .7em; }
.elder .choice:nth-of-type(n+4), .elder .extra, .elder .hint:not(.told) { display: none; }
.elder .clarify .choice:nth-of-type(n) { display: block; }
.actions { display: flex; flex-wrap: wrap; gap: .15em; margin-left: -.5em; }
.after { width: 100%; padding-left: .5em; }
.oneline { display: flex; gap: .5em; flex-wrap: wrap; } .oneline input { flex: 1 1 10em; width: auto; }
.contact { display: grid; gap: .5em; background: var(--wash); border-radius: .7em; padding: .8em; }
.tick { display: flex; gap: .6em; align-items: center; min-height: 44px; }
.tick input { width: 1.5em; height: 1.5em; flex: none; accent-color: var(--brand); }
.elder .tick input { width: 48px; height: 48px; }
.reference strong { font-size: 1.3em; letter-spacing: .03em; user-select: all; }
.standing { color: var(--quiet); } .standing:empty { display: none; }
.problem { color: var(--bad); } .problem:empty { display: none; }
.next { color: var(--quiet); }
.small { padding: .1em .7em; }
.pending { color: var(--quiet); } .pending.problem { color: var(--bad); text-align: right; }
.dots { display: inline-flex; gap: .35em; padding: .5em 0; }
.dots i { width: .5em; height: .5em; border-radius: 50%; background: var(--quiet); }
.composer { border-top: 1px solid var(--line); padding: .6em .8em calc(.4em + env(safe-area-inset-bottom)); position: relative; flex: none; background: var(--paper); }
.panel.inline .composer { width: 100%; max-width: 44em; margin: 0 auto; }
.field { display: flex; gap: .4em; align-items: flex-end; }
textarea::placeholder { white-space: nowrap; }
textarea { resize: none; overflow-x: hidden; flex: 1; line-height: 1.5; display: block; }
.mic, .send { padding: .3em; display: inline-flex; align-items: center; justify-content: center; flex: none; }
.send { background: var(--brand); border-color: var(--brand); color: var(--on-brand); } .send:hover { background: var(--brand); }
.mic[aria-pressed="true"] { background: var(--bad); color: var(--paper); }
.hint, .counter { font-size: .8em; color: var(--quiet); margin-top: .3em; }
.counter.over { color: var(--bad); font-weight: 700; }
.suggestions { position: absolute; left: .8em; right: .8em; bottom: 100%; max-height: 50vh; overflow: auto; background: var(--paper); border: 1px solid var(--line); border-radius: .7em; box-shadow: 0 -2px 12px #0003; }
[role="option"] { padding: .5em .9em; min-height: 44px; cursor: pointer; border-bottom: 1px solid var(--line); }
[role="option"]:last-child { border: 0; }
[role="option"]:hover, [role="option"][aria-selected="true"] { background: var(--wash); }
[role="option"][aria-selected="true"] { box-shadow: inset .25em 0 var(--brand); }
@media (max-width: 22em) { .head { padding-left: .6em; gap: 0; } .scroller { padding: .8em .6em; } }
@media (max-height: 22em) { .launcher { inset: auto 4px 4px auto; padding: .3em; min-height: 48px; min-width: 48px; justify-content: center; } .left .launcher { left: 4px; }
  .launcher span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } .head, .composer { padding-block: .1em; } .hint:not(.told) { display: none; } .scroller { padding-block: .3em; } }
@media (max-height: 16em) { .root.elder { line-height: 1.35; } .elder :is(.head, .composer) { --tap: 36px; font-size: 16px; line-height: 1.3; } .elder .headline { line-height: 1.3; } }
@media print { :host { display: none !important; } }
@media (prefers-reduced-motion: no-preference) {
  .dots i { animation: pulse 1.2s infinite; } .dots i:nth-child(2) { animation-delay: .2s; } .dots i:nth-child(3) { animation-delay: .4s; }
  @keyframes pulse { 50% { opacity: .25; } }
}
@media (forced-colors: active) {
  .launcher, .question, .panel, .send, .choice { border: 2px solid; }
  .tool[aria-pressed="true"], .mic[aria-pressed="true"], [aria-selected="true"] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  .track { fill: Canvas; stroke: CanvasText; } .fill { fill: Highlight !important; forced-color-adjust: none; }
}
`;

/** @type {CSSStyleSheet|undefined} */
let sheet;

/**
 * Style a shadow root by a constructed sheet, which a strict policy allows; old browsers get an element.
 * @param {ShadowRoot} root
 */
export function dress(root) {
  if ('adoptedStyleSheets' in root && 'replaceSync' in CSSStyleSheet.prototype) {
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(TEXT);
    }
    root.adoptedStyleSheets = [sheet];
    return;
  }
  const style = document.createElement('style');
  style.textContent = TEXT;
  root.append(style);
}
