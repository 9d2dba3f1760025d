import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import noUnsanitized from 'eslint-plugin-no-unsanitized';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { ownLines } from './scripts/lint-own-lines.mjs';

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/.test-build-*/**',
      '**/node_modules/**',
      'data/**',
      'web/public/**',
      'vitest.config.ts',
      '**/playwright-report/**',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: dirname(fileURLToPath(import.meta.url)),
      },
    },
    plugins: {
      'no-unsanitized': noUnsanitized,
      teambrain: { rules: { 'own-lines': ownLines } },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/require-await': 'off',
      // Factories return objects whose methods are closures: none of them uses `this`.
      '@typescript-eslint/unbound-method': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-console': ['error', { allow: ['error'] }],
      'no-unsanitized/method': 'error',
      'no-unsanitized/property': 'error',
      'max-lines': ['error', { max: 400 }],
    },
  },
  {
    files: ['{contract,client,server,web}/src/**/*.{ts,tsx}'],
    ignores: ['**/*.{test,suite}.{ts,tsx}', '**/testing/**'],
    rules: { 'teambrain/own-lines': ['error', 60] },
  },
  {
    // Half of a component is markup, one attribute a line.
    files: ['web/src/**/*.tsx'],
    ignores: ['**/*.test.tsx'],
    rules: { 'teambrain/own-lines': ['error', 90] },
  },
  {
    files: ['web/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    files: ['server/src/**/*.ts'],
    ignores: [
      'server/src/main.ts',
      'server/src/{seed/{seed,sample},cli/cli}.ts',
      '**/testing/**',
      '**/*.test.ts',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only main.ts reads the environment.' },
      ],
    },
  },
  {
    files: [
      '**/*.test.ts',
      '**/*.test.tsx',
      '**/testing/**',
      'server/test/**',
      'e2e/**',
      'bench/**',
    ],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },
  {
    // Scripts are no part of a TypeScript project: no rule that needs types, and they print.
    files: ['**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
    rules: { 'no-console': 'off' },
  },
);
