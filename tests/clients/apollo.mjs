// Apollo Client: a list that grows in its cache, mutations, and errors with the codes that the server gave.
import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { relayStylePagination } from "@apollo/client/utilities";
import { filter, firstValueFrom } from "rxjs";

import { bearer, forged, pageSize, tell, token, url } from "./told.mjs";

const CUSTOMERS = gql`
  query Customers($first: Int!, $after: String) {
    customers(first: $first, after: $after) {
      edges {
        cursor
        node {
          id
          organizationName
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;
const PIN = gql`
  mutation Pin($customerId: ID!) {
    customerPin(customerId: $customerId, input: { clientMutationId: "apollo" }) {
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
  return new ApolloClient({
    link: new HttpLink({ uri: url, headers: bearer(bearerToken), ...options }),
    cache: new InMemoryCache({ typePolicies: { Query: { fields: { customers: relayStylePagination() } } } }),
  });
}

async function names(asked) {
  const first = { query: CUSTOMERS, variables: { first: pageSize } };
  const listed = asked.watchQuery(first);
  const watched = listed.subscribe(() => {});
  let { data } = await firstValueFrom(listed.pipe(filter((result) => !result.loading)));
  for (let page = 0; page < 2; page += 1) {
    ({ data } = await listed.fetchMore({ variables: { after: data.customers.pageInfo.endCursor } }));
  }
  watched.unsubscribe();
  return asked.readQuery(first).customers.edges.map((edge) => edge.node.organizationName);
}

async function pinned(asked, customerId) {
  const { data } = await asked.mutate({ mutation: PIN, variables: { customerId } });
  return data.customerPin;
}

async function refusal(work) {
  try {
    await work;
  } catch (error) {
    return CombinedGraphQLErrors.is(error) ? error.errors.map((each) => each.extensions.code) : String(error);
  }
  return "nothing was refused";
}

const signedIn = client(token);
const seen = { names: await names(signedIn) };
const { data } = await signedIn.query({ query: CUSTOMERS, variables: { first: 1 }, fetchPolicy: "network-only" });
seen.pinned = await pinned(signedIn, data.customers.edges[0].node.id);
seen.unseen = await pinned(signedIn, "customer_of-nobody");
seen.namesByGet = await names(client(token, { useGETForQueries: true }));
seen.invalid = await refusal(signedIn.query({ query: INVALID }));
seen.forged = await refusal(client(forged).query({ query: CUSTOMERS, variables: { first: 1 } }));
tell(seen);
