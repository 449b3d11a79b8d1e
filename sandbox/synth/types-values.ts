/** Value types that several agencies' rows use. */

export interface PersonName {
  readonly given: string | null;
  readonly father: string | null;
  readonly grandfather: string | null;
  readonly family: string | null;
  readonly full: string;
}
export interface Address {
  readonly flat: string | null;
  readonly building: string;
  readonly road: string;
  readonly block: string;
  readonly area: string;
}
export interface Money {
  readonly amount: string;
  readonly currency: "BHD";
}
export interface LocalizedText {
  readonly ar: string;
  readonly en: string;
}
export interface DateRange {
  readonly from: string | null;
  readonly until: string | null;
}
