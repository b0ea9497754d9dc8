package ai.postdev.dragon.lake.backup;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.dragon.lake.backup.Manifest.End;
import ai.postdev.dragon.lake.backup.Manifest.Part;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.portable.Export;
import ai.postdev.dragon.lake.portable.PortableSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Adds a moment to a backup: what a journal held of some projects when it began, while others go on to write to it. Only
 * what no earlier moment holds is copied. The moment is part of the backup when its manifest is on the disk; a backup
 * that dies before leaves the earlier ones as they were. Any one thread; blocks.
 */
public final class Backup {
    private final Journal journal;
    private final BackupFolder folder;
    private final PortableSettings portable;
    private final BackupSettings settings;
    private final InstantSource clock;

    /**
     * What was done.
     *
     * @param copied parts that were written, with their bytes
     * @param present parts that were there already, with their bytes
     * @param newOperations for each project how many were written
     * @param removed ids of the moments that were removed because of {@code keep}
     * @param freedBytes of the parts that no moment needs any more
     * @param findings what was not as it should be in the earlier moments
     */
    public record Report(
            Manifest moment,
            Amount copied,
            Amount present,
            Map<ProjectId, Long> newOperations,
            List<String> removed,
            long freedBytes,
            List<String> findings) {
        public Report {
            newOperations = Map.copyOf(newOperations);
            removed = List.copyOf(removed);
            findings = List.copyOf(findings);
        }
    }

    /** So many parts of so many bytes. */
    public record Amount(int parts, long bytes) {
        Amount plus(int moreParts, long moreBytes) {
            return new Amount(parts + moreParts, bytes + moreBytes);
        }
    }

    /** A backup of {@code journal} in the folder {@code dir}, which is made if it is not there. */
    public Backup(Journal journal, Path dir, PortableSettings portable, BackupSettings settings, InstantSource clock) {
        this.journal = journal;
        this.folder = new BackupFolder(dir.toAbsolutePath().normalize());
        this.portable = portable;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Takes a moment.
     *
     * @param projects with their names for people
     * @param keep how many moments of each project to keep; 0: all
     * @throws BackupRefused if the folder is none for a backup, or in use
     * @throws ai.postdev.dragon.lake.journal.JournalRefused if a project is damaged
     */
    public Report run(Map<ProjectId, String> projects, int keep, Export.Progress progress) throws IOException {
        try (FileChannel claimed = folder.claim()) {
            Instant time = BackupFolder.timeAfter(
                    clock.instant(), folder.ids().stream().findFirst().orElse(""));
            String moment = BackupFolder.id(time);
            Map<ProjectId, VersionVector> upTo = new TreeMap<>();
            projects.keySet().forEach(project -> upTo.put(project, journal.versionVector(project)));
            List<String> findings = new ArrayList<>();
            List<Manifest> earlier = folder.readable(findings);
            Amount copied = new Amount(0, 0);
            Amount present = new Amount(0, 0);
            Map<ProjectId, Long> newOperations = new LinkedHashMap<>();
            List<Manifest.Project> held = new ArrayList<>();
            for (Map.Entry<ProjectId, VersionVector> project : upTo.entrySet()) {
                ProjectId id = project.getKey();
                Manifest.Project base = base(
                        new Manifest.Project(id, projects.get(id), moment, List.of()), project.getValue(), earlier);
                try (PartWriter writer = new PartWriter(folder, base, journal.starts(id), portable, settings)) {
                    long total = journal.operations(id);
                    long there = base.tally().operations() + base.tally().lost();
                    Export.copy(journal, id, base.upTo(), project.getValue(), lines -> {
                        writer.take(lines);
                        if (writer.operations() % Export.PROGRESS_EVERY == 0) {
                            progress.moved(id, there + writer.operations(), total, writer.copiedBytes());
                        }
                    });
                    writer.finish();
                    List<Part> parts = new ArrayList<>(base.parts());
                    parts.addAll(writer.written());
                    Manifest.Project whole = new Manifest.Project(id, base.name(), base.since(), parts);
                    held.add(whole);
                    newOperations.put(id, writer.operations());
                    copied = copied.plus(writer.copied(), writer.copiedBytes());
                    present = present.plus(parts.size() - writer.copied(), whole.bytes() - writer.copiedBytes());
                }
            }
            Manifest manifest = new Manifest(moment, time, held);
            folder.keep(manifest);
            List<String> removed = keep == 0 ? List.of() : prune(keep, manifest, earlier);
            long freed = sweep();
            return new Report(manifest, copied, present, newOperations, removed, freed, findings);
        }
    }

    /** What the newest earlier moment holds of a project and is also in the journal: the rest is to be written. */
    private Manifest.Project base(Manifest.Project fresh, VersionVector upTo, List<Manifest> earlier)
            throws IOException {
        ProjectId id = fresh.project();
        Optional<Manifest.Project> newest =
                earlier.stream().flatMap(moment -> moment.project(id).stream()).findFirst();
        if (newest.isEmpty() || newest.get().parts().isEmpty()) {
            return fresh;
        }
        Part last = newest.get().parts().getLast();
        boolean goesOn = upTo.covers(last.upTo()) && holdsAll(id, last);
        List<Part> parts = new ArrayList<>();
        for (Part part : newest.get().parts()) {
            if (!upTo.covers(part.upTo()) || !isThere(part) || !holdsAll(id, part)) {
                break;
            }
            parts.add(part);
        }
        int small = parts.size();
        while (small > 0 && parts.get(small - 1).plainBytes() < settings.smallBytes()) {
            small--;
        }
        if (parts.size() - small >= settings.smallPartsMax()) {
            parts = parts.subList(0, small);
        }
        return new Manifest.Project(id, fresh.name(), goesOn ? newest.get().since() : fresh.since(), parts);
    }

    private boolean isThere(Part part) throws IOException {
        Path file = folder.part(part.sha256());
        return Files.isRegularFile(file) && Files.size(file) == part.bytes();
    }

    private boolean holdsAll(ProjectId id, Part part) throws IOException {
        Map<Origin, Long> starts = journal.starts(id);
        for (End end : part.ends()) {
            if (!starts.containsKey(end.origin()) || !PartWriter.holds(journal, id, end)) {
                return false;
            }
        }
        return true;
    }

    /** Removes moments that are among the newest {@code keep} of none of their projects. */
    private List<String> prune(int keep, Manifest moment, List<Manifest> earlier) throws IOException {
        List<String> removed = new ArrayList<>();
        Map<ProjectId, Integer> seen = new TreeMap<>();
        moment.projects().forEach(project -> seen.merge(project.project(), 1, Integer::sum));
        for (Manifest one : earlier) {
            boolean wanted = false;
            for (Manifest.Project project : one.projects()) {
                wanted |= seen.merge(project.project(), 1, Integer::sum) <= keep;
            }
            if (!wanted) {
                folder.remove(one.id());
                removed.add(one.id());
            }
        }
        return removed;
    }

    /** Removes parts that no moment names; none while there is a moment of which nobody knows what it names. */
    private long sweep() throws IOException {
        Set<Path> needed = new HashSet<>();
        List<String> unreadable = new ArrayList<>();
        List<Manifest> moments = folder.readable(unreadable);
        if (!unreadable.isEmpty()) {
            return 0;
        }
        for (Manifest moment : moments) {
            for (Manifest.Project project : moment.projects()) {
                project.parts().stream().map(Part::sha256).map(this::part).forEach(needed::add);
            }
        }
        long freed = 0;
        for (Path file : folder.partFiles()) {
            if (!needed.contains(file)) {
                freed += Files.size(file);
                Files.delete(file);
            }
        }
        return freed;
    }

    private Path part(ContentHash sha256) {
        return folder.part(sha256);
    }
}
