package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name by which people and clients ask for a model on this node, such as {@code smollm2-135m}: 1 to
 * {@value #LENGTH_MAX} of the characters a-z, 0-9, dot, dash and underscore, with a letter or digit first and last and
 * no two dots together. It is also the name of the model's folder.
 */
public record ModelName(String value) implements Comparable<ModelName> {
    /** Longest name, in characters. */
    public static final int LENGTH_MAX = 96;

    private static final Pattern SHAPE = Pattern.compile("[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?");

    /** @throws IllegalArgumentException if it has another shape */
    public ModelName {
        if (!isName(value)) {
            throw new IllegalArgumentException(wrong(value));
        }
    }

    /** Whether {@code text} has the shape of a name. */
    public static boolean isName(String text) {
        return text.length() <= LENGTH_MAX && SHAPE.matcher(text).matches() && !text.contains("..");
    }

    /** Reads a name that somebody gave; capitals are taken as small letters. */
    public static ModelName parse(String text) throws CatalogueRefused {
        String small = text.strip().toLowerCase(Locale.ROOT);
        if (!isName(small)) {
            throw new CatalogueRefused(Reply.Reason.INVALID, wrong(text));
        }
        return new ModelName(small);
    }

    /** The name nearest to {@code text}, such as a file's name: what does not fit becomes a dash. */
    static ModelName near(String text) {
        String fit = text.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9._-]+", "-")
                .replaceAll("\\.{2,}", ".")
                .replaceAll("^[._-]+", "");
        String cut = fit.substring(0, Math.min(fit.length(), LENGTH_MAX)).replaceAll("[._-]+$", "");
        return new ModelName(cut.isEmpty() ? "model" : cut);
    }

    private static String wrong(String text) {
        String shown = text.length() > LENGTH_MAX ? text.substring(0, LENGTH_MAX) + "…" : text;
        return "'" + shown + "' is no name of a model, expected 1 to " + LENGTH_MAX
                + " of a-z, 0-9, '.', '-' and '_', such as smollm2-135m";
    }

    @Override
    public int compareTo(ModelName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
