import { z } from 'zod';
import type { Ctx } from '../../src/context.js';
import { retryInbound } from '../../src/inbox/retry-inbound.js';
import { officeAction } from './office-action.js';

/** "Xử lý lại" of a message that got stuck. */
export const retryInboundAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({}), async (ctx, actor, _form, id) => {
    await retryInbound(ctx, actor, { id });
    return { message: 'Đã đưa tin vào xử lý lại. Nếu vẫn lỗi, tin sẽ hiện lại ở đây sau ít phút.', redirectUrl: '/admin/resources/Inbound' };
  });
