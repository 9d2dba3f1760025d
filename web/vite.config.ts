import react from '@vitejs/plugin-react';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineConfig, type Plugin } from 'vite';

const server = process.env['TEAMBRAIN_SERVER'] ?? 'http://127.0.0.1:3000';

/** Libraries that change on their own schedule get files of their own, so that caches last. */
const vendors = [
  { name: 'react', test: /node_modules[\\/](?:react|react-dom|scheduler)[\\/]/, priority: 4 },
  { name: 'tanstack', test: /node_modules[\\/]@tanstack[\\/](?!.*virtual)/, priority: 3 },
  { name: 'schema', test: /node_modules[\\/]typebox[\\/]|[\\/]contract[\\/]src[\\/]/, priority: 3 },
  {
    name: 'markdown',
    test: /node_modules[\\/](?:react-markdown|remark|mdast|micromark|hast|unist|unified|vfile|property-information|markdown-table|decode-named|character-entities|style-to|inline-style|html-url|devlop|bail|trough|longest-streak|ccount|zwitch|comma-separated|space-separated|trim-lines|estree)/,
    priority: 3,
  },
];

const { resolve } = createRequire(import.meta.url);

/** Asks for the font of the first letters before the styles do, and lays its licence beside it. */
const font: Plugin = {
  name: 'font',
  apply: 'build',
  generateBundle() {
    const source = readFileSync(resolve('@fontsource-variable/inter/LICENSE'));
    this.emitFile({ type: 'asset', fileName: 'assets/inter-licence.txt', source });
  },
  transformIndexHtml: (_, { bundle = {} }) => {
    const file = Object.keys(bundle).find((name) => /inter-latin-wght-.*\.woff2$/.test(name));
    if (!file) throw new Error('The font is not in the bundle');
    const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}` };
    return [{ tag: 'link', attrs: { ...attrs, crossorigin: true }, injectTo: 'head' }];
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), font],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: true,
    // data: URLs and inline scripts would need a laxer Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: vendors } } },
  },
  server: {
    port: 5173,
    // Host stays what the browser asked for: the server compares Origin with it.
    proxy: { '/api': { target: server, ws: true } },
  },
});
