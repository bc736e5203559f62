import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { ConfigError, readConfig, settings } from '../../src/config.js';

const documented = readFileSync('.env.example', 'utf8')
  .split('\n')
  .flatMap((line) => /^([A-Z][A-Z0-9_]*)=/.exec(line)?.[1] ?? []);

test('.env.example documents exactly the settings that are read', () => {
  expect([...documented].sort()).toEqual(Object.keys(settings.shape).sort());
});

test('the defaults in .env.example are the real defaults', () => {
  const given = Object.fromEntries(readFileSync('.env.example', 'utf8').split('\n').flatMap((line) => { const m = /^([A-Z]\w*)=(.+)$/.exec(line); return m ? [[m[1], m[2]]] : []; })) as Record<string, string>;
  expect(readConfig({ ...given, NODE_ENV: 'development' })).toEqual(readConfig({}));
});

test('all mistakes are told at once, by variable, without values', () => {
  const attempt = () => readConfig({ PORT: 'seven', TELEGRAM_BOT_TOKEN: 'not a token', SESSION_SECRET: 'short', QUIET_HOURS: '9pm', LOG_LEVEL: 'loud' });
  expect(attempt).toThrow(ConfigError);
  try {
    attempt();
  } catch (error) {
    const { problems, message } = error as ConfigError;
    expect(problems.map((p) => p.variable).sort()).toEqual(['LOG_LEVEL', 'PORT', 'QUIET_HOURS', 'SESSION_SECRET', 'TELEGRAM_BOT_TOKEN']);
    expect(message).not.toContain('not a token');
    expect(message).not.toContain('short\n');
  }
});

test('production refuses to start without a database decision and a session secret', () => {
  expect(() => readConfig({ NODE_ENV: 'production' })).toThrow(/MONGODB_URI[\s\S]*|SESSION_SECRET/);
  expect(() => readConfig({ NODE_ENV: 'production', SESSION_SECRET: 'x'.repeat(32), ALLOW_EMBEDDED_IN_PRODUCTION: 'true' })).not.toThrow();
});

test('secrets are hidden in every way of printing', () => {
  const config = readConfig({ API_TOKEN: 'very-secret-token-123', MONGODB_URI: 'mongodb://u:pass-word@h/db' });
  for (const shown of [JSON.stringify(config), inspect(config, { depth: 9 }), `${String(config.API_TOKEN)}`]) {
    expect(shown).not.toContain('very-secret-token');
    expect(shown).not.toContain('pass-word');
  }
});
