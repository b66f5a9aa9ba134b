/** Runs a bench by its name: `npm run bench -- write`. */
const BENCHES = ['import', 'render', 'signin', 'write', 'fanout'] as const;

const name = BENCHES.find((bench) => bench === process.argv[2]);
if (name === undefined) {
  console.error(`Which bench? There are: ${BENCHES.join(', ')}.`);
  process.exitCode = 1;
} else {
  // Each reads its own arguments from the third on, as when it is run alone.
  process.argv.splice(2, 1);
  await import(name === 'write' || name === 'fanout' ? `./${name}/main.ts` : `./${name}.ts`);
}
