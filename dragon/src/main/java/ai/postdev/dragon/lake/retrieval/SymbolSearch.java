package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.SymbolHit;
import ai.postdev.dragon.lake.retrieval.DefinitionLookup.Found;
import ai.postdev.dragon.lake.text.Terms;
import ai.postdev.dragon.lake.text.TextView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds definitions by name: exactly so first, then whatever the case, then by beginning, then by words of the name. */
final class SymbolSearch {
    private static final double EXACT = 1;
    private static final double OTHER_CASE = 0.8;
    private static final double BEGINNING = 0.5;
    private static final double WORD = 0.3;

    /** A definition inside the container that the query names. */
    private static final double CONTAINER_BONUS = 0.5;

    private static final double TYPE_BONUS = 0.1;
    private static final double OWN_FILE_BONUS = 0.1;

    private final CodeView code;
    private final TextView text;
    private final Scope scope;
    private final int symbolsMax;

    SymbolSearch(CodeView code, TextView text, Scope scope, int symbolsMax) {
        this.code = code;
        this.text = text;
        this.scope = scope;
        this.symbolsMax = symbolsMax;
    }

    /** One candidate for each definition, best first. */
    List<Candidate> search(String query) {
        String name = QueryText.lastName(query.strip());
        String container = QueryText.qualifier(query.strip()).toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            return List.of();
        }
        Map<SymbolHit, Candidate> found = new LinkedHashMap<>();
        add(found, code.symbolsNamed(name, symbolsMax), EXACT, name, container);
        add(found, code.symbolsNamedIgnoringCase(name, symbolsMax), OTHER_CASE, name, container);
        add(found, code.symbolsStartingWith(name, symbolsMax), BEGINNING, name, container);
        if (found.size() < symbolsMax) {
            Set<String> words = Terms.all(query);
            words.forEach(
                    word -> add(found, code.symbolsWithWord(word, symbolsMax), WORD / words.size(), name, container));
        }
        List<Candidate> candidates = new ArrayList<>(found.values());
        candidates.addAll(unparsed(found, name));
        candidates.sort(Candidate::byScore);
        return candidates;
    }

    private void add(
            Map<SymbolHit, Candidate> found, List<SymbolHit> hits, double worth, String name, String container) {
        for (SymbolHit hit : hits) {
            if (scope.holds(hit.document()) && !found.containsKey(hit)) {
                Found definition = DefinitionLookup.ofSymbol(hit);
                Candidate candidate = candidateOf(definition, worth, name);
                boolean inside = !container.isEmpty()
                        && hit.symbol().container().toLowerCase(Locale.ROOT).endsWith(container);
                candidate.score += inside ? CONTAINER_BONUS : 0;
                found.put(hit, candidate);
            }
        }
    }

    private Candidate candidateOf(Found definition, double worth, String name) {
        Candidate candidate = new Candidate(definition.document());
        String path = candidate.document.path();
        FileRole role = PathWords.of(path).role();
        candidate.score =
                worth + TYPE_BONUS * definition.worth() + (PathWords.of(path).isNamedAfter(name) ? OWN_FILE_BONUS : 0);
        candidate.score *= role.factor();
        candidate.defines(definition.place());
        candidate.because(definition.words());
        if (role.factor() < 1) {
            candidate.because("ranked lower: " + role.words());
        }
        return candidate;
    }

    /** Documents that no parser has read define the name by the look of a line. */
    private List<Candidate> unparsed(Map<SymbolHit, Candidate> found, String name) {
        List<Candidate> more = new ArrayList<>();
        for (Found definition : new DefinitionLookup(code, text, scope).of(Set.of(name))) {
            boolean known = found.keySet().stream()
                    .anyMatch(hit -> hit.document().equals(definition.document())
                            && hit.symbol().name().equals(name));
            if (!known) {
                more.add(candidateOf(definition, EXACT, name));
            }
        }
        return more;
    }
}
