// What the compiler compiles. It is never run: `run.mjs` takes what the compiler made of it.
const { graphql } = require("relay-runtime");

graphql`
  query documentsCustomersQuery($count: Int!) {
    ...documents_customers @arguments(count: $count)
  }
`;

graphql`
  fragment documents_customers on Query
  @refetchable(queryName: "documentsCustomersPageQuery")
  @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "String" }) {
    customers(first: $count, after: $cursor) @connection(key: "documents_customers") {
      edges {
        node {
          id
          organizationName
          ...documents_customer
        }
      }
    }
  }
`;

graphql`
  fragment documents_customer on Customer @refetchable(queryName: "documentsRefetchQuery") {
    id
    organizationName
  }
`;

graphql`
  mutation documentsPinMutation($customerId: ID!, $input: CustomerPinInput!) {
    customerPin(customerId: $customerId, input: $input) {
      clientMutationId
      customer {
        id
      }
      userErrors {
        __typename
        code
        field
      }
    }
  }
`;
