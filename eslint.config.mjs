import eslint from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

/** Data flows one way; these rules hold the walls of the rooms. */
const noPulumi = { group: ["@pulumi/*"], message: "Pure code: the same functions serve previews, tests and docs without Pulumi." };
const noLab = { group: ["**/lab/**", "**/test/**"], message: "Product code knows no lab." };

export default tseslint.config(
  { ignores: ["dist/", "**/node_modules/"] },
  eslint.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ["plan/**/*.ts", "dns/**/*.ts", "cloud-init/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [noPulumi, noLab] }] },
  },
  {
    files: ["components/**/*.ts", "index.ts"],
    plugins: { "@pulumi": pulumi },
    languageOptions: { parserOptions: { projectService: true } },
    // An output in a template literal would print "Calling [toString] on an [Output<T>] is not supported".
    rules: { "@pulumi/no-output-in-template-literal": "error", "@pulumi/no-output-instance-in-template-literal": "error" },
  },
  {
    files: ["components/**/*.ts", "cli/**/*.ts", "policy-pack/**/*.ts", "index.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [noLab] }] },
  },
);
