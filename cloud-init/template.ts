import Mustache from "mustache";

/** What fills a template's holes: scalars, and lists of such for sections. */
export interface View {
  readonly [hole: string]: string | number | undefined | View | readonly View[];
}

/**
 * Fills the `{{holes}}` of a text. A hole with no value, and a value with a character that could end a line, a field or a word in a configuration file, a map
 * or a shell command, is an error that names the hole. What may stand in a hole is what addresses, names and fingerprints are made of.
 */
export function fill(template: string, view: View): string {
  return new StrictWriter().render(template, new StrictContext(view));
}

const HARMLESS = /^[A-Za-z0-9._:@/+=-]+$/;

class StrictContext extends Mustache.Context {
  override push(view: unknown): StrictContext {
    return new StrictContext(view, this);
  }
}

class StrictWriter extends Mustache.Writer {
  override escapedValue(token: string[], context: Mustache.Context): string {
    const hole = token[1] ?? "";
    const value: unknown = context.lookup(hole);
    if (typeof value === "number") return String(value);
    if (typeof value !== "string") throw new Error(`no value for {{${hole}}}`);
    if (!HARMLESS.test(value))
      throw new Error(`{{${hole}}} may not be ${JSON.stringify(value)}: only letters, digits and . _ : @ / + = - are harmless here`);
    return value;
  }

  override unescapedValue(token: string[]): string {
    throw new Error(`{{{${token[1] ?? ""}}}} would go in unchecked`);
  }
}
