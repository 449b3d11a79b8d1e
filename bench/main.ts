/** `npm run bench`: the national deployment's operations, or what the first word names. */
const [word = "", ...rest] = process.argv.slice(2);

switch (word) {
  case "federation":
    await (await import("./federation/main.ts")).federation(rest);
    break;
  case "policies":
    await (await import("./policies.ts")).policies(rest);
    break;
  default:
    await (await import("./national.ts")).national(process.argv.slice(2));
}
