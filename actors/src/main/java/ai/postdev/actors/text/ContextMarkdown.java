package ai.postdev.actors.text;

import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.Relation;
import java.util.HashSet;
import java.util.Set;

/**
 * A context as Markdown, to be pasted into a prompt, and what each part of it takes of a budget. The parts are whole lines,
 * so by {@link TokenBound} the whole takes what its parts take. Pure; any thread.
 */
public final class ContextMarkdown {
    private static final int FACT_CHARACTERS_MAX = 160;
    private static final int COMMIT_CHARACTERS = 10;
    private static final int DATE_CHARACTERS = 10;

    /** Why an answer is not complete is told in full if that takes no more than this part of the budget. */
    private static final int REASONS_PART = 8;

    private static final String FACTS_HEAD = "### Also\n";

    private ContextMarkdown() {}

    /** The whole answer; projects are named if there are several. */
    public static String of(ContextAnswer answer) {
        boolean named = severalProjects(answer);
        StringBuilder text = new StringBuilder();
        answer.getItemsList().forEach(item -> text.append(item(item, named)));
        if (answer.getFactsCount() > 0) {
            text.append(FACTS_HEAD);
            answer.getFactsList().forEach(fact -> text.append(fact(fact, named)));
            text.append('\n');
        }
        return text.append(foot(answer)).toString();
    }

    /** What an item takes. */
    public static int itemTokens(ContextItem item, boolean named) {
        return TokenBound.of(item(item, named));
    }

    /** What a fact takes. */
    public static int factTokens(Relation fact, boolean named) {
        return TokenBound.of(fact(fact, named));
    }

    /**
     * What everything but items and facts takes at most.
     *
     * @param answer with its budget, its reasons, and with numbers that are not smaller than they will be in the end
     */
    public static int frameTokens(ContextAnswer answer) {
        return TokenBound.of(FACTS_HEAD) + 1 + TokenBound.of(foot(answer));
    }

    private static boolean severalProjects(ContextAnswer answer) {
        Set<String> projects = new HashSet<>();
        answer.getItemsList().forEach(item -> projects.add(item.getProject()));
        answer.getFactsList().forEach(fact -> projects.add(fact.getProject()));
        return projects.size() > 1;
    }

    private static String item(ContextItem item, boolean named) {
        String fence = fence(item.getText());
        StringBuilder text = new StringBuilder("### ")
                .append(named ? plain(item.getProjectName()) + " " : "")
                .append(place(item));
        if (!item.getSymbol().isEmpty()) {
            text.append(' ').append(plain(item.getSymbol()));
        }
        text.append('\n');
        if (item.getWhyCount() > 0) {
            text.append("Why: ")
                    .append(plain(String.join("; ", item.getWhyList())))
                    .append('\n');
        }
        if (item.getAlsoAtCount() > 0) {
            text.append("Also at: ")
                    .append(plain(String.join(", ", item.getAlsoAtList())))
                    .append('\n');
        }
        return text.append(fence)
                .append(item.getLanguage().equals("text") ? "" : item.getLanguage())
                .append('\n')
                .append(item.getText())
                .append(item.getText().endsWith("\n") ? "" : "\n")
                .append(fence)
                .append("\n\n")
                .toString();
    }

    /** Path and lines of an item, as editors open them. */
    public static String place(ContextItem item) {
        return plain(item.getPath()) + ":" + item.getStartLine()
                + (item.getEndLine() > item.getStartLine() ? "-" + item.getEndLine() : "");
    }

    private static String fact(Relation fact, boolean named) {
        return "- " + (named ? plain(fact.getProjectName()) + " " : "") + factLine(fact) + "\n";
    }

    /** A fact in one short line: its kind, what it names, its day and its text. */
    public static String factLine(Relation fact) {
        StringBuilder line = new StringBuilder(plain(fact.getKind()));
        if (fact.getType().equals("commit")) {
            line.append(' ').append(cut(fact.getKey(), COMMIT_CHARACTERS));
        } else if (!fact.getType().equals("note")) {
            line.append(' ').append(plain(fact.getKey()));
        }
        if (fact.getStartLine() > 0) {
            line.append(':').append(fact.getStartLine());
        }
        if (fact.getTime().length() >= DATE_CHARACTERS) {
            line.append(" (").append(cut(fact.getTime(), DATE_CHARACTERS)).append(')');
        }
        if (!fact.getText().isBlank()) {
            line.append(": ").append(plain(fact.getText().strip()));
        }
        return line.length() <= FACT_CHARACTERS_MAX ? line.toString() : cut(line.toString(), FACT_CHARACTERS_MAX) + "…";
    }

    private static String foot(ContextAnswer answer) {
        StringBuilder foot = new StringBuilder();
        if (answer.getLeftOut() > 0 || answer.getFactsLeftOut() > 0) {
            foot.append("Left out for want of room: ")
                    .append(answer.getLeftOut())
                    .append(" passages, ")
                    .append(answer.getFactsLeftOut())
                    .append(" facts.\n");
        }
        if (!answer.getComplete()) {
            String reasons = "Not complete: " + plain(String.join("; ", answer.getMissingList())) + "\n";
            boolean fits = TokenBound.of(reasons) <= answer.getBudget() / REASONS_PART;
            foot.append(fits ? reasons : "Not complete, for " + answer.getMissingCount() + " reasons.\n");
        }
        return foot.toString();
    }

    /** Backticks enough that none of the text ends the block. */
    private static String fence(String text) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return "`".repeat(Math.max(3, longest + 1));
    }

    /** In one line: what was stored must not begin a line of its own. */
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            plain.append(c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029 ? ' ' : c);
        }
        return plain.toString();
    }

    private static String cut(String text, int characters) {
        if (text.length() <= characters) {
            return text;
        }
        // Never between the two halves of one character.
        int end = Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
        return text.substring(0, end);
    }
}
