// What clients ask in parts: each makes the same text a document of its own kind.
export const deferred = `
  query Deferred($first: Int!, $later: Boolean! = true) {
    customers(first: $first) {
      nodes {
        id
        organizationName
        ...Details @defer(if: $later)
      }
    }
  }
  fragment Details on Customer {
    organizationName
    registeredAccount
    services(first: 2) {
      nodes {
        id
      }
    }
  }
`;

export const streamed = `
  query Streamed($first: Int!) {
    customers(first: $first) {
      nodes @stream(initialCount: 1) {
        id
        organizationName
      }
    }
  }
`;
