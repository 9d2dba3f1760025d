import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FILE_MAX } from '@teambrain/contract/files.ts';
import {
  limits,
  type LimitName,
  type LimitOverrides,
  type LimitPolicy,
} from '@teambrain/contract/limit.ts';
import { openDataFolder } from './platform/db/folder/private-folder.ts';
import type { S3Settings } from './platform/ports/files/files.ts';
import type { ModelSettings } from './platform/ports/model/model.ts';
import { modelFrom, proxyFrom } from './config.model.ts';
import { isMostOfTheInternet, isRange } from './platform/http/proxies.ts';

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
  /** Who scrapes /metrics shows it; without one there are no metrics. */
  metricsToken: string | null;
  /** OTLP/HTTP receiver of traces. */
  tracesEndpoint: string | null;
  /** How long a stopping instance still serves after /readyz said that it is not ready. */
  drainSeconds: number;
  /** Folder of uploaded files (absolute); null for `files` in the data folder. */
  filesDir: string | null;
  /** The bucket that has uploaded files; null where a folder has them. */
  s3: S3Settings | null;
  /** Bytes that files may take: each, of one person, of all. */
  fileLimits: FileLimits;
  /** Rate-limit policies with other numbers than the built-in ones. */
  limits: LimitOverrides;
  /** The language model; `none` forbids one, null leaves it to an administrator. */
  model: ModelSettings | 'none' | null;
  /** Proxy for outgoing calls to named hosts. */
  outboundProxy: string | null;
}

/** Bytes. */
export interface FileLimits {
  each: number;
  person: number;
  all: number;
}

/** Where the data is: the part of the environment that command-line tools need. */
export type Storage = Pick<Config, 'dataDir' | 'databaseUrl' | 'filesDir' | 's3'>;

/** A setting that cannot be used; the message says what to set. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

type Environment = Record<string, string | undefined>;

const SECRET_MIN_BYTES = 32;
/** Words of examples anywhere; six letters or more, which random text does not hold by chance. */
const EXAMPLE =
  /^test|your[-_ ]|change|example|secret|password|default|replace|insert|teambrain|01234567|abcdefgh|qwerty/i;
/** Random text of 32 characters has more; one word over and over has fewer. */
const MIN_DISTINCT = 10;

/**
 * Reads the environment (docs/guides/configuration.md). Each name can also be given as NAME_FILE.
 * @throws ConfigError for an empty, invalid or unsafe value, and for one this version does not know
 */
export function readConfig(env: Environment): Config {
  const read = reader(env);
  const { dataDir, databaseUrl, filesDir, s3 } = readStorage(env);
  return {
    port: portFrom(read('PORT')),
    host: read('HOST') ?? '127.0.0.1',
    dataDir,
    databaseUrl,
    filesDir,
    s3,
    fileLimits: {
      each: bytesFrom('FILE_MAX_MB', read('FILE_MAX_MB'), FILE_MAX),
      person: bytesFrom('FILES_PERSON_MB', read('FILES_PERSON_MB'), 5_000 * MEGABYTE),
      all: bytesFrom('FILES_TOTAL_MB', read('FILES_TOTAL_MB'), 50_000 * MEGABYTE),
    },
    redisUrl: urlFrom('REDIS_URL', read('REDIS_URL', /^rediss?:\/\/.+/)),
    baseUrl: originFrom(read('BASE_URL')),
    trustedProxies: rangesFrom(read('TRUSTED_PROXIES')),
    secret: secretFrom(read('SECRET'), databaseUrl === null ? dataDir : null),
    signUp: (read('SIGN_UP', /^(?:open|closed)$/) ?? 'open') as Config['signUp'],
    language: read('SEARCH_LANGUAGE', /^[a-z_]+$/) ?? 'english',
    logLevel: read('LOG_LEVEL', /^(?:trace|debug|info|warn|error|fatal|silent)$/) ?? 'info',
    metricsToken: tokenFrom(read('METRICS_TOKEN')),
    tracesEndpoint: urlFrom(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      read('OTEL_EXPORTER_OTLP_ENDPOINT', /^https?:\/\/[^\s]+$/),
    ),
    drainSeconds: Number(read('DRAIN_SECONDS', /^[0-5]$/) ?? 0),
    limits: limitsFrom(read('LIMITS')),
    model: modelFrom(read, (message) => new ConfigError(message)),
    outboundProxy: proxyFrom(read, (message) => new ConfigError(message)),
  };
}

/** As `readConfig`, of what says where the data is; makes no secret. @throws ConfigError */
export function readStorage(env: Environment): Storage {
  const read = reader(env);
  return {
    dataDir: read('DATA_DIR') ?? './data',
    databaseUrl: urlFrom('DATABASE_URL', read('DATABASE_URL', /^postgres(?:ql)?:\/\/.+/)),
    filesDir: folderFrom('FILES_URL', read('FILES_URL')),
    s3: bucketFrom(read),
  };
}

const S3_NAMES = ['S3_ENDPOINT', 'S3_REGION', 'S3_ACCESS_KEY', 'S3_SECRET_KEY', 'S3_STYLE'];

/** The bucket that S3_BUCKET names, with its key. */
function bucketFrom(read: ReturnType<typeof reader>): S3Settings | null {
  const bucket = read('S3_BUCKET', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
  if (bucket === null) {
    const other = S3_NAMES.find((name) => read(name) !== null);
    if (other) throw new ConfigError(`${other} is set, but S3_BUCKET is not.`);
    return null;
  }
  if (read('FILES_URL') !== null) {
    throw new ConfigError('FILES_URL and S3_BUCKET are both set: files are in one place.');
  }
  const [accessKey, secretKey] = [read('S3_ACCESS_KEY'), read('S3_SECRET_KEY')];
  if (accessKey === null || secretKey === null) {
    throw new ConfigError('With S3_BUCKET, S3_ACCESS_KEY and S3_SECRET_KEY are required.');
  }
  const region = read('S3_REGION', /^[a-z0-9-]{1,40}$/) ?? 'us-east-1';
  const endpoint = read('S3_ENDPOINT') ?? `https://s3.${region}.amazonaws.com`;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new ConfigError('S3_ENDPOINT must be like https://s3.example.org:3900, without a key.');
  }
  const style = (read('S3_STYLE', /^(?:path|host)$/) ?? 'path') as S3Settings['style'];
  return { bucket, endpoint: url.href.replace(/\/$/, ''), region, accessKey, secretKey, style };
}

/** `file:///srv/files` → /srv/files */
function folderFrom(name: string, value: string | null): string | null {
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol !== 'file:' || url.host !== '' || url.pathname === '/') {
    throw new ConfigError(`${name} must name a folder, like file:///srv/teambrain-files.`);
  }
  return fileURLToPath(url);
}

const MEGABYTE = 1_048_576;

/** A number of megabytes as bytes. */
function bytesFrom(name: string, value: string | null, otherwise: number): number {
  if (value === null) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new ConfigError(`${name} must be a whole number of megabytes, e.g. 25.`);
  }
  return Number(value) * MEGABYTE;
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

function portFrom(value: string | null): number {
  if (value === null) return 3000;
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw new ConfigError('PORT must be a number from 0 to 65535.');
  }
  return Number(value);
}

/** The address of a service, which its driver would otherwise refuse with a stack; it may hold a password. */
function urlFrom(name: string, value: string | null): string | null {
  if (value === null) return null;
  const parts = URL.canParse(value) ? new URL(value) : null;
  if (!parts || !isDecodable(parts.username + parts.password + parts.pathname)) {
    throw new ConfigError(
      `${name} is not a URL that can be read. Signs such as / @ # % in a password are written as %2F %40 %23 %25.`,
    );
  }
  return value;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Scheme, host and port as browsers write them in an Origin header. */
function originFrom(value: string | null): string | null {
  if (value === null) return null;
  const url = /^https?:\/\/[^/?#\s]+\/?$/i.test(value) && URL.canParse(value) && new URL(value);
  if (!url || url.username || url.password) {
    throw new ConfigError('BASE_URL must be like https://brain.example.org, without a path.');
  }
  return url.origin;
}

/** Addresses and CIDR ranges. */
function rangesFrom(value: string | null): string[] {
  const ranges = value?.split(/[, ]+/).filter(Boolean) ?? [];
  if (value !== null && (ranges.length === 0 || !ranges.every(isRange))) {
    throw new ConfigError('TRUSTED_PROXIES must be addresses or ranges, e.g. 10.0.0.0/8, ::1.');
  }
  if (isMostOfTheInternet(ranges)) {
    throw new ConfigError(
      'TRUSTED_PROXIES trusts everyone: any client could claim any address. Name the addresses of your proxies alone, e.g. 10.0.0.7 or 172.16.0.0/12.',
    );
  }
  return ranges;
}

/** A token that cannot be guessed, held to the same rule as the secret. */
function tokenFrom(value: string | null): string | null {
  if (value !== null && isWeak(value)) {
    throw new ConfigError(
      'METRICS_TOKEN must be at least 32 random bytes, e.g. from `openssl rand -base64 48`.',
    );
  }
  return value;
}

const isWeak = (value: string) =>
  Buffer.byteLength(value) < SECRET_MIN_BYTES ||
  EXAMPLE.test(value) ||
  new Set(value).size < MIN_DISTINCT;

const LIMIT = /^([a-z-]+)(?:(\.burst)?=([1-9]\d{0,6})\/([1-9]\d{0,5})|\.at-once=([1-9]\d{0,2}))$/;

/** `write=120/60, write.burst=40/5, ai.at-once=4`: quota per seconds of policies by name. */
function limitsFrom(value: string | null): LimitOverrides {
  const overrides: LimitOverrides = {};
  for (const part of value?.split(/[, ]+/).filter(Boolean) ?? []) {
    const [, name = '', burst, quota, window, atOnce] = LIMIT.exec(part) ?? [];
    const policy = Object.hasOwn(limits, name) ? (name as LimitName) : null;
    const known: LimitPolicy | null = policy && limits[policy];
    if (!policy || !known || (burst && !known.burst) || (atOnce && !known.atOnce)) {
      throw new ConfigError(
        `LIMITS must be like "write=120/60, write.burst=40/5, ai.at-once=4" (requests/seconds); it knows ${Object.keys(limits).join(', ')}.`,
      );
    }
    const numbers = { quota: Number(quota), window: Number(window) };
    const change = atOnce ? { atOnce: Number(atOnce) } : burst ? { burst: numbers } : numbers;
    overrides[policy] = { ...overrides[policy], ...change };
  }
  return overrides;
}

/** The given secret, or on the embedded default one made once and kept in the data folder (0600). */
function secretFrom(given: string | null, dataDir: string | null): string {
  if (given !== null) {
    if (isWeak(given)) {
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
    openDataFolder(dataDir);
    // Renamed when whole, so that a crash leaves no part of a secret to be used as one.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, randomBytes(48).toString('base64'), { mode: 0o600 });
    renameSync(draft, file);
  }
  chmodSync(file, 0o600);
  const secret = readFileSync(file, 'utf8').trim();
  if (Buffer.byteLength(secret) < SECRET_MIN_BYTES) {
    throw new ConfigError(`${file} is damaged. Remove it: everyone will have to sign in again.`);
  }
  return secret;
}
