// Bundles the GraphiQL page into app/http/static/graphiql: one script and one style sheet, fonts inlined.
import { build } from "esbuild";

await build({
  entryPoints: { graphiql: "src/main.jsx" },
  outdir: "../static/graphiql",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  legalComments: "linked",
  loader: { ".woff2": "dataurl", ".woff": "dataurl", ".ttf": "dataurl" },
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "info",
});
