// The program as a whole over time: memory against its limit, and how long the limiter holds sources up.

import { Chart } from './charts.js';
import { byId } from './dom.js';
import { nanos, size } from './format.js';

let memoryChart = null;
let delayChart = null;

/** Adds a sample to both charts. */
export function showHistory(sample) {
  const { memory } = sample;
  if (!memoryChart) {
    memoryChart = new Chart('Memory', [
      { label: 'reserved', colour: 'reserved', format: size },
      { label: 'in use', colour: 'used', format: size },
      { label: 'limit', colour: 'bad', format: size, dashed: true },
    ]);
    delayChart = new Chart(
      'Delay that the limiter asks for',
      [{ label: 'delay', colour: 'writing', format: nanos }],
      { binary: false, axis: (delay) => (delay === 0 ? '0' : nanos(delay)), least: 1e6 },
    );
    byId('history').append(memoryChart.element, delayChart.element);
  }
  memoryChart.add(sample.time, [memory.reserved_bytes, memory.used_bytes, memory.effective_limit_bytes]);
  delayChart.add(sample.time, [memory.limiter?.delay_nanos ?? 0]);
}
