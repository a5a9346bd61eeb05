// The reference clients of both transports, and urql over event streams: each follows a ticket that is replied to.
import { Client, fetchExchange, gql } from "@urql/core";
import { createClient as createEvents } from "graphql-sse";
import { createClient as createSocket } from "graphql-ws";

import { bearer, forged, tell, token, url } from "./told.mjs";

const TICKET = "query { tickets(first: 1, filter: { openOnly: true }) { nodes { id } } }";
const FOLLOW = "subscription Follow($id: ID!) { ticketConversationUpdated(ticketId: $id) { body } }";
const REPLY = `mutation Reply($id: ID!, $body: String!) {
  ticketReplyAdd(ticketId: $id, input: { body: $body }) { userErrors { code } } }`;
const NOWHERE = "subscription { noSuchField }";

const socketUrl = url.replace("http", "ws");

async function asked(query, variables = {}) {
  const headers = { "content-type": "application/json", ...bearer(token) };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return (await answer.json()).data;
}

const id = (await asked(TICKET)).tickets.nodes[0].id;

// Replies until somebody has heard of one: nothing says when a subscription has begun.
async function told(follow) {
  let heard;
  const news = new Promise((resolve, reject) => follow(resolve, reject)).then((body) => (heard = body));
  for (let n = 0; heard === undefined && n < 50; n += 1) {
    await asked(REPLY, { id, body: `Again ${n}.` });
    await Promise.race([news, new Promise((later) => setTimeout(later, 200))]);
  }
  return (await news).startsWith("Again");
}

const sink = (resolve, reject) => ({
  next: ({ data, errors }) => (errors ? reject(errors) : resolve(data.ticketConversationUpdated.body)),
  error: reject,
  complete: () => reject(new Error("complete")),
});

const refused = (client) =>
  new Promise((resolve) =>
    client.subscribe(
      { query: NOWHERE },
      {
        next: ({ errors }) => resolve(errors.map((each) => each.extensions.code)),
        error: (errors) => resolve(Array.isArray(errors) ? errors.map((each) => each.extensions.code) : String(errors)),
        complete: () => resolve("complete"),
      },
    ),
  );

const seen = {};

const socket = createSocket({ url: socketUrl, connectionParams: { authorization: `Bearer ${token}` } });
seen.socket = await told((resolve, reject) => socket.subscribe({ query: FOLLOW, variables: { id } }, sink(resolve, reject)));
seen.socketRefusal = await refused(socket);
await socket.dispose();

const stranger = createSocket({ url: socketUrl, retryAttempts: 0, connectionParams: { authorization: `Bearer ${forged}` } });
seen.forged = await new Promise((resolve) =>
  stranger.subscribe({ query: FOLLOW, variables: { id } }, { next() {}, complete() {}, error: (event) => resolve(event.code) }),
);

const events = createEvents({ url, headers: bearer(token) });
seen.events = await told((resolve, reject) => events.subscribe({ query: FOLLOW, variables: { id } }, sink(resolve, reject)));
seen.eventsRefusal = await refused(events);
events.dispose();

const urql = new Client({
  url,
  exchanges: [fetchExchange],
  preferGetMethod: false,
  fetchSubscriptions: true,
  fetchOptions: { headers: bearer(token) },
});
let stop;
seen.urql = await told((resolve, reject) => {
  stop = urql.subscription(gql(FOLLOW), { id }).subscribe(({ data, error }) => {
    if (error) reject(error);
    else if (data) resolve(data.ticketConversationUpdated.body);
  });
});
stop.unsubscribe();
tell(seen);
process.exit(0);
