import { Decimal128, Double, Int32, Long } from 'bson';
import { addDecimals, numberKind, toDecimal, toNumber } from '../../bson/index.js';

/**
 * Sum of many numbers as `$sum` and `$avg` form it: whole numbers exactly, doubles with compensation (0.1 + 0.2 + 0.3 is
 * 0.6), decimals apart; the result has the widest type that came in. What is not a number is passed over.
 */
export class Summation {
  private whole = 0n;
  private double = 0;
  private correction = 0;
  private decimal = Decimal128.fromString('0');
  private widest = 0;
  count = 0;

  add(value: unknown): void {
    const kind = numberKind(value);
    if (kind === undefined) return;
    this.count += 1;
    this.widest = Math.max(this.widest, ['int', 'long', 'double', 'decimal'].indexOf(kind));
    if (kind === 'int') this.whole += BigInt(toNumber(value));
    else if (kind === 'long') this.whole += typeof value === 'bigint' ? value : (value as Long).toBigInt();
    else if (kind === 'double') this.addDouble(toNumber(value));
    else this.decimal = addDecimals(this.decimal, value as Decimal128);
  }

  /** Neumaier's summation: the digits that a step loses are collected beside the sum. */
  private addDouble(value: number): void {
    const next = this.double + value;
    if (Number.isFinite(next)) this.correction += Math.abs(this.double) >= Math.abs(value) ? this.double - next + value : value - next + this.double;
    this.double = next;
  }

  private get doubleTotal(): number {
    const fractional = Number.isFinite(this.double) ? this.double + this.correction : this.double;
    return fractional + Number(this.whole);
  }

  private get decimalTotal(): Decimal128 {
    const doubles = addDecimals(toDecimal(new Double(this.double + this.correction)), this.decimal);
    const sum = this.widest === 3 && this.double === 0 && this.correction === 0 ? this.decimal : doubles;
    return this.whole === 0n ? sum : addDecimals(sum, Decimal128.fromString(this.whole.toString()));
  }

  /** The sum in its proper type; whole numbers that do not fit into 64 bits become a double. */
  total(): unknown {
    if (this.widest === 3) return this.decimalTotal;
    if (this.widest === 2) return new Double(this.doubleTotal);
    if (this.widest === 0 && BigInt.asIntN(32, this.whole) === this.whole) return new Int32(Number(this.whole));
    return BigInt.asIntN(64, this.whole) === this.whole ? Long.fromBigInt(this.whole) : new Double(Number(this.whole));
  }

  /** The sum as a double, or as a decimal if one came in: what an average is formed from. */
  dividend(): Double | Decimal128 {
    return this.widest === 3 ? this.decimalTotal : new Double(this.doubleTotal);
  }
}
