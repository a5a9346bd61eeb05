// urql's exchange for persisted queries, by GET as it likes best: the hash first, then the document as well.
import { Client, fetchExchange, gql } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";

import { bearer, noting, pageSize, tell, token, url } from "./told.mjs";

const CUSTOMERS = gql`
  query UrqlPersisted($first: Int!, $after: String) {
    customers(first: $first, after: $after) {
      nodes {
        id
        organizationName
      }
      pageInfo {
        endCursor
      }
    }
  }
`;

const { requests, fetch } = noting();
const client = new Client({
  url,
  exchanges: [persistedExchange({ preferGetForPersistedQueries: true }), fetchExchange],
  fetchOptions: { headers: bearer(token) },
  fetch,
});
const names = [];
let after = null;
for (let page = 0; page < 3; page += 1) {
  const { data } = await client.query(CUSTOMERS, { first: pageSize, after }).toPromise();
  names.push(...data.customers.nodes.map((customer) => customer.organizationName));
  after = data.customers.pageInfo.endCursor;
}
tell({ names, requests });
