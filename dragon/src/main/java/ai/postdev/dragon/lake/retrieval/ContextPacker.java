package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.text.ContextMarkdown;
import ai.postdev.actors.text.TokenBound;
import ai.postdev.dragon.lake.retrieval.Candidate.Place;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.Relation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fills a budget of tokens with evidence. Passages come best first, each in the widest of three cuts that fits: the
 * definition around it, the chunks of syntax it lies in, its own lines. What overlaps or touches in one file becomes one
 * item; a text that stands at two places is taken once. First no file takes more than its share and of files that are
 * variants of each other, as translations are, only the best speaks; then the room that is left goes to whatever still
 * fits. The same input gives the same answer. One request; one thread; pure.
 */
final class ContextPacker {
    /** Further paths of the same content that are named. */
    private static final int ALSO_AT_MAX = 3;

    private static final Set<String> PROSE = Set.of(Language.MARKDOWN.id(), Language.TEXT.id());

    private final ContextSettings settings;
    private final ProjectId project;
    private final int budget;

    /** One for each content, in the order in which they came up. */
    private final Map<String, PackedFile> files = new LinkedHashMap<>();

    /** What was taken, and of which file. */
    private final Map<String, PackedFile> texts = new HashMap<>();

    private final PathVariants variants = new PathVariants();
    private int room;

    /** @param budget tokens that the Markdown form of the answer may take */
    ContextPacker(ContextSettings settings, ProjectId project, int budget) {
        this.settings = settings;
        this.project = project;
        this.budget = budget;
    }

    /**
     * The answer, without its question and state.
     *
     * @param passages best first
     * @param facts most telling first
     * @param missing why the answer is not complete
     */
    ContextAnswer pack(List<Passage> passages, List<Relation> facts, List<String> missing) {
        ContextAnswer.Builder answer = ContextAnswer.newBuilder()
                .setBudget(budget)
                .setComplete(missing.isEmpty())
                .addAllMissing(missing)
                .setLeftOut(passages.size())
                .setFactsLeftOut(facts.size());
        room = budget - ContextMarkdown.frameTokens(answer.build());
        gather(passages);
        List<Relation> factsLeft = new ArrayList<>(facts);
        List<Relation> shown = takeFacts(factsLeft, (int) (budget * settings.factsShare()));
        List<Passage> left = takePassages(passages, (int) (budget * settings.fileShare()), false);
        // What joins two places gives back room, so those that did not fit are asked again until nothing changes.
        for (int before = Integer.MAX_VALUE; left.size() < before; ) {
            before = left.size();
            left = takePassages(left, budget, true);
        }
        shown.addAll(takeFacts(factsLeft, room));
        answer.addAllItems(items())
                .addAllFacts(facts.stream().filter(shown::contains).distinct().toList())
                .setLeftOut(
                        (int) left.stream().filter(passage -> !isShown(passage)).count())
                .setFactsLeftOut(factsLeft.size());
        return answer.setTokens(TokenBound.of(ContextMarkdown.of(answer.build())))
                .build();
    }

    private void gather(List<Passage> passages) {
        Map<String, Set<String>> paths = new HashMap<>();
        passages.forEach(passage -> paths.computeIfAbsent(passage.source().hash(), _ -> new LinkedHashSet<>())
                .add(passage.source().path()));
        passages.forEach(passage -> files.computeIfAbsent(
                passage.source().hash(),
                hash -> new PackedFile(
                        project,
                        passage.source(),
                        paths.get(hash).stream().skip(1).limit(ALSO_AT_MAX).toList())));
    }

    /** Takes facts out of {@code left} while they fit into {@code share}, in their order. */
    private List<Relation> takeFacts(List<Relation> left, int share) {
        List<Relation> taken = new ArrayList<>();
        int free = Math.min(share, room);
        for (Relation fact : left) {
            int tokens = ContextMarkdown.factTokens(fact, false);
            if (tokens <= free) {
                free -= tokens;
                room -= tokens;
                taken.add(fact);
            }
        }
        left.removeAll(new HashSet<>(taken));
        return taken;
    }

    /**
     * Takes what fits while no file takes more than {@code share}; gives back the rest.
     *
     * @param variantsToo whether files speak of which a variant is shown
     */
    private List<Passage> takePassages(List<Passage> passages, int share, boolean variantsToo) {
        List<Passage> left = new ArrayList<>();
        for (Passage passage : passages) {
            boolean speaks = variantsToo
                    || !variants.isVariant(
                            files.get(passage.source().hash()).source().path());
            if (!speaks || !take(passage, share)) {
                left.add(passage);
            }
        }
        return left;
    }

    private boolean take(Passage passage, int share) {
        PackedFile file = files.get(passage.source().hash());
        if (isShown(passage)) {
            return true;
        }
        for (Place cut : cuts(passage)) {
            String text = file.source().text(cut);
            PackedFile holder = texts.get(text);
            if (holder != null && holder != file) {
                return true;
            }
            PackedFile.Change change = file.with(cut, passage);
            if (files.values().stream().anyMatch(other -> other.shows(change.text()))) {
                room += file.applyElsewhere(change);
                return true;
            }
            boolean widened = !cut.equals(passage.place());
            boolean modest = !widened || change.tokens() <= budget * settings.itemShare();
            if (modest && change.tokens() <= room && file.tokens() + change.tokens() <= share) {
                room -= change.tokens();
                file.apply(change);
                variants.shown(file.source().path());
                texts.putIfAbsent(text, file);
                return true;
            }
        }
        return false;
    }

    private boolean isShown(Passage passage) {
        return files.get(passage.source().hash()).covers(passage.place());
    }

    /** Ways to show a passage, widest first. A section of prose is no unit as a function is, so prose is not widened. */
    private List<Place> cuts(Passage passage) {
        SourceText source = passage.source();
        Place place = passage.place();
        List<Place> cuts = new ArrayList<>();
        if (!PROSE.contains(source.language())) {
            source.around(place).map(SourceText.Definition::place).ifPresent(cuts::add);
            source.beginningIn(place)
                    .ifPresent(definition -> cuts.add(new Place(
                            place.startLine(),
                            Math.max(place.endLine(), definition.place().endLine()))));
            cuts.add(source.chunksAround(place));
            cuts.removeIf(cut -> SourceText.size(cut) > settings.passageLinesMax());
        }
        cuts.add(place);
        return cuts;
    }

    /** Files by their best passage, then lines. */
    private List<ContextItem> items() {
        List<PackedFile> ordered = new ArrayList<>(files.values());
        ordered.sort(Comparator.comparingDouble(PackedFile::score).reversed());
        return ordered.stream().flatMap(file -> file.items().stream()).toList();
    }
}
