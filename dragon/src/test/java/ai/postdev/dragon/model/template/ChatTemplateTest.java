package ai.postdev.dragon.model.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.model.template.ChatTemplate.Turn;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Renderings are those of Python's jinja2, recorded by src/test/golden/templates.py. */
class ChatTemplateTest {
    /** As the recording has it. */
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 3, 7, 14, 5, 9);

    private static String read(String name) throws IOException {
        try (InputStream in = ChatTemplateTest.class.getResourceAsStream("/templates/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Object value(JsonElement json) {
        if (json instanceof JsonObject object) {
            Map<String, Object> map = new LinkedHashMap<>();
            object.entrySet().forEach(entry -> map.put(entry.getKey(), value(entry.getValue())));
            return map;
        }
        if (json instanceof JsonArray array) {
            List<Object> list = new ArrayList<>();
            array.forEach(one -> list.add(value(one)));
            return list;
        }
        if (json instanceof JsonPrimitive primitive) {
            return primitive.isBoolean()
                    ? (Object) primitive.getAsBoolean()
                    : primitive.isString() ? primitive.getAsString() : number(primitive.getAsString());
        }
        return null;
    }

    private static Object number(String text) {
        return text.contains(".") || text.contains("e") ? (Object) Double.valueOf(text) : Long.valueOf(text);
    }

    private static Map<String, Object> values(JsonElement json) {
        Map<String, Object> values = new LinkedHashMap<>();
        ((Map<?, ?>) value(json)).forEach((name, value) -> values.put((String) name, value));
        return values;
    }

    private static String rendered(String template, Map<String, Object> values) {
        try {
            return ChatTemplate.of(template).render(values, NOW);
        } catch (TemplateException e) {
            return null;
        }
    }

    private static String expected(JsonObject golden) {
        return golden.has("text") ? golden.get("text").getAsString() : null;
    }

    @Test
    void conversationsAreWrittenDownAsTheReferenceDoesIt() throws Exception {
        JsonArray cases = JsonParser.parseString(read("conversations.json")).getAsJsonArray();
        assertTrue(cases.size() >= 70, "" + cases.size());
        for (JsonElement one : cases) {
            JsonObject golden = one.getAsJsonObject();
            assertEquals(
                    expected(golden),
                    rendered(read(golden.get("template").getAsString()), values(golden.get("values"))),
                    golden.toString());
        }
    }

    @Test
    void whatAGeneratorMadeIsReadAsTheReferenceReadsIt() throws Exception {
        JsonObject all = JsonParser.parseString(read("generated.json")).getAsJsonObject();
        List<String> differ = new ArrayList<>();
        for (JsonElement one : all.getAsJsonArray("cases")) {
            JsonObject golden = one.getAsJsonObject();
            String template = golden.get("template").getAsString();
            String found = rendered(template, values(all.get("values")));
            String expected = expected(golden);
            if (expected == null ? found != null : !expected.equals(found)) {
                differ.add(template + "\n  expected " + expected + "\n  found    " + found);
            }
        }
        assertEquals(List.of(), differ, differ.size() + " differ");
    }

    private static String refused(String template) {
        return assertThrows(
                        TemplateException.class, () -> ChatTemplate.of(template).render(Map.of(), NOW))
                .getMessage();
    }

    @Test
    void whatTakesTooMuchIsRefused() {
        assertTrue(refused("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")
                .contains("steps"));
        assertTrue(refused("{{ 'x' * 999999999 }}").contains("999999999 characters"));
        assertTrue(refused(
                        "{% set s = namespace(t='xxxxxxxxxx') %}{% for i in range(99) %}{% set s.t = s.t ~ s.t %}{% endfor %}")
                .contains("characters"));
        assertTrue(refused("{% for i in range(9999) %}{{ 'x' * 99999 }}{% endfor %}")
                .contains("characters"));
        assertTrue(
                refused("{% set s = namespace(t=[1]) %}{% for i in range(99) %}{% set s.t = s.t + s.t %}{% endfor %}")
                        .contains("items"));
        assertTrue(
                refused("{% set s = namespace(t=[1]) %}{% for i in range(99) %}{% set s.t = [s.t, s.t] %}{% endfor %}"
                                + "{{ s.t }}")
                        .contains("nests"));
        assertTrue(refused("{{ range(999999999)|length }}").contains("range"));
        assertTrue(refused("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}").contains("nests"));
        assertTrue(
                refused("{{ " + "(".repeat(500) + "1" + ")".repeat(500) + " }}").contains("nests"));
        assertTrue(refused("{{ 1" + " + 1".repeat(5_000) + " }}").contains("nests"));
        assertTrue(refused("{{ " + "not ".repeat(5_000) + "1 }}").contains("nests"));
        assertTrue(refused("{% if 1 %}".repeat(500) + "{% endif %}".repeat(500)).contains("nests"));
        assertTrue(refused("{{ ('a' * 999999).replace('a', 'b' * 9999) }}").contains("characters"));
        assertTrue(refused("{{ 2 ** 99999999 }}").contains("overflow"));
        assertTrue(refused("x".repeat((1 << 20) + 1)).contains("characters"));
    }

    @Test
    void nothingOfJavaOrPythonCanBeReached() {
        for (String path : List.of(
                "''.getClass()",
                "''['class']",
                "messages.class.forName('x')",
                "''.__class__.__mro__",
                "range.__globals__",
                "raise_exception.getClass()",
                "namespace.__init__",
                "[].append(1)",
                "{}.update({'a': 1})",
                "{}.pop('a')")) {
            assertTrue(refused("{{ " + path + "() }}").contains("undefined"), path);
        }
        for (String tag : List.of("include 'x'", "import 'x' as y", "extends 'x'", "from 'x' import y", "do x")) {
            assertTrue(refused("{% " + tag + " %}").contains("not understood"), tag);
        }
    }

    @Test
    void whatIsNoTemplateIsToldWithItsLine() {
        assertEquals("line 2: a tag has no %}", refused("a\n{% if x"));
        assertEquals("line 1: a string has no end", refused("{{ 'a }}"));
        assertEquals(
                "line 3: the template ends, expected one of [endif, elif, else]".length(),
                refused("\n\n{% if 1 %}").length());
        assertEquals("line 1: found 'endfor' without what it ends", refused("{% endfor %}"));
        assertTrue(refused("{{ 'a' | frobnicate }}").contains("no filter 'frobnicate'"));
        assertTrue(refused("{{ 1 is frobnicated }}").contains("no test 'frobnicated'"));
        assertEquals("Only users.", refused("{{ raise_exception('Only users.') }}"));
        assertEquals("'x' is undefined", refused("{{ x.y }}"));
    }

    @Test
    void turnsBecomeAPromptUpToWhereTheAnswerBegins() throws Exception {
        assertEquals(
                "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
                ChatTemplate.of(ChatTemplate.CHATML)
                        .render(
                                List.of(new Turn("system", "Be brief."), new Turn("user", "Hi")),
                                List.of(),
                                "<s>",
                                "</s>"));
    }
}
