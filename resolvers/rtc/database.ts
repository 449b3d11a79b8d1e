/** The training centre's tables as its database describes them (`sandbox/rtc/schema.ts` in the sandbox). */
export interface RtcDatabase {
  readonly holder: {
    readonly holder_no: string;
    /** As the member's own staff list has the person. */
    readonly staff_id: string;
    readonly member: string;
    readonly agency: string;
  };
  readonly trainer: {
    readonly number: string;
    readonly holder_no: string;
    readonly certified_by: string;
    readonly member: string;
    readonly agency: string;
  };
  readonly certificate: {
    readonly number: string;
    readonly skill: string;
    readonly holder_no: string;
    readonly member: string;
    readonly valid_until: string;
  };
  readonly programme: {
    readonly number: string;
    readonly title_ar: string;
    readonly title_en: string;
    readonly published: boolean;
  };
  readonly run: {
    readonly programme_no: string;
    readonly starts_on: string;
    readonly ends_on: string;
    readonly place: string;
    readonly seats: number;
  };
  readonly knowledge: {
    readonly number: string;
    readonly kind: string;
    readonly title_ar: string;
    readonly title_en: string;
    readonly body_ar: string;
    readonly body_en: string;
    readonly published: boolean;
  };
}
