/**
 * Connections: rows that are not there for the reader leave their page as if they had never been on it.
 */
import type { Data } from "../execute/run.ts";
import type { ObjectFieldShape } from "../plan/shape.ts";
import type { Facts } from "../policy/verdict.ts";
import { isData, shapeFor, type Writing } from "./writing.ts";

type Test = (object: Data, facts: Facts, writing: Writing) => boolean;

export function compileHasRow(edges: ObjectFieldShape): Test {
  const [edge] = edges.shapes.values();
  if (!edge?.node) return () => true;
  const hasNode = compileEdgeNode(edge.node);
  return (page, facts, writing) => {
    const rows = page[edges.field.key];
    return Array.isArray(rows) && rows.some((row) => isData(row) && hasNode(row, facts, writing));
  };
}

/** Of rows that are not there for the reader, the page's cursors and its next page must not tell either. */
export function emptyPage(page: Data): Data {
  const { pageInfo } = page;
  const end = { hasNextPage: false, startCursor: null, endCursor: null };
  return { ...page, edges: [], ...(isData(pageInfo) ? { pageInfo: { ...pageInfo, ...end } } : {}) };
}

/** An edge whose node is not there for the reader is not there either. */
export function compileEdgeNode(node: ObjectFieldShape): Test {
  return (edge, facts, writing) => {
    const value = edge[node.field.key];
    if (!isData(value)) return false;
    const shape = shapeFor(node, value);
    return shape !== undefined && writing.rows.enter(shape.position, value, facts) !== null;
  };
}
