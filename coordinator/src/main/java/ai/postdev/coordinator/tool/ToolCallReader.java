package ai.postdev.coordinator.tool;

import ai.postdev.v1.GenerateEvent;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the calls that a model makes of its own accord: JSON between {@code <tool_call>} and {@code </tool_call>}, or an answer
 * that is JSON and nothing else. What is neither, or calls a function that was not offered, stays text.
 */
final class ToolCallReader implements AnswerReader {
    private enum Phase {
        START,
        TEXT,
        CALL,
        JSON
    }

    private final Set<String> names;
    private final boolean parallel;
    private final StringBuilder held = new StringBuilder();
    private Phase phase = Phase.START;
    private int calls;
    /** Characters of what is held in which no call ends; looking at them again with every piece would take ever longer. */
    private int searched;

    /** @param parallel whether there may be more than one call */
    ToolCallReader(Set<String> names, boolean parallel) {
        this.names = names;
        this.parallel = parallel;
    }

    private record Call(String name, String arguments) {}

    @Override
    public List<GenerateEvent> read(String more) {
        held.append(more);
        List<GenerateEvent> parts = new ArrayList<>();
        boolean again = true;
        while (again) {
            again = switch (phase) {
                case START -> start();
                case TEXT -> text(parts);
                case CALL -> call(parts);
                case JSON -> false;
            };
        }
        return parts;
    }

    /** @return whether there is more to do with what is held */
    private boolean start() {
        String begun = held.toString().stripLeading();
        if (begun.isEmpty()) {
            return false;
        }
        phase = begun.charAt(0) == '{' || begun.charAt(0) == '[' ? Phase.JSON : Phase.TEXT;
        return true;
    }

    private boolean text(List<GenerateEvent> parts) {
        int at = held.indexOf(Tools.CALL);
        if (at >= 0) {
            say(held.substring(0, at).stripTrailing(), parts);
            held.delete(0, at + Tools.CALL.length());
            phase = Phase.CALL;
            return true;
        }
        int sure = held.length();
        for (int i = Math.max(0, sure - Tools.CALL.length() + 1); i < sure; i++) {
            if (Tools.CALL.startsWith(held.substring(i))) {
                sure = i;
            }
        }
        // Spaces too are held back: they are no part of the text if a call follows.
        while (sure > 0 && Character.isWhitespace(held.charAt(sure - 1))) {
            sure--;
        }
        say(held.substring(0, sure), parts);
        held.delete(0, sure);
        return false;
    }

    private void say(String text, List<GenerateEvent> parts) {
        if (!text.isEmpty()) {
            parts.add(AnswerReader.said(text));
        }
    }

    private boolean call(List<GenerateEvent> parts) {
        int at = held.indexOf(Tools.CALL_END, Math.max(0, searched - Tools.CALL_END.length() + 1));
        if (at < 0) {
            searched = held.length();
            return false;
        }
        searched = 0;
        called(held.substring(0, at), Tools.CALL_END, parts);
        held.delete(0, at + Tools.CALL_END.length());
        phase = Phase.TEXT;
        return true;
    }

    /** @param end that it stood before, if it is text after all */
    private void called(String json, String end, List<GenerateEvent> parts) {
        List<Call> found = calls(json);
        if (found.isEmpty()) {
            say(Tools.CALL + json + end, parts);
        }
        tell(found, parts);
    }

    private void tell(List<Call> found, List<GenerateEvent> parts) {
        for (Call one : found) {
            if (parallel || calls == 0) {
                parts.add(AnswerReader.called(calls, one.name()));
                parts.add(AnswerReader.argued(calls, one.arguments()));
                calls++;
            }
        }
    }

    @Override
    public List<GenerateEvent> end() {
        List<GenerateEvent> parts = new ArrayList<>();
        String rest = held.toString();
        held.setLength(0);
        switch (phase) {
            case START, TEXT -> say(calls > 0 ? rest.stripTrailing() : rest, parts);
            // A stop text, or the end of the room for the answer, took the mark of its end.
            case CALL -> called(rest, "", parts);
            case JSON -> {
                List<Call> found = calls(rest);
                if (found.isEmpty()) {
                    say(rest, parts);
                }
                tell(found, parts);
            }
        }
        return parts;
    }

    /** The calls that {@code json} is; none if it is anything else. */
    private List<Call> calls(String json) {
        if (JsonDepth.of(json) > JsonDepth.MAX) {
            return List.of();
        }
        try {
            JsonElement parsed = JsonParser.parseString(json);
            List<JsonElement> all =
                    parsed.isJsonArray() ? parsed.getAsJsonArray().asList() : List.of(parsed);
            List<Call> found = all.stream().flatMap(one -> call(one).stream()).toList();
            return found.size() == all.size() ? found : List.of();
        } catch (JsonParseException _) {
            return List.of();
        }
    }

    private Optional<Call> call(JsonElement element) {
        if (!element.isJsonObject()) {
            return Optional.empty();
        }
        JsonObject json = element.getAsJsonObject();
        JsonElement name = json.get("name");
        JsonElement arguments = Optional.ofNullable(json.get("arguments")).orElse(json.get("parameters"));
        boolean call = name != null
                && name.isJsonPrimitive()
                && names.contains(name.getAsString())
                && arguments != null
                && arguments.isJsonObject();
        return call ? Optional.of(new Call(name.getAsString(), arguments.toString())) : Optional.empty();
    }
}
