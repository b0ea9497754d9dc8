"""Makes the golden renderings of ChatTemplateTest with Python's jinja2, set up as transformers sets it up for templates of
conversations (utils/chat_template_utils.py: sandbox, trim_blocks, lstrip_blocks, loop controls, its own tojson,
raise_exception, strftime_now). Two sets: templates in the manner of known families, written for this test, with
conversations; and random templates of a seeded generator, so that what the two understand is compared beyond what
somebody thought of. Needs jinja2:  python3 templates.py ../resources/templates
"""
import datetime
import json
import pathlib
import random
import re
import sys

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

NOW = datetime.datetime(2026, 3, 7, 14, 5, 9)


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        next(parser.stream)
        return parser.parse_statements(["name:endgeneration"], drop_needle=True)


def environment():
    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


ENV = environment()


def render(template, values):
    try:
        return {"text": ENV.from_string(template).render(**values)}
    except Exception as e:
        return {"error": type(e).__name__}


TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a place, as \"text\"; größer.",
        "parameters": {
            "type": "object",
            "properties": {"place": {"type": "string"}, "days": {"type": "integer", "default": 1, "enum": [1, 2.5]}},
            "required": ["place"], "additionalProperties": False},
        "return": {"type": "string"},
    },
}
CALL = {"id": "abcdef123", "type": "function",
        "function": {"name": "weather", "arguments": {"place": "Köln", "days": 2, "more": None, "ok": True}}}
CONVERSATIONS = {
    "one": [{"role": "user", "content": "  What is 2 + 2? \n"}],
    "system": [{"role": "system", "content": "Be brief.\n"}, {"role": "user", "content": "Hi <|im_end|> {{ x }}"}],
    "many": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "One"},
             {"role": "assistant", "content": "<think>\nhm\n</think>\n\nEins"}, {"role": "user", "content": "Two"},
             {"role": "assistant", "content": "Zwei"}, {"role": "user", "content": "日本 😀"}],
    "tools": [{"role": "user", "content": "Weather?"},
              {"role": "assistant", "content": "", "tool_calls": [CALL]},
              {"role": "tool", "content": "{\"sun\": 1}", "tool_call_id": "abcdef123"},
              {"role": "assistant", "content": "It is sunny."}, {"role": "user", "content": "Thanks"}],
    "two in a row": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}],
    "parts": [{"role": "user", "content": [{"type": "text", "text": " look "}, {"type": "image"}]}],
    "none": [],
}


def conversations(folder):
    cases = []
    for template in sorted(folder.glob("*.jinja")):
        for name, messages in CONVERSATIONS.items():
            for tools in (None, [TOOL, TOOL]):
                values = dict(messages=messages, tools=tools, documents=None, add_generation_prompt=name != "many",
                              bos_token="<s>", eos_token="</s>")
                case = dict(template=template.name, values=values)
                case.update(render(template.read_text(), values))
                cases.append(case)
    return cases


# ---- random templates

VALUES = dict(n=3, m=-7, f=2.5, s="a,b C  ", t="x'y\"z\n", e="", none=None, yes=True, no=False,
              list=[3, 1, "b", None, [1, 2]], words=["pear", "Fig", "apple", "fig"],
              dict={"a": 1, "b": "two", "items2": [1]}, empty={},
              rows=[{"k": 2, "v": "x", "on": True}, {"k": 1, "v": "y", "on": False}, {"k": 3, "v": "x", "on": True}])


class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def one(self, *choices):
        return self.r.choice(choices)

    def value(self, depth):
        r = self.r
        if depth == 0 or r.random() < 0.25:
            return self.one("n", "m", "f", "s", "t", "e", "none", "yes", "no", "list", "words", "dict", "empty", "rows",
                            "missing", "1", "0", "2.5", "'a'", "'-'", "\"q'\"", "[]", "[1, 'a']", "{'k': 2, 'j': [n]}",
                            "dict.a", "dict['b']", "dict.missing", "rows[0].v", "rows[-1]['k']", "list[0]", "words[1]")
        v = lambda: self.value(depth - 1)
        kind = r.randrange(14)
        if kind == 0:
            return f"({v()} {self.one('+', '-', '*', '//', '%', '~', '/', '~', '+')} {v()})"
        if kind == 1:
            return f"({v()} {self.one('==', '!=', '<', '>=', 'in', 'not in', 'and', 'or', 'and', 'or')} {v()})"
        if kind == 2:
            return f"(not {v()})"
        if kind == 3:
            return f"({v()} if {v()} else {v()})"
        if kind == 4:
            return f"{self.one('s', 't', 'words', 'list', 'rows')}[{self.one('', '1', '-2', 'n')}:{self.one('', '2', '-1')}" \
                   f"{self.one('', '', ':2', ':-1')}]"
        if kind in (5, 6, 7):
            return v() + "|" + self.one(
                "length", "trim", "upper", "lower", "title", "capitalize", "string", "list", "first", "last", "join(', ')",
                "join", "default('d')", "default('d', true)", "tojson", "tojson(indent=2)", "int", "float", "abs",
                "replace('a', 'bb')", "reverse|list", "sort|list", "unique|list", "items|list", "dictsort",
                "map('upper')|list", "map(attribute='v')|join('/')", "selectattr('on')|list",
                "selectattr('k', 'gt', 1)|map(attribute='k')|list", "rejectattr('v', 'equalto', 'x')|list",
                "select('string')|list", "reject('none')|list", "sum", "min", "max", "indent(2)", "round(1)", "count")
        if kind in (8, 9):
            return f"({v()} is {self.one('', 'not ')}" + self.one(
                "defined", "undefined", "none", "string", "number", "mapping", "iterable", "sequence", "true", "false",
                "boolean", "integer", "float", "odd", "even", "divisibleby 2", "eq 1", "in [1, 'a', 3]", "sameas true") + ")"
        if kind in (10, 11):
            return self.one("s", "t", "'Ab ab'", "words[0]", "e") + "." + self.one(
                "strip()", "lstrip()", "rstrip()", "split(',')", "split()", "split('b', 1)", "upper()", "lower()", "title()",
                "startswith('a')", "endswith(('C  ', 'z'))", "replace('b', '')", "find('b')", "count('b')", "rsplit(',', 1)",
                "splitlines()", "isdigit()", "capitalize()", "strip('a ')", "removeprefix('a')")
        if kind == 12:
            return self.one("dict.items()|list", "dict.get('a')", "dict.get('zz', 5)", "dict.keys()|list", "empty.get('a')",
                            "range(4)|list", "range(1, 6, 2)|list", "words.index('Fig')", "list.count(1)", "-n", "(-m)",
                            "'%s and %d' % (s, n)", "'{} {}'.format(n, s)", "dict(a=1, b=n)", "strftime_now('%d %b %Y')")
        return f"[{v()}, {v()}]"

    def tag(self, inside):
        return "{%" + self.one("-", "", "", "+") + " " + inside + " " + self.one("-", "", "", "") + "%}"

    def data(self):
        return self.one("", "x", " ", "\n", "  \n  ", "\n    ", "a\n", " b ", "\n\n", "\t")

    def body(self, depth):
        return "".join(self.statement(depth) for _ in range(self.r.randrange(1, 4)))

    def statement(self, depth):
        r = self.r
        if depth == 0 or r.random() < 0.4:
            return self.data() + self.one("{{ %s }}", "{{- %s }}", "{{ %s -}}", "{{- %s -}}") % self.value(2) + self.data()
        kind = r.randrange(8)
        d = self.data
        if kind == 0:
            return self.tag("if " + self.value(2)) + d() + self.body(depth - 1) + d() + self.tag("elif " + self.value(1)) \
                + d() + self.tag("else") + self.body(depth - 1) + self.tag("endif")
        if kind in (1, 2):
            return self.tag(f"for i in {self.one('words', 'list', 'rows', 'range(3)', 'dict', 's', 'missing', '[]')}"
                            + self.one("", "", " if i", " if loop is undefined")) \
                + d() + "{{ loop.index }}{{ loop.first }}" + self.one("", "{{ i }}", "{{ loop.last }}{{ loop.length }}") \
                + self.one("", self.tag(f"if loop.index > {r.randrange(3)}") + self.tag(self.one("break", "continue"))
                           + self.tag("endif")) \
                + self.body(depth - 1) + self.tag("else") + "none" + self.tag("endfor")
        if kind == 3:
            return self.tag(f"for k, w in {self.one('dict.items()', 'dict|items', '[[1, 2]]', 'rows')}") + "{{ k }}={{ w }}" \
                + self.tag("endfor")
        if kind == 4:
            return self.tag(f"set {self.one('n', 'x', 's')} = {self.value(2)}") + d() + "{{ n }}{{ x }}" + d()
        if kind == 5:
            return self.tag("set ns = namespace(c=0)") + self.tag("for i in words") + self.tag("set ns.c = ns.c + 1") \
                + self.tag("set n = i") + self.tag("endfor") + "{{ ns.c }}{{ n }}"
        if kind == 6:
            return self.tag("macro m(a, b=2)") + d() + "{{ a }}{{ b }}" + self.body(0) + self.tag("endmacro") \
                + "{{ m(1) }}{{ m(n, b=" + self.value(1) + ") }}"
        return self.one("{# note #}", "{#- note -#}", self.tag("set y") + self.body(0) + self.tag("endset") + "[{{ y }}]",
                        self.tag("generation") + self.body(0) + self.tag("endgeneration"),
                        "{% raw %}{{ x }} {% if %}{% endraw %}")


def generated(count):
    cases, seed = [], 0
    while len(cases) < count:
        seed += 1
        template = Generator(seed).body(2)
        found = render(template, VALUES)
        # Left out: objects of Python, tuples (lists here), what names in blocks resolve to before they are set there,
        # lists as keys, and what a list is to a format.
        if not re.search(r"0x|method|dict_|generator|Macro|\(['\"\[(]|\(\d+,", found.get("text", "")) \
                and not ("error" in found and ("set y" in template or "macro" in template)) \
                and not re.search(r"words in empty|rows\[n::-1\]|% rows", template) and len(found.get("text", "")) < 400:
            cases.append(dict(template=template, **found))
    return cases


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    with open(folder / "conversations.json", "w") as out:
        json.dump(conversations(folder), out, ensure_ascii=False, indent=0)
    with open(folder / "generated.json", "w") as out:
        json.dump(dict(values=VALUES, cases=generated(1500)), out, ensure_ascii=False, indent=0)
