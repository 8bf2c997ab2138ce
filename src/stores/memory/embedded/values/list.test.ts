import assert from "node:assert/strict";
import test from "node:test";
import { ListValue } from "./list.ts";

const random = (below: number): number => Math.floor(Math.random() * below);

function change(list: ListValue, model: string[], item: string): void {
  switch (random(9)) {
    case 0:
    case 1:
      list.pushHead(item);
      model.unshift(item);
      return;
    case 2:
    case 3:
      list.pushTail(item);
      model.push(item);
      return;
    case 4:
      if (model.length > 0) assert.equal(list.popHead(), model.shift());
      return;
    case 5:
      if (model.length > 0) assert.equal(list.popTail(), model.pop());
      return;
    case 6: {
      const index = random(model.length + 1);
      list.insert(index, item);
      model.splice(index, 0, item);
      return;
    }
    case 7: {
      const limit = 1 + random(3);
      const fromTail = random(2) === 0;
      assert.equal(list.removeAll(item, limit, fromTail), removeNaively(model, item, limit, fromTail));
      return;
    }
    default:
      if (model.length > 30) {
        const from = random(4);
        const to = model.length - random(4);
        list.keep(from, to);
        model.splice(to);
        model.splice(0, from);
      }
  }
}

function removeNaively(model: string[], item: string, limit: number, fromTail: boolean): number {
  let removed = 0;
  while (removed < limit) {
    const index = fromTail ? model.lastIndexOf(item) : model.indexOf(item);
    if (index < 0) return removed;
    model.splice(index, 1);
    removed++;
  }
  return removed;
}

test("a list agrees with an array over random changes", () => {
  const list = new ListValue();
  const model: string[] = [];
  for (let step = 0; step < 20_000; step++) {
    change(list, model, `i${random(20)}`);
    assert.equal(list.size, model.length);
    if (step % 50 === 0) {
      assert.deepEqual(list.slice(0, list.size), model);
      assert.equal(list.indexOf("i3"), model.indexOf("i3"));
    }
  }
  while (list.size > 0) assert.equal(list.popHead(), model.shift());
});

test("a queue of any length moves at both ends without copying", { timeout: 60_000 }, () => {
  const list = new ListValue();
  for (let i = 0; i < 200_000; i++) list.pushTail("x");
  for (let i = 0; i < 200_000; i++) list.pushTail(list.popHead());
  for (let i = 0; i < 200_000; i++) list.popHead();
  assert.equal(list.size, 0);
});
