package ai.postdev.dragon.model.engine;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where a long prompt is parted, so that whoever reads it can stop in between. A part must not be shorter than what an engine
 * holds of that beginning, because reading the shorter one makes it forget the rest: so the first part ends behind what any
 * of the last texts has in common with the prompt. How long parts are follows from how long the last one took. One thread.
 */
final class PromptParts {
    private final int textsMax;
    private final PartSettings settings;
    private final Deque<String> texts = new ArrayDeque<>();
    private int tokens;

    /** As many texts as an engine with these settings has sequences, each of which holds what it read last. */
    static PromptParts of(LoadRequest settings) {
        return new PromptParts(settings.sequences(), settings.tuning().parts());
    }

    /** @param textsMax that an engine holds at once */
    PromptParts(int textsMax, PartSettings settings) {
        this.textsMax = textsMax;
        this.settings = settings;
        tokens = settings.tokensMin();
    }

    /**
     * The end of the next part; the length of the prompt if there is none that is worth it.
     *
     * @param from characters that were read for this answer
     * @param promptTokens of the whole prompt
     */
    int next(String prompt, int from, int promptTokens) {
        int held = from;
        for (String text : texts) {
            held = Math.max(held, common(text, prompt));
        }
        long part = Math.max(1, (long) tokens * prompt.length() / Math.max(1, promptTokens));
        long end = held + part;
        return end + part / 2 >= prompt.length()
                ? prompt.length()
                : Math.max(held + 1, between(prompt, held, (int) end));
    }

    /** Tokens mostly begin with the space before a word: one that is cut differently later would be read twice. */
    private static int between(String prompt, int from, int end) {
        for (int at = end; at > from + 1; at--) {
            if (Character.isWhitespace(prompt.charAt(at)) && !Character.isWhitespace(prompt.charAt(at - 1))) {
                return at;
            }
        }
        return Character.isLowSurrogate(prompt.charAt(end)) ? end + 1 : end;
    }

    /** A part took so long. */
    void took(long nanos) {
        double fit = Math.clamp((double) settings.time().toNanos() / Math.max(1, nanos), 0.5, 2);
        tokens = (int) Math.clamp(tokens * fit, settings.tokensMin(), settings.tokensMax());
    }

    /** An engine has this text in its memory now, and with it no longer the one that came longest ago. */
    void read(String text) {
        texts.removeIf(text::startsWith);
        texts.addFirst(text);
        if (texts.size() > textsMax) {
            texts.removeLast();
        }
    }

    private static int common(String one, String other) {
        int length = Math.min(one.length(), other.length());
        int at = 0;
        while (at < length && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return at;
    }
}
