import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything the environment decides, read once at start. */
export interface Config {
  port: number;
  host: string;
  dataDir: string;
  databaseUrl: string | null;
  redisUrl: string | null;
  baseUrl: string | null;
  trustedProxies: string[];
  secret: string;
  signUp: 'open' | 'closed';
  /** PostgreSQL text search configuration, e.g. english, german, simple. */
  language: string;
  logLevel: string;
}

/** A setting that cannot be used; the message says what to set. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

type Environment = Record<string, string | undefined>;

const SECRET_MIN_BYTES = 32;
const EXAMPLE = /^(?:change|example|secret|password|default|test)|(.)\1{15}/i;

/**
 * Reads the environment (docs/guides/configuration.md). Each name can also be given as NAME_FILE.
 * @throws ConfigError for an empty, invalid or unsafe value, and for one this version does not know
 */
export function readConfig(env: Environment): Config {
  const read = reader(env);
  const dataDir = read('DATA_DIR') ?? './data';
  const databaseUrl = read('DATABASE_URL', /^postgres(?:ql)?:\/\/.+/);
  return {
    port: Number(read('PORT', /^\d{1,5}$/) ?? 3000),
    host: read('HOST') ?? '127.0.0.1',
    dataDir,
    databaseUrl,
    redisUrl: read('REDIS_URL', /^rediss?:\/\/.+/),
    baseUrl: read('BASE_URL', /^https?:\/\/[^/]+\/?$/)?.replace(/\/$/, '') ?? null,
    trustedProxies: read('TRUSTED_PROXIES', /^[\da-fA-F.:/, ]+$/)?.split(/[, ]+/) ?? [],
    secret: secretFrom(read('SECRET'), databaseUrl === null ? dataDir : null),
    signUp: (read('SIGN_UP', /^(?:open|closed)$/) ?? 'open') as Config['signUp'],
    language: read('SEARCH_LANGUAGE', /^[a-z_]+$/) ?? 'english',
    logLevel: read('LOG_LEVEL', /^(?:trace|debug|info|warn|error|fatal|silent)$/) ?? 'info',
  };
}

/** Looks a name up, directly or in the file that NAME_FILE names. */
function reader(env: Environment) {
  return (name: string, pattern?: RegExp): string | null => {
    const file = env[`${name}_FILE`];
    const value = file === undefined ? env[name] : readSetting(`${name}_FILE`, file);
    if (value === undefined) return null;
    if (value.trim() === '') {
      throw new ConfigError(`${name} is set but empty. Give it a value or remove it.`);
    }
    if (pattern && !pattern.test(value)) {
      throw new ConfigError(
        `${name} has a value that cannot be used (expected ${pattern.source}).`,
      );
    }
    return value;
  };
}

function readSetting(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new ConfigError(`${name} names a file that cannot be read: ${file}`);
  }
}

/** The given secret, or on the embedded default one made once and kept in the data folder (0600). */
function secretFrom(given: string | null, dataDir: string | null): string {
  if (given !== null) {
    if (Buffer.byteLength(given) < SECRET_MIN_BYTES || EXAMPLE.test(given)) {
      throw new ConfigError(
        'SECRET must be at least 32 random bytes, e.g. from `openssl rand -base64 48`.',
      );
    }
    return given;
  }
  if (dataDir === null) {
    throw new ConfigError('With DATABASE_URL, SECRET is required: `openssl rand -base64 48`.');
  }
  const file = join(dataDir, 'secret');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(48).toString('base64'), { mode: 0o600, flag: 'wx' });
  }
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8');
}
