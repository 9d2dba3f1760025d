import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

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

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
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
