// Apollo Client: answers in parts, in both formats that it reads.
import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { Defer20220824Handler, GraphQL17Alpha9Handler } from "@apollo/client/incremental";

import { deferred, streamed } from "./parts.mjs";
import { bearer, pageSize, tell, token, url } from "./told.mjs";

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
    deferred: await states(handler, gql(deferred)),
    whole: await states(handler, gql(deferred), { later: false }),
    streamed: await states(handler, gql(streamed)),
  };
}
tell(all);
