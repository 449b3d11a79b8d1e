/**
 * Identifiers that look lived-in and cannot be anybody's: each breaks a rule that real ones keep.
 *
 * CPR       month code 13–96 (seven blocks of twelve), unique below 700,000.
 * Passport  letter X first, then a leading 0; a renewed one's predecessor has XY. Unique below 1,000,000.
 * Phone     `+973 0…`: no subscriber number begins with 0. Unique below 10,000,000.
 * Register  commercial registrations begin with 0.
 * Errors    a RangeError when an index is out of range or the result could be real.
 */
const CPR_LIMIT = 700_000;
const PASSPORT_LIMIT = 1_000_000;

export function cprNumber(n: number, birthYear: number, birthMonth: number): string {
  if (n >= CPR_LIMIT) throw new RangeError(`no impossible personal number is left for person ${n}`);
  const month = 13 + 12 * Math.floor(n / 100_000) + (birthMonth - 1);
  return refuseReal(`${pad(birthYear % 100, 2)}${pad(month, 2)}${pad(n % 100_000, 5)}`, couldBeRealCpr);
}

export function passportNumber(n: number, country: string, renewed: boolean): string {
  if (n >= PASSPORT_LIMIT) throw new RangeError(`no impossible passport number is left for person ${n}`);
  const twoLetters = country === "BGD" || country === "PAK";
  const letters = renewed ? "XY" : twoLetters ? "XX" : "X";
  return refuseReal(`${letters}0${pad(n, 6)}`, couldBeRealPassport);
}

export function phoneNumber(n: number): string {
  return refuseReal(`+9730${pad(n, 7)}`, couldBeRealPhone);
}

/** True unless the month code is impossible. */
export const couldBeRealCpr = (cpr: string): boolean => !/^\d\d(1[3-9]|[2-8]\d|9[0-6])\d{5}$/.test(cpr);
export const couldBeRealPassport = (number: string): boolean => !/^X[XY]?0\d{6}$/.test(number);
export const couldBeRealPhone = (phone: string): boolean => !/^\+9730\d{7}$/.test(phone);

/** NRM-YYYY-NNNNNN-C: a permutation of the counter, so that no volume can be read off, and ISO 7064 mod 37,36. */
export function nrmNumber(seed: number, year: number, index: number): string {
  const scrambled = (index * 387_421 + (seed % 999_983)) % 1_000_000;
  const body = `NRM${year}${pad(scrambled, 6)}`;
  return `NRM-${year}-${pad(scrambled, 6)}-${checkCharacter(body)}`;
}

/** Check character of ISO 7064 mod 37,36 over [0-9A-Z]. */
export function checkCharacter(text: string): string {
  let product = 36;
  for (const character of text) {
    let sum = product + ALPHABET.indexOf(character);
    if (sum > 36) sum -= 36;
    product = (sum * 2) % 37;
  }
  return ALPHABET[(37 - product) % 36]!;
}

export const pad = (value: number, width: number): string => String(value).padStart(width, "0");

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

function refuseReal(identifier: string, couldBeReal: (identifier: string) => boolean): string {
  if (couldBeReal(identifier)) throw new RangeError("refused: the identifier could be a real person's");
  return identifier;
}
