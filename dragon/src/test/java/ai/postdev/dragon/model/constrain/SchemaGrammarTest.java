package ai.postdev.dragon.model.constrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.model.constrain.Grammar.Range;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaGrammarTest {
    private static final SchemaSettings SETTINGS = new SchemaSettings(50, 6, 20, 8);

    private static boolean lets(String schema, String answer) {
        Automaton automaton = new Automaton(SchemaGrammar.of(schema.replace('\'', '"'), SETTINGS));
        return automaton
                .next(automaton.start(), answer.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
                .isComplete();
    }

    private static String refusal(String schema) {
        return assertThrows(
                        UnsupportedSchemaException.class, () -> SchemaGrammar.of(schema.replace('\'', '"'), SETTINGS))
                .getMessage();
    }

    private static void refuses(String schema, String... parts) {
        String message = refusal(schema);
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void objectsHaveTheirPropertiesInOrderAndWhatIsNotRequiredMayBeMissing() {
        String schema = "{'type':'object','properties':{'a':{'type':'null'},'b':{'type':'null'},'c':{'type':'null'}},"
                + "'required':['b']}";
        for (String answer : List.of(
                "{'b':null}",
                "{'a':null,'b':null}",
                "{'b':null,'c':null}",
                "{'a':null,'b':null,'c':null}",
                "{ 'a' : null , 'b' : null }",
                "{\n  'b': null\n}")) {
            assertTrue(lets(schema, answer), answer);
        }
        for (String answer :
                List.of("{}", "{'a':null}", "{'c':null,'b':null}", "{'b':null,}", "{,'b':null}", "{'b':null,'d':1}")) {
            assertFalse(lets(schema, answer), answer);
        }
        assertTrue(lets("{'properties':{'a':{'type':'null'}}}", "{}"));
        assertTrue(lets("{'type':'object'}", "{ }"));
        assertTrue(lets("{'required':['x']}", "{'x':[{'y':1e5}]}"));
        assertTrue(lets("{'properties':{'x':false}}", "{}"));
    }

    @Test
    void arraysHaveAsManyItemsAsTheyShould() {
        String schema = "{'items':{'type':'integer'},'minItems':2,'maxItems':3}";
        assertTrue(lets(schema, "[1,2]") && lets(schema, "[ 1, -20 ,0 ]"));
        for (String answer : List.of("[]", "[1]", "[1,2,3,4]", "[1,2,]", "[01,2]", "[1.0,2]")) {
            assertFalse(lets(schema, answer), answer);
        }
        assertTrue(lets("{'type':'array','maxItems':0}", "[]") && !lets("{'type':'array','maxItems':0}", "[1]"));
        assertTrue(lets("{'type':'array','maxItems':1}", "[ ]") && lets("{'type':'array','maxItems':1}", "[{}]"));
    }

    @Test
    void stringsHaveTheirLengthInCharactersAndTheirPattern() {
        String two = "{'type':'string','minLength':2,'maxLength':2}";
        assertTrue(lets(two, "'😀é'") && lets(two, "'\\u00e9\\n'"));
        assertFalse(lets(two, "'a'") || lets(two, "'abc'") || lets(two, "'\\ud800x'") || lets(two, "'a\nb'"));
        String pattern = "{'pattern':'^[a-c\\\\]]+(-\\\\d{2}|x?)$'}";
        assertTrue(lets(pattern, "'ab]-42'") && lets(pattern, "'a'") && lets(pattern, "'ax'"));
        assertFalse(lets(pattern, "'-42'") || lets(pattern, "'a-4'") || lets(pattern, "'ay'"));
    }

    @Test
    void literalsTypesAlternativesAndReferences() {
        assertTrue(lets("{'enum':[1,'1',null],'type':'string'}", "'1'"));
        assertFalse(lets("{'enum':[1,'1',null],'type':'string'}", "1"));
        assertTrue(lets("{'const':{'a':[1.50]}}", "{'a':[1.50]}"));
        assertTrue(lets("{'type':['null','boolean']}", "true") && lets("{'type':['null','boolean']}", "null"));
        assertTrue(lets("{'anyOf':[{'const':1},{'const':2}]}", "2"));
        assertTrue(lets("{'type':'number'}", "-0.5e-10") && lets("{'type':['integer','number']}", "12"));
        String tree = "{'type':'object','properties':{'l':{'$ref':'#'},'r':{'$ref':'#'}}}";
        assertTrue(lets(tree, "{'l':{'r':{}},'r':{'l':{}}}"));
        assertTrue(lets("{'$ref':'#/$defs/a~1b','$defs':{'a/b':{'const':1}}}", "1"));
        assertTrue(lets("{'description':'x','$comment':'y'}", "[1,{'a':'b'}]") && lets("true", "null"));
    }

    @Test
    void whatCannotBeGuaranteedIsRefusedByName() {
        refuses("{", "at its root is no JSON");
        refuses(
                "{'properties':{'a':{'type':'integer','multipleOf':3}}}",
                "at /properties/a [multipleOf] cannot be guaranteed");
        refuses("{'type':'number','minimum':0.2,'maximum':0.8}", "no whole number");
        refuses("{'type':'integer','exclusiveMinimum':3,'maximum':3}", "no whole number");
        refuses("{'type':'integer','minimum':'3'}", "minimum is \"3\", expected a number");
        for (String keyword :
                List.of("oneOf", "allOf", "not", "if", "uniqueItems", "patternProperties", "multipleOf")) {
            refuses("{'type':'object','" + keyword + "':1}", "[" + keyword + "] cannot be guaranteed");
        }
        refuses("{'type':'string','items':{}}", "[items]");
        refuses("{'anyOf':[{'type':'null'}],'type':'string'}", "[type]");
        refuses("{'type':'text'}", "the type 'text' is not known");
        refuses("{'$ref':'http://x/y'}", "only references within the schema are followed");
        refuses("{'$ref':'#/$defs/x'}", "there is nothing");
        refuses("{'minItems':3,'maxItems':2}", "minItems 3 is more than maxItems 2");
        refuses("{'maxLength':21}", "maxLength is 21, expected at most 20 (postdevai.models.schema.repeat-max)");
        refuses("{'maxLength':-1}", "expected an integer of 0 or more");
        refuses("{'enum':[]}", "nothing is let through");
        refuses("{'type':'string','enum':[1]}", "nothing is let through");
        refuses("false", "an object or true is expected");
        refuses("{'required':['a'],'properties':{'a':false}}", "at /properties/a");
        refuses("{'pattern':'a','maxLength':3}", "a pattern beside minLength or maxLength");
    }

    @Test
    void whatHasNoEndOrNoBeginningIsRefused() {
        refuses("{'$ref':'#'}", "has no end");
        refuses("{'required':['a'],'properties':{'a':{'$ref':'#'}}}", "has no end");
        refuses("{'anyOf':[{'$ref':'#'},{'type':'null'}]}", "leads to itself with nothing in between");
    }

    @Test
    void patternsAreUnderstoodOrRefused() {
        for (String pattern : List.of(
                "(?=a)b",
                "a(?!b)",
                "\\\\bx",
                "(a)\\\\1",
                "a*?",
                "a++",
                "a{2}{3}",
                "[a",
                "(a",
                "a)",
                "x{3,1}",
                "x{",
                "a^b",
                "a$b",
                "\\\\p{L}",
                "[[:alpha:]]",
                "[z-a]",
                "\\n",
                "(a{10}){10}",
                "a{21}")) {
            refuses("{'pattern':'" + pattern + "'}", "the pattern ");
        }
        assertTrue(lets("{'pattern':'^(ab){1,2}\\\\.$'}", "'abab.'"));
        assertTrue(lets("{'pattern':'^[^a-y]$'}", "'z'") && !lets("{'pattern':'^[^a-y]$'}", "'b'"));
        assertTrue(lets("{'pattern':'^[-a]$'}", "'-'") && lets("{'pattern':'^[a-]$'}", "'-'"));
        assertTrue(lets("{'pattern':'(a|)'}", "''"));
    }

    @Test
    void aSchemaThatIsTooLargeIsRefused() {
        StringBuilder wide = new StringBuilder("{'anyOf':[{}");
        wide.append(",{}".repeat(60));
        refuses(wide + "]}", "larger than 50 parts", "parts-max");
        refuses("{'items':".repeat(8) + "{}" + "}".repeat(8), "deeper than 6");
    }

    @Test
    void gbnfIsWrittenAsLlamaCppReadsIt() {
        String text = GbnfText.of(SchemaGrammar.of(
                "{\"type\":\"object\",\"properties\":{\"a\\\"b\":{\"enum\":[\"é\",2]},\"n\":{\"type\":\"array\",\"items\":"
                        + "{\"type\":\"integer\"},\"minItems\":2,\"maxItems\":4}},\"required\":[\"n\"]}",
                SETTINGS));
        assertEquals(
                """
                root ::= s0
                s0 ::= "{" space ("\\"a\\\\\\"b\\"" space ":" space ("\\"\\xE9\\"" | "2") m3 | m4)
                m2 ::= space "}"
                m3 ::= space "," space "\\"n\\"" space ":" space "[" space integer (space "," space integer){1,3} space "]" m2
                m4 ::= "\\"n\\"" space ":" space "[" space integer (space "," space integer){1,3} space "]" m2
                """,
                text.lines()
                        .filter(line -> line.matches("(root|s\\d|m\\d) .*"))
                        .map(line -> line + "\n")
                        .reduce("", String::concat));
        for (String rule : List.of(
                "space ::= \"\" | \" \" | \"\\x0A\" (\" \"){0,16}\n",
                "integer ::= (\"-\")? (\"0\" | [1-9] [0-9]{0,14})",
                "char ::= [\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E\\x80-\\uD7FF\\uE000-\\U0010FFFF]")) {
            assertTrue(text.contains(rule), text);
        }
    }

    @Test
    void rangesOfCharactersAreRangesOfBytes() {
        assertEquals(List.of("[0, 127]"), sequences(0, 0x7F));
        assertEquals(List.of("[194, 223, 128, 191]"), sequences(0x80, 0x7FF));
        assertEquals(
                List.of("[122, 127]", "[194, 223, 128, 191]", "[224, 224, 160, 160, 128, 129]"),
                sequences(0x7A, 0x801));
        assertEquals(List.of("[240, 240, 159, 159, 152, 152, 128, 129]"), sequences(0x1F600, 0x1F601));
    }

    private static List<String> sequences(int first, int last) {
        return Utf8.sequences(new Range(first, last)).stream()
                .map(java.util.Arrays::toString)
                .toList();
    }
}
