// A typed client without a library: what GraphQL Code Generator made, and `fetch`.
import type { CustomersQuery, PinMutation, TypedDocumentString } from "./generated/graphql.ts";
import { graphql } from "./generated/index.ts";

const url = `${process.env.BAILIWICK_URL}/graphql`;
const token = process.env.BAILIWICK_TOKEN;
const pageSize = 3;

const CUSTOMERS = graphql(`
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
`);
const PIN = graphql(`
  mutation Pin($customerId: ID!, $input: CustomerPinInput!) {
    customerPin(customerId: $customerId, input: $input) {
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
`);

type Answer<Result> = { data?: Result | null; errors?: { extensions: { code: string } }[] };

async function ask<Result, Variables>(
  bearer: string | undefined,
  query: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<Answer<Result>> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      accept: "application/graphql-response+json",
      authorization: `Bearer ${bearer}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer<Result>;
}

function given<Result>(answer: Answer<Result>): Result {
  if (!answer.data || answer.errors) throw new Error(JSON.stringify(answer));
  return answer.data;
}

async function customers(): Promise<CustomersQuery["customers"]["nodes"]> {
  const found = [];
  let after: string | null = null;
  for (let page = 0; page < 3; page += 1) {
    const variables: { first: number; after: string | null } = { first: pageSize, after };
    const answer: CustomersQuery = given(await ask(token, CUSTOMERS, variables));
    found.push(...answer.customers.nodes);
    after = answer.customers.pageInfo.endCursor ?? null;
  }
  return found;
}

async function pinned(customerId: string): Promise<PinMutation["customerPin"]> {
  const input = { clientMutationId: "codegen" };
  return given(await ask(token, PIN, { customerId, input })).customerPin;
}

const nodes = await customers();
console.log(
  JSON.stringify({
    names: nodes.map((customer) => customer.organizationName),
    pinned: await pinned(nodes[0]?.id ?? ""),
    unseen: await pinned("customer_of-nobody"),
    forged: (await ask(`${token}x`, CUSTOMERS, { first: 1 })).errors?.map((each) => each.extensions.code),
  }),
);
