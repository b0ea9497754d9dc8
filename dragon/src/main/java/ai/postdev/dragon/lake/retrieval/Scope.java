package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.code.Language;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.text.PathGlob;
import ai.postdev.dragon.lake.text.TextFilter;
import ai.postdev.v1.SearchRequest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Which documents a request wants.
 *
 * @param path a glob on the project-relative path
 * @param language only documents of this language
 */
record Scope(Optional<PathGlob> path, Optional<Language> language) {
    /** Every document. */
    static final Scope EVERYTHING = new Scope(Optional.empty(), Optional.empty());

    /**
     * The scope of a request.
     *
     * @throws IllegalArgumentException if the glob or the language cannot be read
     */
    static Scope of(SearchRequest request) {
        Optional<PathGlob> glob =
                request.getPath().isEmpty() ? Optional.empty() : Optional.of(PathGlob.of(request.getPath()));
        return new Scope(glob, language(request.getLanguage()));
    }

    private static Optional<Language> language(String wanted) {
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        String id = wanted.toLowerCase(Locale.ROOT);
        Language known = Language.byId(id);
        if (known != Language.TEXT || id.equals(Language.TEXT.id())) {
            return Optional.of(known);
        }
        Language byExtension = Language.ofPath("x." + id);
        if (byExtension != Language.TEXT) {
            return Optional.of(byExtension);
        }
        throw new IllegalArgumentException("the language '" + wanted + "' is not known; expected one of "
                + String.join(
                        ", ", Arrays.stream(Language.values()).map(Language::id).toList()));
    }

    boolean holds(Document document) {
        return (language.isEmpty() || language.get() == document.language())
                && (path.isEmpty() || path.get().matches(document.path()));
    }

    /** Whether every document is wanted. */
    boolean isEverything() {
        return path.isEmpty() && language.isEmpty();
    }

    Optional<TextFilter> textFilter() {
        return isEverything() ? Optional.empty() : Optional.of(new TextFilter(path, language));
    }
}
