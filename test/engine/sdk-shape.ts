/** What the installed SDKs declare of a resource's or a lookup's inputs, read from their own `.d.ts` files. */
import { readFileSync } from "node:fs";
import ts from "typescript";

export type Shape =
  | { readonly kind: "string" | "number" | "boolean" | "any" }
  | { readonly kind: "list" | "map"; readonly of: Shape }
  | { readonly kind: "object"; readonly properties: { readonly [name: string]: Member } };

export interface Member {
  readonly shape: Shape;
  readonly required: boolean;
}

type Members = { readonly [name: string]: Member };

/** The inputs of what this token names. */
export function sdkInputs(token: string): Members {
  const [pkg = "", module = "", name = ""] = token.split(":");
  const folder = module.split("/")[0] === "index" ? "" : `${module.split("/")[0]}/`;
  const file = module.includes("/") ? (module.split("/")[1] ?? "") : name.charAt(0).toLowerCase() + name.slice(1);
  const source = parsed(require.resolve(`@pulumi/${pkg}/${folder}${file}.d.ts`));
  const wanted = `${name.charAt(0).toUpperCase()}${name.slice(1)}Args`;
  const found = source.statements.find((statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === wanted);
  if (found === undefined || !ts.isInterfaceDeclaration(found)) throw new Error(`${source.fileName} declares no ${wanted}`);
  return membersOf(found.members, pkg);
}

/** The provider's own configuration. */
export function sdkConfig(pkg: string): Members {
  const source = parsed(require.resolve(`@pulumi/${pkg}/provider.d.ts`));
  const found = source.statements.find((statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === "ProviderArgs");
  return found !== undefined && ts.isInterfaceDeclaration(found) ? membersOf(found.members, pkg) : {};
}

const files = new Map<string, ts.SourceFile>();

function parsed(path: string): ts.SourceFile {
  const known = files.get(path) ?? ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  files.set(path, known);
  return known;
}

const membersOf = (members: ts.NodeArray<ts.TypeElement>, pkg: string): Members =>
  Object.fromEntries(
    members.flatMap((member) =>
      ts.isPropertySignature(member) && member.type !== undefined && ts.isIdentifier(member.name)
        ? [[member.name.text, { shape: shapeOf(member.type, pkg), required: member.questionToken === undefined }]]
        : [],
    ),
  );

function shapeOf(type: ts.TypeNode, pkg: string): Shape {
  if (ts.isParenthesizedTypeNode(type)) return shapeOf(type.type, pkg);
  // `string | enums.…` is a string; what may be undefined says so already by its question mark.
  if (ts.isUnionTypeNode(type)) return shapeOf(type.types.find((part) => part.kind !== ts.SyntaxKind.UndefinedKeyword) ?? type, pkg);
  if (ts.isArrayTypeNode(type)) return { kind: "list", of: shapeOf(type.elementType, pkg) };
  if (ts.isTypeLiteralNode(type)) {
    const [index] = type.members;
    if (index === undefined || !ts.isIndexSignatureDeclaration(index)) return { kind: "object", properties: membersOf(type.members, pkg) };
    return { kind: "map", of: shapeOf(index.type, pkg) };
  }
  switch (type.kind) {
    case ts.SyntaxKind.StringKeyword:
      return { kind: "string" };
    case ts.SyntaxKind.NumberKeyword:
      return { kind: "number" };
    case ts.SyntaxKind.BooleanKeyword:
      return { kind: "boolean" };
    case ts.SyntaxKind.AnyKeyword:
      return { kind: "any" };
  }
  if (!ts.isTypeReferenceNode(type)) throw new Error(`a type that is not understood: ${ts.SyntaxKind[type.kind]}`);
  const path = nameOf(type.typeName);
  const [argument] = type.typeArguments ?? [];
  if (argument !== undefined) return shapeOf(argument, pkg); // pulumi.Input<…>
  if (path[0] === "enums") return { kind: "string" };
  if (path[0] === "inputs") return { kind: "object", properties: nested(path.slice(1), pkg) };
  throw new Error(`a type that is not understood: ${path.join(".")}`);
}

const nameOf = (name: ts.EntityName): string[] => (ts.isIdentifier(name) ? [name.text] : [...nameOf(name.left), name.right.text]);

/** The interface of this path in the package's `types/input.d.ts`. */
function nested(path: readonly string[], pkg: string): Members {
  let statements: readonly ts.Statement[] = parsed(require.resolve(`@pulumi/${pkg}/types/input.d.ts`)).statements;
  for (const name of path.slice(0, -1)) {
    const space = statements.find((statement) => ts.isModuleDeclaration(statement) && statement.name.text === name);
    const body = space !== undefined && ts.isModuleDeclaration(space) ? space.body : undefined;
    statements = body !== undefined && ts.isModuleBlock(body) ? body.statements : [];
  }
  const found = statements.find((statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === path.at(-1));
  if (found === undefined || !ts.isInterfaceDeclaration(found)) throw new Error(`@pulumi/${pkg} declares no input ${path.join(".")}`);
  return membersOf(found.members, pkg);
}
