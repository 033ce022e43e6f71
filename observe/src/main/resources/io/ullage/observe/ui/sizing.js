import { size } from './format.js';
import { below, effectiveLimit, evaluate, needsOf, settingsOf } from './expressions.js';

// The sizing guide: settings and grant on one side, what follows from them on the other.

const SVG = 'http://www.w3.org/2000/svg';
const OPERATORS = { Sum: 'sum', Product: 'product', Max: 'largest of', Scale: 'share', Config: 'setting', StructSize: 'size', Constant: 'constant' };

const declared = JSON.parse(document.getElementById('bounds').textContent);
const root = declared.bounds.root;
const declaredSettings = settingsOf(root);
const settings = new Map(declaredSettings);
const grant = { limit: BigInt(declared.limit_bytes), slop: decimalOf(declared.slop) };
const declaredGrant = { ...grant };
const open = new Set();

/** A decimal as it is written out: 1.0E-5 comes from Java. */
function decimalOf(text) {
  return /[eE]/.test(text) ? Number(text).toFixed(18).replace(/0+$/, '').replace(/\.$/, '') : text;
}

function make(tag, className = '', ...children) {
  const element = document.createElement(tag);
  if (className) {
    element.className = className;
  }
  element.append(...children);
  return element;
}

function bar(className, parts) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', className);
  svg.setAttribute('viewBox', '0 0 1000 34');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  fill(svg, parts);
  return svg;
}

function fill(svg, parts) {
  svg.replaceChildren(
    ...parts.map(([name, from, to]) => {
      const rect = document.createElementNS(SVG, 'rect');
      rect.setAttribute('class', name);
      rect.setAttribute('x', from);
      rect.setAttribute('y', name === 'limit' ? 0 : 5);
      rect.setAttribute('width', Math.max(0, to - from));
      rect.setAttribute('height', name === 'limit' ? 34 : 24);
      return rect;
    }),
  );
}

const text = (bytes) => (bytes === null ? 'overflows' : size(bytes));
const share = (bytes, whole) => Math.min(1000, Number((bytes * 1000n) / whole));

// ---- settings and grant

function field(id, label, read, write, { steps = true, parse, describe }) {
  const input = make('input');
  input.id = id;
  input.inputMode = 'decimal';
  const output = make('output');
  output.htmlFor = id;
  const name = make('label', '', make('span', '', label), output);
  name.htmlFor = id;
  const entry = make('div', 'entry', input);
  const show = () => {
    input.setAttribute('aria-invalid', 'false');
    output.textContent = describe();
    name.firstChild.className = read() === input.defaultValue ? '' : 'changed';
  };
  const set = (value) => {
    input.value = value;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  };
  input.defaultValue = read();
  input.value = read();
  input.addEventListener('input', () => {
    const value = parse(input.value.trim());
    if (value === null) {
      input.setAttribute('aria-invalid', 'true');
      return;
    }
    write(value);
    show();
    showResult();
  });
  if (steps) {
    for (const [sign, what, change] of [['÷2', 'halve', (n) => n / 2n], ['×2', 'double', (n) => n * 2n]]) {
      const button = make('button', '', sign);
      button.type = 'button';
      button.setAttribute('aria-label', `${what} ${label}`);
      button.addEventListener('click', () => set(String(change(BigInt(read())))));
      entry.append(button);
    }
  }
  show();
  return { element: make('div', 'field', name, entry), reset: () => set(input.defaultValue) };
}

const wholeNumber = (typed) => (/^\d{1,19}$/.test(typed) && BigInt(typed) < 2n ** 63n ? BigInt(typed) : null);
const decimal = (typed) => (/^0(\.\d{1,18})?$/.test(typed) ? typed : null);

const fields = [
  field('limit', 'limit, bytes', () => String(grant.limit), (value) => (grant.limit = value), {
    parse: wholeNumber,
    describe: () => size(grant.limit),
  }),
  field('slop', 'slop, 0 to below 1', () => grant.slop, (value) => (grant.slop = value), {
    steps: false,
    parse: decimal,
    describe: () => `${size(effectiveLimit(grant.limit, grant.slop))} remain`,
  }),
];
document.getElementById('grant').append(...fields.map((each) => each.element));
for (const name of [...settings.keys()].sort()) {
  const setting = field(`setting-${name}`, name, () => String(settings.get(name)), (value) => settings.set(name, value), {
    parse: wholeNumber,
    describe: () => (/bytes/i.test(name) ? size(settings.get(name)) : ''),
  });
  fields.push(setting);
  document.getElementById('settings').append(setting.element);
}
document.getElementById('settings-title').hidden = settings.size === 0;
document.getElementById('controls').addEventListener('submit', (event) => event.preventDefault());
document.getElementById('reset').addEventListener('click', () => {
  Object.assign(grant, declaredGrant);
  fields.forEach((each) => each.reset());
});

// ---- what follows

function showResult() {
  const effective = effectiveLimit(grant.limit, grant.slop);
  const needs = needsOf(root, settings);
  showVerdict(needs, effective);
  const whole = [needs.totalFirm, needs.totalMinimum, effective, 1n].reduce((a, b) => (b !== null && (a === null || b > a) ? b : a));
  showWhole(needs, effective, whole);
  document.getElementById('components').replaceChildren(componentOf('root', 'root', root, whole));
}

function showVerdict({ totalMinimum, totalFirm }, effective) {
  const verdict = document.getElementById('verdict');
  const say = (state, headline, rest) => {
    verdict.dataset.state = state;
    verdict.replaceChildren(make('strong', '', headline), rest);
  };
  verdict.dataset.minimum = String(totalMinimum);
  verdict.dataset.firm = String(totalFirm);
  verdict.dataset.effective = String(effective);
  if (totalFirm === null) {
    say('bad', 'It overflows', 'A value is beyond what 63 bits can count; the program refuses such settings.');
  } else if (effective === 0n) {
    say('bad', 'Nothing is granted', `At least ${size(totalMinimum > 0n ? totalMinimum : 1n)} are needed.`);
  } else if (totalMinimum > effective) {
    say('bad', 'It does not start', `The minimum is ${size(totalMinimum)}; ${size(totalMinimum - effective)} are missing.`);
  } else if (totalFirm > effective) {
    say(
      'warn',
      'The minimum fits, the firm bounds do not',
      `They add up to ${size(totalFirm)}, ${size(totalFirm - effective)} more than there is: strict verification refuses it.`,
    );
  } else {
    say('good', 'It fits', `At most ${size(totalFirm)} of ${size(effective)}; ${size(effective - totalFirm)} remain.`);
  }
}

function showWhole({ totalMinimum, totalFirm }, effective, whole) {
  const scale = (whole * 105n) / 100n + 1n;
  const minimum = totalMinimum === null ? 1000 : share(totalMinimum, scale);
  const firm = totalFirm === null ? 1000 : share(totalFirm, scale);
  const limit = share(effective, scale);
  fill(document.getElementById('whole'), [
    ['track', 0, 1000],
    ['firm', 0, firm],
    ['minimum', 0, minimum],
    ['over', limit, Math.max(limit, firm)],
    ['limit', Math.max(0, limit - 2), limit + 2],
  ]);
}

function componentOf(path, name, bounds, whole) {
  const needs = needsOf(bounds, settings);
  const minimum = make('span', 'number minimum-total', text(needs.totalMinimum));
  const firm = make('span', 'number firm-total', make('b', '', text(needs.totalFirm)));
  minimum.dataset.value = String(needs.totalMinimum);
  firm.dataset.value = String(needs.totalFirm);
  const gauge = bar('bound', [
    ['track', 0, 1000],
    ['firm', 0, needs.totalFirm === null ? 1000 : share(needs.totalFirm, whole)],
    ['minimum', 0, needs.totalMinimum === null ? 1000 : share(needs.totalMinimum, whole)],
  ]);
  const summary = make('summary', '', make('span', 'name', name), make('span', 'gauge-cell', gauge), minimum, firm);
  const details = make('details', '', summary);
  details.dataset.component = path;
  details.open = open.has(path);
  details.addEventListener('toggle', () => (details.open ? open.add(path) : open.delete(path)));
  for (const [heading, expression] of [['own minimum', bounds.min], ['own firm amount, on top of it', bounds.firm]]) {
    if (expression.values === undefined || expression.values.length > 0) {
      details.append(make('div', 'expression', make('h3', '', heading), make('ul', '', nodeOf(expression))));
    }
  }
  const nested = make('div', 'nested');
  for (const [child, each] of below(bounds)) {
    nested.append(componentOf(path === 'root' ? child : `${path}.${child}`, child, each, whole));
  }
  details.append(nested);
  return details;
}

function nodeOf(expression) {
  const value = evaluate(expression, settings);
  const amount = make('span', 'number', value === null ? 'overflows' : `${value}`);
  amount.title = text(value);
  const row = make('div', 'row', make('span', '', make('span', 'kind', OPERATORS[expression.type]), expression.name), amount);
  const node = make('li', expression.type === 'Config' ? 'setting' : '', row);
  if (expression.values?.length) {
    node.append(make('ul', '', ...expression.values.map(nodeOf)));
  }
  return node;
}

open.add('root');
showResult();
