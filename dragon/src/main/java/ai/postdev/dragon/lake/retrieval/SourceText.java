package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.retrieval.Candidate.Place;
import ai.postdev.dragon.lake.syntax.Syntax;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A file as evidence is cut from it. Lines are 1-based. Immutable.
 *
 * @param lines without their ends
 * @param chunks pieces that the structure of the text allows to cut, in order; none if it is not parsed
 * @param definitions in order of their start
 */
record SourceText(
        String workspace,
        String path,
        String language,
        String hash,
        List<String> lines,
        List<Place> chunks,
        List<Definition> definitions) {
    SourceText {
        lines = List.copyOf(lines);
        chunks = List.copyOf(chunks);
        definitions = List.copyOf(definitions);
    }

    /** A definition and its lines. */
    record Definition(String name, Place place) {}

    static SourceText of(Document document, byte[] utf8, Optional<Syntax> syntax) {
        List<String> lines = new String(utf8, StandardCharsets.UTF_8).lines().toList();
        int last = lines.size();
        return new SourceText(
                document.workspace().value(),
                document.path(),
                document.language().id(),
                document.hash().hex(),
                lines,
                syntax.map(Syntax::chunks).orElse(List.of()).stream()
                        .filter(chunk -> chunk.endLine() <= last)
                        .map(chunk -> new Place(chunk.startLine(), chunk.endLine()))
                        .toList(),
                syntax.map(Syntax::symbols).orElse(List.of()).stream()
                        .filter(symbol -> symbol.endLine() <= last)
                        .map(symbol ->
                                new Definition(symbol.qualifiedName(), new Place(symbol.startLine(), symbol.endLine())))
                        .toList());
    }

    /** Whole lines, without the end of the last one. */
    String text(Place place) {
        return String.join("\n", lines.subList(place.startLine() - 1, place.endLine()));
    }

    /** {@code place} within the text; empty if it lies outside. */
    Optional<Place> within(Place place) {
        int start = Math.max(1, place.startLine());
        int end = Math.min(lines.size(), place.endLine());
        return start <= end ? Optional.of(new Place(start, end)) : Optional.empty();
    }

    /** The smallest definition that holds all of {@code place}. */
    Optional<Definition> around(Place place) {
        Definition innermost = null;
        for (Definition definition : definitions) {
            Place it = definition.place();
            boolean around = it.startLine() <= place.startLine() && it.endLine() >= place.endLine();
            boolean smaller = innermost == null || size(it) <= size(innermost.place());
            if (around && smaller) {
                innermost = definition;
            }
        }
        return Optional.ofNullable(innermost);
    }

    /** What a place is called: the smallest definition around it, else the first that begins in it; empty if none. */
    String nameOf(Place place) {
        return around(place).or(() -> beginningIn(place)).map(Definition::name).orElse("");
    }

    /** The first definition that begins within {@code place}. */
    Optional<Definition> beginningIn(Place place) {
        return definitions.stream()
                .filter(it -> it.place().startLine() >= place.startLine()
                        && it.place().startLine() <= place.endLine())
                .findFirst();
    }

    /** The chunks that {@code place} touches, as one; {@code place} itself where there are none. */
    Place chunksAround(Place place) {
        int start = place.startLine();
        int end = place.endLine();
        for (Place chunk : chunks) {
            if (chunk.startLine() <= place.endLine() && place.startLine() <= chunk.endLine()) {
                start = Math.min(start, chunk.startLine());
                end = Math.max(end, chunk.endLine());
            }
        }
        return new Place(start, end);
    }

    static int size(Place place) {
        return place.endLine() - place.startLine() + 1;
    }

    /** Whether nothing but empty lines stands from {@code first} to {@code last}. */
    boolean blank(int first, int last) {
        return first > last || lines.subList(first - 1, last).stream().allMatch(String::isBlank);
    }
}
