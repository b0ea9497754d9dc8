package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.code.ChunkHit;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.retrieval.Candidate.Place;
import ai.postdev.dragon.lake.retrieval.DefinitionLookup.Found;
import ai.postdev.dragon.lake.text.TextView;
import ai.postdev.dragon.lake.vector.VectorView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Orders the documents of a project for a query: signals are fused by rank, then rules that know code add to the sum and
 * scale it. Deterministic: the same views and query give the same order. One request; one thread.
 *
 * <p>The rules follow what semble's authors published as the source of their gain over plain BM25 (definitions, names of
 * files, coherence, penalties by path); the form and the numbers are our own, see docs/internals/adr/0004-ranking.md.
 */
final class Ranking {
    /** Each further passage of a document counts so much of the one before. */
    private static final double PASSAGE_DECAY = 0.5;

    /** Documents of which the answer says that they are near in meaning: some document always is nearest. */
    private static final int NEAR_MAX = 10;

    /** A definition in the file named after it counts so much more. */
    private static final double OWN_FILE_BONUS = 0.5;

    /** Documents whose text is read for rules that need it. */
    private static final int READ_MAX = 40;

    /** Documents that their path alone may bring in. */
    private static final int PATHS_MAX = 100;

    private final QueryText query;
    private final CodeView code;
    private final TextView text;
    private final Scope scope;
    private final Weights weights;
    private final Deadline deadline;
    private final Map<Document, Candidate> candidates = new LinkedHashMap<>();

    Ranking(QueryText query, CodeView code, TextView text, Scope scope, Weights weights, Deadline deadline) {
        this.query = query;
        this.code = code;
        this.text = text;
        this.scope = scope;
        this.weights = weights;
        this.deadline = deadline;
    }

    /** Lets the passages that match the words take part. */
    void addText(int passagesMax) {
        if (deadline.passedFor("text")) {
            return;
        }
        Map<Candidate, Double> best = new LinkedHashMap<>();
        Map<Candidate, Integer> counts = new HashMap<>();
        for (TextView.PassageHit hit :
                text.passages(query.terms(), (float) weights.definedName(), scope.textFilter(), passagesMax)) {
            candidate(hit.workspace(), hit.path()).ifPresent(candidate -> {
                best.putIfAbsent(candidate, hit.score());
                int before = counts.merge(candidate, 1, Integer::sum) - 1;
                candidate.textMass += hit.score() * Math.pow(PASSAGE_DECAY, before);
                candidate.add(new Place(hit.startLine(), hit.endLine()));
            });
        }
        Candidate.fuse(best, weights.bestPassage(), weights);
        Map<Candidate, Double> whole = new LinkedHashMap<>();
        best.keySet().forEach(candidate -> whole.put(candidate, candidate.textMass));
        Candidate.fuse(whole, weights.wholeText(), weights);
    }

    /** Lets the documents take part whose path holds words of the query. */
    void addPaths() {
        if (deadline.passedFor("path")) {
            return;
        }
        Map<Candidate, Double> found = new LinkedHashMap<>();
        for (TextView.FileHit hit : text.paths(query.terms(), scope.textFilter(), PATHS_MAX)) {
            candidate(hit.workspace(), hit.path()).ifPresent(candidate -> found.put(candidate, hit.score()));
        }
        Candidate.fuse(found, weights.path(), weights);
    }

    /** Whether no signal has found anything so far. */
    boolean isEmpty() {
        return candidates.isEmpty();
    }

    /**
     * Lets the chunks take part that are nearest in meaning.
     *
     * @param aloneMin present if nothing else was found: the least cosine that still counts
     */
    void addMeaning(VectorView vectors, String model, float[] embedding, int neighboursMax, Optional<Double> aloneMin) {
        if (deadline.passedFor("meaning")) {
            return;
        }
        Map<Candidate, Double> best = new LinkedHashMap<>();
        NearChunks near = new NearChunks(code, scope, vectors, model);
        for (VectorView.Neighbour neighbour : near.nearest(embedding, neighboursMax)) {
            if (neighbour.cosine() < aloneMin.orElse(-1.0)) {
                break; // they come nearest first
            }
            for (ChunkHit hit : near.places(neighbour.hash())) {
                if (best.size() < neighboursMax) {
                    Candidate candidate = candidates.computeIfAbsent(hit.document(), Candidate::new);
                    if (best.putIfAbsent(candidate, (double) neighbour.cosine()) == null) {
                        candidate.similarity = neighbour.cosine();
                        candidate.add(
                                new Place(hit.chunk().startLine(), hit.chunk().endLine()));
                        if (best.size() <= NEAR_MAX) {
                            candidate.because(
                                    aloneMin.isEmpty()
                                            ? "near in meaning"
                                            : "near in meaning only: no word of the query occurs");
                        }
                    }
                }
            }
        }
        double weight = query.symbolic() ? weights.meaning() * weights.meaningForNames() : weights.meaning();
        Candidate.fuse(best, weight, weights);
    }

    /** Candidates by the signals alone, best first. */
    List<Candidate> plainOrder() {
        List<Candidate> ordered = new ArrayList<>(candidates.values());
        ordered.forEach(candidate -> candidate.score = candidate.fused);
        ordered.sort(Candidate::byScore);
        return ordered;
    }

    /** Candidates by the signals and the rules, best first. */
    List<Candidate> order() {
        addRecency();
        double unit =
                candidates.values().stream().mapToDouble(c -> c.fused).max().orElse(0);
        unit = unit == 0 ? weights.ofRank(1) : unit;
        double massMax =
                candidates.values().stream().mapToDouble(c -> c.textMass).max().orElse(0);
        for (Candidate candidate : candidates.values()) {
            candidate.score =
                    candidate.fused + (massMax == 0 ? 0 : weights.coherence() * unit * candidate.textMass / massMax);
        }
        addDefinitions(unit);
        for (Candidate candidate : candidates.values()) {
            addPathWords(candidate, unit);
            applyRole(candidate);
        }
        List<Candidate> ordered = new ArrayList<>(candidates.values());
        ordered.sort(Candidate::byScore);
        applyDeprecation(ordered.subList(0, Math.min(READ_MAX, ordered.size())));
        ordered.sort(Candidate::byScore);
        return ordered;
    }

    /** Documents changed in the same hour share a rank: a checkout or import has no order that means anything. */
    private void addRecency() {
        Map<Candidate, Double> hours = new LinkedHashMap<>();
        for (Candidate candidate : candidates.values()) {
            hours.put(candidate, (double) TimeUnit.MILLISECONDS.toHours(candidate.document.modifiedMillis()));
        }
        Candidate.fuse(hours, weights.recency(), weights);
    }

    private void addDefinitions(double unit) {
        if (query.names().isEmpty() || deadline.passedFor("definitions")) {
            return;
        }
        double share = (query.symbolic() ? weights.definition() : weights.namedDefinition()) * unit;
        List<Found> found = new DefinitionLookup(code, text, scope).of(query.names());
        for (Found definition : found) {
            Candidate candidate = candidates.computeIfAbsent(definition.document(), Candidate::new);
            PathWords path = PathWords.of(candidate.document.path());
            boolean ownFile = query.names().stream().anyMatch(path::isNamedAfter);
            candidate.score += share * (definition.worth() + (ownFile ? OWN_FILE_BONUS : 0));
            candidate.because(definition.words());
            candidate.defines(definition.place());
        }
        Set<String> foreign = new LinkedHashSet<>(query.names());
        found.forEach(definition -> foreign.remove(definition.name()));
        addReexports(foreign, share);
    }

    /** Where a name comes from outside the project, the file that hands it on is the nearest there is to a definition. */
    private void addReexports(Set<String> names, double share) {
        if (names.isEmpty()) {
            return;
        }
        List<Candidate> ordered = new ArrayList<>(candidates.values());
        ordered.sort(Candidate::byScore);
        for (Candidate candidate : ordered.subList(0, Math.min(READ_MAX, ordered.size()))) {
            if (candidate.hasDefinition() || deadline.passedFor("re-exports")) {
                continue;
            }
            for (String name : names) {
                Optional<Place> place =
                        code.text(candidate.document.hash()).flatMap(utf8 -> DefinitionLookup.reexport(utf8, name));
                if (place.isPresent()) {
                    candidate.score += share * weights.reexport();
                    candidate.defines(place.get());
                    candidate.because("hands on " + name);
                    break;
                }
            }
        }
    }

    private void addPathWords(Candidate candidate, double unit) {
        double share = PathWords.of(candidate.document.path()).share(query.words());
        candidate.score += weights.pathWords() * unit * share;
        if (share > 0) {
            candidate.because("its path names " + (share >= 1 ? "all" : "some") + " of it");
        }
    }

    private void applyRole(Candidate candidate) {
        FileRole role = PathWords.of(candidate.document.path()).role();
        if (role.factor() < 1 && !role.isWantedBy(query)) {
            candidate.score *= role.factor();
            candidate.because("ranked lower: " + role.words());
        }
    }

    private void applyDeprecation(List<Candidate> best) {
        for (Candidate candidate : best) {
            if (deadline.passedFor("deprecation")) {
                return;
            }
            Document document = candidate.document;
            if (Deprecation.ofWholeFile(document.hash(), document.path(), code::text)) {
                candidate.score *= weights.deprecated();
                candidate.because("ranked lower: deprecated");
            }
        }
    }

    private Optional<Candidate> candidate(WorkspaceId workspace, String path) {
        // The index of ranked text may be an instant newer than the code view: only what the view holds is answered.
        return code.document(workspace, path)
                .filter(scope::holds)
                .map(document -> candidates.computeIfAbsent(document, Candidate::new));
    }
}
