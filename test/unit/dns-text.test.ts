import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { quotedStrings } from "../../dns/text";

describe("the content of a TXT record", () => {
  it("is quoted, in strings of at most 255 octets", () => {
    assert.equal(quotedStrings(""), '""');
    assert.equal(quotedStrings("v=spf1 -all"), '"v=spf1 -all"');
    assert.equal(quotedStrings("a".repeat(255)), `"${"a".repeat(255)}"`);
    assert.equal(quotedStrings("a".repeat(256)), `"${"a".repeat(255)}" "a"`);
    assert.equal(quotedStrings("é".repeat(128)), `"${"é".repeat(127)}" "é"`);
    assert.equal(quotedStrings('say "\\"'), '"say \\"\\\\\\""');
  });

  it("gives its value back to a reader", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii", maxLength: 1000 }), (value) => {
        const strings = [...quotedStrings(value).matchAll(/"((?:[^"\\]|\\.)*)"(?: |$)/gs)].map(([, inside = ""]) =>
          inside.replace(/\\(.)/gs, "$1"),
        );
        assert.equal(strings.join(""), value);
        assert.ok(strings.every((string) => string.length <= 255));
      }),
    );
  });
});
