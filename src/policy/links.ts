/**
 * Links of policy templates: each fills the slots of a template and is a policy of its own.
 *
 *     # policies/ngo/members.links.yaml
 *     - id: NGO.shelter-plan
 *       template: agency-reads-plan        # the template's @id, in any file
 *       principal: Agency::"NGO"           # for ?principal; `resource:` for ?resource
 *       title: Shelters read the plan      # also legalBasis, owner, reviewBy, obligations: instead of the template's
 *
 * In      one file of links, and the templates by their ids.
 * Out     for each link the text of its policy, which Cedar reads and validates like any other: Cedar's own links are not
 *         validated against closed vocabularies, so that a misspelt agency would be a policy for nobody.
 * Errors  every problem at its place; a link with a problem is left out.
 */
import { z } from "zod";
import type { Slot } from "./policy-text.ts";
import type { Place, PolicyProblem } from "./problem.ts";
import { readYaml } from "./yaml-file.ts";

export const LINKS_ENDING = ".links.yaml";

export interface Template {
  readonly text: string;
  readonly slots: readonly Slot[];
}

export interface PolicyLink {
  readonly id: string;
  readonly template: string;
  readonly place: Place;
  /** The template's text with its slots filled. */
  readonly text: string;
  /** Its own, which stand before the template's. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** One entity and nothing else: what is written here becomes part of a policy's text. */
const ENTITY = /^[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*::"(?:[^"\\\n\r]|\\[^\n\r])*"$/;
const entity = z.string().regex(ENTITY, 'must be an entity such as Agency::"NGO"').optional();
const text = z.string().min(1);
const linksSchema = z.array(
  z.strictObject({
    id: text,
    template: text,
    principal: entity,
    resource: entity,
    title: text.optional(),
    legalBasis: text.optional(),
    owner: text.optional(),
    reviewBy: text.optional(),
    obligations: text.optional(),
  }),
);
type Link = z.infer<typeof linksSchema>[number];

const SLOTS = ["principal", "resource"] as const;

export function readLinks(
  { file, text }: { readonly file: string; readonly text: string },
  templates: ReadonlyMap<string, Template>,
): { readonly links: readonly PolicyLink[]; readonly problems: readonly PolicyProblem[] } {
  const read = readYaml(file, text, linksSchema);
  if ("problems" in read) return { links: [], problems: read.problems };
  const links: PolicyLink[] = [];
  const problems: PolicyProblem[] = [];
  for (const [index, link] of read.data.entries()) {
    const place = read.placeOf([index]);
    const template = templates.get(link.template);
    const wrong = template ? slotProblems(link, template) : [`no template has the id \`${link.template}\``];
    problems.push(...wrong.map((message) => ({ place, message })));
    if (template && wrong.length === 0) links.push(linked(link, template, place));
  }
  return { links, problems };
}

function slotProblems(link: Link, { slots }: Template): string[] {
  const wanted = new Set(slots.map(({ name }) => name));
  return SLOTS.flatMap((slot) => {
    const isGiven = link[slot] !== undefined;
    if (isGiven === wanted.has(`?${slot}`)) return [];
    return isGiven
      ? [`the template \`${link.template}\` has no slot for \`${slot}\``]
      : [`\`${slot}\` is missing: the template \`${link.template}\` asks for it`];
  });
}

function linked(link: Link, template: Template, place: Place): PolicyLink {
  const { id, template: of, principal, resource, ...own } = link;
  const given = Object.entries({ id, ...own }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const fill = { "?principal": principal, "?resource": resource } as Record<string, string>;
  return { id, template: of, place, text: filled(template, fill), annotations: Object.fromEntries(given) };
}

function filled({ text, slots }: Template, fill: Readonly<Record<string, string>>): string {
  const ends = slots.map(({ name, offset }) => offset + name.length);
  const pieces = slots.map(
    ({ name, offset }, index) => text.slice(ends[index - 1] ?? 0, offset) + fill[name],
  );
  return pieces.join("") + text.slice(ends.at(-1) ?? 0);
}
