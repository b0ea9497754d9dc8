package ai.postdev.dragon.lake;

import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.retrieval.Retrieval;
import ai.postdev.dragon.lake.vector.ColdRerank;
import ai.postdev.dragon.lake.vector.Precision;
import ai.postdev.dragon.lake.vector.VectorView;
import ai.postdev.v1.SearchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the views of a lake lack, in words for the one who asks: an answer over them is not complete. Pure. */
final class Gaps {
    private Gaps() {}

    /** What a search for {@code request} may miss; empty if its answer is whole. */
    static List<String> ofSearch(Views views, SearchRequest request) {
        List<String> gaps = new ArrayList<>();
        for (WorkspaceId workspace : views.code().workspaces()) {
            // The watcher notes the root when it has read the folder to its end for the first time.
            boolean unread =
                    views.metadata().setting("workspace/" + workspace + "/root").isEmpty();
            if (unread && !views.code().documents(workspace).isEmpty()) {
                gaps.add("a folder is being read for the first time: "
                        + views.code().counts(workspace).documents() + " files so far");
            }
        }
        boolean byLine = Retrieval.isByLine(request);
        if (!byLine && !request.getMode().equals("symbol") && !request.getMode().equals("text")) {
            ofVectors(views.vector()).ifPresent(gaps::add);
        }
        return gaps;
    }

    private static Optional<String> ofVectors(VectorView vectors) {
        List<String> why = new ArrayList<>();
        if (vectors.beyondBound() > 0) {
            why.add(vectors.beyondBound()
                    + " embeddings do not fit (postdevai.lake.vector.vectors-max, postdevai.memory.budget)");
        }
        vectors.kept().counts().forEach((precision, count) -> {
            if (precision != Precision.FLOAT) {
                why.add(count + " are kept at " + precision.id() + " (postdevai.memory.budget)");
            }
        });
        if (!vectors.kept().isExact()) {
            vectors.reread().map(Gaps::ofReread).filter(text -> !text.isEmpty()).ifPresent(why::add);
        }
        return why.isEmpty() ? Optional.empty() : Optional.of("meaning: " + String.join(", ", why));
    }

    private static String ofReread(ColdRerank.Summary reread) {
        String read = reread.read() == 0 ? "" : "the best " + reread.read() + " were read in full";
        String lack = "";
        if (reread.failure().isPresent()) {
            lack = "further ones could not be read: " + reread.failure().get();
        } else if (reread.late()) {
            lack = "time ran out before further ones were read (postdevai.lake.vector.rerank-time)";
        } else if (reread.gone() > 0) {
            lack = reread.gone() + " of the best are not in the journal any more";
        }
        return read + (read.isEmpty() || lack.isEmpty() ? "" : ", ") + lack;
    }

    /** What an answer from the history may miss. */
    static List<String> ofHistory(Views views) {
        long events = views.history().beyondBound();
        return events == 0
                ? List.of()
                : List.of("history: " + events + " events do not fit (postdevai.lake.history.events-max)");
    }

    /** What relations of a place may miss: of the graph, and of what is near in meaning. */
    static List<String> ofRelated(Views views) {
        List<String> gaps = new ArrayList<>(ofGraph(views));
        ofVectors(views.vector()).ifPresent(gaps::add);
        return gaps;
    }

    /** What an answer from the graph may miss. */
    static List<String> ofGraph(Views views) {
        long more = views.metadata().beyondBound();
        return more == 0
                ? List.of()
                : List.of("relations: " + more
                        + " do not fit (postdevai.lake.metadata.nodes-max, postdevai.lake.metadata.edges-max)");
    }
}
