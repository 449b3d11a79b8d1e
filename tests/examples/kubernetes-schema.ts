/**
 * What the Kubernetes API takes, for exactly the kinds and fields that `examples/kubernetes/` uses: any other is refused, so that a
 * misspelt field is not silently without effect.
 *
 * Source  Kubernetes API reference, v1.34: apps/v1, v1, policy/v1, networking.k8s.io/v1.
 */
import { z } from "zod";

const object = z.strictObject;
const dnsName = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
const labels = z.record(z.string().regex(/^([a-z0-9.-]+\/)?[A-Za-z0-9._-]{1,63}$/), z.string().max(63));
const selector = object({ matchLabels: labels });
const metadata = object({ name: dnsName, labels: labels.optional() });
const portNumber = z.int().min(1).max(65_535);
/** An IANA service name. */
const portName = z.string().regex(/^(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/);
const port = z.union([portNumber, portName]);
const protocol = z.enum(["TCP", "UDP", "SCTP"]);
const seconds = z.int().min(1);
const quantity = z.string().regex(/^\d+(\.\d+)?(m|[KMGT]i?)?$/);
const amounts = object({ cpu: quantity, memory: quantity, storage: quantity }).partial();
const resources = object({ requests: amounts.optional(), limits: amounts.optional() });
const absolute = z.string().startsWith("/");

const probe = object({
  httpGet: object({ path: absolute, port, scheme: z.enum(["HTTP", "HTTPS"]) }),
  periodSeconds: seconds,
  timeoutSeconds: seconds,
  failureThreshold: z.int().min(1),
});

const container = object({
  name: dnsName,
  image: z.string().regex(/^[a-z0-9/-]+:[\w.-]+$/),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  ports: z.array(object({ name: portName, containerPort: portNumber, protocol })).default([]),
  startupProbe: probe.optional(),
  readinessProbe: probe.optional(),
  livenessProbe: probe.optional(),
  lifecycle: object({ preStop: object({ sleep: object({ seconds }) }) }).optional(),
  securityContext: object({
    allowPrivilegeEscalation: z.boolean(),
    readOnlyRootFilesystem: z.boolean(),
    capabilities: object({ drop: z.array(z.string()) }),
  }),
  resources,
  volumeMounts: z.array(object({ name: dnsName, mountPath: absolute, readOnly: z.boolean().optional() })),
});

const fileMode = z.int().min(0).max(0o777);
const volume = z.union([
  object({ name: dnsName, emptyDir: object({ sizeLimit: quantity }) }),
  object({ name: dnsName, configMap: object({ name: dnsName }) }),
  object({ name: dnsName, secret: object({ secretName: dnsName, defaultMode: fileMode }) }),
]);

const pod = object({
  automountServiceAccountToken: z.boolean(),
  enableServiceLinks: z.boolean(),
  terminationGracePeriodSeconds: seconds,
  securityContext: object({
    runAsNonRoot: z.boolean(),
    runAsUser: z.int(),
    runAsGroup: z.int(),
    fsGroup: z.int(),
    fsGroupChangePolicy: z.enum(["Always", "OnRootMismatch"]),
    seccompProfile: object({ type: z.enum(["RuntimeDefault", "Unconfined"]) }),
  }),
  topologySpreadConstraints: z.array(
    object({
      maxSkew: z.int().min(1),
      topologyKey: z.string(),
      whenUnsatisfiable: z.enum(["DoNotSchedule", "ScheduleAnyway"]),
      labelSelector: selector,
    }),
  ),
  initContainers: z.array(container),
  containers: z.array(container),
  volumes: z.array(volume),
});

const retention = z.enum(["Retain", "Delete"]);
const claim = object({
  metadata: object({ name: dnsName }),
  spec: object({
    accessModes: z.array(z.enum(["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"])),
    resources,
  }),
});

const statefulSet = object({
  apiVersion: z.literal("apps/v1"),
  kind: z.literal("StatefulSet"),
  metadata,
  spec: object({
    serviceName: dnsName,
    replicas: z.int().min(0),
    podManagementPolicy: z.enum(["OrderedReady", "Parallel"]),
    updateStrategy: object({ type: z.enum(["RollingUpdate", "OnDelete"]) }),
    minReadySeconds: z.int().min(0),
    persistentVolumeClaimRetentionPolicy: object({ whenDeleted: retention, whenScaled: retention }),
    selector,
    template: object({ metadata: object({ labels }), spec: pod }),
    volumeClaimTemplates: z.array(claim),
  }),
});

const servicePort = object({
  name: portName,
  port: portNumber,
  targetPort: port,
  protocol,
  appProtocol: z.string(),
});
const service = object({
  apiVersion: z.literal("v1"),
  kind: z.literal("Service"),
  metadata,
  spec: z.union([
    object({ type: z.literal("ClusterIP"), selector: labels, ports: z.array(servicePort).min(1) }),
    object({ clusterIP: z.literal("None"), selector: labels }),
  ]),
});

const peers = z.array(
  z.union([
    object({ namespaceSelector: selector }),
    object({ ipBlock: object({ cidr: z.cidrv4(), except: z.array(z.cidrv4()) }) }),
  ]),
);
const policyPorts = z.array(object({ protocol, port })).min(1);
const networkPolicy = object({
  apiVersion: z.literal("networking.k8s.io/v1"),
  kind: z.literal("NetworkPolicy"),
  metadata,
  spec: object({
    podSelector: selector,
    policyTypes: z.array(z.enum(["Ingress", "Egress"])),
    ingress: z.array(object({ from: peers.optional(), ports: policyPorts })),
    egress: z.array(object({ to: peers, ports: policyPorts })),
  }),
});

const disruptionBudget = object({
  apiVersion: z.literal("policy/v1"),
  kind: z.literal("PodDisruptionBudget"),
  metadata,
  spec: object({
    maxUnavailable: z.int().min(0),
    unhealthyPodEvictionPolicy: z.enum(["IfHealthyBudget", "AlwaysAllow"]),
    selector,
  }),
});

const configMap = object({
  apiVersion: z.literal("v1"),
  kind: z.literal("ConfigMap"),
  metadata,
  data: z.record(z.string().regex(/^[-._a-zA-Z0-9]+$/), z.string()),
});

export const manifest = z.discriminatedUnion("kind", [
  statefulSet,
  service,
  networkPolicy,
  disruptionBudget,
  configMap,
]);

export type Manifest = z.output<typeof manifest>;
