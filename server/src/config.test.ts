import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const GOOD = 'Zm9yIHRlc3RzIG9ubHksIGJ1dCBsb25nIGVub3VnaCBmb3I=';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'teambrain-config-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

const read = (env: Record<string, string>) => readConfig({ DATA_DIR: folder, ...env });
const file = (name: string) => join(folder, name);

describe('without any setting', () => {
  it('runs embedded on the loopback address, with a secret of its own', () => {
    const config = read({});
    expect(config).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: null,
      redisUrl: null,
      baseUrl: null,
      trustedProxies: [],
      signUp: 'open',
      language: 'english',
    });
    expect(Buffer.from(config.secret, 'base64')).toHaveLength(48);
  });

  it('makes the secret once, for the owner’s eyes alone, and keeps it', () => {
    const { secret } = read({ DATA_DIR: file('new/folder') });
    const stored = file('new/folder/secret');
    expect(readFileSync(stored, 'utf8')).toBe(secret);
    expect(statSync(stored).mode & 0o777).toBe(0o600);
    expect(statSync(file('new/folder')).mode & 0o077).toBe(0);
    chmodSync(stored, 0o644);
    expect(read({ DATA_DIR: file('new/folder') }).secret).toBe(secret);
    expect(statSync(stored).mode & 0o777).toBe(0o600);
    expect(read({ DATA_DIR: file('other') }).secret).not.toBe(secret);
  });

  it.each(['', '   ', 'torn', '\n'])('does not run on the damaged secret "%s"', (text) => {
    writeFileSync(file('secret'), text);
    expect(() => read({})).toThrow(/is damaged/);
  });
});

describe('a setting that cannot be used', () => {
  it.each([
    'PORT',
    'HOST',
    'DATABASE_URL',
    'REDIS_URL',
    'BASE_URL',
    'TRUSTED_PROXIES',
    'SECRET',
    'SIGN_UP',
    'SEARCH_LANGUAGE',
    'LOG_LEVEL',
    'METRICS_TOKEN',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'DRAIN_SECONDS',
    'LIMITS',
  ])('is an empty or blank %s', (name) => {
    for (const blank of ['', '  ', '\t\n']) {
      expect(() => read({ [name]: blank })).toThrow(`${name} is set but empty`);
    }
  });

  it.each([
    ['PORT', ['70000', '-1', '3000a', '1.5', '0x10']],
    ['DATABASE_URL', ['mysql://db/x', 'postgres://', 'db.example.org']],
    ['REDIS_URL', ['http://redis', 'redis://', '127.0.0.1:6379']],
    ['SIGN_UP', ['yes', 'Open', 'openly']],
    ['SEARCH_LANGUAGE', ['English', 'en-US', 'x; drop table users']],
    ['LOG_LEVEL', ['verbose', 'INFO']],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', ['collector:4318', 'grpc://collector', 'true']],
    ['DRAIN_SECONDS', ['6', '-1', '1.5', '2s']],
    [
      'LIMITS',
      [
        ...['write', 'write=0/60', 'write=60', 'write=60/0', 'write=1e3/60', 'write=-1/60'],
        ...['nothing=60/60', 'read.burst=60/5', 'write.more=1/1', 'constructor=1/1', 'off'],
        ...['ai.at-once=0', 'ai.at-once=2/60', 'search.at-once=2', 'ai.at-once'],
      ],
    ],
    [
      'TRUSTED_PROXIES',
      [
        ...['1', 'true', '*', 'proxy.local', '10.0.0.0/33', '::1/129', '1.2.3', '/8', ','],
        ...['0.0.0.0/0', '::/0', '10.0.0.0/8 ::/00', '0.0.0.0/1,128.0.0.0/1', '::/1, 8000::/1'],
      ],
    ],
    [
      'BASE_URL',
      [
        'brain.example.org',
        'ftp://brain.example.org',
        'https://',
        'https://brain.example.org/path',
        'https://brain.example.org?x=1',
        'https://brain.example.org#x',
        'https://me:secret@brain.example.org',
        'https://exa mple.org',
        'https://brain.example.org:99999',
        'javascript:alert(1)//',
      ],
    ],
  ])('is a %s of another form', (name, values) => {
    for (const value of values) {
      const env = { [name]: value, SECRET: GOOD };
      expect(() => read(env), value).toThrow(ConfigError);
      expect(() => read(env), value).toThrow(name);
    }
  });

  it('is a secret that is short, an example, or missing beside a database of one’s own', () => {
    const examples = [
      ...['change-me-change-me-change-me-change-me', 'a'.repeat(64), 'x'.repeat(31)],
      ...['please-CHANGE-this-to-something-random', 'your-256-bit-key-goes-here-1234567890'],
      ...['0123456789012345678901234567890123456789', 'correct horse'.repeat(9)],
      ...['my-super-secret-key-for-production-42', 'replace_with_openssl_rand_base64_48_x'],
    ];
    for (const secret of ['short', ...examples]) {
      expect(() => read({ SECRET: secret }), secret).toThrow('SECRET must be at least 32');
      expect(() => read({ METRICS_TOKEN: secret }), secret).toThrow('METRICS_TOKEN must be');
    }
    const server = { DATABASE_URL: 'postgres://user:pw@db/teambrain' };
    expect(() => read(server)).toThrow('SECRET is required');
    expect(() => read({ ...server, SECRET: 'short' })).toThrow('SECRET must be');
    expect(read({ ...server, SECRET: GOOD }).secret).toBe(GOOD);
  });

  it('is none of the secrets that random bytes make', () => {
    for (let n = 0; n < 200; n += 1) {
      const bytes = randomBytes(32);
      for (const secret of [bytes.toString('hex'), bytes.toString('base64')]) {
        expect(read({ SECRET: secret }).secret).toBe(secret);
      }
    }
  });

  it('never shows a secret in its message', () => {
    for (const name of ['SECRET', 'DATABASE_URL', 'REDIS_URL', 'METRICS_TOKEN']) {
      expect(() => read({ [name]: 'CNRY-hush' })).toThrow(/^(?!.*CNRY-hush)/);
    }
  });
});

describe('a bucket', () => {
  const keys = { S3_ACCESS_KEY: 'AK', S3_SECRET_KEY: 'of the bucket' };

  it('is taken with its defaults, and is no folder', () => {
    expect(read({ S3_BUCKET: 'team-files', S3_REGION: 'eu-central-1', ...keys })).toMatchObject({
      filesDir: null,
      s3: {
        bucket: 'team-files',
        endpoint: 'https://s3.eu-central-1.amazonaws.com',
        region: 'eu-central-1',
        accessKey: 'AK',
        secretKey: 'of the bucket',
        style: 'path',
      },
    });
    const { s3 } = read({ S3_BUCKET: 'b-1', S3_ENDPOINT: 'http://garage:3900/', ...keys });
    expect(s3).toMatchObject({ endpoint: 'http://garage:3900', region: 'us-east-1' });
    expect(read({}).s3).toBe(null);
  });

  it.each([
    [{ S3_REGION: 'eu' }, 'S3_REGION is set, but S3_BUCKET is not.'],
    [{ S3_BUCKET: 'b-1', S3_ACCESS_KEY: 'AK' }, 'S3_ACCESS_KEY and S3_SECRET_KEY are required'],
    [{ S3_BUCKET: 'b-1', FILES_URL: 'file:///srv/f', ...keys }, 'FILES_URL and S3_BUCKET are both'],
    [{ S3_BUCKET: 'Not_One', ...keys }, 'S3_BUCKET has a value that cannot be used'],
    [{ S3_BUCKET: 'b-1', S3_STYLE: 'other', ...keys }, 'S3_STYLE has a value that cannot be used'],
    [{ S3_BUCKET: 'b-1', S3_ENDPOINT: 'ftp://x', ...keys }, 'S3_ENDPOINT must be like https://'],
    [{ S3_BUCKET: 'b-1', S3_ENDPOINT: 'http://a:b@x', ...keys }, 'S3_ENDPOINT must be like'],
  ])('is refused as %j', (env, sentence) => {
    expect(() => read(env as Record<string, string>)).toThrow(sentence);
  });
});

describe('a setting in a file', () => {
  it('is read without the white space around it', () => {
    writeFileSync(file('given'), `${GOOD}\n`);
    expect(read({ SECRET_FILE: file('given') }).secret).toBe(GOOD);
    writeFileSync(file('port'), ' 8080 \n');
    expect(read({ PORT_FILE: file('port') }).port).toBe(8080);
  });

  it('must be there and hold something that can be used', () => {
    expect(() => read({ SECRET_FILE: file('none') })).toThrow('SECRET_FILE names a file');
    expect(() => read({ SECRET_FILE: '' })).toThrow('SECRET_FILE names a file');
    writeFileSync(file('blank'), '\n');
    expect(() => read({ SECRET_FILE: file('blank') })).toThrow('SECRET is set but empty');
    writeFileSync(file('short'), 'short');
    expect(() => read({ SECRET_FILE: file('short') })).toThrow('SECRET must be');
  });
});

describe('good values', () => {
  it('are taken as browsers and proxies write them', () => {
    const config = read({
      BASE_URL: 'HTTPS://Brain.Example.org:443/',
      TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8 ::1,fd00::/8',
      SIGN_UP: 'closed',
      PORT: '0',
      LIMITS: 'write=120/60, write.burst=40/5 login=20/900,ai.at-once=4',
    });
    expect(config.limits).toEqual({
      write: { quota: 120, window: 60, burst: { quota: 40, window: 5 } },
      login: { quota: 20, window: 900 },
      ai: { atOnce: 4 },
    });
    expect(config).toMatchObject({
      baseUrl: 'https://brain.example.org',
      trustedProxies: ['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'],
      signUp: 'closed',
      port: 0,
    });
  });
});

describe('the language model', () => {
  const ollama = { AI_PROVIDER: 'ollama', AI_MODEL: 'llama3.2' };
  it('is none unless a provider is named', () => {
    expect(read({}).model).toBeNull();
    expect(read({ AI_PROVIDER: 'none' }).model).toBe('none');
  });

  it('is taken with its address and key', () => {
    const baseUrl = 'http://localhost:11434/v1';
    const model = { provider: 'ollama', baseUrl, model: 'llama3.2', apiKey: null };
    expect(read(ollama).model).toEqual(model);
    writeFileSync(file('key'), 'sk-0123456789\n');
    const hosted = {
      AI_PROVIDER: 'openai-compatible',
      AI_BASE_URL: 'https://api.example.com/v1/',
      AI_MODEL: 'org/model-1:free',
      AI_API_KEY_FILE: file('key'),
    };
    expect(read(hosted).model).toMatchObject({
      baseUrl: 'https://api.example.com/v1',
      apiKey: 'sk-0123456789',
    });
  });

  it.each([
    [{ AI_PROVIDER: 'openai' }, 'AI_PROVIDER must be'],
    [{ AI_PROVIDER: '' }, 'AI_PROVIDER is set but empty'],
    [{ AI_MODEL: 'x' }, 'AI_MODEL is set, but no AI_PROVIDER'],
    [{ AI_PROVIDER: 'none', AI_API_KEY: 'x' }, 'AI_API_KEY is set, but no AI_PROVIDER'],
    [{ AI_PROVIDER: 'ollama' }, 'needs AI_MODEL'],
    [{ ...ollama, AI_MODEL: 'two words' }, 'AI_MODEL must be'],
    [{ AI_PROVIDER: 'anthropic', AI_MODEL: 'm' }, 'needs AI_API_KEY'],
    [{ ...ollama, AI_API_KEY: 'CNRY hush' }, 'AI_API_KEY holds'],
    [{ AI_PROVIDER: 'openai-compatible', AI_MODEL: 'm' }, 'needs AI_BASE_URL'],
    [{ ...ollama, AI_BASE_URL: 'ftp://x/' }, 'AI_BASE_URL must be'],
    [{ ...ollama, AI_BASE_URL: 'http://a:CNRY@x/v1' }, 'AI_BASE_URL must be'],
    [{ OUTBOUND_PROXY: 'socks://x' }, 'OUTBOUND_PROXY must be'],
  ])('is refused with a sentence for %o', (env, sentence) => {
    expect(() => read(env)).toThrow(sentence);
    expect(() => read(env)).toThrow(/^(?!.*CNRY)/);
  });
});
