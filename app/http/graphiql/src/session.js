// Signing in and asking: the token lives in memory only, and is gone when the page is left.

import { follow, isSubscription } from "./live.js";

export async function signIn(email, password) {
  const answer = await fetch("/auth/token", {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
    body: new URLSearchParams({ grant_type: "password", username: email, password }),
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok || !body.access_token) {
    throw new Error(body.error_description ?? "Signing in failed.");
  }
  return { email, token: body.access_token };
}

const ORDINARY = "application/graphql-response+json, application/json;q=0.9";

export function fetcherFor(session, onExpired) {
  async function ask(parameters, options, accept, signal) {
    const answer = await fetch("/graphql", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: accept,
        ...(session ? { Authorization: `Bearer ${session.token}` } : {}),
        ...options?.headers,
      },
      body: JSON.stringify(parameters),
      signal,
    });
    if (answer.status === 401 && session) {
      onExpired();
    }
    return answer;
  }
  return async (parameters, options) => {
    if (isSubscription(options?.documentAST, parameters.operationName)) {
      return follow((signal) => ask(parameters, options, "text/event-stream", signal));
    }
    return (await ask(parameters, options, ORDINARY)).json();
  };
}
