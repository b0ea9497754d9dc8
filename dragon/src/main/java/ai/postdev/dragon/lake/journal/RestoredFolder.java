package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the working tree of a project is that was restored or imported. It comes into the journal with the project, so that
 * whoever restores may die at any moment: the next node finds it there and watches it.
 *
 * @param root an absolute path
 */
public record RestoredFolder(ProjectId project, WorkspaceId workspace, Path root) {
    private static final Logger LOG = LoggerFactory.getLogger(RestoredFolder.class);

    byte[] bytes() {
        return (workspace + "\n" + root).getBytes(StandardCharsets.UTF_8);
    }

    /** All that the journal holds. */
    static List<RestoredFolder> in(JournalDatabase database) throws RocksDBException {
        List<RestoredFolder> found = new ArrayList<>();
        try (RocksIterator at = database.db().newIterator(database.meta(), database.scan())) {
            for (at.seek(JournalKeys.folders()); at.isValid(); at.next()) {
                Optional<ProjectId> project = JournalKeys.folderOf(at.key());
                if (project.isEmpty()) {
                    break;
                }
                read(project.get(), new String(at.value(), StandardCharsets.UTF_8))
                        .ifPresent(found::add);
            }
            at.status();
        }
        return found;
    }

    private static Optional<RestoredFolder> read(ProjectId project, String text) {
        int line = text.indexOf('\n');
        try {
            return Optional.of(new RestoredFolder(
                    project, new WorkspaceId(text.substring(0, Math.max(0, line))), Path.of(text.substring(line + 1))));
        } catch (InvalidPathException e) {
            LOG.warn("the folder that project {} was restored for is not known here: {}", project, e.getMessage());
            return Optional.empty();
        }
    }
}
