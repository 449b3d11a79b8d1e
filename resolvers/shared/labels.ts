/** What the manifest says of a field, in one line: its group, its class and its Arabic label. */
import "reflect-metadata";
import { Directive } from "type-graphql";

type MemberDecorator = (target: object, key: string, descriptor?: PropertyDescriptor) => void;

export const Labelled = (group: string, level: string, arabic: string): MemberDecorator =>
  directives(`@group(name: ${group})`, `@class(level: ${level})`, `@label(ar: ${JSON.stringify(arabic)})`);

/** Several directives on one field. */
export function directives(...texts: readonly string[]): MemberDecorator {
  return (target, key, descriptor) => {
    for (const text of texts) Directive(text)(target, key, descriptor as PropertyDescriptor);
  };
}
