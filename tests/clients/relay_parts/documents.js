// What the compiler compiles: a fragment that comes later, and a list that comes in parts.
const { graphql } = require("relay-runtime");

graphql`
  query documentsDeferredQuery($first: Int!) {
    customers(first: $first) {
      nodes {
        id
        organizationName
        ...documents_details @defer(label: "details")
      }
    }
  }
`;

graphql`
  fragment documents_details on Customer {
    organizationName
    registeredAccount
    services(first: 2) {
      nodes {
        id
      }
    }
  }
`;

graphql`
  query documentsStreamedQuery($first: Int!) {
    customers(first: $first) {
      nodes @stream(initialCount: 1, label: "nodes") {
        id
        organizationName
      }
    }
  }
`;
