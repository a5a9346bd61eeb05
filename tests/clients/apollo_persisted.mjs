// Apollo Client's link for persisted queries: the hash first, the document where the server does not know it.
import { createHash } from "node:crypto";

import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";

import { bearer, noting, pageSize, tell, token, url } from "./told.mjs";

const CUSTOMERS = gql`
  query ApolloPersisted($first: Int!, $after: String) {
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
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

async function pages(options) {
  const { requests, fetch } = noting();
  const link = new PersistedQueryLink({ sha256, ...options }).concat(
    new HttpLink({ uri: url, headers: bearer(token), fetch }),
  );
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const names = [];
  let after = null;
  for (let page = 0; page < 3; page += 1) {
    const { data } = await client.query({ query: CUSTOMERS, variables: { first: pageSize, after } });
    names.push(...data.customers.nodes.map((customer) => customer.organizationName));
    after = data.customers.pageInfo.endCursor;
  }
  return { names, requests };
}

tell({ byPost: await pages({}), byGet: await pages({ useGETForHashedQueries: true }) });
