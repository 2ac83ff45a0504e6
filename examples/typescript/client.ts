// Reads a Sprinklr case and asks to delete it, with no model; a person at this terminal agrees.
//
//     npm ci
//     node client.ts --simulator
//
// What stands after `client.ts` goes to `sprinklr-mcp serve`; with `--simulator` no Sprinklr account is needed.

import { createInterface } from "node:readline/promises";

import { Client, type ElicitRequest, type ElicitResult } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const CASE = { case_number: 96832 };

const server = new StdioClientTransport({
  command: "sprinklr-mcp",
  args: ["serve", ...process.argv.slice(2)],
  // The server inherits next to nothing, so it is given its own settings.
  env: Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[0].startsWith("SPRINKLR_")),
  ),
});

const client = new Client(
  { name: "sprinklr-example", version: "1.0.0" },
  {
    capabilities: { elicitation: { form: {} } },
    // The newest version of the protocol that both know; without this line, one of 2025.
    versionNegotiation: { mode: "auto" },
  },
);

// Shows the server's question and takes what the person types: never a program's answer, or a model's.
async function askThePerson({ params }: ElicitRequest): Promise<ElicitResult> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await terminal.question(`\n${params.message}\n(Enter alone says no.)\n> `);
  terminal.close();
  if (!typed.trim()) return { action: "decline" };
  return { action: "accept", content: { typed } };
}

// What a tool says is for a model to read: also a refusal, which says what happened and what to do next.
async function call(tool: string, args: Record<string, unknown>): Promise<string> {
  // The default of 60 s is short for a slow write, and for a person where the call stays open meanwhile.
  const result = await client.callTool({ name: tool, arguments: args }, { timeout: 330_000 });
  return result.content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

client.setRequestHandler("elicitation/create", askThePerson);
await client.connect(server);
try {
  console.log(await call("sprinklr_get_case_by_number", CASE));
  console.log(await call("sprinklr_delete_case_by_number", CASE));
} finally {
  await client.close();
}
