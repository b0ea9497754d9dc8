package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.OperationCodec;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.dragon.lake.journal.JournalKeys.Slot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Knows from the notes of {@link PowerChild} what a journal must hold, what it may hold, and nothing beyond that. */
final class PowerOracle {
    /** What a line of a note says. */
    enum Step {
        /** The journal is open; its origin. */
        OPENED,
        /** An operation is about to be written: project, origin, sequence, hash. */
        TRIES,
        /** An operation was acknowledged. */
        DONE,
        /** A project is about to be forgotten. */
        FORGETS,
        /** A project was forgotten. */
        FORGOT,
        /** An operation that drops this event is about to be written: project, origin, sequence. */
        DROPS,
        /** This event is taken out of the journal. */
        ERASED
    }

    private final Map<Slot, ContentHash> tried = new HashMap<>();
    private final Set<Slot> acknowledged = new HashSet<>();
    private final Map<Slot, Long> marks = new HashMap<>(); // of what was erased before this oracle knew the journal
    private final Set<Slot> dropped = new HashSet<>();
    private final Set<Slot> erased = new HashSet<>();
    private final Set<ProjectId> forgetting = new HashSet<>();
    private final Set<ProjectId> forgotten = new HashSet<>();
    private Optional<Origin> origin = Optional.empty();

    /**
     * What is not as it must be.
     *
     * @param lost acknowledged operations that are not there
     * @param wrong anything else, in words
     */
    record Findings(List<Slot> lost, List<String> wrong) {
        boolean none() {
            return lost.isEmpty() && wrong.isEmpty();
        }
    }

    static String tried(Operation operation) {
        return line(Step.TRIES, operation) + " " + ContentHash.of(OperationCodec.encode(operation)) + "\n";
    }

    static String acknowledged(Operation operation) {
        return line(Step.DONE, operation) + "\n";
    }

    /** Lines of one kind about events of one origin. */
    static String events(Step step, ProjectId project, Origin origin, List<Long> sequences) {
        StringBuilder lines = new StringBuilder();
        sequences.forEach(sequence -> lines.append(step + " " + project + " " + origin + " " + sequence + "\n"));
        return lines.toString();
    }

    private static String line(Step step, Operation operation) {
        return step + " " + operation.project() + " " + operation.origin() + " " + operation.sequence();
    }

    /** Takes a note. */
    void marked(String lines) {
        lines.lines().map(line -> line.split(" ")).forEach(parts -> {
            switch (Step.valueOf(parts[0])) {
                case OPENED -> origin = Optional.of(new Origin(parts[1]));
                case TRIES -> tried.put(slot(parts), ContentHash.fromHex(parts[4]));
                case DONE -> acknowledged.add(slot(parts));
                case FORGETS -> forgetting.add(new ProjectId(parts[1]));
                case FORGOT -> forgotten.add(new ProjectId(parts[1]));
                case DROPS -> dropped.add(slot(parts));
                case ERASED -> erased.add(slot(parts));
            }
        });
    }

    private static Slot slot(String[] parts) {
        return new Slot(new ProjectId(parts[1]), new Origin(parts[2]), Long.parseLong(parts[3]));
    }

    /** The origin that the home must have; empty if it may have any. */
    Optional<Origin> origin() {
        return origin;
    }

    long acknowledged() {
        return acknowledged.size();
    }

    /**
     * Knows all that a journal holds: who has seen it there may count on it from now on.
     *
     * @param anyOrigin the home may take a new origin
     */
    static PowerOracle of(Journal journal, boolean anyOrigin) throws JournalRefused {
        PowerOracle oracle = new PowerOracle();
        for (ProjectId project : journal.projects()) {
            Found found = Found.in(journal, project);
            oracle.tried.putAll(found.operations());
            oracle.marks.putAll(found.marks());
            oracle.dropped.addAll(found.dropped());
        }
        oracle.acknowledged.addAll(oracle.tried.keySet());
        oracle.acknowledged.addAll(oracle.marks.keySet());
        oracle.erased.addAll(oracle.marks.keySet());
        oracle.origin = anyOrigin ? Optional.empty() : Optional.of(journal.origin());
        return oracle;
    }

    /** Compares all that the journal holds. {@code salvaged}: it may have taken a new origin. */
    Findings compare(Journal journal, boolean salvaged) throws JournalRefused {
        List<String> wrong = new ArrayList<>();
        Map<Slot, ContentHash> found = new HashMap<>();
        Map<Slot, Long> erasures = new HashMap<>();
        Set<ContentHash> texts = new HashSet<>();
        for (ProjectId project : journal.projects()) {
            if (forgotten.contains(project)) {
                wrong.add("project " + project + " is back after it was forgotten");
            }
            Found there = Found.in(journal, project);
            found.putAll(there.operations());
            erasures.putAll(there.marks());
            texts.addAll(there.texts());
        }
        found.forEach((slot, hash) -> {
            if (!hash.equals(tried.get(slot))) {
                wrong.add(slot + " was never written like this");
            } else if (erased.contains(slot)) {
                wrong.add(slot + " is back after it was erased");
            }
        });
        erasures.forEach((slot, digest) -> {
            if (!dropped.contains(slot)) {
                wrong.add(slot + " is erased, though nothing dropped it");
            } else if (digest != (tried.containsKey(slot) ? Records.digest(tried.get(slot)) : marks.get(slot))) {
                wrong.add(slot + " has the mark of another event");
            }
        });
        for (ContentHash text : texts) {
            Optional<byte[]> bytes = journal.blob(text);
            if (bytes.isEmpty() || !ContentHash.of(bytes.get()).equals(text)) {
                wrong.add("text " + text + " is not there");
            }
        }
        if (!salvaged && origin.isPresent() && !origin.get().equals(journal.origin())) {
            wrong.add("the origin is " + journal.origin() + ", expected " + origin.get());
        }
        if (!journal.opened().cut().isEmpty()) {
            wrong.add("cut " + journal.opened().cut());
        }
        List<Slot> lost = acknowledged.stream()
                .filter(slot -> !found.containsKey(slot) && !erasures.containsKey(slot))
                .filter(slot -> !(forgetting.contains(slot.project())
                        && !journal.projects().contains(slot.project())))
                .toList();
        return new Findings(lost, wrong);
    }

    /**
     * All that a journal holds of a project. Replay itself refuses a gap.
     *
     * @param marks of erased events, by their place
     * @param dropped events that an operation drops
     */
    private record Found(
            Map<Slot, ContentHash> operations, Map<Slot, Long> marks, Set<Slot> dropped, Set<ContentHash> texts) {
        static Found in(Journal journal, ProjectId project) throws JournalRefused {
            Found found = new Found(new HashMap<>(), new HashMap<>(), new HashSet<>(), new HashSet<>());
            journal.replay(project, VersionVector.EMPTY, journal.versionVector(project), new ReplayVisitor() {
                @Override
                public void operation(Operation operation) {
                    found.take(operation);
                }

                @Override
                public void dropped(Origin of, long sequence, long digest) {
                    found.marks.put(new Slot(project, of, sequence), digest);
                }

                @Override
                public void lost(Origin of, long sequence, String why) {
                    // Is missing among the operations, which is what counts.
                }
            });
            return found;
        }

        private void take(Operation operation) {
            operations.put(
                    new Slot(operation.project(), operation.origin(), operation.sequence()),
                    ContentHash.of(OperationCodec.encode(operation)));
            if (operation.body() instanceof Body.PutDocument put) {
                texts.add(put.hash());
            } else if (operation.body() instanceof Body.DropEvents drop) {
                drop.sequences().forEach(sequence -> dropped.add(new Slot(operation.project(), drop.of(), sequence)));
            }
        }
    }
}
