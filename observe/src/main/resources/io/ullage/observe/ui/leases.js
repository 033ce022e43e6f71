// The leases that the program holds, with the time that each has left, and the leaks that its pools have found.

import { byId, make, setFigure, setText } from './dom.js';
import { count, size } from './format.js';

/** The longest remaining time seen of each lease: its meter's full length. */
const longest = new Map();

/** Shows every lease. */
export function showLeases(managers) {
  const leases = managers.flatMap((manager) => manager.leases ?? []);
  byId('lease-table').hidden = leases.length === 0;
  byId('no-leases').hidden = leases.length > 0;
  const sum = (field) => managers.reduce((total, manager) => total + (manager[field] ?? 0), 0);
  const lost = managers.reduce(
    (total, manager) => total + Object.values(manager.lost_total ?? {}).reduce((a, b) => a + b, 0),
    0,
  );
  setText(
    byId('lease-counts'),
    managers.length === 0
      ? ''
      : `${count(sum('acquired_total'))} acquired, ${count(sum('renewed_total'))} renewed, ${count(lost)} lost`,
  );
  byId('leases').replaceChildren(...leases.map(leaseRow));
}

function leaseRow(lease) {
  const most = Math.max(lease.remaining_ms, longest.get(lease.key) ?? 0, 1);
  longest.set(lease.key, most);
  const meter = make('meter');
  meter.max = most;
  meter.low = most / 4;
  meter.optimum = most;
  meter.value = Math.max(0, lease.remaining_ms);
  meter.setAttribute('aria-label', 'remaining time');
  const remaining = make('span');
  setFigure(remaining, lease.remaining_ms, `${(Math.max(0, lease.remaining_ms) / 1000).toFixed(1)} s`);
  const row = make(
    'tr',
    '',
    make('td', 'code wide', lease.key),
    labelled('token', make('td', 'number', String(lease.token))),
    make('td', 'remaining wide', remaining, meter),
    labelled('renewals', make('td', 'number', count(lease.renewals))),
  );
  row.dataset.lease = lease.key;
  return row;
}

/** Says on a narrow screen, where there are no column heads, what a cell is. */
function labelled(label, cell) {
  cell.dataset.label = label;
  return cell;
}

/** Shows every leak that is known. */
export function showLeaks(pools) {
  const leaks = pools.flatMap((pool) => pool.leaks ?? []);
  const found = pools.reduce((total, pool) => total + (pool.leaks_total ?? 0), 0);
  byId('leak-table').hidden = leaks.length === 0;
  byId('no-leaks').hidden = leaks.length > 0;
  setText(byId('leak-counts'), found === 0 ? '' : `${count(found)} in all, the latest ${leaks.length} shown`);
  byId('leaks').replaceChildren(
    ...leaks.map((leak) =>
      make(
        'tr',
        '',
        make('td', 'wide', leak.component),
        make('td', '', leak.kind.replaceAll('_', ' ')),
        make('td', 'number', size(leak.charged_bytes)),
        make('td', 'code wide', leak.site ?? 'not recorded'),
      ),
    ),
  );
}
