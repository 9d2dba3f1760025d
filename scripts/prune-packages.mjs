// Takes out of node_modules what the image never reads: native binaries of other machines, source
// maps, type declarations. Fails when a binary of this machine is not where it is expected.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const modules = 'node_modules';
const { platform, arch } = process;

const binaries = join(modules, 'onnxruntime-node', 'bin', 'napi-v3');
for (const system of readdirSync(binaries)) {
  for (const machine of readdirSync(join(binaries, system))) {
    const isOwn = system === platform && machine === arch;
    if (!isOwn) rmSync(join(binaries, system, machine), { recursive: true });
  }
}
if (!existsSync(join(binaries, platform, arch, 'onnxruntime_binding.node'))) {
  throw new Error(`onnxruntime-node has no binary for ${platform} ${arch}`);
}

for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && /\.(?:map|d\.[cm]?ts|tsbuildinfo)$/.test(entry.name)) {
    rmSync(join(entry.parentPath, entry.name));
  }
}
