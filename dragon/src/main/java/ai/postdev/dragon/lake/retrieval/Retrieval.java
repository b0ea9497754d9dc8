package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.GrepAnswer;
import ai.postdev.dragon.lake.code.GrepQuery;
import ai.postdev.dragon.lake.code.InvalidPatternException;
import ai.postdev.dragon.lake.retrieval.Candidate.Place;
import ai.postdev.dragon.lake.text.TextView;
import ai.postdev.v1.AsOf;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.Hit;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Finds code in the views of one lake. Stateless and safe on any thread; may read the disk and takes milliseconds, so it
 * runs on the bounded pool for reads.
 *
 * <p>In mode {@code auto}, {@code /…/} is a regular expression ({@code /…/i} ignores case) and {@code "…"} a literal;
 * everything else is ranked by all signals, with more weight on definitions when the query looks like an identifier.
 */
public final class Retrieval {
    private final RetrievalSettings settings;
    private final QueryMeaning meaning;
    private final Executor scans;
    private final Weights weights;

    /** @param scans lends threads for parts of an answer; the calling one takes part */
    public Retrieval(RetrievalSettings settings, QueryMeaning meaning, Executor scans) {
        this(settings, meaning, scans, Weights.STANDARD);
    }

    Retrieval(RetrievalSettings settings, QueryMeaning meaning, Executor scans, Weights weights) {
        this.settings = settings;
        this.meaning = meaning;
        this.scans = scans;
        this.weights = weights;
    }

    /** What is searched and how. */
    private record Search(
            String query, SearchMode mode, Scope scope, int limit, LakeViews views, CodeView code, TextView text) {}

    /** The hits for a request, best first; refused if the request cannot be read. */
    public Reply<SearchAnswer> search(SearchRequest request, LakeViews views) {
        return search(request, views, views.code());
    }

    /** Whether a request is looked for line by line, which needs no ranking and no symbols. */
    public static boolean isByLine(SearchRequest request) {
        return LinePattern.of(request.getQuery().strip(), SearchMode.of(request.getMode()))
                .isPattern();
    }

    /**
     * The hits for a request in the code as it was at another moment.
     *
     * @param code {@code views.code()} or what is to be searched in its place; the answer then names no commit
     */
    public Reply<SearchAnswer> search(SearchRequest request, LakeViews views, CodeView code) {
        long started = System.nanoTime();
        Deadline deadline = Deadline.in(settings.deadline());
        try {
            String query = request.getQuery();
            if (query.isBlank() || query.length() > settings.queryCharactersMax()) {
                throw new IllegalArgumentException("the query has " + query.length() + " characters; expected 1 to "
                        + settings.queryCharactersMax());
            }
            SearchMode asked = SearchMode.of(request.getMode());
            LinePattern pattern = LinePattern.of(query.strip(), asked);
            SearchMode mode = pattern.isPattern() ? SearchMode.REGEX : asked;
            Scope scope = Scope.of(request);
            int limit = limit(request.getLimit());
            List<Hit> hits;
            if (pattern.isPattern()) {
                hits = grep(pattern, new Search(query, mode, scope, limit, views, code, views.text()), deadline);
            } else {
                try (BacklogText present = new BacklogText(
                        QueryText.of(query), views, scope, settings.backlogBytesMax(), scans, deadline)) {
                    hits = code == views.code()
                            ? ranked(new Search(query, mode, scope, limit, views, code, present.view()), deadline)
                            : past(new Search(query, mode, scope, limit, views, code, present.view()), deadline);
                }
            }
            return new Reply.Answered<>(answer(request, views, code, mode, hits, deadline, started));
        } catch (IllegalArgumentException | InvalidPatternException e) {
            return new Reply.Refused<>(Reply.Reason.INVALID, e.getMessage());
        }
    }

    /** When something like this text happened before, best first, each with what came after. */
    public Reply<RecallAnswer> recall(RecallRequest request, LakeViews views) {
        return new Recall(views, settings.recall(), scans)
                .recall(request, limit(request.getLimit()), System.currentTimeMillis());
    }

    /**
     * What belongs to a path, path:line, symbol or commit; at most the limit of each kind. Where the request says to what,
     * the shortest way there instead, one relation for each step.
     */
    public Reply<RelatedAnswer> related(RelatedRequest request, LakeViews views) {
        return request.getTo().isBlank()
                ? new Related(views, meaning.model(views), limit(request.getLimit())).of(request.getTarget())
                : new Connections(views, settings.path()).between(request.getTarget(), request.getTo());
    }

    /**
     * The best evidence for a question or a place in a file, within a budget of tokens.
     *
     * @param gaps what the views lack, in words; the answer is not complete then
     */
    public Reply<ContextAnswer> context(ContextRequest request, LakeViews views, List<String> gaps) {
        return new Evidence(this, settings.context(), views, request, gaps).answer();
    }

    /** The limit of hits, events or relations to use for a request that asked for {@code asked}; 0: the default. */
    public int limit(int asked) {
        return Math.min(asked > 0 ? asked : settings.hitsDefault(), settings.hitsMax());
    }

    private List<Hit> past(Search search, Deadline deadline) {
        CodeView now = search.views().code();
        try (PastText past = new PastText(now, search.code(), search.text(), settings.pastBytesMax(), deadline)) {
            return ranked(
                    new Search(
                            search.query(),
                            search.mode(),
                            search.scope(),
                            search.limit(),
                            search.views(),
                            search.code(),
                            past.view()),
                    deadline);
        }
    }

    private List<Hit> ranked(Search search, Deadline deadline) {
        return switch (search.mode()) {
            case SYMBOL -> symbols(search);
            case AUTO, TEXT, VECTOR, REGEX -> fused(search, deadline);
        };
    }

    private List<Hit> fused(Search search, Deadline deadline) {
        QueryText query = QueryText.of(search.query());
        Ranking ranking = new Ranking(query, search.code(), search.text(), search.scope(), weights, deadline);
        if (search.mode() != SearchMode.VECTOR) {
            ranking.addText(settings.passagesMax());
            ranking.addPaths();
        }
        // A name that occurs nowhere is not found; what stands near it in meaning would only pretend it was. Of other
        // queries without a known word only what is truly near counts: some chunk always is the nearest.
        boolean unknownWords = search.mode() == SearchMode.AUTO && ranking.isEmpty();
        if (search.mode() != SearchMode.TEXT && !(unknownWords && query.isCodeName())) {
            addMeaning(ranking, search, deadline, unknownWords);
        }
        List<Candidate> ordered = search.mode() == SearchMode.VECTOR ? ranking.plainOrder() : ranking.order();
        double unit = weights.ofRank(1) * (weights.bestPassage() + weights.wholeText() + weights.meaning());
        Hits hits = hits(search, Hits.rarity(query, search.text()), unit);
        return hits.of(ordered, search.limit());
    }

    private void addMeaning(Ranking ranking, Search search, Deadline deadline, boolean alone) {
        String model = meaning.model(search.views());
        int embedded = search.views().vectors().count(model);
        Optional<float[]> embedding = embedded == 0 ? Optional.empty() : meaning.of(search.query(), model);
        if (embedding.isPresent()) {
            ranking.addMeaning(
                    search.views().vectors(),
                    model,
                    embedding.get(),
                    settings.neighboursMax(),
                    alone ? Optional.of(settings.meaningAloneMin()) : Optional.empty());
            if (search.mode() == SearchMode.VECTOR
                    && search.code() != search.views().code()) {
                PastMeaning.check(
                        search.views().code(),
                        search.code(),
                        search.scope(),
                        search.views().vectors(),
                        model,
                        deadline);
            }
        } else if (search.mode() == SearchMode.VECTOR) {
            // In the other modes words and names answer in full; meaning is an addition that may still be on its way.
            deadline.lacks("meaning: " + meaning.whyNot(model).orElse("nothing is embedded yet"));
        }
    }

    private List<Hit> symbols(Search search) {
        QueryText query = QueryText.of(search.query());
        List<Candidate> found = new SymbolSearch(search.code(), search.text(), search.scope(), settings.hitsMax())
                .search(search.query());
        return hits(search, Hits.rarity(query, search.text()), 1).of(found, search.limit());
    }

    private List<Hit> grep(LinePattern pattern, Search search, Deadline deadline) throws InvalidPatternException {
        GrepAnswer found = search.code()
                .grep(
                        new GrepQuery(
                                pattern.text(),
                                pattern.literal(),
                                pattern.ignoreCase(),
                                search.scope()::holds,
                                Math.max(search.limit(), settings.hitsMax()),
                                settings.snippetLinesMax(),
                                deadline.nanos()),
                        scans);
        if (!found.complete()) {
            found.missing().forEach(deadline::lacks);
        }
        List<Candidate> candidates = new ArrayList<>();
        for (GrepAnswer.GrepDocument document : found.documents()) {
            if (!document.lines().isEmpty()) {
                candidates.add(ofMatches(document));
            }
        }
        candidates.sort(Candidate::byScore);
        Hits hits = hits(search, Map.of(), 1);
        List<Hit> result = new ArrayList<>();
        for (Candidate candidate : candidates.subList(0, Math.min(search.limit(), candidates.size()))) {
            hits.hit(candidate, candidate.places().getFirst(), candidate.score, true, new HashMap<>())
                    .ifPresent(result::add);
        }
        return result;
    }

    /** Every matching document is equally right; code that does the work is shown before tests and copies. */
    private static Candidate ofMatches(GrepAnswer.GrepDocument matched) {
        Candidate candidate = new Candidate(matched.document());
        int line = matched.lines().getFirst().line();
        int last = line;
        for (GrepAnswer.GrepLine next : matched.lines()) {
            last = next.line() <= last + 1 ? next.line() : last;
        }
        candidate.add(new Place(line, last));
        FileRole role = PathWords.of(matched.document().path()).role();
        candidate.score = role.factor();
        candidate.because(matched.lineCount() == 1 ? "1 line matches" : matched.lineCount() + " lines match");
        if (role.factor() < 1) {
            candidate.because("ranked lower: " + role.words());
        }
        return candidate;
    }

    private Hits hits(Search search, Map<String, Double> rarity, double unit) {
        return new Hits(search.views().project(), search.code(), rarity, settings.snippetLinesMax(), unit);
    }

    private static SearchAnswer answer(
            SearchRequest request,
            LakeViews views,
            CodeView code,
            SearchMode mode,
            List<Hit> hits,
            Deadline deadline,
            long started) {
        List<String> missing = deadline.missing();
        SearchAnswer.Builder answer = SearchAnswer.newBuilder()
                .setQuery(request.getQuery())
                .setMode(mode.id())
                .setComplete(missing.isEmpty())
                .addAllMissing(missing)
                .addAllHits(hits);
        code.workspaces()
                .forEach(workspace -> answer.addAsOf(AsOf.newBuilder()
                        .setProject(views.project().value())
                        .setWorkspace(workspace.value())
                        .setCommit(code == views.code() ? views.commits().getOrDefault(workspace, "") : "")
                        .setSequence(code.sequence(workspace))));
        return answer.setTookMs((System.nanoTime() - started) / 1_000 / 1_000.0).build();
    }

    /**
     * A query that is looked for line by line.
     *
     * @param isPattern whether the query is one at all
     */
    private record LinePattern(boolean isPattern, String text, boolean literal, boolean ignoreCase) {
        static LinePattern of(String query, SearchMode mode) {
            boolean slashes = query.length() > 2 && query.startsWith("/") && query.endsWith("/");
            boolean slashesI = query.length() > 3 && query.startsWith("/") && query.endsWith("/i");
            boolean quotes = query.length() > 2 && query.startsWith("\"") && query.endsWith("\"");
            if (mode != SearchMode.AUTO && mode != SearchMode.REGEX) {
                return new LinePattern(mode == SearchMode.TEXT && quotes, inside(query, 1), true, false);
            }
            if (slashes || slashesI) {
                return new LinePattern(true, inside(query, slashesI ? 2 : 1), false, slashesI);
            }
            return mode == SearchMode.REGEX
                    ? new LinePattern(true, query, false, false)
                    : new LinePattern(quotes, inside(query, 1), true, false);
        }

        private static String inside(String query, int tail) {
            return query.length() > 1 + tail ? query.substring(1, query.length() - tail) : query;
        }
    }
}
