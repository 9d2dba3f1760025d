import react from '@vitejs/plugin-react';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const server = process.env['TEAMBRAIN_SERVER'] ?? 'http://127.0.0.1:3000';

/**
 * The files of the built app. Libraries that change on their own schedule get files of their own, so
 * that caches last. What every page needs is one file, what the frame needs beyond it another, and
 * what a space and its chat need the third: a file for each shared module would be 70 requests before the first message is seen.
 */
const chunks = [
  { name: 'react', test: /node_modules[\\/](?:react|react-dom|scheduler)[\\/]/, priority: 4 },
  { name: 'tanstack', test: /node_modules[\\/]@tanstack[\\/](?!.*virtual)/, priority: 3 },
  {
    name: 'markdown',
    test: /node_modules[\\/](?:mdast|micromark|hast|unist|vfile|property-information|decode-named|character-entities|style-to|inline-style|devlop|longest-streak|ccount|comma-separated|space-separated|trim-lines|estree)/,
    priority: 3,
  },
  { name: 'start', test: /[\\/]src[\\/]main\.tsx$/, priority: 3 },
  {
    name: 'frame',
    test: /[\\/]src[\\/]app[\\/]frame[\\/]signed-in\.tsx$/,
    priority: 2,
  },
  {
    name: 'chat',
    test: /[\\/]src[\\/]app[\\/]pages[\\/](?:space-layout|chat-page)\.tsx$/,
    priority: 1,
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

/**
 * Leaves the table of SVG's attributes out of the renderer of Markdown, which draws HTML alone: 3 KB of
 * the first load. HTML's table takes its name.
 */
const noSvg: Plugin = {
  name: 'no-svg',
  enforce: 'pre',
  resolveId: (source, importer) =>
    source === './lib/svg.js' && importer?.includes('property-information')
      ? join(dirname(importer), 'svg as html')
      : null,
  load: (id) =>
    id.endsWith('svg as html') ? "export { html as svg } from './lib/html.js';" : null,
};

const EMOJI = ['data.json', 'messages.json'];
const emojiFile = (name: string) => readFileSync(resolve(`emojibase-data/en/${name}`));

/** Serves the names and groups of emoji, which the picker (src/ui/emoji) loads when it opens. */
const emoji: Plugin = {
  name: 'emoji',
  generateBundle() {
    for (const name of EMOJI) {
      this.emitFile({ type: 'asset', fileName: `emoji/en/${name}`, source: emojiFile(name) });
    }
  },
  configureServer({ middlewares }) {
    for (const name of EMOJI) {
      middlewares.use(`/emoji/en/${name}`, (_, response) => response.end(emojiFile(name)));
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), font, emoji, noSvg],
  resolve: {
    alias: [{ find: /^typebox$/, replacement: join(import.meta.dirname, 'no-schemas.ts') }],
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: true,
    // data: URLs and inline scripts would need a laxer Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
  },
  server: {
    port: 5173,
    // Host stays what the browser asked for: the server compares Origin with it.
    proxy: { '/api': { target: server, ws: true }, '/files': { target: server } },
  },
});
