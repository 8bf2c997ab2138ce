/** The published kuzzle-plugin-hermes-messenger, unmodified: a real e-mail to a real (small) mail server, and mocked ones. */
import assert from "node:assert/strict";
import { createServer, type Server, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { startServer, type TestServer } from "../../testing/index.ts";
import { runCode } from "../../testing/plugins/run-code.ts";
import { http } from "../api/wire.ts";

const code = `
const { HermesMessengerPlugin } = require("kuzzle-plugin-hermes-messenger");
exports.make = () => new HermesMessengerPlugin();`;

/** Takes mails by SMTP (RFC 5321), whoever sends them. */
function createMailServer(mails: string[]): Server {
  return createServer((socket: Socket) => {
    let data: string | undefined;
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    say("220 mail.test");
    socket.on("data", (chunk) => {
      for (const line of chunk.toString().split("\r\n")) {
        if (data !== undefined) {
          if (line === ".") {
            mails.push(data);
            data = undefined;
            say("250 taken");
          } else data += `${line}\n`;
        } else if (line.startsWith("EHLO")) say("250-mail.test\r\n250 AUTH PLAIN");
        else if (line.startsWith("AUTH")) say("235 welcome");
        else if (line.startsWith("DATA")) {
          data = "";
          say("354 go on");
        } else if (line.startsWith("QUIT")) say("221 bye");
        else if (line !== "") say("250 ok");
      }
    });
    socket.on("error", () => {}); // the client hangs up as it likes
  });
}

let server: TestServer;
let mailServer: Server;
const mails: string[] = [];

before(async () => {
  mailServer = createMailServer(mails);
  await new Promise<void>((resolve) => mailServer.listen(0, "127.0.0.1", resolve));
  const { make } = runCode<{ make(): object }>(code);
  server = await startServer({ data: ":memory:", prepare: (backend) => backend.plugin.use(make()) });
});

after(async () => {
  await server?.close();
  mailServer?.close();
});

const portOf = (): number => (mailServer.address() as { port: number }).port;
const mail = { to: ["ada@example.org"], subject: "Room 3", html: "<b>It is warm</b>" };

test("an account that a client adds sends an e-mail", async () => {
  const account = { host: "127.0.0.1", port: portOf(), user: "u", pass: "p", defaultSender: "house@example.org" };
  const added = await http(server, "POST", "/_/hermes/smtp/accounts?account=house", account);
  assert.equal(added.error, null);
  assert.deepEqual(
    (await http<{ accounts: { name: string }[] }>(server, "GET", "/_/hermes/smtp/accounts")).result.accounts.length,
    1,
  );
  const sent = await http(server, "POST", "/_/hermes/smtp/email?account=house", mail);
  assert.equal(sent.error, null);
  assert.equal(mails.length, 1);
  assert.match(mails[0] ?? "", /From: house@example\.org\n.*To: ada@example\.org\n.*Subject: Room 3\n.*It is warm/s);
});

test("what a mocked account sends is kept as a document", async () => {
  const config = { "hermes-messenger": { mockedAccounts: { smtp: ["house"] } } };
  await http(server, "PUT", "/hermes-messenger/config/plugin--hermes-messenger/_update?refresh=wait_for", config);
  const sent = await http(server, "POST", "/_/hermes/smtp/email?account=house", mail);
  assert.equal(sent.error, null);
  assert.equal(mails.length, 1);
  const kept = await http(server, "GET", "/hermes-messenger/messages/Room%203");
  assert.partialDeepStrictEqual(kept.result._source, { account: "house", subject: "Room 3", to: ["ada@example.org"] });
});

test("its own errors and its missing arguments are the client's to read", async () => {
  const twice = { host: "127.0.0.1", port: 1, user: "u", pass: "p", defaultSender: "x@example.org" };
  const again = await http(server, "POST", "/_/hermes/smtp/accounts?account=house", twice);
  assert.deepEqual([again.status, again.error?.message], [400, 'Smtp account "house" already exists.']);
  const incomplete = await http(server, "POST", "/_/hermes/smtp/email?account=house", { to: ["x"] });
  assert.equal(incomplete.error?.id, "api.assert.missing_argument");
});
