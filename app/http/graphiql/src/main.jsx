import { GraphiQL } from "graphiql";
import { useMemo, useState } from "react";
import { createRoot } from "react-dom/client";

import "graphiql/graphiql.css";
import "./page.css";
import { SignIn } from "./SignIn.jsx";
import { fetcherFor } from "./session.js";

// GraphiQL is made anew for each session, so that it reads the schema as the one who is signed in.
function Page({ demo, example }) {
  const [session, setSession] = useState(null);
  const fetcher = useMemo(() => fetcherFor(session, () => setSession(null)), [session]);
  const query = new URLSearchParams(window.location.search).get("query") ?? undefined;
  return (
    <>
      <SignIn session={session} demo={demo} onSession={setSession} />
      <GraphiQL
        key={session?.token ?? "nobody"}
        fetcher={fetcher}
        schema={session ? undefined : null}
        query={query}
        defaultQuery={example}
        shouldPersistHeaders={false}
      />
    </>
  );
}

const root = document.getElementById("graphiql");
createRoot(root).render(<Page {...JSON.parse(root.dataset.options)} />);
