// Amounts as the commands print them: binary units, one decimal, so that columns do not jump.

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** A size in bytes, a number or a BigInt. */
export function size(bytes) {
  const exact = Number(bytes);
  const magnitude = Math.abs(exact);
  if (magnitude < 1024) {
    return `${exact} B`;
  }
  let amount = magnitude / 1024;
  let unit = 0;
  while (amount >= 1023.95 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${exact < 0 ? '−' : ''}${amount.toFixed(1)} ${UNITS[unit]}`;
}

/** A size on an axis: without a decimal where there is none. */
export function axisSize(bytes) {
  return size(bytes).replace('.0 ', ' ');
}

/** A whole number with separators. */
export function count(number) {
  return Number(number).toLocaleString('en-US');
}

/** A duration in nanoseconds, at two or three digits. */
export function nanos(duration) {
  if (duration === 0) {
    return '0 s';
  }
  if (duration < 1e3) {
    return `${duration} ns`;
  }
  if (duration < 1e6) {
    return `${(duration / 1e3).toFixed(0)} µs`;
  }
  if (duration < 1e9) {
    return `${(duration / 1e6).toFixed(1)} ms`;
  }
  return duration < 120e9 ? `${(duration / 1e9).toFixed(1)} s` : `${(duration / 60e9).toFixed(1)} min`;
}

/** A share in percent. */
export function percent(share) {
  return `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %`;
}

/** A time of day. */
export function clock(date) {
  return date.toLocaleTimeString('en-GB');
}
