package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.retrieval.Candidate.Place;
import ai.postdev.dragon.lake.syntax.Syntax.Symbol;
import ai.postdev.dragon.lake.text.TextView;
import ai.postdev.v1.Hit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes hits of ranked documents: the lines to show, the symbol they lie in, and the reasons in words. */
final class Hits {
    /** Longer lines are cut: data, not code. */
    private static final int LINE_CHARACTERS_MAX = 400;

    /** Terms named in one reason. */
    private static final int TERMS_SHOWN_MAX = 6;

    /** A further place of a document that is shown already counts so much of its first. */
    private static final double REPEAT_SHARE = 0.5;

    private final ProjectId project;
    private final CodeView code;
    private final Map<String, Double> rarity;
    private final int linesMax;
    private final double unit;

    /** @param unit the score that is shown as 1 */
    Hits(ProjectId project, CodeView code, Map<String, Double> rarity, int linesMax, double unit) {
        this.project = project;
        this.code = code;
        this.rarity = rarity;
        this.linesMax = linesMax;
        this.unit = unit;
    }

    /** For each term how much its presence says: nothing if it is in every passage. */
    static Map<String, Double> rarity(QueryText query, TextView text) {
        Map<String, Double> rarity = new HashMap<>();
        query.terms().forEach((term, weight) -> {
            double share = text.share(term);
            rarity.put(term, weight * Math.log(1 + 1 / Math.max(share, 1e-6)));
        });
        return rarity;
    }

    /**
     * The best hits. Every document comes once before any comes twice, so that no file floods the list; further places
     * of the best documents fill what is left.
     */
    List<Hit> of(List<Candidate> ordered, int limit) {
        List<Hit> hits = new ArrayList<>();
        Map<Document, List<Place>> shown = new HashMap<>();
        for (Candidate candidate : ordered.subList(0, Math.min(limit, ordered.size()))) {
            Place place = candidate.places().isEmpty()
                    ? new Place(1, linesMax)
                    : candidate.places().getFirst();
            hit(candidate, place, candidate.score, candidate.hasDefinition(), shown)
                    .ifPresent(hits::add);
        }
        for (int round = 1; hits.size() < limit; round++) {
            int before = hits.size();
            boolean more = false;
            for (Candidate candidate : ordered) {
                if (round < candidate.places().size() && hits.size() < limit) {
                    more = true;
                    double score = candidate.score * Math.pow(REPEAT_SHARE, round);
                    hit(candidate, candidate.places().get(round), score, false, shown)
                            .ifPresent(hits::add);
                }
            }
            if (!more && hits.size() == before) {
                break;
            }
        }
        return hits;
    }

    /** A hit at {@code place}; empty if the text is gone or the lines are shown already. */
    Optional<Hit> hit(
            Candidate candidate, Place place, double score, boolean fromStart, Map<Document, List<Place>> shown) {
        Document document = candidate.document;
        return code.text(document.hash()).flatMap(utf8 -> {
            BestLines.Lines best = BestLines.of(utf8, place, rarity, linesMax, fromStart);
            List<Place> earlier = shown.computeIfAbsent(document, _ -> new ArrayList<>());
            boolean repeated =
                    earlier.stream().anyMatch(p -> p.startLine() <= best.endLine() && best.startLine() <= p.endLine());
            if (repeated) {
                return Optional.empty();
            }
            earlier.add(new Place(best.startLine(), best.endLine()));
            Hit.Builder hit = Hit.newBuilder()
                    .setProject(project.value())
                    .setWorkspace(document.workspace().value())
                    .setPath(document.path())
                    .setLanguage(document.language().id())
                    .setStartLine(best.startLine())
                    .setEndLine(best.endLine())
                    .setScore(Math.round(score / unit * 10_000) / 10_000.0)
                    .setSimilarity(Math.round(candidate.similarity * 10_000) / 10_000.0)
                    .setSnippet(cut(best.text()))
                    .addAllWhy(why(candidate, best));
            symbolAround(document, best).ifPresent(hit::setSymbol);
            return Optional.of(hit.build());
        });
    }

    private List<String> why(Candidate candidate, BestLines.Lines best) {
        List<String> why = new ArrayList<>();
        String terms = best.terms().stream()
                .filter(term -> best.terms().stream().noneMatch(other -> isStemOf(term, other)))
                .sorted((a, b) -> {
                    int rare = Double.compare(rarity.get(b), rarity.get(a));
                    return rare != 0 ? rare : a.compareTo(b);
                })
                .limit(TERMS_SHOWN_MAX)
                .collect(Collectors.joining(", "));
        List<String> reasons = new ArrayList<>(candidate.why());
        reasons.stream().filter(reason -> !reason.startsWith("ranked lower")).forEach(why::add);
        if (!terms.isEmpty()) {
            why.add("words: " + terms);
        }
        reasons.stream().filter(reason -> reason.startsWith("ranked lower")).forEach(why::add);
        return why;
    }

    /** Stems help to find; a person wants to read the word itself. */
    private static boolean isStemOf(String term, String other) {
        return other.length() > term.length() && other.startsWith(term);
    }

    private Optional<String> symbolAround(Document document, BestLines.Lines best) {
        return code.syntax(document.hash()).flatMap(syntax -> {
            Symbol innermost = null;
            for (Symbol symbol : syntax.symbols()) {
                boolean starts = symbol.startLine() >= best.startLine() && symbol.startLine() <= best.endLine();
                boolean around = symbol.startLine() <= best.startLine() && symbol.endLine() >= best.startLine();
                if (around || innermost == null && starts) {
                    innermost = symbol;
                }
            }
            return Optional.ofNullable(innermost).map(Symbol::qualifiedName);
        });
    }

    private static String cut(String text) {
        return text.lines()
                .map(line -> line.length() > LINE_CHARACTERS_MAX ? line.substring(0, LINE_CHARACTERS_MAX) + "…" : line)
                .collect(Collectors.joining("\n"));
    }
}
