// What the program says: each endpoint once, together. Paths are relative, so that the page works wherever it is mounted.

const PATIENCE_MS = 5000;

async function json(path) {
  const answer = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS), cache: 'no-store' });
  // Health answers 503 with the same shape.
  if (!answer.ok && answer.status !== 503) {
    throw new Error(`${path} answered ${answer.status}`);
  }
  return answer.json();
}

/** Everything that the page shows, as of now. */
export async function poll() {
  const [memory, queues, leases, pools, health] = await Promise.all(
    ['memory/status', 'queues', 'leases', 'pools', 'health'].map(json),
  );
  return {
    time: Date.now() / 1000,
    memory,
    queues: queues.queues,
    leases: leases.leases,
    pools: pools.pools,
    health,
  };
}
