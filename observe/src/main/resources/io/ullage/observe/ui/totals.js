// The row of tiles at the top: the program in six figures.

import { byId, setFigure, setText } from './dom.js';
import { count, nanos, percent, size } from './format.js';

/** Shows the totals of a sample. */
export function showTotals(sample) {
  const { memory, queues } = sample;
  const root = memory.components.root.total;
  figure('total-reserved', memory.reserved_bytes, size);
  const limit = memory.effective_limit_bytes;
  setText(
    byId('total-limit'),
    limit === null ? 'no limit' : `${percent(memory.reserved_bytes / Math.max(1, limit))} of ${size(limit)}`,
  );
  figure('total-used', memory.used_bytes, size);
  setText(byId('total-objects'), `${count(root.allocated_objects_total - root.deallocated_objects_total)} objects`);
  figure('total-pool', memory.pool_bytes, size);
  figure('total-disk', sum(queues, 'spilled_bytes'), size);
  setText(byId('total-disk-rate'), `${size(sum(queues, 'spilled_bytes_total'))} spilled so far`);
  figure('total-delay', memory.limiter?.delay_nanos ?? 0, (delay) => (delay === 0 ? 'at rest' : nanos(delay)));
  setText(
    byId('total-delayed'),
    memory.limiter ? `${nanos(memory.limiter.delayed_nanos_total)} asked so far` : 'none is registered',
  );
  figure('total-refusals', root.refusals_total, count);
  setText(byId('total-waited'), `${nanos(root.backpressure_nanos_total)} waited for room`);
}

function figure(id, value, format) {
  setFigure(byId(id), value, format(value));
}

function sum(queues, field) {
  return queues.reduce((total, queue) => total + (queue[field] ?? 0), 0);
}
