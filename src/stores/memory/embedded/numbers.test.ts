import assert from "node:assert/strict";
import test from "node:test";
import { addDecimals } from "./decimals.ts";
import { parseFloatText, readLenientFloat, scoreText } from "./floats.ts";
import { addIntegers, clampRange, compareIntegerTexts, isIntegerText } from "./integers.ts";

test("integers are canonical and of 64 bits", () => {
  for (const text of ["0", "1", "-1", "9223372036854775807", "-9223372036854775808"])
    assert.ok(isIntegerText(text), text);
  const wrong = ["", "-0", "+1", "01", " 1", "1 ", "1.0", "1e3", "9223372036854775808", "-9223372036854775809", "0x1"];
  for (const text of wrong) assert.ok(!isIntegerText(text), text);
  assert.equal(addIntegers("9007199254740993", "1"), "9007199254740994");
  assert.equal(addIntegers("5", "-7"), "-2");
  assert.throws(() => addIntegers("9223372036854775807", "1"), /overflow/);
  assert.ok(compareIntegerTexts("-9223372036854775808", "9223372036854775807") < 0);
  assert.ok(compareIntegerTexts("10", "9") > 0);
});

test("ranges are clamped, whatever their ends", () => {
  assert.deepEqual(clampRange(0, -1, 3), { from: 0, to: 3 });
  assert.deepEqual(clampRange(-100, 100, 3), { from: 0, to: 3 });
  assert.deepEqual(clampRange(-(2 ** 63), 2 ** 63, 3), { from: 0, to: 3 });
  const { from, to } = clampRange(2, 1, 3);
  assert.ok(from >= to);
});

test("floats are read as C reads them", () => {
  const read: [string, number][] = [
    ["1.5", 1.5],
    ["+1", 1],
    [".5", 0.5],
    ["5.", 5],
    ["1e3", 1000],
    ["0x10", 16],
    ["-0x1.8p1", -3],
    ["inf", Number.POSITIVE_INFINITY],
    ["-Infinity", Number.NEGATIVE_INFINITY],
  ];
  for (const [text, value] of read) assert.equal(parseFloatText(text), value, text);
  const wrong = ["", " 1", "1 ", "nan", "NaN", "1x", "0b1", "0o7", "e5", ".", "1e400", "0x", "infin", "1".repeat(6000)];
  for (const text of wrong) assert.throws(() => parseFloatText(text), /not a valid float/, text.slice(0, 10));
  assert.equal(readLenientFloat("  2"), 2);
  assert.equal(readLenientFloat(""), 0);
});

test("scores are written as the shortest text that reads back", () => {
  const texts: [number, string][] = [
    [0, "0"],
    [-0, "0"],
    [3, "3"],
    [-2.5, "-2.5"],
    [0.1, "0.1"],
    [1e17, "1e+17"],
    [123456789012345680000, "123456789012345680000"],
    [1.5e-7, "1.5e-7"],
    [0.001, "0.001"],
    [1e300, "1e+300"],
    [Number.POSITIVE_INFINITY, "inf"],
    [Number.NEGATIVE_INFINITY, "-inf"],
    [4503599627370496, "4503599627370496"],
    [3479099956230698, "3479099956230698"],
  ];
  for (const [score, text] of texts) assert.equal(scoreText(score), text);
  for (let i = 0; i < 2000; i++) {
    const score = (Math.random() - 0.5) * 10 ** Math.floor(Math.random() * 40 - 20);
    assert.equal(Number(scoreText(score)), score);
  }
});

test("decimal sums are exact, plain and trimmed", () => {
  assert.equal(addDecimals("0.1", "0.2"), "0.3");
  assert.equal(addDecimals("-1", "1"), "0");
  assert.equal(addDecimals("1e3", "-0.5"), "999.5");
  assert.equal(addDecimals("10", "10"), "20");
  assert.equal(addDecimals("0", "1e-18"), "0");
  assert.equal(addDecimals("0", "-6e-18"), "-0.00000000000000001");
  assert.equal(addDecimals("0x10", "0"), "16");
  for (const text of ["", "abc", "1 ", "nan", ".", "e1", "1e5000", "1e999999999999999999"]) {
    assert.throws(() => addDecimals("0", text), /not a valid float/, text);
  }
  assert.throws(() => addDecimals("0", "-inf"), /NaN or Infinity/);
  assert.equal(addDecimals("0", "1e-999999999999999999"), "0");
});
