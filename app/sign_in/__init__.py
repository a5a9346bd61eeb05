"""Sign-in: from credentials to tokens, and from tokens to the caller of a request."""
