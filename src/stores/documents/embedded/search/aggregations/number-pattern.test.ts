import assert from "node:assert/strict";
import { test } from "node:test";
import { compileNumberPattern, printDouble } from "./number-pattern.ts";

test("numbers are printed as the reference engine prints them by the same pattern", () => {
  const cases: readonly (readonly [string, number, string])[] = [
    ["000,000.00#%", -1.1024734982332156, "-000,110.247%"],
    ["'x'0.0E0", 50, "x5.0E1"],
    ["0.###E0", 37.625, "3.762E1"],
    ["0.0E0", -105, "-1.0E2"],
    ["0.0E0", 115, "1.2E2"],
    ["0.0E0", 105.5, "1.1E2"],
    ["0.0E0", 1_099_511_627_776, "1.1E12"],
    ["#,##0.00;(#,##0.00)", -50, "(50.00)"],
    ["#,###", 12_094_627_926_857, "12,094,627,926,857"],
    ["yyyy", 12_094_627_926_857, "yyyy12094627926857"],
    ["$0.0#", -1.1024734982332156, "-$1.1"],
    ["#.00", 0.1, ".10"],
    ["#.##", 0.13, "0.13"],
    ["0", 2.5, "2"],
    ["0", 3.5, "4"],
    ["0.00", 0.125, "0.12"],
  ];
  for (const [pattern, value, expected] of cases)
    assert.equal(compileNumberPattern(pattern)?.(value), expected, pattern);
});

test("what is no pattern is none", () => {
  for (const pattern of ["0.0.0", "0,", "'open", "¤0", "0#", "00 0"])
    assert.equal(compileNumberPattern(pattern), undefined, pattern);
});

test("doubles in names have a point, and an exponent beyond ten million", () => {
  assert.deepEqual([5, -0.5, 1e12, 0.0001, 12_345_678].map(printDouble), [
    "5.0",
    "-0.5",
    "1.0E12",
    "1.0E-4",
    "1.2345678E7",
  ]);
});
