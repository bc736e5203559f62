import type { Harshness } from './faults.js';
import type { Tamper } from './planted-tools.js';
import type { Rule } from './rules.js';
import type { Seams } from './simulate.js';

/** A mistake somebody could make in the engine, put between it and the world. The simulation has to notice it. */
export interface PlantedBug {
  name: string;
  /** What the engine would have forgotten. */
  mistake: string;
  seams: Seams;
  /** Messages per run where the usual few are not enough to show it. */
  messages?: number;
  /** A seed that saw it; tried first. */
  likely: number;
  /** Promises of which at least one must be seen broken. */
  breaks: readonly Rule[];
}

export const bug = (name: string, mistake: string, seen: { as: readonly Rule[]; at: number }, seams: Seams): PlantedBug => ({ name, mistake, breaks: seen.as, likely: seen.at, seams });
/** Needs more messages than usual. */
export const often = (...what: Parameters<typeof bug>): PlantedBug => ({ ...bug(...what), messages: 80 });
/** No trouble but the one that matters. */
export const quietly = { crash: 0, pause: 0, databaseLost: 0, trouble: 0, slowDatabase: false, clockSteps: false } as const;
/** The trouble in which a mistake shows soon, whatever the seed would draw. */
export const worse = {
  crashes: { ...quietly, crash: 0.03 },
  slow: { ...quietly, slowDatabase: true },
  stops: { ...quietly, pause: 0.03, slowDatabase: true },
  sleepy: { ...quietly, pause: 0.06 },
  /** Processes stand still while others are in long calls. */
  overtaken: { ...quietly, pause: 0.03, trouble: 0.4, troubles: ['slow'] },
  /** Many calls of which nobody hears what became of them. */
  doubts: { ...quietly, trouble: 0.4, troubles: ['hang-sent', '5xx-sent'] },
  broken: { databaseLost: 0.08, crash: 0.01 },
  nobodyThere: { ...quietly, trouble: 0.8, troubles: ['unreachable', 'hang-sent'] },
} satisfies Record<string, Partial<Harshness>>;
export const tampered = (name: string, mistake: string, seen: { as: readonly Rule[]; at: number }, tamper: Tamper, harsh?: Partial<Harshness>): PlantedBug => bug(name, mistake, seen, { tamper, ...(harsh ? { harsh } : {}) });
/** The same, with more messages. */
export const oftenTampered = (...what: Parameters<typeof tampered>): PlantedBug => ({ ...tampered(...what), messages: 80 });
