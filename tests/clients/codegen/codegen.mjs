// GraphQL Code Generator's client preset; a scalar that it has no type for fails it.
export default {
  schema: "../../../schema/schema.graphql",
  documents: ["run.ts"],
  generates: {
    "generated/": {
      preset: "client",
      config: {
        documentMode: "string",
        enumsAsTypes: true,
        importExtension: ".ts",
        scalars: { Date: "string", DateTime: "string", Decimal: "string", JSON: "unknown", Upload: "File" },
        strictScalars: true,
        useTypeImports: true,
      },
    },
  },
};
