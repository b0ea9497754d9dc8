// What docs/guides/openai-clients.md promises, by the official JavaScript SDK: node client.mjs ADDRESS KEY_FILE
import { readFileSync } from "node:fs";
import OpenAI from "openai";

const [address, keyFile] = process.argv.slice(2);
const model = "smollm2-135m";
const client = new OpenAI({
  baseURL: `http://${address}/v1`, apiKey: readFileSync(keyFile, "utf8").trim(), maxRetries: 0 });
const user = (content) => [{ role: "user", content }];

function check(name, right, shown) {
  if (!right) {
    console.error(`${name}: ${JSON.stringify(shown)}`);
    process.exit(1);
  }
  console.log("ok", name);
}

const models = (await client.models.list()).data.map((one) => one.id);
check("models", models.includes(model) && models.includes("minilm"), models);
check("model", (await client.models.retrieve(model)).id === model);

const whole = await client.chat.completions.create({
  model, messages: user("What is the capital of France?"), temperature: 0, max_tokens: 16 });
check("chat", whole.choices[0].message.content.includes("Paris"), whole);
check("usage", whole.usage.completion_tokens > 0 && whole.usage.total_tokens > whole.usage.prompt_tokens, whole.usage);

let text = "";
let usage;
for await (const chunk of await client.chat.completions.create({
  model, messages: user("What is the capital of France?"), temperature: 0, max_tokens: 16, stream: true,
  stream_options: { include_usage: true } })) {
  text += chunk.choices[0]?.delta?.content ?? "";
  usage = chunk.usage ?? usage;
}
check("stream", text.includes("Paris"), text);
check("stream usage", usage.prompt_tokens === whole.usage.prompt_tokens && usage.completion_tokens > 0, usage);

const completion = await client.completions.create({ model, prompt: "Once upon a time", max_tokens: 8, temperature: 0 });
check("completion", completion.choices[0].text.trim() && completion.choices[0].finish_reason === "length", completion);

const input = ["wait longer after each failed request", "the colour of the menu", "retry with backoff"];
const [near, far, query] = (await client.embeddings.create({ model: "minilm", input })).data.map((one) => one.embedding);
const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
check("embeddings", near.length === 384 && Math.abs(dot(near, near) - 1) < 1e-3, near.length);
check("meaning", dot(query, near) > dot(query, far) + 0.1, [dot(query, near), dot(query, far)]);
const floats = await client.embeddings.create({ model: "minilm", input: input[2], encoding_format: "float" });
check("float", floats.data[0].embedding.every((x, i) => Math.abs(x - query[i]) < 1e-6), floats.usage);

const schema = { type: "object", properties: { city: { type: "string", maxLength: 20 },
  country: { type: "string", maxLength: 20 } }, required: ["city", "country"], additionalProperties: false };
const formed = await client.chat.completions.create({
  model, messages: user("Give a city and its country."), temperature: 0, max_tokens: 100,
  response_format: { type: "json_schema", json_schema: { name: "place", schema } } });
check("schema", Object.keys(JSON.parse(formed.choices[0].message.content)).join() === "city,country", formed);

const tools = [{ type: "function", function: { name: "weather", description: "The weather in a city",
  parameters: { type: "object", properties: { city: { type: "string", maxLength: 20 } }, required: ["city"],
    additionalProperties: false } } }];
const messages = user("What is the weather in Paris?");
const called = await client.chat.completions.create({
  model, messages, tools, tool_choice: "required", temperature: 0, max_tokens: 60 });
const call = called.choices[0].message.tool_calls[0];
check("tool", call.function.name === "weather" && Object.keys(JSON.parse(call.function.arguments)).join() === "city", called);
check("tool finish", called.choices[0].finish_reason === "tool_calls", called);

const streamed = await client.chat.completions.stream({
  model, messages, tools, temperature: 0, max_tokens: 60,
  tool_choice: { type: "function", function: { name: "weather" } } }).finalChatCompletion();
check("tool stream",
  Object.keys(JSON.parse(streamed.choices[0].message.tool_calls[0].function.arguments)).join() === "city", streamed);
const told = await client.chat.completions.create({
  model, temperature: 0, max_tokens: 20, tools, tool_choice: "none",
  messages: [...messages, called.choices[0].message, { role: "tool", tool_call_id: call.id, content: "sunny, 21 C" }] });
check("tool result", told.choices[0].message.content, told);

async function error(name, kind, code, run) {
  try {
    check(name, false, await run());
  } catch (thrown) {
    check(name, thrown instanceof kind && thrown.code === code, String(thrown));
  }
}

await error("no model", OpenAI.NotFoundError, "model_not_found", () =>
  client.chat.completions.create({ model: "gpt-9", messages: user("x") }));
await error("too long", OpenAI.BadRequestError, "context_length_exceeded", () =>
  client.chat.completions.create({ model, messages: user("word ".repeat(200_000)) }));
await error("no key", OpenAI.AuthenticationError, "invalid_api_key", () =>
  client.withOptions({ apiKey: "another" }).models.list());
await error("wrong", OpenAI.BadRequestError, null, () =>
  client.chat.completions.create({ model, messages: user("x"), temperature: 5 }));
console.log("all");
