package ai.postdev.coordinator.tool;

import ai.postdev.v1.GenerateRequest;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The functions of a request, and whether the model may, must or shall not call one.
 *
 * <p>Models are told of them in their system text, in the words of the templates of Hermes and Qwen. Models that were trained on
 * these find what they know; others follow them more or less. A call that a model must make is made under a schema, so its
 * arguments are always right in form.
 *
 * @param callable those that may be called; without one the model is told of none
 * @param forced whether one must be called
 * @param parallel whether one answer may hold more than one call
 */
record Tools(List<OfferedTool> callable, boolean forced, boolean parallel) {
    static final String CALL = "<tool_call>";
    static final String CALL_END = "</tool_call>";

    private static final int MAX = 128;
    private static final Tools NONE = new Tools(List.of(), false, true);

    /** @throws WrongTools with the field that is wrong */
    static Tools of(GenerateRequest request) {
        if (request.getToolsCount() > MAX) {
            throw new WrongTools("tools", request.getToolsCount() + " tools, expected at most " + MAX);
        }
        List<OfferedTool> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < request.getToolsCount(); i++) {
            String where = "tools[" + i + "]";
            OfferedTool tool = OfferedTool.of(request.getTools(i), where);
            if (!names.add(tool.name())) {
                throw new WrongTools(where, where + ": two tools are named " + tool.name());
            }
            all.add(tool);
        }
        String choice = request.getToolChoice();
        if (all.isEmpty()) {
            if ((!choice.isEmpty() && !choice.equals("none"))
                    || !request.getTool().isEmpty()) {
                throw new WrongTools("tool_choice", "tool_choice is there, but no tools are");
            }
            return NONE;
        }
        if (request.getMessagesCount() == 0) {
            throw new WrongTools("tools", "tools are for conversations, and the request has no messages");
        }
        boolean parallel = !request.hasParallelToolCalls() || request.getParallelToolCalls();
        return request.getTool().isEmpty()
                ? chosen(all, choice, parallel)
                : new Tools(List.of(named(all, request.getTool(), choice)), true, false);
    }

    private static Tools chosen(List<OfferedTool> all, String choice, boolean parallel) {
        return switch (choice) {
            case "none" -> NONE;
            case "", "auto" -> new Tools(List.copyOf(all), false, parallel);
            case "required" -> new Tools(List.copyOf(all), true, parallel);
            default ->
                throw new WrongTools(
                        "tool_choice",
                        "tool_choice is '" + choice
                                + "', expected none, auto or required, or one of the tools by name");
        };
    }

    private static OfferedTool named(List<OfferedTool> all, String name, String choice) {
        if (!choice.isEmpty() && !choice.equals("required")) {
            throw new WrongTools(
                    "tool_choice",
                    "tool_choice is '" + choice + "', but the tool " + name + " is one that must be called; expected"
                            + " required, or nothing");
        }
        return all.stream()
                .filter(tool -> tool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new WrongTools(
                        "tool_choice", "the tool that must be called is '" + name + "', which is not among tools"));
    }

    /** Whether a model is told of functions. */
    boolean any() {
        return !callable.isEmpty();
    }

    Set<String> names() {
        return callable.stream().map(OfferedTool::name).collect(Collectors.toUnmodifiableSet());
    }

    /** What the model is told, to follow the system text. */
    String prompt() {
        return """
            # Tools

            You may call one or more functions to assist with the user query.

            You are provided with function signatures within <tools></tools> XML tags:
            <tools>
            %s
            </tools>

            For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML \
            tags:
            <tool_call>
            {"name": <function-name>, "arguments": <args-json-object>}
            </tool_call>""".formatted(
                        callable.stream().map(tool -> tool.shown().toString()).collect(Collectors.joining("\n")));
    }

    /** The schema of an answer that is one call. */
    String schema() {
        JsonObject definitions = new JsonObject();
        JsonArray calls = new JsonArray();
        for (int i = 0; i < callable.size(); i++) {
            calls.add(call(callable.get(i), "tool" + i, definitions));
        }
        JsonObject schema = new JsonObject();
        if (calls.size() == 1) {
            schema = calls.get(0).getAsJsonObject();
        } else {
            schema.add("anyOf", calls);
        }
        if (!definitions.isEmpty()) {
            schema.add("$defs", definitions);
        }
        return schema.toString();
    }

    /** References within the parameters count from their own root, so parameters that have some become a definition. */
    private static JsonObject call(OfferedTool tool, String definition, JsonObject definitions) {
        JsonObject name = new JsonObject();
        name.addProperty("const", tool.name());
        JsonElement arguments = tool.parameters();
        if (arguments.toString().contains("\"$ref\"")) {
            definitions.add(definition, moved(arguments, "#/$defs/" + definition));
            JsonObject reference = new JsonObject();
            reference.addProperty("$ref", "#/$defs/" + definition);
            arguments = reference;
        }
        JsonObject properties = new JsonObject();
        properties.add("name", name);
        properties.add("arguments", arguments);
        JsonArray required = new JsonArray();
        required.add("name");
        required.add("arguments");
        JsonObject call = new JsonObject();
        call.addProperty("type", "object");
        call.add("properties", properties);
        call.add("required", required);
        call.addProperty("additionalProperties", false);
        return call;
    }

    private static JsonElement moved(JsonElement schema, String root) {
        if (schema.isJsonArray()) {
            JsonArray all = new JsonArray();
            schema.getAsJsonArray().forEach(one -> all.add(moved(one, root)));
            return all;
        }
        if (!schema.isJsonObject()) {
            return schema;
        }
        JsonObject all = new JsonObject();
        for (Map.Entry<String, JsonElement> one : schema.getAsJsonObject().entrySet()) {
            boolean local = one.getKey().equals("$ref")
                    && one.getValue().isJsonPrimitive()
                    && one.getValue().getAsString().startsWith("#");
            all.add(
                    one.getKey(),
                    local
                            ? new JsonPrimitive(
                                    root + one.getValue().getAsString().substring(1))
                            : moved(one.getValue(), root));
        }
        return all;
    }

    /** What reads the answers to this request. */
    AnswerReader reader() {
        return forced ? new ForcedCallReader() : new ToolCallReader(names(), parallel);
    }
}
