// Floor 8. The inspector's style: a constructed style sheet, which a strict Content-Security-Policy allows.

export const style = `
:host {
  color-scheme: light dark;
  --bg: light-dark(#fbfcfd, #10181f);
  --sunk: light-dark(#eff3f5, #0a1116);
  --ink: light-dark(#10222d, #e3edf2);
  --soft: light-dark(#48606d, #a3b8c3);
  --line: light-dark(#d5dee3, #24333d);
  --edge: light-dark(#82959f, #5b7381);
  --blue: light-dark(#0b5c8f, #7cc4f0);
  --wash: light-dark(#e0eef7, #14344a);
  --good: light-dark(#0c6349, #62d6a9);
  --late: light-dark(#7a4a00, #ffc670);
  --bad: light-dark(#a92c1d, #ff9a88);
  display: block;
  box-sizing: border-box;
  container-type: inline-size;
  background: var(--bg);
  color: var(--ink);
  font: 14px/1.45 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
  text-align: start;
}
:host([theme='light']) { color-scheme: light; }
:host([theme='dark']) { color-scheme: dark; }
:host([hidden]) { display: none; }
:host([docked]) {
  position: fixed;
  inset: 0 0 0 auto;
  z-index: 2147483000;
  width: min(320px, 100vw);
  border-inline-start: 1px solid var(--line);
  box-shadow: -12px 0 40px -20px rgb(0 0 0 / 45%);
}
:host([docked][folded]) { inset: auto 0 0 auto; border: 1px solid var(--line); border-radius: 8px 0 0 0; }
:host([folded]) .body, :host([folded]) .rates { display: none; }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.whole { display: flex; flex-direction: column; height: 100%; min-height: 0; max-height: 100%; }
.top, .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; }
.top { padding: 8px 12px; border-bottom: 1px solid var(--line); }
.top strong { margin-inline-end: auto; font-size: 14px; letter-spacing: 0.01em; }
.rates { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1px; border-bottom: 1px solid var(--line); background: var(--line); }
.spark { display: grid; grid-template-columns: 1fr auto; gap: 0 6px; padding: 6px 12px; background: var(--bg); color: var(--soft); font-size: 12px; }
.spark b { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
.spark svg { grid-column: 1 / -1; width: 100%; height: 26px; }
.spark polyline { fill: none; stroke: var(--blue); stroke-width: 1.5; stroke-linejoin: round; }
.body { display: flex; flex-direction: column; flex: 1; min-height: 0; overflow: auto; }
section { padding: 10px 12px; min-width: 0; }
section + section { border-top: 1px solid var(--line); }
h2 { margin: 0; font-size: 13px; font-weight: 650; overflow-wrap: anywhere; }
p { margin: 0; }
ul, ol { margin: 0; padding: 0; list-style: none; }
article + article { margin-top: 14px; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; }
header h2 { margin-inline-end: auto; }
.facts, .note, .figures, .node { color: var(--soft); font-size: 12px; overflow-wrap: anywhere; }
.note:empty { display: none; }
.chip { display: inline-flex; align-items: center; gap: 5px; color: var(--soft); font-size: 12px; white-space: nowrap; }
.chip::before { width: 8px; height: 8px; border: 2px solid currentcolor; border-radius: 50%; content: ''; }
.chip[data-mood='good'] { color: var(--good); }
.chip[data-mood='good']::before { background: currentcolor; }
.chip[data-mood='busy'] { color: var(--blue); }
.chip[data-mood='late'] { color: var(--late); }
.chip[data-mood='late']::before { border-style: dotted; }
.chip[data-mood='bad'] { color: var(--bad); }
.chip[data-mood='bad']::before { border-radius: 1px; background: currentcolor; }
button, input, select {
  min-height: 26px;
  padding: 2px 9px;
  border: 1px solid var(--edge);
  border-radius: 6px;
  background: var(--bg);
  color: var(--ink);
  font: inherit;
  font-size: 12px;
}
button { cursor: pointer; }
button:hover { background: var(--sunk); }
button:disabled { border-color: var(--line); color: var(--soft); cursor: default; }
button[aria-pressed='true'] { border-color: var(--blue); background: var(--wash); color: var(--blue); }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 1px; }
input { flex: 1 1 90px; min-width: 0; }
.links ul { display: grid; gap: 4px; margin-top: 8px; }
.link { display: grid; grid-template-columns: 1fr auto; gap: 0 8px; width: 100%; padding: 6px 9px; border-color: var(--line); text-align: start; }
.link .lane { font-weight: 600; overflow-wrap: anywhere; }
.link .node { grid-row: 2; }
.link .chip { grid-area: 1 / 2; }
.link .figures { grid-column: 1 / -1; }
.link[aria-pressed='true'] { color: var(--ink); }
.scroll, .log ol { overflow: auto; max-height: 300px; margin-top: 8px; border: 1px solid var(--line); border-radius: 6px; background: var(--sunk); }
table { width: 100%; border-collapse: collapse; font: 12px/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
th, td { padding: 2px 8px; border-bottom: 1px solid var(--line); font-weight: 400; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
thead th { position: sticky; top: 0; background: var(--sunk); color: var(--soft); }
tbody th { width: 34%; color: var(--blue); }
.entries .note { margin-top: 6px; }
.log { display: flex; flex-direction: column; flex: 1; }
.log h2 { margin-inline-end: auto; }
.log .note { margin-top: 6px; }
.log ol { flex: 1; min-height: 160px; max-height: none; padding: 4px 0; font: 12px/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
.log li { display: -webkit-box; overflow: hidden; padding: 1px 8px; overflow-wrap: anywhere; -webkit-box-orient: vertical; -webkit-line-clamp: 4; }
.log li + li { border-top: 1px solid var(--line); }
.log code { font: inherit; }
.log time, .log .who, .gap { color: var(--soft); }
.log .way { color: var(--good); font-weight: 700; }
.log .out .way { color: var(--blue); }
@container (min-width: 720px) {
  .top, section { padding-inline: 20px; }
  .body { display: grid; grid-template: auto 1fr / minmax(280px, 2fr) 3fr; overflow: hidden; }
  .links { grid-row: 1 / -1; overflow: auto; border-inline-end: 1px solid var(--line); }
  .links + section { border-top: 0; }
  .entries, .log { grid-column: 2; min-height: 0; }
  .entries[hidden] + .log { grid-row: 1 / -1; border-top: 0; }
  .log ol { min-height: 80px; }
  .log li { -webkit-line-clamp: 2; }
}
@media (forced-colors: active) {
  .chip::before { forced-color-adjust: none; }
}
`
