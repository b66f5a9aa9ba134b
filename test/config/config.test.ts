import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.js';

describe('the configuration', () => {
  test('needs nothing to be set', () => {
    expect(readConfig({})).toMatchObject({ port: 4000, host: 'localhost', demo: true, production: false });
  });

  test('takes an empty variable for one that is not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 4000, databaseUrl: undefined });
  });

  test('does not change after it was read', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  test.for([
    [{ PORT: 'abc' }, 'PORT must be a whole number from 0 to 65535, not "abc".'],
    [{ PORT: ' ' }, 'PORT must be a whole number from 0 to 65535, not " ".'],
    [{ PORT: '0x10' }, 'PORT must be a whole number from 0 to 65535, not "0x10".'],
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535, not "65536".'],
    [{ TIDINGS_DEMO: 'no' }, 'TIDINGS_DEMO must be one of 0, 1, not "no".'],
    [{ TIDINGS_DEMO_REPLAY: '1', TIDINGS_POOL_SIZE: '1' }, 'TIDINGS_POOL_SIZE must be 2 or more.'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of'],
    [{ NODE_ENV: 'production' }, 'AUTH_SECRET is required in production'],
    [
      { TIDINGS_MAX_COST: '20000' },
      'TIDINGS_THROTTLE_READER must have at least as many points as one operation may cost: TIDINGS_MAX_COST, 20000.',
    ],
    [{ TIDINGS_THROTTLE_READER: '10000' }, 'TIDINGS_THROTTLE_READER must be points/points a second, such as'],
    [{ TIDINGS_THROTTLE_READER: '999/1' }, 'not "999/1".'],
    [{ TIDINGS_THROTTLE_READER: '1000/0' }, 'not "1000/0".'],
    [{ TIDINGS_THROTTLE_READER: '1000/1000000001' }, 'not "1000/1000000001".'],
    [{ TIDINGS_PORT: '1' }, 'TIDINGS_PORT is not a setting of Tidings. There are: PORT,'],
    [{ TRUSTED_PROXIES: 'all' }, 'TRUSTED_PROXIES must be addresses or ranges joined by commas'],
    [{ TRUSTED_PROXIES: '10.0.0.0/33' }, 'not "10.0.0.0/33".'],
    [{ TRUSTED_PROXIES: '127.0.0.1,' }, 'not "127.0.0.1,".'],
    [{ TRUSTED_PROXIES: '1' }, 'not "1".'],
    [{ DATABASE_URL: 'postgres://h/d?statement_timeout=60000' }, 'TIDINGS_STATEMENT_TIMEOUT_MS is for that'],
    [{ TRUSTED_PROXIES: '127.1' }, 'not "127.1".'],
    [{ TRUSTED_PROXIES: '10/8' }, 'not "10/8".'],
    [{ ALLOWED_ORIGINS: '*' }, 'ALLOWED_ORIGINS must be origins joined by commas'],
    [{ ALLOWED_ORIGINS: 'https://a.example/' }, 'without a slash at the end, not "https://a.example/".'],
  ] as const)('refuses %j and says why in one line', ([env, why]) => {
    expect(() => readConfig(env)).toThrow(ConfigError);
    expect(() => readConfig(env)).toThrow(why);
    expect(() => readConfig(env)).toThrow(/^[^\n]+$/);
  });

  test('takes a bucket as points and points a second', () => {
    expect(readConfig({ TIDINGS_THROTTLE_API_TOKEN: '1000/1' }).throttle).toMatchObject({
      API_TOKEN: { maximum: 1000, restoreRate: 1 },
      READER: { maximum: 10_000, restoreRate: 1000 },
    });
  });

  test('takes proxies by address and by range', () => {
    expect(readConfig({ TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,::1,2001:db8::/32' }).trustedProxies).toEqual(
      ['127.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32'],
    );
  });

  test.for([
    { AUTH_SECRET: 'hush' },
    { AUTH_SECRET_PREVIOUS: 'hush' },
    { DATABASE_URL: 'mysql://u:hush@h/d' },
    { REDIS_URL: 'http://u:hush@h/0' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'htp://u:hush@c' },
  ])('never repeats a secret: %j', (env) => {
    expect(() => readConfig(env)).toThrow(/^((?!hush).)*$/);
  });
});
