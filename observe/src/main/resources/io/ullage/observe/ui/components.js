// The tree of components as rows with bars. Rows are kept and changed in place, so that focus and expansion stay.

import { byId, make, makeGauge, setExtent, setFigure, setText } from './dom.js';
import { count, percent, size } from './format.js';

const ROOT = 'root';
const DEEPEST_INDENT = 5;
const PARTS = [
  ['track', 4, 8],
  ['firm', 4, 8],
  ['reserved', 1, 14],
  ['used', 1, 14],
  ['over', 1, 14],
  ['mark', 0, 16],
];

const rows = new Map();
const folded = new Set();
let againstGrant = true;
let latest = null;

/** Shows the components of a status. */
export function showComponents(memory) {
  latest = memory;
  const body = byId('components');
  const paths = inTreeOrder(Object.keys(memory.components));
  const parents = new Set(paths.filter((path) => path !== ROOT).map(parentOf));
  for (const [path, row] of rows) {
    if (!(path in memory.components)) {
      row.element.remove();
      rows.delete(path);
    }
  }
  paths.forEach((path, place) => {
    let row = rows.get(path);
    if (!row) {
      row = makeRow(path);
      rows.set(path, row);
    }
    if (body.children[place] !== row.element) {
      body.insertBefore(row.element, body.children[place] ?? null);
    }
    row.twist.disabled = !parents.has(path);
    row.element.hidden = isFolded(path);
    update(row, memory.components[path], memory);
  });
}

/** Switches between bars on the scale of the grant and bars on that of each firm limit. */
export function toggleScale(button) {
  againstGrant = !againstGrant;
  button.setAttribute('aria-pressed', String(!againstGrant));
  setText(button, againstGrant ? 'Bars: against the grant' : 'Bars: against each firm limit');
  if (latest) {
    showComponents(latest);
  }
}

function parentOf(path) {
  const dot = path.lastIndexOf('.');
  return dot < 0 ? ROOT : path.slice(0, dot);
}

/** Root first, each parent before its children; dots sort before all that a name may contain. */
function inTreeOrder(paths) {
  const key = (path) => (path === ROOT ? '' : path.replaceAll('.', '\u0001'));
  return paths.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function isFolded(path) {
  for (let above = path; above !== ROOT; ) {
    above = parentOf(above);
    if (folded.has(above)) {
      return true;
    }
  }
  return false;
}

function makeRow(path) {
  const depth = path === ROOT ? 0 : path.split('.').length;
  const name = path === ROOT ? 'root' : path.slice(path.lastIndexOf('.') + 1);
  const twist = make('button', 'twist');
  twist.type = 'button';
  twist.setAttribute('aria-expanded', 'true');
  twist.setAttribute('aria-label', `components below ${path}`);
  twist.addEventListener('click', () => {
    const fold = !folded.has(path);
    fold ? folded.add(path) : folded.delete(path);
    twist.setAttribute('aria-expanded', String(!fold));
    showComponents(latest);
  });
  const text = make('span', 'name-text', name);
  const flag = make('span', 'flag');
  const inner = make('span', `indent-${Math.min(depth, DEEPEST_INDENT)}`, twist, text, flag);
  const header = make('th', '', inner);
  header.scope = 'row';
  header.title = path;
  const gauge = makeGauge(PARTS);
  const figures = {};
  const cells = [
    ['used', 'in use', 'number secondary'],
    ['reserved', '', 'number'],
    ['firm', 'of', 'number secondary'],
    ['peak', 'peak', 'number secondary'],
  ].map(([field, label, className]) => {
    const cell = make('td', className);
    cell.dataset.field = field;
    cell.dataset.label = label;
    figures[field] = cell;
    return cell;
  });
  const element = make('tr', '', header, make('td', 'gauge-cell', gauge.svg), ...cells);
  element.dataset.component = path;
  return { element, twist, flag, gauge, figures };
}

function update(row, component, memory) {
  const { total } = component;
  const firm = total.firm_limit_bytes ?? (row.element.dataset.component === ROOT ? memory.limit_bytes : null);
  setFigure(row.figures.used, total.actual_live_bytes, size(total.actual_live_bytes));
  setFigure(row.figures.reserved, total.reserved_bytes, size(total.reserved_bytes));
  setFigure(row.figures.firm, firm ?? '', firm === null ? 'none' : size(firm));
  setFigure(row.figures.peak, component.peak_reserved_bytes, size(component.peak_reserved_bytes));
  row.element.dataset.over = String(component.over_bounds);
  showFlag(row.flag, component);
  draw(row.gauge, total, component.peak_reserved_bytes, firm, memory);
  row.element.title = firm ? `${percent(total.reserved_bytes / firm)} of the firm limit reserved` : '';
}

function showFlag(flag, component) {
  flag.dataset.state = component.over_bounds ? 'bad' : 'warn';
  if (component.over_bounds) {
    setText(flag, 'over its bounds');
  } else if (component.refusals_total > 0) {
    setText(flag, `${count(component.refusals_total)} refused`);
  } else {
    setText(flag, '');
  }
  flag.hidden = flag.textContent === '';
}

function draw({ rects }, total, peak, firm, memory) {
  const largest = Math.max(1, ...Object.values(memory.components).map((each) => each.peak_reserved_bytes));
  const grant = memory.effective_limit_bytes ?? largest;
  const whole = Math.max(1, againstGrant ? grant : (firm ?? grant));
  const at = (bytes) => Math.min(1000, (bytes / whole) * 1000);
  const limit = firm ?? grant;
  setExtent(rects.track, 0, 1000);
  setExtent(rects.firm, 0, firm === null ? 0 : at(firm));
  setExtent(rects.reserved, 0, at(Math.min(total.reserved_bytes, limit)));
  setExtent(rects.used, 0, at(Math.min(total.actual_live_bytes, limit)));
  setExtent(rects.over, at(limit), at(Math.max(limit, total.reserved_bytes)));
  setExtent(rects.mark, Math.max(0, at(peak) - 3), peak > 0 ? Math.max(3, at(peak)) : 0);
}
