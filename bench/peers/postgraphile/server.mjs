// PostGraphile 5 in one process, as in production: DATABASE_URL, HOST, PORT, BAILIWICK_POOL_SIZE.
import { createServer } from "node:http";

import pg from "pg";
import { grafserv } from "postgraphile/grafserv/node";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { PostGraphileConnectionFilterPreset } from "postgraphile-plugin-connection-filter";

import { signIn } from "./sign-in.mjs";

const { DATABASE_URL, PORT, HOST, BAILIWICK_POOL_SIZE } = process.env;

const size = Number(BAILIWICK_POOL_SIZE ?? 10);
const pool = new pg.Pool({ connectionString: DATABASE_URL, min: size, max: size });
const settingsOf = signIn(pool);

const preset = {
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset],
  pgServices: [makePgService({ pool, schemas: ["portal"], pubsub: false })],
  gather: { installWatchFixtures: false },
  schema: { defaultBehavior: "-mutation", connectionFilterRelations: true },
  grafast: {
    explain: false,
    context: async (request) => ({ pgSettings: await settingsOf(request.node.req.headers.authorization) }),
  },
  grafserv: { graphqlPath: "/graphql", watch: false, graphiql: false, graphqlOverGET: false },
};

const handle = postgraphile(preset).createServ(grafserv).createHandler();

createServer((request, response) => {
  if (request.url === "/readyz") response.end();
  else handle(request, response);
}).listen(Number(PORT), HOST);
