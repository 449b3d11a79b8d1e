/** Classes of a page: `XConnection` and `XEdge` of a node type, as the vocabulary's pages are. */
import "reflect-metadata";
import { type ClassType, Field, ObjectType } from "type-graphql";
import { optional, PageInfo, plain } from "./values.ts";

export function connectionOf(name: string, node: () => ClassType): ClassType {
  @ObjectType(`${name}Edge`, plain)
  class Edge {
    @Field(() => String) readonly cursor!: string;
    @Field(node, optional) readonly node!: object | null;
  }

  @ObjectType(`${name}Connection`, plain)
  class Connection {
    @Field(() => [Edge]) readonly edges!: readonly Edge[];
    @Field(() => PageInfo) readonly pageInfo!: PageInfo;
  }
  return Connection;
}
