/** Which fields of an answer name files, as response names from the root; worked out once for each plan. */
import { getNamedType } from "graphql";
import { FILE_SCALAR } from "../kernel/file-scalar.ts";
import type { FieldShape, ObjectShape, Projection } from "../plan/shape.ts";

type Path = readonly string[];

const known = new WeakMap<Projection, readonly Path[]>();
const NONE: readonly Path[] = [];

/** None where nothing is decided: the schema's checks let no file stand there. */
export function fileFields(projection: Projection): readonly Path[] {
  let paths = known.get(projection);
  if (!paths) {
    const { root } = projection;
    paths = "position" in root ? distinct(belowObject(root)) : NONE;
    known.set(projection, paths);
  }
  return paths;
}

const belowObject = ({ fields }: ObjectShape): readonly Path[] => fields.flatMap(belowField);

function belowField(shape: FieldShape): readonly Path[] {
  if (shape.kind === "object") return [...shape.shapes.values()].flatMap(belowObject);
  return shape.kind === "leaf" && getNamedType(shape.type).name === FILE_SCALAR ? [shape.path] : NONE;
}

const distinct = (paths: readonly Path[]): readonly Path[] => [
  ...new Map(paths.map((path) => [path.join("\0"), path])).values(),
];
