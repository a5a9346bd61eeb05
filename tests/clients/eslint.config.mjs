// The rules of @graphql-eslint for schemas, its recommended ones and Relay's; each exception with its reason.
import graphql from "@graphql-eslint/eslint-plugin";

const { "schema-recommended": recommended, "schema-relay": relay } = graphql.configs;
const schema = "schema/schema.graphql";

// Parts of another object, or of the answer: they are read where they belong, and cannot be asked for alone.
const parts = [
  "Agreement",
  "AppliedCustomerFilter",
  "AppointmentSlot",
  "AttachmentDownload",
  "AttachmentUpload",
  "BusinessHours",
  "ContactDefaults",
  "CustomerAccess",
  "EffectiveOptionPolicy",
  "EntitlementUse",
  "ExportDownload",
  "ExportFailure",
  "ExportScheduleStop",
  "HighlightPart",
  "Holiday",
  "NotificationPreferences",
  "NotificationSetting",
  "OpeningHours",
  "PhoneCountryCode",
  "QuietHours",
  "RateLimit",
  "RefusedFile",
  "ReportDelivery",
  "ServiceSetup",
  "SeverityLevel",
  "SlaPolicy",
  "SlaPolicyTarget",
  "SlaTarget",
  "SupportContractEligibility",
  "SupportContractWarning",
  "SupportInviteForm",
  "SupportRegion",
  "TemporaryAccessOption",
  "TenantManagement",
  "TenantSecuritySettings",
  "TicketAssignee",
  "TicketBulkChange",
  "TicketContact",
  "TicketHighlight",
  "TicketOwner",
  "TicketQueues",
  "TicketRating",
  "TicketRequester",
  "Viewer",
  "ViewerMembership",
];

export default [
  {
    files: [schema],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema } } },
    plugins: { "@graphql-eslint": graphql },
    linterOptions: { noInlineConfig: true },
    rules: {
      ...recommended.rules,
      ...relay.rules,
      "@graphql-eslint/strict-id-in-types": [
        "error",
        {
          exceptions: {
            // Relay's own shapes, answers and errors are nothing that a client asks for again.
            suffixes: ["Connection", "Edge", "Payload", "Error", "Capabilities"],
            types: ["PageInfo", ...parts],
          },
        },
      ],
      "@graphql-eslint/relay-edge-types": [
        "error",
        {
          withEdgeSuffix: true,
          shouldImplementNode: true,
          // A connection has its rows as `nodes` too, and lists that are small by nature are plain lists.
          listTypeCanWrapOnlyEdgeType: false,
        },
      ],
    },
  },
];
