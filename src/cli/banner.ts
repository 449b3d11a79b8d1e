/** What `ihala sandbox` says when it is ready. */
export function banner(url: string, dataDirectory: string, adminUrl: string | null): string {
  return `
  Ihala sandbox (إحالة) is ready: twelve agencies, synthetic people, this machine only.

    GraphQL    ${url}/graphql
    data       ${dataDirectory}${metricsLine(adminUrl)}

  Ask as a caseworker of a society:

    TOKEN=$(npm run -s ihala -- token --role NGO.caseworker)
    curl -s ${url}/graphql -H "authorization: Bearer $TOKEN" -H 'x-purpose: SHELTER_CARE' \\
      -H 'content-type: application/json' -d '{"query":"{ cases(first: 3) { edges { node { id nrmNumber stage } } } }"}'

  Stop with Ctrl-C.

`;
}

export const metricsLine = (adminUrl: string | null): string =>
  adminUrl === null ? "" : `\n    metrics    ${adminUrl}/metrics`;
