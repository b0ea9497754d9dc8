package ai.postdev.coordinator.tool;

import ai.postdev.v1.GenerateEvent;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an answer that is one call, because it was made under {@link Tools#schema}; its arguments are told as they come. */
final class ForcedCallReader implements AnswerReader {
    private static final Pattern BEGIN =
            Pattern.compile("\\s*\\{\\s*\"name\"\\s*:\\s*(\"(?:[^\"\\\\]|\\\\.)*\")\\s*,\\s*\"arguments\"\\s*:\\s*");

    private final StringBuilder held = new StringBuilder();
    private boolean called;
    private int depth;
    private boolean inText;
    private boolean escaped;
    private boolean over;

    @Override
    public List<GenerateEvent> read(String more) {
        if (called) {
            return arguments(more);
        }
        held.append(more);
        Matcher begin = BEGIN.matcher(held);
        if (!begin.lookingAt() || begin.end() == held.length()) {
            return List.of();
        }
        called = true;
        String rest = held.substring(begin.end());
        GenerateEvent call =
                AnswerReader.called(0, JsonParser.parseString(begin.group(1)).getAsString());
        held.setLength(0);
        List<GenerateEvent> first = arguments(rest);
        return first.isEmpty() ? List.of(call) : List.of(call, first.getFirst());
    }

    /** All of it up to the end of the value; what comes then only closes the call. */
    private List<GenerateEvent> arguments(String more) {
        int end = 0;
        while (end < more.length() && !over) {
            char c = more.charAt(end++);
            if (inText) {
                if (escaped) {
                    escaped = false;
                } else if (c == '\\') {
                    escaped = true;
                } else if (c == '"') {
                    inText = false;
                }
            } else if (c == '"') {
                inText = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                over = --depth == 0;
            }
        }
        return end == 0 ? List.of() : List.of(AnswerReader.argued(0, more.substring(0, end)));
    }

    @Override
    public List<GenerateEvent> end() {
        return held.isEmpty() ? List.of() : List.of(AnswerReader.said(held.toString()));
    }
}
