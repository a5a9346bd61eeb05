// Who asks: the token's signature, then the session and the one tenant of its user, in one round trip.
import { createPublicKey, verify } from "node:crypto";

const RELOAD_MILLISECONDS = 1000;
const SIGN_IN = "begin read only; select set_config('bailiwick.scope', 'sign_in', true)";
const PUBLIC_KEYS = "select replace(id::text, '-', '') as kid, public_key from signing_key where verifies_until > now()";
const CALLER = {
  name: "caller",
  text: "select tenant_id from peers.caller($1, $2)",
};

/** A function from an Authorization header to the settings that row-level security reads; none without a session. */
export function signIn(pool) {
  const keys = new Map();
  let loadedAt = 0;

  async function keyOf(kid) {
    if (!keys.has(kid) && Date.now() - loadedAt > RELOAD_MILLISECONDS) {
      loadedAt = Date.now();
      const { rows } = await asSignIn(pool, PUBLIC_KEYS);
      for (const row of rows) keys.set(row.kid, createPublicKey(row.public_key));
    }
    return keys.get(kid);
  }

  return async (authorization) => {
    const claims = await verified(keyOf, authorization);
    const { rows } = claims ? await pool.query({ ...CALLER, values: [claims.sid, claims.sub] }) : { rows: [] };
    if (rows.length !== 1) return { "bailiwick.scope": "", statement_timeout: "15s" };
    return {
      "bailiwick.scope": "tenant",
      "bailiwick.tenant_id": rows[0].tenant_id,
      "bailiwick.user_id": claims.sub,
      statement_timeout: "15s",
    };
  };
}

async function asSignIn(pool, query) {
  const client = await pool.connect();
  try {
    await client.query(SIGN_IN);
    return await client.query(query);
  } finally {
    await client.query("commit");
    client.release();
  }
}

async function verified(keyOf, authorization = "") {
  const token = authorization.replace(/^bearer +/i, "");
  const [head, body, signature] = token.split(".");
  if (!signature) return null;
  const { kid, alg, typ } = decoded(head);
  const key = await keyOf(kid);
  if (alg !== "EdDSA" || typ !== "at+jwt" || !key) return null;
  if (!verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, "base64url"))) return null;
  const claims = decoded(body);
  const good = claims.iss === "bailiwick" && claims.aud === "bailiwick-api" && claims.exp > Date.now() / 1000;
  return good ? claims : null;
}

function decoded(part) {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}
