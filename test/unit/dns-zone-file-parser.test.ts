import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Presented } from "../../dns/presentation";
import { planSide } from "../../dns/review/side";
import { quotedStrings } from "../../dns/text";
import { masterFile } from "../../dns/zone-file";
import { parseZoneFile } from "../../dns/zone-file-parser";
import { twoExchangers } from "../examples/two-exchangers";
import { planOf } from "./plan-verdicts";

function records(text: string, origin?: string): readonly Presented[] {
  const parsed = parseZoneFile(text, origin);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.records;
}

const line = ({ name, type, priority, content, ttl }: Presented): string =>
  [name, ttl, type, ...(priority === undefined ? [] : [priority]), content].join(" ");

function problems(text: string, origin?: string): string[] {
  const parsed = parseZoneFile(text, origin);
  assert.ok(!parsed.ok, "it was read");
  return parsed.problems.map(({ line: at, column, message }) => `${at}:${column} ${message}`);
}

/** RFC 1035 section 5.3, but for the $INCLUDE at its end. */
const ISI = `@   IN  SOA     VENERA      Action\\.domains (
                                 20     ; SERIAL
                                 7200   ; REFRESH
                                 600    ; RETRY
                                 3600000; EXPIRE
                                 60)    ; MINIMUM

        NS      A.ISI.EDU.
        NS      VENERA
        NS      VAXA
        MX      10      VENERA
        MX      20      VAXA

A       A       26.3.0.103

VENERA  A       10.1.0.52
        A       128.9.0.32

VAXA    A       10.2.0.27
        A       128.9.0.33
`;

describe("a zone file", () => {
  it("is read as RFC 1035 section 5.3 has it", () => {
    assert.deepEqual(records(ISI, "isi.edu").map(line), [
      "isi.edu 60 SOA venera.isi.edu action\\.domains.isi.edu 20 7200 600 3600000 60",
      "isi.edu 60 NS a.isi.edu",
      "isi.edu 60 NS venera.isi.edu",
      "isi.edu 60 NS vaxa.isi.edu",
      "isi.edu 60 MX 10 venera.isi.edu",
      "isi.edu 60 MX 20 vaxa.isi.edu",
      "a.isi.edu 60 A 26.3.0.103",
      "venera.isi.edu 60 A 10.1.0.52",
      "venera.isi.edu 60 A 128.9.0.32",
      "vaxa.isi.edu 60 A 10.2.0.27",
      "vaxa.isi.edu 60 A 128.9.0.33",
    ]);
  });

  it("refuses $INCLUDE, where the RFC's example ends with one", () => {
    assert.deepEqual(problems(`${ISI}\n$INCLUDE <SUBSYS>ISI-MAILBOXES.TXT\n`, "isi.edu"), [
      "22:1 files are not followed; put what $INCLUDE names into this one",
    ]);
  });

  it("has $ORIGIN, $TTL with units, either order of class and TTL, and other line ends", () => {
    const text =
      "\ufeff$ORIGIN Example.TEST.\r\n$TTL 1h30m\r\n@ MX 0 .\r\nwww 60 IN CNAME @\r\nftp IN 1D CNAME www\r\n$ORIGIN sub\r\n@ A 192.0.2.1\r\nfar.example. A 192.0.2.2\r\n";
    assert.deepEqual(records(text).map(line), [
      "example.test 5400 MX 0 .",
      "www.example.test 60 CNAME example.test",
      "ftp.example.test 86400 CNAME www.example.test",
      "sub.example.test 5400 A 192.0.2.1",
      "far.example 5400 A 192.0.2.2",
    ]);
  });

  it("takes the last stated TTL where there is no $TTL", () => {
    assert.deepEqual(
      records("a. 60 A 192.0.2.1\nb. A 192.0.2.2\n").map(({ ttl }) => ttl),
      [60, 60],
    );
  });

  it("brings every record into the form in which records are compared", () => {
    const text = `$ORIGIN example.test.
$TTL 300
@ AAAA 2001:DB8:0:0:0:0:0:1
@ TXT "v=spf1 " "ip4:192.0.2.1" " -all"
@ TXT ( "${"k".repeat(200)}"
        "${"k".repeat(100)}" ) ; long
semi TXT "a;b \\"c\\" \\\\ \\195\\188"
_submissions._tcp SRV 0 01 465 MX1
@ CAA 0 ISSUE letsencrypt.org
_25._tcp.mx1 TLSA 3 1 1 AABB CCDD
@ TYPE65534 \\# 4 0A000001
Upper\\065 A 192.0.2.1
`;
    assert.deepEqual(records(text).map(line), [
      "example.test 300 AAAA 2001:db8::1",
      'example.test 300 TXT "v=spf1 ip4:192.0.2.1 -all"',
      `example.test 300 TXT "${"k".repeat(255)}" "${"k".repeat(45)}"`,
      'semi.example.test 300 TXT "a;b \\"c\\" \\\\ ü"',
      "_submissions._tcp.example.test 300 SRV 0 1 465 mx1.example.test",
      'example.test 300 CAA 0 issue "letsencrypt.org"',
      "_25._tcp.mx1.example.test 300 TLSA 3 1 1 aabbccdd",
      "example.test 300 TYPE65534 \\# 4 0A000001",
      "uppera.example.test 300 A 192.0.2.1",
    ]);
  });

  it("has all of its problems told at once, each with line and column", () => {
    const text = `www 300 A 192.0.2.1
$ORIGIN example.test.
  A 192.0.2.1
@ A 192.0.2.1
$TTL 300
@ A 192.0.2.256
@ AAAA 192.0.2.1
@ MX mx1
@ MX 70000 mx1
@ MX 10
@ MX 10 mx1 mx2
@ XM 10 mx1
@ CH A 192.0.2.1
@ TXT "open
@ TXT "\\256"
a..b A 192.0.2.1
${"x".repeat(64)} A 192.0.2.1
bücher A 192.0.2.1
@ TLSA 3 1 1 abc
@ )
$GENERATE 1-9 a$ A 192.0.2.$
good A 192.0.2.1
@ TXT ( "never closed"
`;
    assert.deepEqual(problems(text), [
      '1:1 the name "www" is relative, and nothing says to what; write $ORIGIN ZONE. before it, or a dot at its end',
      "3:3 this line begins with a blank, and there is no owner before it; begin it with a name",
      "4:1 this record has no TTL, and none was stated before it; begin the file with $TTL SECONDS",
      '6:5 "192.0.2.256" is no IPv4 address',
      '7:8 "192.0.2.1" is no IPv6 address',
      '8:6 "mx1" is no number from 0 to 65535',
      '9:6 "70000" is no number from 0 to 65535',
      "10:8 the MX record ends before its host name",
      '11:13 "mx2" is too much for a record of type MX',
      '12:3 "XM" is no record type',
      "13:3 class CH is not the internet's; only IN is read",
      "14:7 a quoted string must end on the line on which it begins",
      '15:7 "\\256" is no escape; it is \\ and three digits up to 255, or \\ and a character that is no digit',
      '16:1 a label of the name "a..b" is empty',
      `17:1 the label "${"x".repeat(64)}" has more than 63 octets`,
      '18:1 "ü" in a name; write international names as DNS has them, with xn--',
      '19:14 "abc" is not hexadecimal, two digits an octet',
      '20:3 ")" without "(" before it',
      "21:1 $GENERATE is not of RFC 1035 or RFC 2308; write its records out",
      '23:7 this "(" is never closed',
    ]);
  });

  it("gives back the records of a plan that was written into one", () => {
    const addresses = new Map([
      ["address of mx1", "192.0.2.1"],
      ["address of mx2", "192.0.2.2"],
    ]);
    const planned = planSide("plan", planOf(twoExchangers), addresses).records;
    const text = masterFile(planned);
    const key = (record: Presented): string => line(record);
    assert.deepEqual(records(text).map(key).sort(), planned.map(key).sort());
  });

  it("gives back any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 600 }), (value) => {
        fc.pre(!/[\p{Cc}\ufffd]/u.test(value));
        const content = quotedStrings(value);
        assert.equal(records(`a. 60 TXT ${content}\n`)[0]?.content, content);
      }),
    );
  });

  it("never throws, whatever it is given", () => {
    const word = fc.constantFrom(
      "@",
      "a.",
      "IN",
      "TXT",
      "MX",
      "A",
      "(",
      ")",
      '"',
      ";",
      "\\",
      "\\065",
      "\n",
      " ",
      "\t",
      "300",
      "$TTL",
      "$ORIGIN",
      "192.0.2.1",
      "\r\n",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 3 }))), (parts) => void parseZoneFile(parts.join(""), "example.test")),
    );
  });
});
