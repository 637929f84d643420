// Measure bpmn-engine on the diagrams given as JSON on standard input: microseconds a step.
import { readFileSync } from 'node:fs';
import { EventEmitter } from 'node:events';
import { Engine } from 'bpmn-engine';

const { loop, rounds, probes, branches, chain, seconds, tries } = JSON.parse(readFileSync(0, 'utf8'));

// Start an instance; `complete` signals the task that waits longest.
const started = async (source, onEnd = () => {}) => {
  const waiting = [];
  const listener = new EventEmitter();
  listener.on('activity.wait', (task) => waiting.push(task));
  const engine = new Engine({ source });
  engine.once('end', onEnd);
  await engine.execute({ listener, variables: { done: false } });
  return { waiting, complete: () => waiting.shift().signal() };
};
const elapsed = (start, count) => (performance.now() - start) * 1000 / count;

const atRound = async (round) => {
  const instance = await started(loop);
  for (let n = 1; n < round; n++) instance.complete();
  const start = performance.now();
  for (let n = 0; n < probes; n++) instance.complete();
  return elapsed(start, probes);
};
const ofBranches = async ([count, source]) => {
  const instance = await started(source);
  const start = performance.now();
  for (let n = 0; n < count; n++) instance.complete();
  return elapsed(start, count);
};
const instancesPerSecond = async () => {
  let count = 0;
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) {
    const instance = await started(chain);
    while (instance.waiting.length) instance.complete();
    count++;
  }
  return count * 1000 / (performance.now() - start);
};

const best = async (work, given) => {
  const found = [];
  for (let n = 0; n < tries; n++) found.push(await work(given));
  return Math.min(...found);
};

const answer = { loop: [], branches: [], instances: 0 };
for (const round of rounds) answer.loop.push(await best(atRound, round));
for (const one of branches) answer.branches.push(await best(ofBranches, one));
answer.instances = await instancesPerSecond();
process.stdout.write(JSON.stringify(answer));
