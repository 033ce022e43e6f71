// The arithmetic of bounds, with whole numbers of any size: what the library computes, step by step.

/** The largest amount that the library can hold; more is an overflow there. */
export const MOST = 2n ** 63n - 1n;

/** The value of an expression with changed settings, or null where it overflows. */
export function evaluate(expression, settings) {
  const value = exact(expression, settings);
  return value === null || value > MOST ? null : value;
}

function exact(expression, settings) {
  const { type, name } = expression;
  if (type === 'Config') {
    return settings.get(name);
  }
  if (expression.value !== undefined) {
    return BigInt(expression.value);
  }
  const values = expression.values.map((each) => evaluate(each, settings));
  if (values.includes(null)) {
    return null;
  }
  switch (type) {
    case 'Sum':
      return values.reduce((sum, value) => sum + value, 0n);
    case 'Product':
      return values.reduce((product, value) => product * value, 1n);
    case 'Max':
      return values.reduce((most, value) => (value > most ? value : most));
    case 'Scale':
      return (values[0] * values[1] + values[2] - 1n) / values[2];
    default:
      throw new Error(`unknown expression ${type}`);
  }
}

/** The settings of all expressions below a component, by name, with their declared values. */
export function settingsOf(bounds, settings = new Map()) {
  const collect = (expression) => {
    if (expression.type === 'Config') {
      settings.set(expression.name, BigInt(expression.value));
    }
    (expression.values ?? []).forEach(collect);
  };
  collect(bounds.min);
  collect(bounds.firm);
  below(bounds).forEach(([, each]) => settingsOf(each, settings));
  return settings;
}

/** The components directly below one. */
export function below(bounds) {
  return Object.entries(bounds).filter(([name]) => name !== 'min' && name !== 'firm');
}

/** What a component needs, itself and with all below it; null where something overflows. */
export function needsOf(bounds, settings) {
  const minimum = evaluate(bounds.min, settings);
  const firm = evaluate(bounds.firm, settings);
  let totalMinimum = minimum;
  let totalFirm = add(minimum, firm);
  for (const [, each] of below(bounds)) {
    const needs = needsOf(each, settings);
    totalMinimum = add(totalMinimum, needs.totalMinimum);
    totalFirm = add(totalFirm, needs.totalFirm);
  }
  return { minimum, firm, totalMinimum, totalFirm };
}

function add(left, right) {
  return left === null || right === null || left + right > MOST ? null : left + right;
}

/** The limit after slop: limit × (1 − slop), cut to whole bytes, the slop taken as the decimal that it is. */
export function effectiveLimit(limitBytes, slop) {
  const [, whole, decimals = ''] = /^(\d+)(?:\.(\d+))?$/.exec(slop);
  const one = 10n ** BigInt(decimals.length);
  return (limitBytes * (one - BigInt(whole + decimals))) / one;
}
