import type { Config } from '../config.js';
import type { Ctx } from '../context.js';
import type { ChannelHealth, ChannelPorts, CreateChannel } from '../delivery/channel-module.js';
import type { Delivery } from '../delivery/delivery.model.js';
import type { Download } from '../inbox/download.js';
import { personById } from '../people/receivers.js';
import { mailPartOff, mailProblem } from '../texts/mail-texts.js';
import { mailHouse } from './addresses.js';
import type { Reader } from './compose.js';
import { Mailbox } from './mailbox.js';
import { takeLetter } from './quota.js';
import { fileIn } from './read-letter.js';
import { createMailSender, createTransport } from './sender.js';
import { countFailure, lettersSetAside, MAX_FAILURES, setAsideInWords } from './set-aside.js';
import { toOutcome, type SmtpError } from './smtp-outcome.js';
import { takeLetterIn } from './take-letter.js';

/** The server is asked about itself again after so many quiet minutes. */
const VERIFY_EVERY = 10;

/** E-mail to a person or an agency's mailbox, and their answers and failures where IMAP_URL is set. Throws TypeError without SMTP_URL and MAIL_FROM. */
export const createMail: CreateChannel = (ctx, ports) => {
  const { SMTP_URL, MAIL_FROM } = ctx.config;
  if (!SMTP_URL || !MAIL_FROM) throw new TypeError('E-mail is not completely configured: the channel must stay off');
  const house = mailHouse(ctx.config);
  const transport = createTransport(SMTP_URL.reveal());
  const state: State = { smtp: null, imap: null, setAside: 0, quiet: VERIFY_EVERY };
  const stopping = new AbortController();
  const box = mailbox(ctx, ports, { report: (code) => (state.imap = code), setAside: (letters) => (state.setAside = letters) });
  const verify = async (): Promise<void> => {
    state.quiet = 0;
    try {
      await transport.verify();
      state.smtp = null;
    } catch (error) {
      state.smtp = codeOf(error as SmtpError);
    }
  };
  const running: { watch?: Promise<void> } = {};
  return {
    sender: createMailSender({
      transport, house,
      now: () => ctx.clock.now(),
      readerOf: (key) => readerOf(ctx, key),
      takeOne: () => takeLetter(ctx),
      noticed: (outcome) => {
        state.quiet = 0;
        if (outcome.kind !== 'unreachable') state.smtp = outcome.kind === 'accepted' ? null : outcome.code;
      },
    }),
    ...(box ? { download: downloadFrom(box) } : {}),
    start: async () => {
      void verify();
      running.watch = box?.watch(stopping.signal) ?? Promise.resolve();
    },
    stop: async () => {
      stopping.abort();
      transport.close();
      await box?.close();
      await running.watch;
    },
    poll: async () => {
      if (state.smtp !== null || ++state.quiet > VERIFY_EVERY) await verify();
      // What went wrong is shown as the channel's health; the next minute tries again.
      const taken = (await box?.takeIn().catch(() => 0)) ?? 0;
      if (box) state.setAside = await lettersSetAside(ctx).catch(() => state.setAside);
      return taken;
    },
    health: () => healthOf(ctx.config, state),
  };
};

interface State {
  /** Codes of what is wrong. */
  smtp: string | null;
  imap: string | null;
  /** Letters that could not be stored, of late. */
  setAside: number;
  /** Minutes in which nothing was heard of the server. */
  quiet: number;
}

function healthOf(config: Config, { smtp, imap, setAside }: State): ChannelHealth {
  const problems = [...(smtp ? [mailProblem('smtp', smtp)] : []), ...(imap ? [mailProblem('imap', imap)] : [])];
  const notes = [...(setAside > 0 ? [setAsideInWords(setAside)] : []), ...partsOff(config)];
  const problem = [...problems, ...notes].join(' ');
  return { state: problems.length > 0 ? 'failing' : 'ok', ...(problem ? { problem } : {}) };
}

/** Parts somebody began to set up. */
function partsOff(config: Config): string[] {
  const missing = (...names: (keyof Config)[]) => names.filter((name) => config[name] === undefined);
  const replies = missing('MAIL_REPLY_TO', 'MAIL_SECRET', 'IMAP_URL');
  const bounces = missing('MAIL_BOUNCE', 'MAIL_SECRET', 'IMAP_URL');
  return [
    ...(config.MAIL_REPLY_TO && replies.length > 0 ? [mailPartOff('replies', replies)] : []),
    ...(config.MAIL_BOUNCE && bounces.length > 0 ? [mailPartOff('bounces', bounces)] : []),
    ...(config.IMAP_URL && !config.MAIL_REPLY_TO && !config.MAIL_BOUNCE ? [mailPartOff('replies', replies)] : []),
  ];
}

function codeOf(error: SmtpError): string {
  const outcome = toOutcome(error, false);
  return outcome.kind === 'accepted' ? 'smtp-failed' : outcome.code;
}

/** A file of a letter that still lies in the mailbox. */
const downloadFrom = (box: Mailbox): Download => async ({ fileId = '' }) => {
  const [, name = '', number] = /^(.*)#(\d+)$/s.exec(fileId) ?? [];
  try {
    const source = await box.find(name);
    const file = source ? await fileIn(source, Number(number)) : undefined;
    return file ? { kind: 'file', bytes: file.bytes, name: file.name } : { kind: 'failed', problem: 'gone' };
  } catch {
    return { kind: 'failed', problem: 'not-downloaded' };
  }
};

/** Whom the delivery of this key is for: its person, or the agency whose mailbox it goes to; null: nobody in particular. */
export async function readerOf(ctx: Ctx, key: string): Promise<Reader | null> {
  const delivery = await ctx.db.Delivery.findOne({ key }, { personId: 1, data: 1 }).lean<Pick<Delivery, 'personId' | 'data'>>();
  const person = delivery?.personId ? await personById(ctx, delivery.personId) : null;
  if (person) return { who: `p:${String(person._id)}`, name: person.name };
  const code = delivery?.data['agencyCode'];
  const agency = typeof code === 'string' ? await ctx.db.Agency.findOne({ code }, { name: 1 }).lean() : null;
  return agency ? { who: `a:${String(agency._id)}`, name: agency.name } : null;
}

function mailbox(ctx: Ctx, ports: ChannelPorts, { report, setAside }: { report(code: string | null): void; setAside(letters: number): void }): Mailbox | null {
  const { IMAP_URL: url, IMAP_DONE_FOLDER: doneFolder } = ctx.config;
  if (!url) return null;
  const take = (source: Uint8Array, place: string, arrivedAt?: Date) => takeLetterIn(ctx, ports, { source, place, ...(arrivedAt ? { arrivedAt } : {}) });
  const failed = async (place: string): Promise<number> => {
    const failures = await countFailure(ctx, place);
    if (failures >= MAX_FAILURES) setAside(await lettersSetAside(ctx));
    return failures;
  };
  return new Mailbox({ url: url.reveal(), ...(doneFolder ? { doneFolder } : {}), log: ctx.log, random: ctx.random, take, failed, report });
}
