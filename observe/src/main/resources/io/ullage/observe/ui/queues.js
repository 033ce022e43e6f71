// Each queue: where its bytes are now and were in the last minutes, and what passed between memory and disk.

import { Chart } from './charts.js';
import { byId, make, makeGauge, setExtent, setFigure, setText } from './dom.js';
import { count, size } from './format.js';

const REGIONS = [
  { name: 'head', label: 'head', colour: 'used', bytes: (queue) => queue.head_bytes },
  { name: 'disk', label: 'spilled', colour: 'disk', bytes: (queue) => queue.spilled_bytes },
  { name: 'writing', label: 'spilling', colour: 'writing', bytes: (queue) => queue.spilling_bytes },
  { name: 'tail', label: 'tail', colour: 'reserved', bytes: (queue) => Math.max(0, queue.resident_bytes - queue.head_bytes) },
];
const RATES = [
  { field: 'offered_bytes_total', label: 'offered', colour: 'reserved' },
  { field: 'polled_bytes_total', label: 'polled', colour: 'used' },
  { field: 'spilled_bytes_total', label: 'spilled', colour: 'disk' },
  { field: 'fetched_bytes_total', label: 'fetched', colour: 'fetched' },
];
const perSecond = (bytes) => `${size(bytes)}/s`;

const cards = new Map();

/** Shows every queue of a sample. */
export function showQueues(sample) {
  byId('no-queues').hidden = sample.queues.length > 0;
  const names = new Set(sample.queues.map((queue) => queue.name));
  for (const [name, card] of cards) {
    if (!names.has(name)) {
      card.charts.forEach((chart) => chart.remove());
      card.element.remove();
      cards.delete(name);
    }
  }
  for (const queue of sample.queues) {
    if (!cards.has(queue.name)) {
      const card = makeCard(queue.name);
      cards.set(queue.name, card);
      byId('queues').append(card.element);
    }
    update(cards.get(queue.name), queue, sample.time);
  }
}

function makeCard(name) {
  const state = make('span', 'chip');
  const counts = make('span', 'muted');
  const gauge = makeGauge(REGIONS.map((region) => [region.name, 0, 16]));
  gauge.svg.setAttribute('class', 'regions-bar');
  REGIONS.forEach((region) => gauge.rects[region.name].setAttribute('class', `fill-${region.colour}`));
  const regions = new Chart(
    'Where its bytes are, from the reader’s end to the writer’s',
    REGIONS.map(({ label, colour }) => ({ label, colour, format: size })),
    { stacked: true },
  );
  const rates = new Chart(
    'Bytes per second',
    RATES.map(({ label, colour }) => ({ label, colour, format: perSecond })),
  );
  const element = make(
    'div',
    'queue',
    make('div', 'queue-head', make('h3', '', name), state, counts),
    make('div', 'regions', gauge.svg),
    make('div', 'charts', regions.element, rates.element),
  );
  element.dataset.queue = name;
  return { element, state, counts, gauge, regions, rates, charts: [regions, rates], before: null };
}

function update(card, queue, time) {
  const state = queue.store_state ?? 'none';
  card.state.dataset.state = { ok: 'good', none: 'good', partial: 'warn' }[state] ?? 'bad';
  setText(card.state, queue.problem ?? `store ${state.replaceAll('_', ' ')}`);
  setFigure(
    card.counts,
    queue.resident_bytes,
    `${count(queue.entries)} entries, ${size(queue.resident_bytes)} resident, ${size(queue.spilled_bytes)} spilled`,
  );
  const bytes = REGIONS.map((region) => region.bytes(queue));
  const whole = Math.max(1, bytes.reduce((a, b) => a + b, 0));
  let from = 0;
  REGIONS.forEach((region, i) => {
    const to = from + (bytes[i] / whole) * 1000;
    setExtent(card.gauge.rects[region.name], from, to);
    from = to;
  });
  card.regions.add(time, bytes);
  card.rates.add(time, ratesOf(queue, card.before, time));
  card.before = { queue, time };
}

function ratesOf(queue, before, time) {
  if (!before || time <= before.time) {
    return RATES.map(() => null);
  }
  return RATES.map(({ field }) => Math.max(0, queue[field] - before.queue[field]) / (time - before.time));
}
