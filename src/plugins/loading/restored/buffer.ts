/**
 * What `require("buffer")` answers for plugins and their dependencies: Node's module with `SlowBuffer`, which Node 25 has removed and which
 * older token libraries look at when they are loaded.
 * Source: contract/plugins/generations.md section 4.
 */
import buffer from "node:buffer";

function SlowBuffer(size: number): Buffer {
  return Buffer.allocUnsafeSlow(size);
}
SlowBuffer.prototype = Object.create(Buffer.prototype) as object;

const restored = Object.defineProperties(
  { SlowBuffer },
  Object.getOwnPropertyDescriptors(buffer) as PropertyDescriptorMap,
);

// By this name `require` answers the value itself instead of a namespace.
export { restored as "module.exports" };
