// Relay without React: its network reads the parts of an answer with meros, and its store fills up.
import { meros } from "meros/browser";
import relay from "relay-runtime";

import { bearer, pageSize, tell, token, url } from "../told.mjs";
import deferredQuery from "./generated/documentsDeferredQuery.graphql.js";
import streamedQuery from "./generated/documentsStreamedQuery.graphql.js";
import detailsFragment from "./generated/documents_details.graphql.js";

const warnings = [];
console.error = (...said) => warnings.push(said.join(" "));

/** The increments as Relay takes them: items one by one. */
function relayed({ incremental = [], hasNext, ...first }) {
  const extensions = { is_final: !hasNext };
  const parts = incremental.flatMap(({ items, path, ...rest }) =>
    items
      ? items.map((data, at) => ({ ...rest, data, path: [...path.slice(0, -1), path.at(-1) + at], extensions }))
      : { ...rest, path, extensions },
  );
  return "data" in first ? [{ ...first, extensions }, ...parts] : parts;
}

async function read(sink, { text }, variables) {
  const headers = { "content-type": "application/json", ...bearer(token) };
  headers.accept = "multipart/mixed;deferSpec=20220824, application/json";
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query: text, variables }) });
  for await (const { body } of await meros(response)) {
    const payloads = relayed(body);
    if (payloads.length > 0) sink.next(payloads);
  }
  sink.complete();
}

const network = relay.Network.create((request, variables) =>
  relay.Observable.create((sink) => void read(sink, request, variables).catch(sink.error)),
);
const asked = new relay.Environment({ network, store: new relay.Store(new relay.RecordSource()) });

/** What the store has of a query after each payload. */
async function states(query, look) {
  const operation = relay.createOperationDescriptor(query, { first: pageSize });
  asked.retain(operation);
  const seen = [];
  await new Promise((complete, error) => {
    asked.execute({ operation }).subscribe({
      next: () => seen.push(look(asked.lookup(operation.fragment).data.customers.nodes)),
      complete,
      error,
    });
  });
  return seen;
}

/** A customer with the fragment's fields, for as long as they are missing without them. */
function withDetails(customer) {
  const { data, isMissingData } = asked.lookup(relay.getSingularSelector(detailsFragment, customer));
  const { id, organizationName } = customer;
  if (isMissingData) return { id, organizationName };
  return { id, organizationName, registeredAccount: data.registeredAccount, services: data.services };
}

tell({
  deferred: await states(deferredQuery, (nodes) => nodes.map(withDetails)),
  streamed: await states(streamedQuery, (nodes) => nodes.map((node) => node.organizationName)),
  warnings,
});
