/**
 * Narratives: templates in English and Arabic, deliberately flat, without detail, each ending "[synthetic]".
 */
import { pick } from "./random.ts";

export type Narrative =
  | "summary"
  | "narrative"
  | "statement"
  | "physical"
  | "psychological"
  | "objectives"
  | "actionPlan"
  | "security"
  | "note"
  | "risk"
  | "rationale"
  | "care"
  | "assistance"
  | "reasons"
  | "event"
  | "suspect"
  | "evidence"
  | "line";

const TEMPLATES: Readonly<Record<Narrative, readonly string[]>> = {
  summary: ["A person asks for help about work and papers.", "شخص يطلب المساعدة بشأن العمل والوثائق."],
  narrative: [
    "The person was recruited abroad, worked under other terms than agreed, and left.",
    "جرى استقدام الشخص من الخارج وعمل بشروط غير المتفق عليها ثم ترك العمل.",
  ],
  statement: [
    "The person states when work began, where it was, and which papers were kept.",
    "يذكر الشخص تاريخ بدء العمل ومكانه والوثائق التي احتُجزت.",
  ],
  physical: ["Examined; follow-up in two weeks.", "تم الفحص والمتابعة بعد أسبوعين."],
  psychological: ["Tired and worried; weekly talks offered.", "متعب وقلق؛ عُرضت جلسات أسبوعية."],
  objectives: ["Safe housing, papers, rest.", "سكن آمن ووثائق وراحة."],
  actionPlan: ["Weekly meeting, language class, papers renewed.", "لقاء أسبوعي ودرس لغة وتجديد الوثائق."],
  security: ["No visits without notice; phone kept by the person.", "لا زيارات دون إشعار والهاتف مع الشخص."],
  note: ["Met the person; plan unchanged.", "تمت مقابلة الشخص والخطة كما هي."],
  risk: ["Debt at home; family informed.", "ديون في بلد المنشأ والأسرة على علم."],
  rationale: ["Findings taken together support the outcome.", "المؤشرات مجتمعة تؤيد النتيجة."],
  care: ["Visit of the care worker.", "زيارة أخصائي الرعاية."],
  assistance: ["Food, clothing and a talk.", "مأكل وملبس وجلسة."],
  reasons: ["Heard; papers seen; status as stated.", "سُمعت الأقوال واطُّلع على الوثائق."],
  event: ["As told by the person.", "كما ذكر الشخص."],
  suspect: ["Said to have arranged the work.", "يُقال إنه رتّب العمل."],
  evidence: ["Item handed in and listed.", "حرز مُسلَّم ومقيَّد."],
  line: ["Employer's payments.", "Recruitment abroad.", "مدفوعات صاحب العمل.", "الاستقدام من الخارج."],
};

export function narrative(kind: Narrative, u: number): string {
  return `${pick(TEMPLATES[kind], u)} [synthetic]`;
}
