// The import arrows of ARCHITECTURE.md, by dependency-cruiser. Before it is believed it has to find
// two violations planted beside the sources, one of which is the import of an npm package.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import config from '../.dependency-cruiser.mjs';

const FOLDERS = ['contract/src', 'client/src', 'server/src', 'web/src'];
const PLANTED = {
  'server/src/features/chat/planted.service.ts': [
    "import { one } from '../spaces/planted.ts';",
    "import { sql } from 'drizzle-orm';",
    'export const planted = [one, sql];',
  ],
  'server/src/features/spaces/planted.ts': ['export const one = 1;'],
};
const EXPECTED = ['2-features-do-not-import-features', '6-sql-in-stores-only'];

/** Modules and violations of folders below `baseDir`. */
async function look(baseDir, folders) {
  const { output } = await cruise(
    folders,
    { ...config.options, baseDir, ruleSet: { forbidden: config.forbidden }, validate: true },
    undefined,
    { tsConfig: extractTSConfig('tsconfig.base.json') },
  );
  const own = output.modules.filter(({ source }) => folders.some((f) => source.startsWith(f)));
  return { own, violations: output.summary.violations };
}

/** Names of the rules that the planted violations break. */
async function findPlanted() {
  const base = join(process.cwd(), 'dist', 'planted-violations');
  for (const [file, lines] of Object.entries(PLANTED)) {
    mkdirSync(dirname(join(base, file)), { recursive: true });
    writeFileSync(join(base, file), `${lines.join('\n')}\n`);
  }
  try {
    const { violations } = await look(base, ['server/src']);
    return violations.map(({ rule }) => rule.name).sort();
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

const found = await findPlanted();
if (found.join() !== EXPECTED.join()) {
  console.log(
    `of the planted violations (${EXPECTED.join(', ')}) only “${found.join(', ')}” was seen`,
  );
  process.exit(1);
}
const { own, violations } = await look(process.cwd(), FOLDERS);
if (own.length < 100) {
  console.log(`only ${own.length} modules were seen: this check looked in the wrong place`);
  process.exit(1);
}
for (const { rule, from, to, cycle } of violations) {
  console.log(`${rule.name}: ${from} → ${cycle ? cycle.map(({ name }) => name).join(' → ') : to}`);
}
console.log(`${own.length} modules, ${violations.length} violations; both planted ones were seen`);
process.exit(violations.length > 0 ? 1 : 0);
