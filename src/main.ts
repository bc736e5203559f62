import { createApp } from './app.js';
import { ConfigError, readConfig, type Config } from './config.js';

/** The process: read config, create app, listen, stop cleanly. */
async function main(): Promise<void> {
  const app = await createApp(configOrExit());
  const stop = (signal: string) => {
    app.ctx.log.info({ event: 'stopping', signal }, 'stopping');
    // What cannot be finished in time stays in the database and is taken up at the next start.
    setTimeout(() => process.exit(1), 5_000).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        app.ctx.log.error({ event: 'stop-failed', err: error }, 'stop failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  const address = await app.listen();
  app.ctx.log.info({ event: 'listening', address }, 'listening');
  if (app.firstAdmin?.password) {
    console.log(`\nTài khoản quản trị đầu tiên (chỉ hiện một lần, hãy đổi mật khẩu):\n  ${address}/admin\n  ${app.firstAdmin.email}\n  ${app.firstAdmin.password}\n`);
  }
}

function configOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(78);
  }
}

await main();
