"""What docs/guides/openai-clients.md promises, by the official Python SDK: python client.py ADDRESS KEY_FILE"""
import json
import sys

import openai
from openai import OpenAI

ADDRESS, KEY_FILE = sys.argv[1], sys.argv[2]
MODEL = "smollm2-135m"
client = OpenAI(base_url=f"http://{ADDRESS}/v1", api_key=open(KEY_FILE).read().strip(), max_retries=0)
user = lambda text: [{"role": "user", "content": text}]


def check(name, right, shown):
    if not right:
        sys.exit(f"{name}: {shown!r}")
    print("ok", name)


models = [model.id for model in client.models.list()]
check("models", MODEL in models and "minilm" in models, models)
check("model", client.models.retrieve(MODEL).id == MODEL, None)

whole = client.chat.completions.create(
    model=MODEL, messages=user("What is the capital of France?"), temperature=0, max_tokens=16)
check("chat", "Paris" in whole.choices[0].message.content and whole.choices[0].finish_reason in ("stop", "length"), whole)
check("usage", whole.usage.completion_tokens > 0 and whole.usage.total_tokens > whole.usage.prompt_tokens
      and whole.usage.prompt_tokens_details.cached_tokens >= 0, whole.usage)

text, usage = "", None
for chunk in client.chat.completions.create(
        model=MODEL, messages=user("What is the capital of France?"), temperature=0, max_tokens=16, stream=True,
        stream_options={"include_usage": True}):
    if chunk.choices:
        text += chunk.choices[0].delta.content or ""
    usage = chunk.usage or usage
check("stream", "Paris" in text, text)
check("stream usage", usage.prompt_tokens == whole.usage.prompt_tokens and usage.completion_tokens > 0, usage)

completion = client.completions.create(model=MODEL, prompt="Once upon a time", max_tokens=8, temperature=0)
check("completion", completion.choices[0].text.strip() and completion.choices[0].finish_reason == "length", completion)

near, far, query = [
    item.embedding for item in client.embeddings.create(
        model="minilm",
        input=["wait longer after each failed request", "the colour of the menu", "retry with backoff"]).data]
dot = lambda a, b: sum(x * y for x, y in zip(a, b))
check("embeddings", len(near) == 384 and abs(dot(near, near) - 1) < 1e-3, len(near))
check("meaning", dot(query, near) > dot(query, far) + 0.1, (dot(query, near), dot(query, far)))
floats = client.embeddings.create(model="minilm", input="retry with backoff", encoding_format="float")
check("float", max(abs(x - y) for x, y in zip(floats.data[0].embedding, query)) < 1e-6, floats.usage)
check("tokens", floats.usage.prompt_tokens > 3, floats.usage)

schema = {"type": "object", "properties": {"city": {"type": "string", "maxLength": 20},
                                           "country": {"type": "string", "maxLength": 20}},
          "required": ["city", "country"], "additionalProperties": False}
formed = client.chat.completions.create(
    model=MODEL, messages=user("Give a city and its country."), temperature=0, max_tokens=100,
    response_format={"type": "json_schema", "json_schema": {"name": "place", "schema": schema}})
check("schema", set(json.loads(formed.choices[0].message.content)) == {"city", "country"}, formed)

tools = [{"type": "function", "function": {
    "name": "weather", "description": "The weather in a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string", "maxLength": 20}},
                   "required": ["city"], "additionalProperties": False}}}]
question = user("What is the weather in Paris?")
called = client.chat.completions.create(
    model=MODEL, messages=question, tools=tools, tool_choice="required", temperature=0, max_tokens=60)
call = called.choices[0].message.tool_calls[0]
check("tool", call.function.name == "weather" and list(json.loads(call.function.arguments)) == ["city"], called)
check("tool finish", called.choices[0].finish_reason == "tool_calls", called)

arguments = ""
for chunk in client.chat.completions.create(
        model=MODEL, messages=question, tools=tools, temperature=0, max_tokens=60, stream=True,
        tool_choice={"type": "function", "function": {"name": "weather"}}):
    for delta in chunk.choices[0].delta.tool_calls or []:
        arguments += delta.function.arguments or ""
check("tool stream", list(json.loads(arguments)) == ["city"], arguments)

told = client.chat.completions.create(
    model=MODEL, temperature=0, max_tokens=20, tools=tools, tool_choice="none",
    messages=question + [called.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "sunny, 21 C"}])
check("tool result", told.choices[0].message.content, told)
free = client.chat.completions.create(model=MODEL, messages=question, tools=tools, temperature=0, max_tokens=16)
check("tool auto", free.choices[0].message.content or free.choices[0].message.tool_calls, free)


def error(name, kind, code, call, param=None):
    try:
        shown = call()
    except kind as thrown:
        check(name, thrown.code == code and param in (None, thrown.param), thrown)
    else:
        sys.exit(f"{name}: no error but {shown!r}")


error("no model", openai.NotFoundError, "model_not_found",
      lambda: client.chat.completions.create(model="gpt-9", messages=user("x")))
error("too long", openai.BadRequestError, "context_length_exceeded",
      lambda: client.chat.completions.create(model=MODEL, messages=user("word " * 200_000)), "messages")
error("too long text", openai.BadRequestError, "context_length_exceeded",
      lambda: client.completions.create(model=MODEL, prompt="word " * 200_000), "prompt")
error("no key", openai.AuthenticationError, "invalid_api_key",
      lambda: client.with_options(api_key="another").models.list())
error("wrong", openai.BadRequestError, None,
      lambda: client.chat.completions.create(model=MODEL, messages=user("x"), temperature=5))
print("all")
