// urql: answers in parts, by POST and by GET.
import { Client, fetchExchange, gql } from "@urql/core";

import { bearer, pageSize, tell, token, url } from "./told.mjs";

const DEFERRED = gql`
  query Deferred($first: Int!) {
    customers(first: $first) {
      nodes {
        id
        organizationName
        ...Details @defer
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
const STREAMED = gql`
  query Streamed($first: Int!) {
    customers(first: $first) {
      nodes @stream(initialCount: 1) {
        id
        organizationName
      }
    }
  }
`;

/** What each result has. */
function states(query, preferGetMethod) {
  const made = new Client({
    url,
    exchanges: [fetchExchange],
    preferGetMethod,
    fetchOptions: { headers: bearer(token) },
  });
  const seen = [];
  return new Promise((resolve) => {
    made.query(query, { first: pageSize }).subscribe(({ data, error, hasNext }) => {
      seen.push(error ? String(error) : data.customers.nodes);
      if (!hasNext) resolve(seen);
    });
  });
}

tell({
  deferred: await states(DEFERRED, false),
  deferredByGet: await states(DEFERRED, true),
  streamed: await states(STREAMED, false),
});
