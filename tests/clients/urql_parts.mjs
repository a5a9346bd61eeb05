// urql: answers in parts, by POST and by GET.
import { Client, fetchExchange, gql } from "@urql/core";

import { deferred, streamed } from "./parts.mjs";
import { bearer, pageSize, tell, token, url } from "./told.mjs";

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
  deferred: await states(gql(deferred), false),
  deferredByGet: await states(gql(deferred), true),
  streamed: await states(gql(streamed), false),
});
