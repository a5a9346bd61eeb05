"""What the workloads ask, in the platform's own words; a peer asks the same in its own, or has a route for it."""

PARTNER_CUSTOMERS = """query ($first: Int!) { customers(first: $first) { nodes {
  organizationName registeredAccount country
  services(first: 10) { nodes { service { name family startable premium } } }
  tickets(first: 5, filter: {openOnly: true}) { nodes { number summary status severity kind issueType createdAt } }
  entitlements(first: 10) { nodes { unit available total } }
} } }"""
CUSTOMER = """query ($id: ID!) { customer(id: $id) {
  organizationName registeredAccount country
  tickets(first: 10) { nodes {
    number summary status
    participants(first: 10) { nodes { kind name email } }
    conversation(first: 10) { nodes { authorName body createdAt } }
  } }
} }"""
VIEWER = "{ viewer { id } }"
SEARCH = """query ($search: String!) { tickets(search: $search, first: 20) { nodes {
  number summary status severity createdAt
} } }"""
FILTERED = """query ($tags: [String!]!, $first: Int!, $after: String) {
  customers(filter: {hasOpenTickets: true, tags: $tags}, first: $first, after: $after) {
    nodes { organizationName registeredAccount country }
    pageInfo { hasNextPage endCursor }
  }
}"""
INVITE = """mutation ($input: SupportInviteNewIssueInput!) { supportInviteNewIssue(input: $input) {
  ticket { number } userErrors { code field message }
} }"""

DOCUMENTS = {
    "customers": PARTNER_CUSTOMERS,
    "customer": CUSTOMER,
    "viewer": VIEWER,
    "search": SEARCH,
    "filtered": FILTERED,
    "invite": INVITE,
}
"""By the question's name. Variables: first; id; none; search; tags, first, after; input."""
