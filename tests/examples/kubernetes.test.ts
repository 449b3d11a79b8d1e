/** `examples/kubernetes/`, held to what the Kubernetes API takes and to what the code has: ports, pages, folders, keys, times. */
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSecrets } from "../../src/assembly/secrets.ts";
import { productionProblems } from "../../src/cli/production.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { readPolicyFiles } from "../../src/policy/policy-files.ts";
import { list, only, variables } from "./image.ts";
import { manifest } from "./kubernetes-schema.ts";
import {
  CLOSE_SECONDS,
  configText,
  documents,
  gateway,
  keys,
  ofKind,
  pod,
  replicas,
  sharedKeys,
} from "./manifests.ts";

const { IHALA_DATA: data = "", IHALA_CONFIG: configFile = "" } = variables;
const portOf = (name: string) => gateway.ports.find((port) => port.name === name)?.containerPort;
const mountOf = (name: string) => gateway.volumeMounts.find((mount) => mount.name === name);

let folder: string;
let config: Config;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ihala-kubernetes-"));
  const path = join(folder, "ihala.yaml");
  await writeFile(path, configText);
  config = await loadConfig({ path, env: { IHALA_DATA: join(folder, "data") } });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the manifests", () => {
  it.each(documents("1.1"))(
    "$file is what the Kubernetes API takes, and the same by YAML 1.2",
    (document) => {
      manifest.parse(document.value);
      expect(documents("1.2")).toContainEqual(document);
    },
  );

  it("a misspelt field, a wrong kind and a wrong value are found", () => {
    const sound = ofKind("PodDisruptionBudget")[0]!;
    const wrong = [
      { ...sound, spec: { ...sound.spec, maxUnavailble: 1 } },
      { ...sound, kind: "PodDisruption" },
      { ...sound, spec: { ...sound.spec, maxUnavailable: "one" } },
    ];
    expect(wrong.map((one) => manifest.safeParse(one).success)).toEqual([false, false, false]);
  });

  it("hold a configuration that may serve production", async () => {
    expect(await productionProblems(config, await readPolicyFiles(join(PACKAGE_ROOT, "policies")))).toEqual(
      [],
    );
  });

  it("name the ports, pages and folders of the configuration and the image", () => {
    const { server } = config;
    expect([portOf("https"), portOf("admin")]).toEqual([server.port, server.admin.port]);
    expect(only("EXPOSE")).toBe(`${server.port}`);
    expect(mountOf("data")?.mountPath).toBe(dirname(data));
    expect(mountOf("configuration")?.mountPath).toBe(dirname(configFile));
    const probes = [gateway.startupProbe, gateway.readinessProbe, gateway.livenessProbe];
    expect(probes.map((one) => one?.httpGet)).toEqual(
      ["/readyz", "/readyz", "/livez"].map((path) => ({ path, port: "https", scheme: "HTTPS" })),
    );
    const files = [...configText.matchAll(/\/run\/ihala\/[\w./-]+/g)].map(([file]) => file);
    expect(files.length).toBeGreaterThan(5);
    const mounts = gateway.volumeMounts.filter(({ readOnly }) => readOnly).map(({ mountPath }) => mountPath);
    for (const file of files) expect(mounts).toContain(dirname(file));
  });

  it("start the image of this version, as it is started", async () => {
    const { version } = JSON.parse(await readFile(join(PACKAGE_ROOT, "package.json"), "utf8"));
    expect([gateway.image, keys.image]).toEqual([`ihala:${version}`, `ihala:${version}`]);
    expect(gateway.command).toBeUndefined();
    expect(gateway.args).toEqual(list("CMD"));
  });

  it("leave time to stop: the Service forgets the replica, the drain, the log", () => {
    const before = gateway.lifecycle?.preStop.sleep.seconds ?? 0;
    expect(before).toBeGreaterThan(0);
    expect(pod.terminationGracePeriodSeconds).toBe(before + config.server.drainMs / 1_000 + CLOSE_SECONDS);
  });

  it("confine every container, as the image's user", () => {
    const user = Number(only("USER").split(":")[0]);
    expect(pod.securityContext).toMatchObject({
      ...{ runAsNonRoot: true, runAsUser: user, runAsGroup: user, fsGroup: user },
      ...{ fsGroupChangePolicy: "OnRootMismatch", seccompProfile: { type: "RuntimeDefault" } },
    });
    for (const { securityContext } of [...pod.initContainers, ...pod.containers])
      expect(securityContext).toEqual({
        ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
        capabilities: { drop: ["ALL"] },
      });
    expect(pod.automountServiceAccountToken).toBe(false);
  });

  it("keep a volume for each replica, which outlives it, for one pod at a time", () => {
    expect(
      replicas.volumeClaimTemplates.map((claim) => [claim.metadata.name, claim.spec.accessModes]),
    ).toEqual([["data", ["ReadWriteOncePod"]]]);
    expect(replicas.persistentVolumeClaimRetentionPolicy).toEqual({
      whenDeleted: "Retain",
      whenScaled: "Retain",
    });
    const volumes = new Set(["data", ...pod.volumes.map(({ name }) => name)]);
    for (const { volumeMounts } of [gateway, keys])
      for (const { name } of volumeMounts) expect(volumes).toContain(name);
  });

  it("let callers reach the public port alone, and only operators the admin port", () => {
    const ports = ofKind("Service").flatMap(({ spec }) => ("ports" in spec ? spec.ports : []));
    expect(ports.map(({ targetPort }) => targetPort)).toEqual(["https"]);
    const [{ spec: policy }] = ofKind("NetworkPolicy") as [
      ReturnType<typeof ofKind<"NetworkPolicy">>[number],
    ];
    expect(policy.policyTypes).toEqual(["Ingress", "Egress"]);
    for (const { from, ports: open } of policy.ingress)
      expect(open.map(({ port }) => port)).toEqual(from === undefined ? ["https"] : ["admin"]);
    const blocks = policy.egress.flatMap(({ to }) =>
      to.flatMap((peer) => ("ipBlock" in peer ? [peer.ipBlock] : [])),
    );
    for (const { except } of blocks) expect(except).toContain("169.254.0.0/16");
  });

  it("choose the same pods everywhere, and each other by name", () => {
    const { labels } = replicas.template.metadata;
    const services = ofKind("Service");
    const chosen = [
      replicas.selector.matchLabels,
      ...services.map(({ spec }) => spec.selector),
      ...ofKind("PodDisruptionBudget").map(({ spec }) => spec.selector.matchLabels),
      ...ofKind("NetworkPolicy").map(({ spec }) => spec.podSelector.matchLabels),
      ...pod.topologySpreadConstraints.map(({ labelSelector }) => labelSelector.matchLabels),
    ];
    for (const one of chosen) expect(one).toEqual(labels);
    expect(services.map(({ metadata }) => metadata.name)).toContain(replicas.serviceName);
    const maps = pod.volumes.flatMap((volume) => ("configMap" in volume ? [volume.configMap.name] : []));
    expect(maps).toEqual(ofKind("ConfigMap").map(({ metadata }) => metadata.name));
  });

  it("share the keys that replicas must share, and no others", async () => {
    const known: string[] = [];
    await loadSecrets({
      async key(name, bytes) {
        known.push(name);
        return randomBytes(bytes);
      },
    });
    const own = new Set(["audit-signing", "policy-signing"]);
    expect(sharedKeys.toSorted()).toEqual(known.filter((name) => !own.has(name)).toSorted());
    const guide = await readFile(join(PACKAGE_ROOT, "docs/operations.md"), "utf8");
    for (const name of sharedKeys) expect(guide).toContain(`\`${name}\``);
  });
});
