// Contenders run in short turns: what disturbs the machine disturbs them all, and few turns of each.

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Nanoseconds an item for each contender: the median of many rounds. */
export function nanoseconds(contenders, items, { rounds = 1001, passes = 1 } = {}) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  let kept = 0;
  for (let round = -300; round < rounds; round += 1) {
    for (const [name, work] of Object.entries(contenders)) {
      const start = performance.now();
      for (let pass = 0; pass < passes; pass += 1) {
        for (let index = 0; index < items; index += 1) kept += work(index);
      }
      // The first rounds are the compiler's.
      if (round >= 0) times[name].push(((performance.now() - start) * 1e6) / (passes * items));
    }
  }
  if (kept === 0) throw new Error('nothing was done');
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
}
