// Subscriptions as server-sent events: results come until the server completes, or until nobody wants more.

import { getOperationAST } from "graphql";

export function isSubscription(document, operationName) {
  return document && getOperationAST(document, operationName)?.operation === "subscription";
}

// What `ask(signal)` is answered with, as an asynchronous iterable whose `return` ends the request.
export function follow(ask) {
  const stopping = new AbortController();
  const results = read(ask, stopping.signal);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => results.next(),
    return() {
      stopping.abort();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}

async function* read(ask, signal) {
  try {
    const answer = await ask(signal);
    if (answer.headers.get("content-type")?.startsWith("text/event-stream")) {
      yield* events(answer.body.pipeThrough(new TextDecoderStream()).getReader());
    } else {
      yield await answer.json();
    }
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  }
}

async function* events(reader) {
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const lines = block.split("\n");
      if (lines.includes("event: complete")) {
        return;
      }
      const data = lines.find((line) => line.startsWith("data: "));
      if (data) {
        yield JSON.parse(data.slice("data: ".length));
      }
    }
  }
}
