package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.vector.VectorMemory;
import ai.postdev.dragon.lake.vector.VectorView;
import ai.postdev.dragon.memory.Memory;
import ai.postdev.dragon.memory.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lake on the node's memory ledger: what its stores hold, what they give back when they are asked, and when there is
 * room again to keep in full what was made smaller.
 */
final class LakeMemory {
    private static final Logger LOG = LoggerFactory.getLogger(LakeMemory.class);
    /** Room for a quarter more than it takes must be there, so that what is taken is not asked back at once. */
    private static final int SPARE_PART = 4;

    private final ProjectId project;
    private final Memory memory;

    LakeMemory(ProjectId project, Memory memory) {
        this.project = project;
        this.memory = memory;
    }

    /** Where the vectors of a lake ask for memory, also while the lake is being read. */
    static VectorMemory ofVectors(ProjectId project, Memory memory) {
        return new VectorMemory() {
            @Override
            public boolean allows(long bytes) {
                return memory.allows(project, Part.VECTORS, bytes);
            }

            @Override
            public void holds(long bytes) {
                memory.charge(project, Part.VECTORS, bytes);
            }
        };
    }

    /** From now on the lake's stores give back what they are asked for: texts at once, vectors soon. */
    void open(OpenLake lake, Stores stores) {
        memory.gives(project, Part.TEXTS, lake.code()::evictTexts);
        memory.gives(project, Part.VECTORS, bytes -> {
            // The same demand twice comes to the same: what the ledger knows them to hold, less the bytes.
            stores.shrinkVectors(Math.max(0, memory.held(project, Part.VECTORS) - bytes));
            return 0;
        });
    }

    /** Somebody works with the project. */
    void touch() {
        memory.touch(project);
    }

    /** Tells the ledger what the stores hold that is not asked for piece by piece. */
    void charge(Views views) {
        VectorView vectors = views.vector();
        memory.charge(project, Part.VECTORS, vectors.memoryBytes());
        memory.givable(project, Part.VECTORS, vectors.kept().givableBytes());
        Map<String, Long> tiers = new HashMap<>();
        vectors.kept().counts().forEach((precision, count) -> tiers.put(precision.id(), (long) count));
        memory.tiers(project, Part.VECTORS, tiers);
        memory.charge(project, Part.CODE_INDEX, views.code().indexBytes());
        memory.charge(project, Part.EVENTS, views.history().memoryBytes());
        memory.charge(project, Part.GRAPH, views.metadata().memoryBytes());
    }

    /** Whether there are embeddings that are not kept in full, and room to keep all of them so. */
    boolean mayRefine(Views views) {
        long missing = views.vector().kept().missingBytes();
        return missing > 0 && memory.room(project, Part.VECTORS) > missing + missing / SPARE_PART;
    }

    /**
     * Has some of those embeddings kept in full again. Reads the disk.
     *
     * @return how many; a refusal of the journal is logged, and they stay as they are
     */
    Reply<Integer> refine(Views now, Journal journal, Stores stores) {
        try {
            List<Operation> operations = lowered(now, journal);
            if (!operations.isEmpty()) {
                stores.refine(operations);
            }
            return new Reply.Answered<>(operations.size());
        } catch (JournalRefused e) {
            LOG.warn("lake {}: embeddings stay as they are, the journal refuses: {}", project, e.getMessage());
            return new Reply.Refused<>(e.reason(), e.getMessage());
        }
    }

    /** Some of them as the journal has them; what it has lost is left out. */
    private List<Operation> lowered(Views views, Journal journal) throws JournalRefused {
        List<Operation> operations = new ArrayList<>();
        for (VectorView.Place place : views.vector().lowered()) {
            journal.operation(project, place.origin(), place.sequence()).ifPresent(operations::add);
        }
        return operations;
    }

    /** The lake holds nothing any more. */
    void close() {
        memory.close(project);
    }
}
