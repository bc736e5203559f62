import type { FileProblem } from '../texts/file-texts.js';
import type { InboundMessage } from './inbound.js';

/** A file somebody sent, as the provider names it. */
export type InboundFile = NonNullable<InboundMessage['attachments']>[number];

export type Downloaded = { kind: 'file'; bytes: Uint8Array; name?: string } | { kind: 'failed'; problem: FileProblem };

/** Fetches a file from its provider. Never throws for anything a provider does; at most MAX_INCOMING_BYTES. */
export type Download = (file: InboundFile, signal: AbortSignal) => Promise<Downloaded>;

/** The channel's own way to fetch what came in on it; undefined where it has none. */
export type DownloadOn = (channel: string) => Download | undefined;
