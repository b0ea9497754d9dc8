package ai.postdev.coordinator.tool;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How deep JSON is, looked at before it is read: reading goes by recursion, and what comes is anybody's. */
public final class JsonDepth {
    private static final Pattern PLACE = Pattern.compile("line (\\d+) column (\\d+)");

    /** Of JSON within a request or an answer: schemas and arguments. */
    static final int MAX = 64;

    private JsonDepth() {}

    /** How deep lists and objects lie within each other at most, by the brackets outside texts. */
    public static int of(String json) {
        int depth = 0;
        int deepest = 0;
        boolean inText = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (inText) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    inText = false;
                }
            } else if (c == '"') {
                inText = true;
            } else if (c == '{' || c == '[') {
                deepest = Math.max(deepest, ++depth);
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
        return deepest;
    }

    /** Where a text stops being JSON, for people: of what the parser says only the place, not its advice to programmers. */
    public static String place(Exception parser) {
        Matcher place = PLACE.matcher(String.valueOf(parser.getMessage()));
        return place.find() ? ", at line " + place.group(1) + ", column " + place.group(2) : "";
    }

    /**
     * The object that {@code json} is.
     *
     * @param where it stands in the request
     * @throws WrongTools if it is none, or deeper than {@link #MAX}
     */
    static JsonObject object(String json, String where) {
        try {
            if (of(json) <= MAX) {
                JsonElement parsed = JsonParser.parseString(json);
                if (parsed.isJsonObject()) {
                    return parsed.getAsJsonObject();
                }
            }
        } catch (JsonParseException e) {
            throw new WrongTools(where, where + " is no JSON" + place(e));
        }
        throw new WrongTools(where, where + " is not one JSON object, or is more than " + MAX + " deep");
    }
}
