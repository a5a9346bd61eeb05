// Relay without React: a connection that grows in its store, a fragment asked for again by its id, a mutation.
import relay from "relay-runtime";

import { bearer, forged, pageSize, tell, token, url } from "../told.mjs";
import customersPageQuery from "./generated/documentsCustomersPageQuery.graphql.js";
import customersQuery from "./generated/documentsCustomersQuery.graphql.js";
import pinMutation from "./generated/documentsPinMutation.graphql.js";
import refetchQuery from "./generated/documentsRefetchQuery.graphql.js";
import customerFragment from "./generated/documents_customer.graphql.js";
import customersFragment from "./generated/documents_customers.graphql.js";

const codes = (errors) => errors.map((each) => each.extensions.code);

function environment(bearerToken, refused = []) {
  async function ask({ text }, variables) {
    const headers = {
      accept: "application/graphql-response+json",
      "content-type": "application/json",
      ...bearer(bearerToken),
    };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query: text, variables }) });
    const answer = await response.json();
    refused.push(...codes(answer.errors ?? []));
    return answer;
  }
  const store = new relay.Store(new relay.RecordSource());
  return new relay.Environment({ network: relay.Network.create(ask), store });
}

const asked = environment(token);

/** What a fragment reads where an operation's result refers to it. */
function read(operation, fragment, pick) {
  const reference = pick(asked.lookup(operation.fragment).data);
  return asked.lookup(relay.getSingularSelector(fragment, reference)).data;
}

async function run(query, variables) {
  const operation = relay.createOperationDescriptor(query, variables);
  asked.retain(operation);
  await relay.fetchQuery(asked, query, variables).toPromise();
  return operation;
}

async function customers() {
  const operation = await run(customersQuery, { count: pageSize });
  const list = () => read(operation, customersFragment, (data) => data).customers;
  for (let page = 0; page < 2; page += 1) {
    await run(customersPageQuery, { count: pageSize, cursor: list().pageInfo.endCursor });
  }
  return list().edges.map((edge) => edge.node);
}

async function refetched(id) {
  const operation = await run(refetchQuery, { id });
  return read(operation, customerFragment, (data) => data.node);
}

function pinned(customerId) {
  return new Promise((onDone, onError) => {
    const variables = { customerId, input: { clientMutationId: "relay" } };
    const onCompleted = (data) => onDone(data.customerPin);
    relay.commitMutation(asked, { mutation: pinMutation, variables, onCompleted, onError });
  });
}

async function refusal(bearerToken, query, variables) {
  const refused = [];
  try {
    await relay.fetchQuery(environment(bearerToken, refused), query, variables).toPromise();
  } catch {
    return refused;
  }
  return "nothing was refused";
}

const nodes = await customers();
tell({
  names: nodes.map((node) => node.organizationName),
  refetched: (await refetched(nodes[0].id)).organizationName,
  pinned: await pinned(nodes[0].id),
  unseen: await pinned("customer_of-nobody"),
  forged: await refusal(forged, customersQuery, { count: 1 }),
  tooMany: await refusal(token, customersQuery, { count: 101 }),
});
