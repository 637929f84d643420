// Measure feelin on the expressions given as JSON on standard input: microseconds each.
import { readFileSync } from 'node:fs';
import { evaluate, parseExpression } from 'feelin';

const { cases } = JSON.parse(readFileSync(0, 'utf8'));
const timed = (work) => {
  for (let n = 0; n < 20; n++) work();
  const end = performance.now() + 500;
  const start = performance.now();
  let rounds = 0;
  while (performance.now() < end) { work(); rounds++; }
  return (performance.now() - start) * 1000 / rounds;
};
const answer = {};
for (const [name, [text, context]] of Object.entries(cases)) {
  answer[name] = {
    whole: timed(() => evaluate(text, context)),
    parse: timed(() => parseExpression(text, context)),
  };
}
process.stdout.write(JSON.stringify(answer));
