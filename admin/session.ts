import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import session from '@fastify/session';
import MongoStore from 'connect-mongo';
import type { FastifyInstance } from 'fastify';
import type { Ctx } from '../src/context.js';

declare module 'fastify' {
  interface Session {
    /** Set by a successful login; everything else about the account is read from the database on each request. */
    accountId?: string;
    /** The account's session number at the login; a new password or a lock raises it and so ends this session. */
    sessionVersion?: number;
  }
}

/** Name of the back office's cookie; it is sent to /admin only. */
export const COOKIE = 'nhacviec';
const WORKING_DAY_MS = 12 * 3_600_000;

/** Sessions in the database, ended after a working day; needs HTTPS in production unless PUBLIC_URL says http. */
export async function registerSession(http: FastifyInstance, ctx: Ctx): Promise<void> {
  const { conn } = ctx.db;
  // The store would build its index in the background, with nobody to hear of a failure: built here instead.
  await conn.collection('sessions').createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
  const store = MongoStore.create({ client: conn.getClient() as never, dbName: conn.name, collectionName: 'sessions', stringify: false, autoRemove: 'disabled' });
  await http.register(cookie);
  await http.register(session, {
    secret: ctx.config.SESSION_SECRET?.reveal() ?? Buffer.from(ctx.random.bytes(32)).toString('hex'),
    cookieName: COOKIE,
    store: store as never,
    saveUninitialized: false,
    rolling: false,
    cookie: { path: '/admin', httpOnly: true, sameSite: 'lax', secure: needsHttps(ctx) ? true : 'auto', maxAge: WORKING_DAY_MS },
  });
  await http.register(formbody);
}

/** True where the cookie travels over HTTPS only. */
export const needsHttps = ({ config }: Pick<Ctx, 'config'>): boolean =>
  config.NODE_ENV === 'production' ? !config.PUBLIC_URL?.startsWith('http://') : Boolean(config.PUBLIC_URL?.startsWith('https://'));
