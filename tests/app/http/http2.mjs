// Sends one request over HTTP/2, prints what came of its answer, piece by piece, and leaves after three pieces.
import http2 from "node:http2";

const [origin, accept, query] = process.argv.slice(2);
const session = http2.connect(origin);
const headers = { ":method": "POST", ":path": "/graphql", accept, "content-type": "application/json" };
const request = session.request(headers);
const pieces = [];
request.on("data", (piece) => {
  pieces.push(String(piece));
  if (pieces.length === 3) {
    console.log(JSON.stringify(pieces));
    session.destroy();
  }
});
request.end(JSON.stringify({ query }));
