// urql: queries by GET, as it likes best, and by POST; mutations; errors with the codes that the server gave.
import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";

import { bearer, forged, pageSize, tell, token, url } from "./told.mjs";

const CUSTOMERS = gql`
  query Customers($first: Int!, $after: String) {
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
const PIN = gql`
  mutation Pin($customerId: ID!) {
    customerPin(customerId: $customerId, input: { clientMutationId: "urql" }) {
      clientMutationId
      customer {
        id
      }
      userErrors {
        __typename
        code
        field
      }
    }
  }
`;
const INVALID = gql`
  query Invalid {
    noSuchField
  }
`;

function client(bearerToken, options = {}) {
  const methods = [];
  const made = new Client({
    url,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: { headers: bearer(bearerToken) },
    fetch: (input, init) => {
      methods.push(init.method);
      return fetch(input, init);
    },
    ...options,
  });
  return { made, methods };
}

async function names({ made }) {
  const found = [];
  let after = null;
  for (let page = 0; page < 3; page += 1) {
    const { data } = await made.query(CUSTOMERS, { first: pageSize, after }).toPromise();
    found.push(...data.customers.nodes.map((customer) => customer.organizationName));
    after = data.customers.pageInfo.endCursor;
  }
  return found;
}

async function pinned({ made }, customerId) {
  const { data } = await made.mutation(PIN, { customerId }).toPromise();
  return data.customerPin;
}

async function refusal({ made }, query, variables) {
  const { error } = await made.query(query, variables).toPromise();
  return error.graphQLErrors.map((each) => each.extensions.code);
}

const byGet = client(token, { preferGetMethod: true });
const byPost = client(token, { preferGetMethod: false });
const seen = { namesByGet: await names(byGet), names: await names(byPost) };
seen.methods = [...new Set(byGet.methods), ...new Set(byPost.methods)];
const { data } = await byPost.made.query(CUSTOMERS, { first: 1 }).toPromise();
seen.pinned = await pinned(byGet, data.customers.nodes[0].id);
seen.unseen = await pinned(byGet, "customer_of-nobody");
seen.invalid = await refusal(byPost, INVALID, {});
seen.forged = await refusal(client(forged, { preferGetMethod: true }), CUSTOMERS, { first: 1 });
tell(seen);
