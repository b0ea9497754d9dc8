package ai.postdev.coordinator.tool;

import ai.postdev.v1.Tool;
import com.google.gson.JsonObject;
import java.util.regex.Pattern;

/**
 * A function that a caller offers to a model.
 *
 * @param description for the model; may be empty
 * @param parameters schema of its arguments
 */
record OfferedTool(String name, String description, JsonObject parameters) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    /** @throws WrongTools with what is wrong at {@code where} */
    static OfferedTool of(Tool tool, String where) {
        if (!NAME.matcher(tool.getName()).matches()) {
            throw new WrongTools(
                    where,
                    where + " has the name '" + tool.getName() + "', expected 1 to 64 letters, digits, _, - and .");
        }
        JsonObject parameters = tool.getParameters().isBlank()
                ? noParameters()
                : JsonDepth.object(tool.getParameters(), where + ".parameters");
        return new OfferedTool(tool.getName(), tool.getDescription(), parameters);
    }

    /** A function without parameters takes none. */
    private static JsonObject noParameters() {
        JsonObject none = new JsonObject();
        none.addProperty("type", "object");
        none.add("properties", new JsonObject());
        none.addProperty("additionalProperties", false);
        return none;
    }

    /** As models read it. */
    JsonObject shown() {
        JsonObject function = new JsonObject();
        function.addProperty("name", name);
        function.addProperty("description", description);
        function.add("parameters", parameters);
        JsonObject tool = new JsonObject();
        tool.addProperty("type", "function");
        tool.add("function", function);
        return tool;
    }
}
