import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { configurableChannels, missingForChannel } from '../../src/config.js';
import { because, type Ctx } from '../../src/context.js';
import type { ChannelDesk, ConsentAsker } from '../../src/delivery/channel-desk.js';
import { sendTest } from '../../src/delivery/notices/send-test.js';
import { zbsTemplateDetail } from './template-detail.js';
import { DomainError, isDomainError } from '../../src/kernel/errors.js';
import { mustBeAllowed } from '../../src/people/policy.js';
import { currentUser, type CurrentUser } from '../current.js';
import { channelWords, wordOf } from '../locale/words.js';
import { channelView } from './channel-view.js';
import { smsPreview } from './sms-preview.js';
import { consentPage, type ConsentResult } from './consent-page.js';

/** Minted by the page; pressing twice sends one test. */
const pressSchema = z.object({ nonce: z.string().regex(/^[A-Za-z0-9-]{16,64}$/) });

/** Data and buttons of the page "Kênh", and the way to Zalo's permission page and back. Each checks the role by the policy. */
export function registerChannelRoutes(http: FastifyInstance, ctx: Ctx, desk: ChannelDesk): void {
  http.get('/admin/api/office/channels', () => channelView(because(ctx, 'admin:read'), me().actor, desk));
  http.get<{ Params: { id: string } }>('/admin/api/office/zbs-templates/:id', ({ params }) => zbsTemplateDetail(because(ctx, 'admin:read'), me().actor, params.id));

  // Reads only, and too long for an address.
  http.post('/admin/api/office/sms-preview', ({ body }) => smsPreview(because(ctx, 'admin:read'), me().actor, body));

  http.post<{ Params: { channel: string } }>('/admin/api/office/channels/:channel/test', async ({ params, body }) => {
    const user = me();
    mustBeAllowed(user.actor, 'channel.write');
    const channel = configurableChannels.find((name) => name === params.channel);
    const press = pressSchema.safeParse(body);
    if (!channel || !press.success) throw new DomainError('input-invalid', { path: 'channel', expected: 'một kênh của hệ thống' });
    if (missingForChannel(ctx.config, channel).length > 0) throw new DomainError('channel-off', { channel: wordOf(channelWords, channel) });
    const { person } = await sendTest(because(ctx, `admin:${String(user.account._id)}:${press.data.nonce}`), user.actor, { channel });
    return { notice: { type: 'success', message: `Đã lập tin gửi thử qua ${wordOf(channelWords, channel)} tới đồng chí ${person.name}. Kết quả hiện ở trang này sau ít giây.` } };
  });

  // The page goes there by itself: a form may not leave this site.
  http.post('/admin/api/office/zalo-consent', async (request) => ({ url: await desk.consent.start(because(ctx, `admin:consent:${request.id}`), askerOf(request)) }));

  http.get('/admin/zalo/callback', async (request, reply) => {
    const result = await finish(because(ctx, `admin:consent:${request.id}`), desk, request);
    return reply.code(result.kind === 'granted' ? 200 : result.kind === 'forbidden' ? 403 : 400).type('text/html; charset=utf-8').send(consentPage(result));
  });
}

async function finish(ctx: Ctx, desk: ChannelDesk, request: FastifyRequest): Promise<ConsentResult> {
  const query = (request.query ?? {}) as Record<string, unknown>;
  const text = (name: string): string => (typeof query[name] === 'string' ? query[name].slice(0, 2000) : '');
  try {
    return await desk.consent.finish(ctx, askerOf(request), { state: text('state'), code: text('code'), oaId: text('oa_id') });
  } catch (error) {
    if (isDomainError(error) && error.code === 'forbidden') return { kind: 'forbidden' };
    ctx.log.error({ event: 'zalo-consent-failed', err: error }, 'a consent could not be stored');
    return { kind: 'not-stored' };
  }
}

function me(): CurrentUser {
  const user = currentUser();
  if (!user) throw new DomainError('not-signed-in');
  return user;
}

const askerOf = (request: FastifyRequest): ConsentAsker => {
  const { actor, account } = me();
  return { actor, accountId: String(account._id), sessionId: request.session.sessionId };
};
