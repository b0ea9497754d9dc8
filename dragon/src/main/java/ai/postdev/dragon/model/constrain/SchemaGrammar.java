package ai.postdev.dragon.model.constrain;

import static ai.postdev.dragon.model.constrain.Grammar.UNBOUNDED;
import static ai.postdev.dragon.model.constrain.Grammar.seq;
import static ai.postdev.dragon.model.constrain.Grammar.text;

import ai.postdev.dragon.model.constrain.Grammar.Part;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a JSON schema lets through, as a grammar. Everything that the grammar derives is valid; not everything that is valid is
 * derived: objects have their properties in the order of the schema and no others, numbers have at most 15 digits, white space
 * is short. A keyword that cannot be guaranteed is refused by name, never ignored. One thread, one use.
 */
public final class SchemaGrammar {
    private static final Set<String> ANNOTATIONS = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
            "format",
            "contentEncoding",
            "contentMediaType",
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions");

    private final SchemaSettings settings;
    private final JsonElement document;
    private final Map<String, Part> rules = new LinkedHashMap<>();
    /** Rules of what is referred to, by pointer. */
    private final Map<String, String> referred = new LinkedHashMap<>();

    private int parts;

    private SchemaGrammar(SchemaSettings settings, JsonElement document) {
        this.settings = settings;
        this.document = document;
    }

    /**
     * The grammar of a schema.
     *
     * @throws UnsupportedSchemaException if it is no JSON, larger than the settings allow, asks for what cannot be guaranteed, or
     *     lets nothing through
     */
    public static Grammar of(String schema, SchemaSettings settings) {
        JsonElement document;
        try {
            document = JsonParser.parseString(schema);
        } catch (JsonParseException e) {
            throw new UnsupportedSchemaException("", "is no JSON: " + e.getMessage());
        }
        SchemaGrammar compiler = new SchemaGrammar(settings, document);
        compiler.rules.put(Grammar.ROOT, JsonParts.NULL);
        compiler.rules.put(Grammar.ROOT, new Part.Use(compiler.rule("")));
        compiler.rules.putAll(JsonParts.rules());
        return Productive.checked(new Grammar(compiler.rules));
    }

    /** The name of the rule of the schema at a pointer. */
    private String rule(String pointer) {
        String known = referred.get(pointer);
        if (known != null) {
            return known;
        }
        String name = "s" + referred.size();
        referred.put(pointer, name);
        // Takes its place before what it refers to, which may be itself.
        rules.put(name, JsonParts.NULL);
        rules.put(name, part(Pointers.at(document, pointer), pointer, 0));
        return name;
    }

    private Part part(JsonElement schema, String pointer, int depth) {
        if (++parts > settings.partsMax() || depth > settings.depthMax()) {
            throw new UnsupportedSchemaException(
                    pointer,
                    "it is larger than " + settings.partsMax() + " parts or deeper than " + settings.depthMax()
                            + " (postdevai.models.schema.parts-max, depth-max)");
        }
        if (schema.isJsonPrimitive() && schema.getAsJsonPrimitive().isBoolean() && schema.getAsBoolean()) {
            return JsonParts.VALUE;
        }
        if (!schema.isJsonObject()) {
            throw new UnsupportedSchemaException(pointer, "an object or true is expected, found " + schema);
        }
        Keywords own = new Keywords(schema.getAsJsonObject(), pointer, settings);
        own.forget(ANNOTATIONS);
        if (own.has("$ref")) {
            String reference = own.text("$ref");
            own.done();
            return new Part.Use(rule(Pointers.local(reference, pointer)));
        }
        if (own.has("anyOf")) {
            List<Part> all = new ArrayList<>();
            int index = 0;
            for (JsonElement one : own.array("anyOf")) {
                all.add(part(one, pointer + "/anyOf/" + index++, depth + 1));
            }
            own.done();
            return choice(all, pointer);
        }
        Set<String> types = own.types();
        if (own.has("const") || own.has("enum")) {
            Part literals = literals(own, types);
            own.done();
            return literals;
        }
        if (types.isEmpty()) {
            own.done();
            return JsonParts.VALUE;
        }
        List<Part> all = new ArrayList<>();
        for (String type : types) {
            all.add(typed(type, own, depth));
        }
        own.done();
        return choice(all, pointer);
    }

    private static Part choice(List<Part> all, String pointer) {
        if (all.isEmpty()) {
            throw new UnsupportedSchemaException(pointer, "nothing is let through");
        }
        return all.size() == 1 ? all.getFirst() : new Part.Alt(all);
    }

    private Part typed(String type, Keywords own, int depth) {
        return switch (type) {
            case "null" -> JsonParts.NULL;
            case "boolean" -> JsonParts.BOOLEAN;
            case "integer" -> number(own, true);
            case "number" -> number(own, false);
            case "string" -> string(own);
            case "array" -> array(own, depth);
            case "object" -> object(own, depth);
            default ->
                throw new UnsupportedSchemaException(
                        own.pointer(),
                        "the type '" + type
                                + "' is not known; expected null, boolean, integer, number, string, array or"
                                + " object");
        };
    }

    private static Part number(Keywords own, boolean whole) {
        if (!own.hasBounds()) {
            return whole ? JsonParts.INTEGER : JsonParts.NUMBER;
        }
        Optional<BigDecimal> least = own.least();
        Optional<BigDecimal> most = own.most();
        return (whole ? NumberParts.integers(least, most) : NumberParts.numbers(least, most))
                .orElseThrow(() -> new UnsupportedSchemaException(
                        own.pointer(), "no whole number of at most 15 digits lies between its bounds"));
    }

    private static Part literals(Keywords own, Set<String> types) {
        List<JsonElement> values = new ArrayList<>();
        if (own.has("const")) {
            values.add(own.take("const"));
        }
        if (own.has("enum")) {
            List<JsonElement> allowed = own.array("enum").asList();
            if (values.isEmpty()) {
                values.addAll(allowed);
            } else {
                values.retainAll(allowed);
            }
        }
        Set<String> texts = new LinkedHashSet<>();
        for (JsonElement value : values) {
            if (types.isEmpty() || types.stream().anyMatch(type -> Keywords.isOf(value, type))) {
                texts.add(value.toString());
            }
        }
        List<Part> all = new ArrayList<>();
        texts.forEach(value -> all.add(text(value)));
        return choice(all, own.pointer());
    }

    private Part string(Keywords own) {
        int min = own.count("minLength", 0);
        int max = own.count("maxLength", UNBOUNDED);
        if (own.has("pattern")) {
            if (min > 0 || max != UNBOUNDED) {
                throw new UnsupportedSchemaException(
                        own.pointer(),
                        "a pattern beside minLength or maxLength cannot be guaranteed; write {m,n} into it");
            }
            Part pattern = PatternParts.of(own.text("pattern"), own.pointer(), settings.repeatMax());
            return seq(JsonParts.QUOTE, pattern, JsonParts.QUOTE);
        }
        own.ordered("minLength", min, "maxLength", max);
        return seq(JsonParts.QUOTE, new Part.Repeat(JsonParts.CHAR, min, max), JsonParts.QUOTE);
    }

    private Part array(Keywords own, int depth) {
        int min = own.count("minItems", 0);
        int max = own.count("maxItems", UNBOUNDED);
        own.ordered("minItems", min, "maxItems", max);
        Part item = own.has("items") ? part(own.take("items"), own.pointer() + "/items", depth + 1) : JsonParts.VALUE;
        Part open = seq(text("["), JsonParts.SPACE);
        Part close = seq(JsonParts.SPACE, text("]"));
        if (max == 0) {
            return seq(open, text("]"));
        }
        Part more = new Part.Repeat(
                seq(JsonParts.SPACE, text(","), JsonParts.SPACE, item),
                Math.max(0, min - 1),
                max == UNBOUNDED ? UNBOUNDED : max - 1);
        Part some = seq(item, more, close);
        return seq(open, min > 0 ? some : new Part.Alt(List.of(some, text("]"))));
    }

    private Part object(Keywords own, int depth) {
        own.additionalPropertiesAreNotMade();
        JsonObject properties = own.has("properties") ? own.object("properties") : new JsonObject();
        Set<String> required = new LinkedHashSet<>();
        for (JsonElement name : own.has("required") ? own.array("required") : new JsonArray()) {
            required.add(name.getAsString());
        }
        Map<String, Part> members = new LinkedHashMap<>();
        properties.asMap().forEach((name, schema) -> {
            // A property that nothing may be is left out if it may be.
            boolean never = schema.isJsonPrimitive() && schema.equals(new JsonPrimitive(false));
            if (!never || required.contains(name)) {
                members.put(name, part(schema, own.pointer() + "/properties/" + Pointers.escaped(name), depth + 1));
            }
        });
        required.forEach(name -> members.putIfAbsent(name, JsonParts.VALUE));
        return members(members, required);
    }

    /** The members in their order, of which those that are not required may be missing. */
    private Part members(Map<String, Part> members, Set<String> required) {
        Part empty = text("}");
        // What may follow when something stands before, and when nothing does.
        Part after = seq(JsonParts.SPACE, empty);
        Part first = empty;
        for (Map.Entry<String, Part> member : new ArrayList<>(members.entrySet()).reversed()) {
            Part pair = seq(
                    text(new JsonPrimitive(member.getKey()).toString()),
                    JsonParts.SPACE,
                    text(":"),
                    JsonParts.SPACE,
                    member.getValue());
            boolean must = required.contains(member.getKey());
            Part rest = named(after);
            Part next = seq(JsonParts.SPACE, text(","), JsonParts.SPACE, pair, rest);
            first = must ? seq(pair, rest) : new Part.Alt(List.of(seq(pair, rest), named(first)));
            after = must ? next : new Part.Alt(List.of(next, rest));
        }
        return seq(text("{"), JsonParts.SPACE, first);
    }

    /** What is used more than once is a rule. */
    private Part named(Part part) {
        if (part instanceof Part.Use || part instanceof Part.Text) {
            return part;
        }
        String name = "m" + rules.size();
        rules.put(name, part);
        return new Part.Use(name);
    }
}
