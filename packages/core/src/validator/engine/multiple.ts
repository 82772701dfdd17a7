/** Whether a number is a multiple of another, as decimals: `0.07` is a multiple of `0.01`, although their doubles are not. */

const TENS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8] as const;

/** A test for multiples of `step`, a positive number. */
export function multipleOf(step: number): (value: number) => boolean {
  const whole = Number.isInteger(step);
  const scale = TENS.find((ten) => Math.round(step * ten) / ten === step);
  const scaled = scale === undefined ? 0 : Math.round(step * scale);
  return (value) => {
    // The remainder of doubles is exact, so whole numbers of any size need nothing more.
    if (whole) return Number.isInteger(value) && value % step === 0;
    if (scale !== undefined) {
      const units = Math.round(value * scale);
      if (Math.abs(units) <= 1e15 && units / scale === value) return units % scaled === 0;
    }
    return Number.isFinite(value) && exactly(value, step);
  };
}

function exactly(value: number, step: number): boolean {
  const [digits, exponent] = decimal(value);
  const [stepDigits, stepExponent] = decimal(step);
  const shift = exponent - stepExponent;
  return shift >= 0 ? (digits * 10n ** BigInt(shift)) % stepDigits === 0n : digits % (stepDigits * 10n ** BigInt(-shift)) === 0n;
}

/** A number as whole digits and a power of ten, read from the shortest text that means it. */
function decimal(value: number): readonly [bigint, number] {
  const [mantissa = '0', exponent = '0'] = String(Math.abs(value)).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}
