package ai.postdev.coordinator.ask;

import ai.postdev.v1.AskTurn;
import ai.postdev.v1.ChatMessage;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.Relation;
import java.util.ArrayList;
import java.util.List;

/** What a model is told: how to answer, what was said before, the numbered passages, the question. */
public final class AskPrompt {
    private static final String HOW = """
            You answer questions about a software project from numbered passages of its files. Answer in a few plain \
            sentences. After each statement put the number of the passage that it comes from, like [1]. Say only what \
            the passages say. If they do not answer the question, say that they do not.""";
    private static final int FACTS_MAX = 5;
    private static final int FACT_CHARS_MAX = 300;

    private AskPrompt() {}

    /** The conversation for a model. @param earlier turns, the oldest first */
    public static List<ChatMessage> of(String question, List<AskTurn> earlier, Evidence evidence) {
        List<ChatMessage> messages = new ArrayList<>();
        messages.add(message("system", HOW));
        for (AskTurn turn : earlier) {
            messages.add(message("user", turn.getQuestion()));
            messages.add(message("assistant", turn.getAnswer()));
        }
        StringBuilder asked = new StringBuilder();
        for (int number = 1; evidence.has(number); number++) {
            ContextItem item = evidence.passage(number);
            asked.append('[')
                    .append(number)
                    .append("] ")
                    .append(item.getPath())
                    .append(':')
                    .append(item.getStartLine())
                    .append('-')
                    .append(item.getEndLine())
                    .append('\n')
                    .append(item.getText().stripTrailing())
                    .append("\n\n");
        }
        for (Relation fact : evidence.facts().stream().limit(FACTS_MAX).toList()) {
            asked.append("Known besides: ").append(cut(fact.getText())).append('\n');
        }
        asked.append("\nQuestion: ").append(question);
        messages.add(message("user", asked.toString()));
        return messages;
    }

    private static String cut(String text) {
        String line = text.replace('\n', ' ');
        return line.length() <= FACT_CHARS_MAX ? line : line.substring(0, FACT_CHARS_MAX) + "…";
    }

    private static ChatMessage message(String role, String text) {
        return ChatMessage.newBuilder().setRole(role).setContent(text).build();
    }
}
