// What a client program is told, and how it tells what it saw.
export const url = `${process.env.BAILIWICK_URL}/graphql`;
export const token = process.env.BAILIWICK_TOKEN;
export const forged = `${token}x`;
export const pageSize = 3;

export const bearer = (value) => ({ authorization: `Bearer ${value}` });

export const tell = (seen) => console.log(JSON.stringify(seen));

/** A `fetch`, and what it was asked for: the method, and whether the document's text was sent. */
export function noting() {
  const requests = [];
  const noted = (input, init) => {
    const sent = init.method === "GET" ? new URL(input).searchParams.has("query") : "query" in JSON.parse(init.body);
    requests.push(`${init.method} ${sent ? "text" : "hash"}`);
    return fetch(input, init);
  };
  return { requests, fetch: noted };
}
