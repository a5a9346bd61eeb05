import { useState } from "react";

import { signIn } from "./session.js";

// The bar above GraphiQL: one click for each demo account in demo mode, a small form otherwise.
export function SignIn({ session, demo, onSession }) {
  const [problem, setProblem] = useState("");

  async function enter(email, password) {
    setProblem("");
    try {
      onSession(await signIn(email, password));
    } catch (error) {
      setProblem(error.message);
    }
  }

  return (
    <header className="sign-in">
      <strong>Bailiwick</strong>
      {session ? (
        <>
          <span>Signed in as {session.email}</span>
          <button type="button" onClick={() => onSession(null)}>
            Sign out
          </button>
        </>
      ) : demo ? (
        <Accounts demo={demo} onChoose={enter} />
      ) : (
        <Form onSubmit={enter} />
      )}
      {problem && <span role="alert">{problem}</span>}
    </header>
  );
}

function Accounts({ demo, onChoose }) {
  return (
    <nav aria-label="Demo accounts">
      <span>Demo. Sign in as</span>
      {demo.accounts.map(({ email, label }) => (
        <button type="button" key={email} title={email} onClick={() => onChoose(email, demo.password)}>
          {label}
        </button>
      ))}
    </nav>
  );
}

function Form({ onSubmit }) {
  function submit(event) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onSubmit(form.get("email"), form.get("password"));
  }
  return (
    <form onSubmit={submit}>
      <input name="email" type="email" placeholder="E-mail" aria-label="E-mail" autoComplete="username" required />
      <input
        name="password"
        type="password"
        placeholder="Password"
        aria-label="Password"
        autoComplete="current-password"
        required
      />
      <button type="submit">Sign in</button>
    </form>
  );
}
