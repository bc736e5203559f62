import type { Delivery } from '../../src/delivery/delivery.model.js';
import { LEASE_MS, type Sight } from './sight.js';

/** Another attempt is for those of whom nothing was heard. */
export class FurtherAttempts {
  readonly #sight: Sight;

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  /**
   * It is planned by what was seen a moment before. A process that stood still in between plans it all the same, since nothing
   * ties the new row to the old one; nobody reads it, because it is looked at once more before its call.
   */
  planned({ key, follows }: Delivery): void {
    const { scheduler, moments, slow, databaseFails, stills, broke } = this.#sight;
    const heard = moments.heardOf.get(follows ?? '');
    if (heard === undefined) return;
    const late = scheduler.now - heard;
    const patience = slow || databaseFails ? LEASE_MS : 1_000;
    if (late > patience && !stills.anyAllOf(heard, scheduler.now, 2 * patience)) broke('follow-up-needless', `${key}: planned ${late} ms after ${follows ?? ''} was heard of`);
  }

  /** The look before the call happens within the lease. */
  called({ key, follows }: Delivery): void {
    const { moments, clocks, broke } = this.#sight;
    const heard = moments.heardOf.get(follows ?? '') ?? Infinity;
    const late = (moments.begun.get(key) ?? 0) - heard;
    if (late > LEASE_MS + clocks) broke('follow-up-needless', `${key}: called ${late} ms after ${follows ?? ''} was heard of`);
  }
}
