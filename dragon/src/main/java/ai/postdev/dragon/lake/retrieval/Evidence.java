package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.retrieval.Candidate.Place;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.Hit;
import ai.postdev.v1.Relation;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Gathers what speaks for an answer, to be packed into a budget: for a question the hits of a search, for a place in a file
 * the place itself, the definitions it uses, who mentions it and what is like it; for both what was noted and what happened.
 * One request; one thread; may read the disk.
 */
final class Evidence {
    /** Files whose notes, commits and companions are told. */
    private static final int FILES_TOLD = 3;

    /** Scores of the kinds of evidence around a place; those of hits of a question are up to 1. */
    private static final double FOCUS = 2;

    private static final int LINES_AROUND = 6;

    private static final double USED = 0.9;
    private static final double MENTION = 0.6;
    private static final double SIMILAR = 0.5;
    private static final double NEXT = 0.01;
    private static final int MENTIONS_MAX = 12;
    private static final int NAMES_MENTIONED = 3;
    private static final int DEFINITION_LINES = 12;

    private final Retrieval retrieval;
    private final ContextSettings settings;
    private final LakeViews views;
    private final ContextRequest request;
    private final Map<String, SourceText> sources = new HashMap<>();
    private final List<Passage> passages = new ArrayList<>();
    private final Set<String> missing = new LinkedHashSet<>();
    private double similarity;
    private final ContextFacts facts;

    /** @param gaps what the views lack, in words */
    Evidence(
            Retrieval retrieval, ContextSettings settings, LakeViews views, ContextRequest request, List<String> gaps) {
        this.retrieval = retrieval;
        this.settings = settings;
        this.views = views;
        this.request = request;
        this.missing.addAll(gaps);
        this.facts = new ContextFacts(views, retrieval);
    }

    Reply<ContextAnswer> answer() {
        long started = System.nanoTime();
        int budget = request.getTokens() == 0 ? settings.tokensDefault() : request.getTokens();
        if (budget < settings.tokensMin() || budget > settings.tokensMax()) {
            return new Reply.Refused<>(
                    Reply.Reason.INVALID,
                    "the budget is " + budget + " tokens, expected " + settings.tokensMin() + " to "
                            + settings.tokensMax() + " (postdevai.lake.context.tokens-min, tokens-max)");
        }
        if (request.getQuery().isBlank() && request.getPath().isBlank()) {
            return new Reply.Refused<>(Reply.Reason.INVALID, "context needs a question or a file");
        }
        Optional<Reply.Refused<ContextAnswer>> refused = request.getPath().isBlank() ? Optional.empty() : aroundFile();
        if (refused.isEmpty() && !request.getQuery().isBlank()) {
            refused = ofQuestion();
        }
        if (refused.isPresent()) {
            return refused.get();
        }
        passages.sort(Comparator.comparingDouble(Passage::score).reversed());
        Set<String> best = new LinkedHashSet<>();
        passages.forEach(passage -> best.add(passage.source().path()));
        best.stream().limit(FILES_TOLD).forEach(facts::ofFile);
        List<Relation> told = facts.all(settings.factsMax());
        ContextAnswer packed =
                new ContextPacker(settings, views.project(), budget).pack(passages, told, List.copyOf(missing));
        return new Reply.Answered<>(packed.toBuilder()
                .setQuery(request.getQuery())
                .setPath(request.getPath())
                .setLine(request.getLine())
                .setSimilarity(similarity)
                .setTookMs((System.nanoTime() - started) / 1_000 / 1_000.0)
                .build());
    }

    private Optional<Reply.Refused<ContextAnswer>> ofQuestion() {
        Reply<SearchAnswer> reply = search(request.getQuery(), "", settings.passagesMax());
        if (reply instanceof Reply.Refused<SearchAnswer>(Reply.Reason reason, String message)) {
            return Optional.of(new Reply.Refused<>(reason, message));
        }
        if (reply instanceof Reply.Answered<SearchAnswer>(SearchAnswer found)) {
            missing.addAll(found.getMissingList());
            addHits(found.getHitsList(), 1, List.of(), "");
            similarity = found.getHitsList().stream()
                    .mapToDouble(Hit::getSimilarity)
                    .max()
                    .orElse(0);
        }
        facts.ofQuestion(request.getQuery());
        return Optional.empty();
    }

    private Reply<SearchAnswer> search(String query, String mode, int limit) {
        return retrieval.search(
                SearchRequest.newBuilder()
                        .setQuery(query)
                        .setMode(mode)
                        .setLimit(limit)
                        .build(),
                views);
    }

    /**
     * @param unit the score of the best hit
     * @param why what is told before the hit's own reasons
     * @param except hits of this path are not taken
     */
    private void addHits(List<Hit> hits, double unit, List<String> why, String except) {
        double best = hits.stream().mapToDouble(Hit::getScore).max().orElse(1);
        for (Hit hit : hits) {
            if (hit.getScore() < best * settings.scoreShareMin()
                    || hit.getPath().equals(except)) {
                continue;
            }
            List<String> reasons = new ArrayList<>(why);
            reasons.addAll(hit.getWhyList());
            source(hit.getWorkspace(), hit.getPath())
                    .ifPresent(source -> add(
                            source,
                            new Place(hit.getStartLine(), hit.getEndLine()),
                            unit * hit.getScore() / best,
                            reasons));
        }
    }

    private void add(SourceText source, Place place, double score, List<String> why) {
        double rounded = Math.round(score * 10_000) / 10_000.0;
        source.within(place).ifPresent(within -> passages.add(new Passage(source, within, rounded, why)));
    }

    private Optional<SourceText> source(String workspace, String path) {
        String key = workspace + '\n' + path;
        SourceText known = sources.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        return views.code().workspaces().stream()
                .filter(it -> it.value().equals(workspace))
                .findFirst()
                .flatMap(it -> views.code().document(it, path))
                .flatMap(this::source);
    }

    private Optional<SourceText> source(Document document) {
        String key = document.workspace().value() + '\n' + document.path();
        SourceText known = sources.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<SourceText> read = views.code()
                .text(document.hash())
                .map(utf8 -> SourceText.of(document, utf8, views.code().syntax(document.hash())));
        read.ifPresent(source -> sources.put(key, source));
        return read;
    }

    private Optional<Reply.Refused<ContextAnswer>> aroundFile() {
        Optional<Document> document = Targets.file(request.getPath(), views);
        Optional<SourceText> source = document.flatMap(this::source);
        if (source.isEmpty()) {
            return Optional.of(new Reply.Refused<>(
                    Reply.Reason.NOT_FOUND,
                    "no file '" + request.getPath() + "' in project " + views.project()
                            + "; paths are relative to the project's root"));
        }
        SourceText text = source.get();
        int line = request.getLine();
        if (line < 0 || line > Math.max(1, text.lines().size())) {
            return Optional.of(new Reply.Refused<>(
                    Reply.Reason.INVALID,
                    "line " + line + " was asked for, but " + text.path() + " has "
                            + text.lines().size() + " lines"));
        }
        Place focus = focus(text, line);
        if (line > 0) {
            List<String> why = List.of("line " + line + ", asked for");
            // Where its definition is too much, a line alone tells little, and may be empty.
            add(
                    text,
                    new Place(
                            Math.max(focus.startLine(), line - LINES_AROUND),
                            Math.min(Math.max(line, focus.endLine()), line + LINES_AROUND)),
                    FOCUS,
                    why);
            add(text, new Place(line, line), FOCUS, why);
        } else {
            for (Place chunk : text.chunks().isEmpty() ? List.of(focus) : text.chunks()) {
                add(text, chunk, FOCUS, List.of("the file asked for"));
            }
        }
        addDefinitions(document.get(), text, focus, line);
        addMentions(text, line);
        facts.ofPlace(text.path(), line).forEach(this::addSimilar);
        return Optional.empty();
    }

    private Place focus(SourceText text, int line) {
        Place all = new Place(1, Math.max(1, text.lines().size()));
        if (line == 0) {
            return all;
        }
        Place at = new Place(line, line);
        Place around = text.around(at).map(SourceText.Definition::place).orElse(text.chunksAround(at));
        return SourceText.size(around) <= settings.passageLinesMax() ? around : text.chunksAround(at);
    }

    /** The definitions of the names that the focus uses, where a name means one or two places only. */
    private void addDefinitions(Document document, SourceText text, Place focus, int line) {
        if (text.lines().isEmpty()) {
            return;
        }
        UsedNames.of(text, focus, line, document.language(), views.code(), settings.definitionsMax())
                .forEach(used -> source(used.hit().document()).ifPresent(target -> {
                    Place place = new Place(
                            used.hit().symbol().startLine(),
                            Math.min(
                                    used.hit().symbol().endLine(),
                                    used.hit().symbol().startLine() + DEFINITION_LINES - 1));
                    boolean shown = target == text
                            && place.startLine() >= focus.startLine()
                            && place.endLine() <= focus.endLine();
                    if (!shown) {
                        String name = used.hit().symbol().name();
                        add(
                                target,
                                place,
                                USED - NEXT * used.order(),
                                List.of("defines " + name + ", used in line " + used.line()));
                    }
                }));
    }

    /** Who mentions what is defined at the place, or the first definitions of the file. */
    private void addMentions(SourceText text, int line) {
        Map<String, String> names = new LinkedHashMap<>();
        if (line > 0) {
            text.around(new Place(line, line)).ifPresent(it -> names.put(QueryText.lastName(it.name()), it.name()));
        } else {
            text.definitions().stream()
                    .filter(it -> !it.name().contains("."))
                    .limit(NAMES_MENTIONED)
                    .forEach(it -> names.put(it.name(), it.name()));
        }
        names.keySet().stream().filter(name -> !name.isBlank()).forEach(name -> {
            if (search(name, "text", MENTIONS_MAX) instanceof Reply.Answered<SearchAnswer>(SearchAnswer found)) {
                missing.addAll(found.getMissingList());
                // Words of the name alone, as ranked text finds them too, are no mention of it.
                Pattern whole = Pattern.compile("(?<!\\w)" + Pattern.quote(name) + "(?!\\w)");
                List<Hit> mentions = found.getHitsList().stream()
                        .filter(hit -> source(hit.getWorkspace(), hit.getPath())
                                .flatMap(source -> source.within(new Place(hit.getStartLine(), hit.getEndLine()))
                                        .map(source::text))
                                .filter(words -> whole.matcher(words).find())
                                .isPresent())
                        .toList();
                addHits(mentions, MENTION, List.of("mentions " + name), text.path());
            }
        });
    }

    private void addSimilar(Relation similar) {
        Targets.file(similar.getKey(), views)
                .flatMap(this::source)
                .ifPresent(source -> add(
                        source,
                        new Place(similar.getStartLine(), similar.getStartLine() + DEFINITION_LINES - 1),
                        SIMILAR * similar.getScore(),
                        List.of("alike in meaning " + Math.round(similar.getScore() * 100) / 100.0)));
    }
}
