/** Runs a bench by its name: `npm run bench -- write`. Without a name: the product beside its peers and its limits. */
const BENCHES = ['import', 'render', 'signin', 'write', 'fanout', 'rails', 'entities'] as const;

const [, , given] = process.argv;
const name = BENCHES.find((bench) => bench === given);
if (given === undefined || given.startsWith('--')) {
  await import('./peers/main.js');
} else if (name === undefined) {
  console.error(
    `Which bench? There are: ${BENCHES.join(', ')}. Without a name: all works, beside the peers.`,
  );
  process.exitCode = 1;
} else {
  // Each reads its own arguments from the third on, as when it is run alone.
  process.argv.splice(2, 1);
  await import(
    ['write', 'fanout', 'rails', 'entities'].includes(name) ? `./${name}/main.ts` : `./${name}.ts`
  );
}
