// Apollo Client: answers in parts, in both formats that it reads.
import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { Defer20220824Handler, GraphQL17Alpha9Handler } from "@apollo/client/incremental";

import { bearer, pageSize, tell, token, url } from "./told.mjs";

const DEFERRED = gql`
  query Deferred($first: Int!, $later: Boolean!) {
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

/** What each result has, and the types of the answers. */
async function states(handler, query, variables = {}) {
  const types = [];
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    incrementalHandler: new handler(),
    link: new HttpLink({
      uri: url,
      headers: bearer(token),
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        types.push(response.headers.get("content-type"));
        return response;
      },
    }),
  });
  const seen = await new Promise((resolve, reject) => {
    const nodes = [];
    client.watchQuery({ query, variables: { first: pageSize, ...variables } }).subscribe((result) => {
      if (result.error) reject(result.error);
      if (result.data) nodes.push(structuredClone(result.data.customers.nodes));
      if (!result.loading) resolve(nodes);
    });
  });
  return { types, seen };
}

const all = {};
for (const [name, handler] of Object.entries({ v0_2: GraphQL17Alpha9Handler, v2022: Defer20220824Handler })) {
  all[name] = {
    deferred: await states(handler, DEFERRED, { later: true }),
    whole: await states(handler, DEFERRED, { later: false }),
    streamed: await states(handler, STREAMED),
  };
}
tell(all);
