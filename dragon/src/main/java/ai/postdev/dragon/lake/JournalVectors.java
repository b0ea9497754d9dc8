package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.vector.FullVectors;
import ai.postdev.dragon.lake.vector.VectorView.Place;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Embeddings of one project as its journal has them. Reads the disk; any thread of the pool for reads. */
public final class JournalVectors implements FullVectors {
    private static final Logger log = LoggerFactory.getLogger(JournalVectors.class);

    private final ProjectId project;
    private final Journal journal;

    /** Of an open journal. */
    public JournalVectors(ProjectId project, Journal journal) {
        this.project = project;
        this.journal = journal;
    }

    @Override
    public Optional<String> read(List<Place> places, long untilNanos, Sink to) {
        try {
            for (int i = 0; i < places.size() && System.nanoTime() - untilNanos < 0; i++) {
                Optional<Operation> operation = journal.operation(
                        project, places.get(i).origin(), places.get(i).sequence());
                if (operation.isPresent() && operation.get().body() instanceof Body.PutEmbedding put) {
                    to.vector(i, put.vector());
                }
            }
            return Optional.empty();
        } catch (JournalRefused e) {
            log.warn("lake {}: the best of a search stay as memory has them: {}", project, e.getMessage());
            return Optional.of(e.getMessage());
        }
    }
}
