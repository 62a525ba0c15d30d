import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { anyDeclaration, garbage, mutated } from "../generated/bad-declarations";
import { verdictOn } from "../generated/verdict";

/** Milliseconds of a processor. An answer usually takes less than one; `npm run bench` has the figure. */
const patience = 5000;

describe("whatever is declared", () => {
  it("is refused with reasons or can be rendered, soon", () => {
    let accepted = 0;
    fc.assert(
      fc.property(anyDeclaration(), (declaration) => {
        const { plan, milliseconds } = verdictOn(declaration);
        if (plan !== undefined) accepted += 1;
        assert.ok(milliseconds < patience, `${milliseconds} ms`);
      }),
      { numRuns: 1000 },
    );
    assert.ok(accepted > 50 && accepted < 500, `${accepted} of 1000 were accepted: the kinds are out of balance`);
  });

  it("as garbage is never accepted", () => {
    fc.assert(
      fc.property(garbage(), (declaration) => {
        assert.equal(verdictOn(declaration).plan, undefined);
      }),
      { numRuns: 300 },
    );
  });

  it("is answered soon although there is much of it", () => {
    const many = (count: number, entry: (index: number) => readonly [string, unknown]): object =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => entry(index)));
    const sane = fc.sample(mutated(), 1)[0] as object;
    for (const declaration of [
      { ...sane, domains: [{ name: "example.test", aliases: many(20_000, (index) => [`a${index}`, [`b${index}`]]) }] },
      { ...sane, domains: [{ name: "example.test", aliases: many(5000, (index) => [`a${index}`, [`a${(index + 1) % 5000}`]]) }] },
      { ...sane, domains: Array.from({ length: 20_000 }, () => ({ name: "example.test" })) },
      { ...sane, systemUsers: many(5000, (index) => [`u${index}`, { home: "/usr/x" }]) },
      { ...sane, relayClients: many(20_000, (index) => [`c${index}`, { addresses: ["203.0.113.0/24"], senders: ["x.test"] }]) },
      { ...sane, exchangers: many(20_000, (index) => [`x${index}`, { role: "primary" }]) },
      many(50_000, (index) => [`exchanger${index}`, 1]),
    ]) {
      const { milliseconds, problems } = verdictOn(declaration);
      assert.ok(problems.length > 0);
      assert.ok(milliseconds < patience, `${milliseconds} ms for ${JSON.stringify(declaration).slice(0, 200)}`);
    }
  });
});
