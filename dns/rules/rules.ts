import { addressRules } from "./addresses";
import { dkimRules } from "./dkim";
import { dmarcRules } from "./dmarc";
import { mxRules } from "./mx";
import { ownershipRules } from "./ownership";
import type { Rule } from "./rule";
import { spfRules } from "./spf";
import { textRules } from "./text";
import { transportRules } from "./transport";

/** Every rule there is, by family. */
export const rules: readonly Rule[] = [
  ...mxRules,
  ...addressRules,
  ...spfRules,
  ...dkimRules,
  ...dmarcRules,
  ...transportRules,
  ...ownershipRules,
  ...textRules,
];
