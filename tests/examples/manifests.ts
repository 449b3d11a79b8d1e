/** The manifests of `examples/kubernetes/`, read as Kubernetes reads them (YAML 1.1) and held to what its API takes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { type Manifest, manifest } from "./kubernetes-schema.ts";

const FOLDER = join(PACKAGE_ROOT, "examples/kubernetes");

/** What the files say by one version of YAML. */
export const documents = (
  version: "1.1" | "1.2",
): readonly { readonly file: string; readonly value: unknown }[] =>
  readdirSync(FOLDER).flatMap((file) =>
    [...parseAllDocuments(readFileSync(join(FOLDER, file), "utf8"), { version })].map((document) => {
      if (document.errors[0]) throw document.errors[0];
      return { file, value: document.toJS() as unknown };
    }),
  );

export function ofKind<Kind extends Manifest["kind"]>(
  kind: Kind,
): readonly Extract<Manifest, { kind: Kind }>[] {
  return documents("1.1")
    .map(({ value }) => manifest.parse(value))
    .filter((one): one is Extract<Manifest, { kind: Kind }> => one.kind === kind);
}

const [set] = ofKind("StatefulSet");
if (!set) throw new Error("there is no StatefulSet");
export const { spec: replicas } = set;
export const pod = replicas.template.spec;
const [container] = pod.containers;
const [init] = pod.initContainers;
if (!container || !init) throw new Error("the pod has no containers");
export const gateway = container;
/** Gives a replica the keys that all of them share. */
export const keys = init;
export const keysScript: string = keys.command?.at(-1) ?? "";
/** Names in the loop of that script. */
export const sharedKeys: readonly string[] = /for key in (.+); do/.exec(keysScript)?.[1]?.split(" ") ?? [];
export const configText: string = ofKind("ConfigMap")[0]?.data["ihala.yaml"] ?? "";
/** Seconds that the gateway wants beside the drain: docs/operations.md. */
export const CLOSE_SECONDS = 5;
