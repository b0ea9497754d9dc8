package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.text.ContextMarkdown;
import ai.postdev.dragon.lake.retrieval.Candidate.Place;
import ai.postdev.v1.ContextItem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a context shows of one file: places that neither overlap nor touch, each with what it takes. One thread; pure. */
final class PackedFile {
    /** Empty lines between two places that are rather shown than cut out. */
    private static final int BLANK_LINES_MAX = 3;

    private static final int REASONS_MAX = 4;

    private final ProjectId project;
    private final SourceText source;
    private final List<String> alsoAt;
    private List<Shown> shown = List.of();
    /** Places whose words another place shows. */
    private final List<Place> elsewhere = new ArrayList<>();

    /** A place that is shown. */
    private record Shown(Place place, double score, ContextItem item, int tokens) {}

    /** What the file would show in place of what it shows now, and what that takes more. */
    static final class Change {
        private final List<Shown> shown;
        private final Shown grown;
        private final int tokens;

        private Change(List<Shown> shown, Shown grown, int tokens) {
            this.shown = shown;
            this.grown = grown;
            this.tokens = tokens;
        }

        /** What would be shown at the place that is new. */
        String text() {
            return grown.item().getText();
        }

        int tokens() {
            return tokens;
        }
    }

    /** @param alsoAt further paths with the same content */
    PackedFile(ProjectId project, SourceText source, List<String> alsoAt) {
        this.project = project;
        this.source = source;
        this.alsoAt = alsoAt;
    }

    SourceText source() {
        return source;
    }

    int tokens() {
        return tokens(shown);
    }

    private static int tokens(List<Shown> shown) {
        return shown.stream().mapToInt(Shown::tokens).sum();
    }

    boolean covers(Place place) {
        return Stream.concat(shown.stream().map(Shown::place), elsewhere.stream())
                .anyMatch(it -> it.startLine() <= place.startLine() && place.endLine() <= it.endLine());
    }

    /** With {@code cut} shown too, because of {@code passage}; what overlaps or touches it becomes one with it. */
    Change with(Place cut, Passage passage) {
        int start = cut.startLine();
        int end = cut.endLine();
        double score = passage.score();
        Set<String> why = new LinkedHashSet<>();
        List<Shown> kept = new ArrayList<>();
        // In the order of lines, so one pass finds every neighbour; one before may touch what an earlier one widened.
        for (Shown old : shown) {
            if (touches(old.place(), start, end)) {
                start = Math.min(start, old.place().startLine());
                end = Math.max(end, old.place().endLine());
                score = Math.max(score, old.score());
                why.addAll(old.item().getWhyList());
            } else {
                kept.add(old);
            }
        }
        why.addAll(passage.why());
        Place place = new Place(start, end);
        ContextItem item = item(place, score, why.stream().limit(REASONS_MAX).toList());
        Shown grown = new Shown(place, score, item, ContextMarkdown.itemTokens(item, false));
        kept.add(grown);
        kept.sort(Comparator.comparingInt(it -> it.place().startLine()));
        return new Change(kept, grown, tokens(kept) - tokens());
    }

    private boolean touches(Place place, int start, int end) {
        int between = Math.max(place.startLine() - end, start - place.endLine()) - 1;
        return between <= 0
                || between <= BLANK_LINES_MAX
                        && (place.startLine() > end
                                ? source.blank(end + 1, place.startLine() - 1)
                                : source.blank(place.endLine() + 1, start - 1));
    }

    private ContextItem item(Place place, double score, List<String> why) {
        return ContextItem.newBuilder()
                .setProject(project.value())
                .setWorkspace(source.workspace())
                .setPath(source.path())
                .setLanguage(source.language())
                .setStartLine(place.startLine())
                .setEndLine(place.endLine())
                .setScore(score)
                .setSymbol(source.nameOf(place))
                .setText(source.text(place))
                .addAllWhy(why)
                .addAllAlsoAt(alsoAt)
                .build();
    }

    void apply(Change change) {
        shown = change.shown;
    }

    /** Shows nothing at the new place, as another place shows the same; answers the tokens that this gives back. */
    int applyElsewhere(Change change) {
        int before = tokens();
        elsewhere.add(change.grown.place());
        shown = change.shown.stream().filter(it -> it != change.grown).toList();
        return before - tokens();
    }

    boolean shows(String text) {
        return shown.stream().anyMatch(it -> it.item().getText().equals(text));
    }

    /** In the order of lines. */
    List<ContextItem> items() {
        return shown.stream().map(Shown::item).toList();
    }

    /** Of the best place; 0 if nothing is shown. */
    double score() {
        return shown.stream().mapToDouble(Shown::score).max().orElse(0);
    }
}
