// The import arrows of ARCHITECTURE.md, by dependency-cruiser; fails if it saw no modules.
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import config from '../.dependency-cruiser.mjs';

const folders = ['contract/src', 'client/src', 'server/src', 'web/src'];
const { output } = await cruise(
  folders,
  { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true },
  undefined,
  { tsConfig: extractTSConfig('tsconfig.base.json') },
);
const own = output.modules.filter(({ source }) => folders.some((f) => source.startsWith(f)));
if (own.length < 100) {
  console.log(`only ${own.length} modules were seen: this check looked in the wrong place`);
  process.exit(1);
}
for (const { rule, from, to, cycle } of output.summary.violations) {
  console.log(`${rule.name}: ${from} → ${cycle ? cycle.map(({ name }) => name).join(' → ') : to}`);
}
console.log(`${own.length} modules, ${output.summary.violations.length} violations`);
process.exit(output.summary.violations.length > 0 ? 1 : 0);
